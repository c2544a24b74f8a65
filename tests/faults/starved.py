# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Programs of which descriptors, processes, memory or allocations are taken away while they run."""
import mmap
import os
import pathlib
import resource
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
NOBODY = 61184  # a user that nothing else runs as: root is not bound by RLIMIT_NPROC


class Limit:
    """A resource of a running process, made scarce within the block."""

    def __init__(self, pid, what, most):
        self._pid, self._what, self._most = pid, what, most

    def __enter__(self):
        self._before = resource.prlimit(self._pid, self._what)
        resource.prlimit(self._pid, self._what, (self._most, self._before[1]))
        return self

    def __exit__(self, *_):
        if os.path.exists(f"/proc/{self._pid}"):
            resource.prlimit(self._pid, self._what, self._before)


def size_of(pid):
    """The address space that a process has, in octets."""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


class FailingMalloc:
    """What makes allocations of a program fail that is started with `environment`."""

    def __init__(self, folder):
        library = folder / "failing_malloc.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, HERE / "failing_malloc.c"], check=True)
        path = folder / "failing_malloc"
        path.write_bytes(b"\0" * 4096)
        with open(path, "r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 4096)
        self.environment = {"LD_PRELOAD": str(library), "FAILING_MALLOC": str(path)}

    def fail_one_in(self, number):
        """From now on; 0 for none."""
        self._shared[:8] = struct.pack("=Q", number)

    @property
    def failures(self):
        return struct.unpack("=Q", self._shared[8:16])[0]
