#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What the documents point at must be there: links, paths of the tree, and the tests named as proof."""
import pathlib
import re
import sys

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PATH = re.compile(r"`((?:policy|gateway|directory|tests|packaging|third_party|conf|docs|\.ci)/[\w./*-]*)`")
PROOF = re.compile(r"`(test_\w+\.py)` (\w+)")


def problems(root):
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
