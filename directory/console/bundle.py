#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the files that a browser gets: packages by lock file, bundle, names by content, precompressed, and a
source file that makes them part of the program."""
import argparse
import contextlib
import fcntl
import gzip
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys

SCRIPTS = ("main.tsx", "styles.css")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}
CODINGS = {"plain": "", "gzip": ".gz", "brotli": ".br"}

PROGRAM = """\
// Made by bundle.py.
#include "directory/console/console_assets.h"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

asm(R"(
  .section .rodata
{pieces}  .text
)");

extern "C" {{
{symbols}}}

namespace directory {{
namespace {{

std::string_view between(const char& begin, const char& end) {{
  return {{&begin, static_cast<std::size_t>(&end - &begin)}};
}}

}}  // namespace

std::span<const ConsoleAsset> console_assets() {{
  static const std::array files = {{
{assets}  }};
  return files;
}}

}}  // namespace directory
"""


@contextlib.contextmanager
def alone(folder):
    """One at a time: builds of several presets share the packages."""
    with open(folder / "package-lock.json", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(folder):
    """What the lock file says, unless it is there already: no network is needed then."""
    lock = (folder / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".installed-lock.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    if shutil.which("npm") is None:
        sys.exit("The console needs npm to fetch its packages once: packaging/install-dependencies --build")
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
                          cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"npm ci in {folder} failed; it needs a network, once:\n{done.stdout}{done.stderr}")
    stamp.write_bytes(lock)


def bundle(source, target):
    """esbuild's output, each file named by its content."""
    subprocess.run(["esbuild", *SCRIPTS, "--bundle", "--minify", "--format=esm", "--target=es2022",
                    "--jsx=automatic", "--jsx-import-source=preact", "--legal-comments=none",
                    "--entry-names=[name]-[hash]", "--log-level=warning", f"--outdir={target / 'assets'}"],
                   cwd=source, check=True)


def page(source, target):
    """index.html with the names that the bundle got."""
    text = (source / "index.html").read_text(encoding="utf-8")
    for built in (target / "assets").iterdir():
        plain = re.sub(r"-[A-Z0-9]{8}(\.\w+)$", r"\1", built.name)
        text = text.replace(f"/assets/{plain}", f"/assets/{built.name}")
    (target / "index.html").write_text(text, encoding="utf-8")


def compress(path):
    octets = path.read_bytes()
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(octets, 9, mtime=0))
    subprocess.run(["brotli", "--force", "--best", f"--output={path}.br", path], check=True)


def program(target):
    """The text of a source file that has each file, in its three codings, in it."""
    pieces, symbols, assets = [], [], []
    for number, path in enumerate(sorted(each for each in target.rglob("*") if each.suffix in TYPES)):
        compress(path)
        name = path.relative_to(target).as_posix()
        tag = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
        octets = []
        for coding, ending in CODINGS.items():
            begin = f"fromguard_console_{coding}_{number}"
            pieces.append(f'  .global {begin}\n{begin}:\n  .incbin "{path}{ending}"\n'
                          f"  .global {begin}_end\n{begin}_end:\n  .byte 0\n")
            symbols.append(f"extern const char {begin};\nextern const char {begin}_end;\n")
            octets.append(f", .{coding} = between({begin}, {begin}_end)")
        is_hashed = "true" if name.startswith("assets/") else "false"
        assets.append(f'      ConsoleAsset{{.path = "/{name}", .content_type = "{TYPES[path.suffix]}", .digest = "{tag}", '
                      f'.is_immutable = {is_hashed}{"".join(octets)}}},\n')
    return PROGRAM.format(pieces="".join(pieces), symbols="".join(symbols), assets="".join(assets))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    options = parser.parse_args()
    with alone(options.source):
        install(options.source)
    site = options.target / "site"
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    bundle(options.source, site)
    page(options.source, site)
    shutil.copy(options.source / "favicon.svg", site)
    (options.target / "console_files.cpp").write_text(program(site.resolve()), encoding="utf-8")


if __name__ == "__main__":
    main()
