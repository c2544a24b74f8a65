#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What the documents point at must be there: links, paths of the tree, and the tests named as proof. What README.md promises
must be proved by a suite that runs: by ctest, or in a step of .ci/run."""
import pathlib
import re
import sys

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PATH = re.compile(r"`((?:policy|gateway|directory|tests|packaging|third_party|conf|docs|\.ci)/[\w./*-]*)`")
PROOF = re.compile(r"`(test_\w+\.py)` (\w+)")
PROMISES = "## What it promises\n"
WHOLE_FOLDER = re.compile(r'glob\("([\w*.]+)"\)')  # how a `run` takes all suites beside it


def text_of(path):
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def is_registered(root, suite):
    """Whether ctest has it, a step of .ci/run, or the `run` of its folder, which is such a step."""
    steps = text_of(root / ".ci" / "run")
    if re.search(rf"(?<![\w/.-]){re.escape(suite.as_posix())}(?![\w/.-])", steps):
        return True
    runner = suite.parent / "run"
    if f"{runner.as_posix()} " in steps:
        begun = text_of(root / runner)
        if suite.as_posix() in begun or any(suite.match(pattern) for pattern in WHOLE_FOLDER.findall(begun)):
            return True
    words = {suite.name, f"({suite.stem.removeprefix('test_')})"}
    folders = [folder for folder in suite.parents if folder != pathlib.Path(".")]
    return any(word in text_of(root / folder / "CMakeLists.txt") for folder in folders for word in words)


def unproved(root):
    """The promises of README.md that no suite holds."""
    section = text_of(root / "README.md").partition(PROMISES)[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    for row in rows:
        if set(row) <= set("|- "):
            continue
        promise = row.split("|")[1].strip()
        suites = [pathlib.Path(link) for link in LINK.findall(row) if link.startswith("tests/")]
        if not suites:
            yield f"README.md: no suite proves: {promise}"
        for suite in suites:
            if not is_registered(root, suite):
                yield f"README.md: {suite} is to prove a promise, and neither ctest nor a step of .ci/run runs it"


def problems(root):
    yield from unproved(root)
    documents = [p for p in sorted(root.rglob("*.md")) if not {"build", "node_modules"} & set(p.relative_to(root).parts)]
    for document in documents:
        name = document.relative_to(root).as_posix()
        text = document.read_text(encoding="utf-8")
        for link in LINK.findall(text):
            if not (document.parent / link).exists():
                yield f"{name}: links to {link}, which is not there"
        for path in PATH.findall(text):
            if not any(True for _ in root.glob(path.rstrip("/"))):
                yield f"{name}: speaks of {path}, which is not there"
        for file, test in PROOF.findall(text):
            source = root / "tests" / "integration" / file
            if not source.exists() or f"class {test}(" not in source.read_text(encoding="utf-8"):
                yield f"{name}: names the test {test} of {file}, which is not there"


def main(root):
    found = list(problems(pathlib.Path(root)))
    print("\n".join(found) if found else "documents: nothing to object")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
