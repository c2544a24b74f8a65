# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A fresh Debian in a folder: made by debootstrap, from where this machine gets its packages."""
import contextlib
import hashlib
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "fromguard"

# The root as its own mount namespace has it; what is started in there can make user namespaces, which
# chroot(2) forbids.
ENTER = """\
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
cd "$1"
shift
pivot_root . .
umount -l .
exec "$@"
"""
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
               "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}


def sources():
    """This machine's archives of Debian's main, as lines of sources.list; the base system's first."""
    for _ in range(2):
        told = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                               "Created-By: Packages", "Component: main"], check=True, capture_output=True, text=True)
        found = [line.split() for line in dict.fromkeys(told.stdout.splitlines())]
        debian = [(uri, release) for uri, release, _ in found if release.startswith("bookworm")]
        if debian:
            return debian
        subprocess.run(["apt-get", "-qq", "update"], check=True)
    raise RuntimeError("apt knows of no archive of Debian 12 here; add one to its sources")


class DebianRoot:
    """The root `folder`, with `packages` of Debian in it. What was made is kept for the next time."""

    def __init__(self, folder, packages):
        self.folder = pathlib.Path(folder)
        kept = CACHE / f"root-{hashlib.sha256(' '.join(packages).encode()).hexdigest()[:16]}.tar"
        self.folder.mkdir(parents=True)
        if kept.exists():
            self._host("tar", "-xpf", kept, "-C", self.folder)
        else:
            self._make(packages)
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft = kept.with_suffix(f".{os.getpid()}")
            self._host("tar", "-cpf", draft, "-C", self.folder, ".")
            draft.rename(kept)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "etc/resolv.conf").write_text(pathlib.Path("/etc/resolv.conf").read_text(encoding="utf-8"),
                                                         encoding="utf-8")

    def _make(self, packages):
        archives = sources()
        self._host("debootstrap", "--variant=minbase", "bookworm", self.folder, archives[0][0])
        lines = [f"deb {uri} {release} main" for uri, release in archives]
        (self.folder / "etc/apt/sources.list").write_text("\n".join([*lines, ""]), encoding="utf-8")
        told = subprocess.run(["apt-config", "dump"], check=True, capture_output=True, text=True).stdout
        acquire = [line for line in told.splitlines() if line.startswith("Acquire::")]
        (self.folder / "etc/apt/apt.conf.d/99here").write_text("\n".join([*acquire, ""]), encoding="utf-8")
        (self.folder / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        (self.folder / "usr/sbin/policy-rc.d").chmod(0o755)
        self.run("apt-get", "-qq", "update")
        self.run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *packages)
        self.run("apt-get", "clean")
        # From here on a package may start what it wants to.
        (self.folder / "usr/sbin/policy-rc.d").unlink()

    @staticmethod
    def _host(*command):
        done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")

    def command(self, *words):
        """The command that runs these words in the root, in a mount namespace of its own."""
        return ["unshare", "--mount", "sh", "-c", ENTER, "sh", str(self.folder), *map(str, words)]

    def try_to_run(self, *words, stdin=""):
        """Runs a command in the root to its end."""
        return subprocess.run(self.command(*words), input=stdin, check=False, capture_output=True, text=True,
                              env=ENVIRONMENT | {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")})

    def run(self, *words, stdin=""):
        """The same, for one that must succeed: what it printed."""
        done = self.try_to_run(*words, stdin=stdin)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n"
                               f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def start_unit(self, name, log, environment):
        """The program of an installed unit, started as the unit says."""
        script = self.folder / "as_unit.py"
        if not script.exists():
            script.write_bytes((HERE / "as_unit.py").read_bytes())
        with open(log, "ab") as output:
            return subprocess.Popen(self.command("python3", "/as_unit.py", f"/lib/systemd/system/{name}"),
                                    stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                    env=ENVIRONMENT | environment)

    def find(self, pattern):
        """Paths in the root whose last name matches, but for those of the kernel."""
        done = self.run("find", "/", "-xdev", "(", "-path", "/proc", "-o", "-path", "/sys", ")", "-prune", "-o",
                        "-name", pattern, "-print")
        return sorted(done.splitlines())
