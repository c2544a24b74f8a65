#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the program of a systemd unit as systemd would: with its user and group, what it may write, its
system calls, its limits, in a user namespace. To be started as root, in a mount namespace whose root the
unit is installed in (`debian_root.py` does it):

    python3 as_unit.py FILE

What it does not do is listed in `LEFT_OUT`, with why; a setting that it does not know is an error."""
import ctypes
import errno
import grp
import mmap
import os
import pathlib
import pwd
import re
import resource
import shlex
import socket
import subprocess
import sys

import seccomp

CLONE_NEWUSER = 0x10000000
PR_SET_NO_NEW_PRIVS = 38
PR_CAPBSET_DROP = 24
PR_SET_DUMPABLE = 4  # otherwise /proc/self is root's after the change of user
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4

LEFT_OUT = {
    "Type", "NotifyAccess", "ExecReload", "KillMode", "TimeoutStopSec", "TimeoutStartSec", "WatchdogSec",  # the
    "Restart", "RestartSec", "RestartPreventExitStatus",  # tests' part
    "AmbientCapabilities",  # none are given
    "PrivateDevices", "PrivateTmp", "ProtectHome",  # nothing is there
    "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs", "ProtectControlGroups", "ProtectClock",
    "ProtectHostname",  # what the system calls and the capabilities leave no way to
    "ProtectProc", "ProcSubset",  # options of a mount of /proc that containers refuse
    "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "KeyringMode",
    "SystemCallArchitectures",  # that nothing needs these is read in the code, not tried
    "RemoveIPC",  # at the end
}


def read_unit(path):
    """The settings of [Service]: name and list of values, of which an empty one takes back those before."""
    settings, section = {}, ""
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and line and not line.startswith("#"):
            name, value = line.split("=", 1)
            settings.setdefault(name, []).append(value)
    return settings


def names_of_calls(word):
    """The system calls of a group (@word), or the one of this name."""
    if not word.startswith("@"):
        return {word}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", word], check=True, capture_output=True, text=True)
    words = [line.strip() for line in listed.stdout.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*(names_of_calls(each) for each in words))


def allowed_calls(lines):
    """What is left when each line adds to, or with ~ takes from, those before."""
    allowed = set()
    for line in lines:
        named = set().union(*(names_of_calls(word) for word in line.removeprefix("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    # The manager allows what starting a program takes.
    return allowed | names_of_calls("@default") | {"execve", "execveat"}


def load_filter(calls, families):
    """Lets these calls through; sockets of these families alone, and no memory that is both written and run."""
    refused = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.EPERM))
    for family in families:
        refused.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, int(getattr(socket, family))))
    for flag in (mmap.PROT_WRITE, mmap.PROT_EXEC):
        refused.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, flag, 0))
    refused.add_rule(seccomp.ALLOW, "mprotect", seccomp.Arg(2, seccomp.MASKED_EQ, mmap.PROT_EXEC, 0))
    for name in sorted(calls - {"socket", "mmap", "mprotect", "pkey_mprotect"}):
        # Not every call of the list is one of this machine.
        try:
            refused.add_rule(seccomp.ALLOW, name)
        except (RuntimeError, ValueError, OSError):
            continue
    refused.load()


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def protect_file_system(settings, uid, gid):
    """Everything is read-only but what the unit names; /tmp is its own."""
    writable = []
    for name in settings.get("RuntimeDirectory", []):
        path = pathlib.Path("/run") / name
        path.mkdir(exist_ok=True)
        os.chown(path, uid, gid)
        path.chmod(int(settings["RuntimeDirectoryMode"][0], 8))
        writable.append(path)
    for line in settings.get("ReadWritePaths", []):
        for word in line.split():
            path = pathlib.Path(word.removeprefix("-"))
            if path.exists() or not word.startswith("-"):
                writable.append(path)
    for path in writable:
        mount("--bind", str(path), str(path))
    mount("-t", "tmpfs", "tmpfs", "/tmp")
    mount("-o", "remount,bind,ro", "/")


def check(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def leave_others(libc, uid, gid):
    """A user namespace with this user alone; systemd's has root besides."""
    if libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 or libc.unshare(CLONE_NEWUSER) != 0:
        print("as_unit.py: this machine makes no user namespace; PrivateUsers is left out", file=sys.stderr)
        return
    pathlib.Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    pathlib.Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1\n", encoding="ascii")
    pathlib.Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1\n", encoding="ascii")


def become(uid, gid, is_alone):
    """The user without any privilege; alone: in a namespace in which there is nobody else."""
    libc = ctypes.CDLL(None, use_errno=True)
    check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear the ambient capabilities")
    last = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    for capability in range(last + 1):
        check(libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability")
    os.setgroups([gid])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if is_alone:
        leave_others(libc, uid, gid)
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges")


def main():
    settings = read_unit(sys.argv[1])
    known = LEFT_OUT | {"ExecStart", "User", "Group", "UMask", "LimitNOFILE", "LimitCORE", "RuntimeDirectory",
                        "RuntimeDirectoryMode", "ReadWritePaths", "NoNewPrivileges", "CapabilityBoundingSet",
                        "ProtectSystem", "PrivateUsers", "SystemCallFilter", "SystemCallErrorNumber",
                        "RestrictAddressFamilies", "MemoryDenyWriteExecute"}
    unknown = set(settings) - known
    if unknown:
        raise SystemExit(f"as_unit.py: does not know {', '.join(sorted(unknown))} of {sys.argv[1]}")
    user = pwd.getpwnam(settings["User"][0])
    gid = grp.getgrnam(settings["Group"][0]).gr_gid
    calls = allowed_calls(settings["SystemCallFilter"])
    protect_file_system(settings, user.pw_uid, gid)
    # Not everywhere may root have more than it has.
    limit = min(int(settings["LimitNOFILE"][0]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(int(settings["UMask"][0], 8))
    command = shlex.split(settings["ExecStart"][0])
    environment = {name: value for name, value in os.environ.items()
                   if re.fullmatch(r"PATH|LANG|NOTIFY_SOCKET|WATCHDOG_USEC", name)}
    become(user.pw_uid, gid, settings["PrivateUsers"] == ["yes"])
    load_filter(calls, settings["RestrictAddressFamilies"][0].split())
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    main()
