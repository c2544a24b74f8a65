# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""How many instructions a message costs, counted by valgrind: what neighbours do to the clock they cannot do to these.

What the kernel does for a program is not counted.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess

import explain
import servers

CONNECTIONS = 8
WARM_MESSAGES = 300
TOTALS = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)
CLONE = re.compile(r" \[clone [^\]]*\]")
FUNCTION = re.compile(r"^ *([\d,]+) \([ \d.]+%\)  (?:[^:]*):(.*?)(?: \[([^\]]*)\])?$")


def is_possible():
    return shutil.which("valgrind") is not None


def under(out):
    return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]


def total(dump):
    found = TOTALS.search(dump.read_text(encoding="utf-8", errors="replace"))
    if found is None:
        raise servers.Failure(f"valgrind did not count: {dump} has no total")
    return int(found[1])


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise servers.Failure(f"{' '.join(str(part) for part in command)}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout


def count_load(start, programs, from_file, messages, folder):
    """The dump of so many messages, after as many as warm up the server that is started under valgrind."""
    out = folder / f"{start.__name__}.callgrind"
    server = start(out)
    load = [programs / "milter_load", server.address, "--from", from_file, "--connections", CONNECTIONS,
            "--messages-per-connection", 100, "--seconds", 300]
    try:
        for name, count in (("warm", WARM_MESSAGES), ("load", messages)):
            run([*load, "--messages", count])
            run(["callgrind_control", "-d", name, server.process.pid])
    finally:
        server.stop()
    return pathlib.Path(f"{out}.2")


def functions(dump, messages, *, inclusive):
    """Instructions a message of each function, or of it and all it calls, by its name without arguments and its library."""
    option = "--inclusive=yes" if inclusive else "--inclusive=no"
    text = run(["callgrind_annotate", "--threshold=100", "--auto=no", option, dump])
    lines = [match for match in map(FUNCTION.match, CLONE.sub("", text).splitlines()) if match]
    # Of one function some lines name the library and some do not; of one name there may be a function in several.
    libraries = {short_name(match[2]): pathlib.Path(match[3]).name for match in lines if match[3]}
    found = {}
    for match in lines:
        name = short_name(match[2])
        key = (name, pathlib.Path(match[3]).name if match[3] else libraries.get(name, ""))
        here = int(match[1].replace(",", "")) / messages
        before = found.get(key, 0)
        # A function stands there once for each file that it is put together from: in one of them all of its callees count.
        found[key] = max(before, here) if inclusive else before + here
    return found


def short_name(name):
    """A function's name without its arguments and without where its namespace is plain from the rest."""
    name = re.sub(r"'\d+$", "", name)
    name = re.sub(r"\[abi:\w+\]|\(anonymous namespace\)::|std::__cxx11::|rocksdb::ROCKSDB_NAMESPACE::", "", name)
    depth, end = 0, len(name)
    for at, char in enumerate(name):
        depth += (char == "<") - (char == ">")
        if char == "(" and depth == 0 and at > 0 and not name[:at].endswith("operator"):
            end = at
            break
    name = name[:end]
    while "<" in name and "operator<" not in name:
        smaller = re.sub(r"<[^<>]*>", "", name)
        if smaller == name:
            break
        name = smaller
    return name.split(" ")[-1] if "operator" not in name else name


def measure(programs, folder, from_file, people, messages, lines, *, with_publishing):
    """Instructions of the null milter, of the gateway, of judging alone and of publishing, and their functions."""
    folder = folder / "instructions"
    folder.mkdir()
    snapshots, _ = servers.publish(people, programs, folder)
    requests = explain.requests(from_file.read_text(encoding="ascii").splitlines()[:lines])
    config = explain.write_configuration(folder, snapshots)

    def null(out):
        return servers.NullMilter("null", programs, folder, "inet", under(out))

    def gateway(out):
        return servers.Gateway("gateway", programs, folder, "inet", snapshots, under(out))

    # At the same time, for it does not matter to the counts.
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as at_once:
        dumps = [at_once.submit(count_load, start, programs, from_file, messages, folder) for start in (gateway, null)]
        sizes = (people, people // 4) if with_publishing else ()
        published = [at_once.submit(count_publish, programs, folder, size) for size in sizes]
        explained = [at_once.submit(count_lines, programs, folder, config, requests[:count])
                     for count in (lines, lines // 4)]
        ours, nulls = [dump.result() for dump in dumps]
        # What starting costs is in both counts, and not in their difference.
        publish = (published[0].result() - published[1].result()) / (people - people // 4) if published else None
        judging = (explained[0].result() - explained[1].result()) / (lines - lines // 4)
    return {"people": people, "messages": messages, "lines": lines, "publish": publish, "explain": judging,
            "gateway": total(ours) / messages, "null": total(nulls) / messages,
            "functions": compare(ours, nulls, messages, inclusive=False),
            "inclusive": compare(ours, nulls, messages, inclusive=True)}


def compare(gateway, nulls, messages, *, inclusive):
    """Every function with what it costs us and the milter that does nothing, the greatest difference first."""
    ours, null = (functions(dump, messages, inclusive=inclusive) for dump in (gateway, nulls))
    rows = [{"function": name, "library": library, "gateway": ours.get((name, library), 0.0),
             "null": null.get((name, library), 0.0)} for name, library in ours.keys() | null.keys()]
    return sorted(rows, key=lambda row: row["null"] - row["gateway"])


def count_lines(programs, folder, config, requests):
    out = folder / f"explain-{len(requests)}.callgrind"
    command = [*under(out), programs / "fromguard-gateway", "explain", "--jsonl", "--config", config]
    subprocess.run([str(part) for part in command], input=b"".join(requests), capture_output=True, check=True, timeout=600)
    return total(out)


def count_publish(programs, folder, people):
    out = folder / f"publish-{people}.callgrind"
    servers.publish(people, programs, folder, under=under(out))
    return total(out)
