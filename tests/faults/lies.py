# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""A simulated tenant as the oracle sees it, and what Microsoft may answer instead of the truth."""
import contextlib
import dataclasses
import pathlib
import subprocess
import sys
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from support.daemons import program  # noqa: E402  pylint: disable=wrong-import-position

import oracle  # noqa: E402  pylint: disable=wrong-import-position

TENANT_DOMAIN = "contoso.example"
NAME = "tenant/Office 365"
USERS, GROUPS = "/v1.0/users/delta", "/v1.0/groups/delta"
MANY = 100_000


def organization(microsoft):
    """The YAML of the organization of the tenant."""
    return (f"  - name: tenant\n    domains: [{TENANT_DOMAIN}]\n    directories:\n      - name: Office 365\n"
            f"        type: office365\n{microsoft.yaml()}        sync: {{first: automatic, every: 1h}}\n"
            "    protect: {groups: [Executives]}\n")


def people_of(microsoft):
    """Everybody whose name and address a plain From field can bear; the members of Executives are protected."""
    protected = set(microsoft.truth("Executives"))
    return tuple(oracle.Person(name, tuple(each for each in addresses if "#" not in each), TENANT_DOMAIN,
                               person in protected)
                 for person, (name, addresses) in microsoft.truth().items()
                 if name.isascii() and name.count(" ") == 1)


@dataclasses.dataclass(frozen=True)
class Lie:
    """Something that Microsoft may do: `begin` makes the simulator `microsoft` do it from now on."""

    name: str
    begin: Callable
    is_in_short: bool = False


def _fault(kind, path=USERS, **more):
    return lambda microsoft: microsoft.control("faults", kind=kind, path=path, count=MANY, **more)


def _afresh(begin, answer="gone"):
    """The same in a full round: every link to go on with has expired."""

    def both(microsoft):
        microsoft.control("expire_tokens", answer=answer)
        begin(microsoft)

    return both


def _no_login(begin):
    """The same where a new access token is asked for."""

    def both(microsoft):
        microsoft.control("expire_tokens", delta=False, access=True)
        begin(microsoft)

    return both


def _delta(**settings):
    return lambda microsoft: microsoft.control("delta", **settings)


LIES = (
    Lie("429 with Retry-After", lambda microsoft: microsoft.control("throttle", every=1, retry_after="0.05"), True),
    Lie("429 without Retry-After", lambda microsoft: microsoft.control("throttle", every=1, retry_after=None)),
    Lie("500", _fault("status", status=500), True),
    Lie("503", _fault("status", status=503, retry_after="0.05"), True),
    Lie("slow, piece by piece", _fault("slow_body", pause_ms=200)),
    Lie("no answer", _fault("slow", pause_ms=1500)),
    Lie("reset", _fault("reset_before")),
    Lie("reset in the body", _fault("reset_in_body")),
    Lie("truncated JSON", _fault("truncated_json"), True),
    Lie("a page for people", _fault("html")),
    Lie("wrong content type", _fault("wrong_type")),
    Lie("200 with an error", _fault("error_body"), True),
    Lie("200 with an error, full round", _afresh(_fault("error_body", GROUPS))),
    Lie("410", _afresh(lambda microsoft: None), True),
    Lie("400 syncStateNotFound", _afresh(lambda microsoft: None, "not_found")),
    Lie("next link to itself", _fault("link_loop"), True),
    Lie("next link to itself, full round of groups", _afresh(_fault("link_loop", GROUPS))),
    Lie("next link to another host", _fault("foreign_link"), True),
    Lie("redirect to another host", _fault("redirect")),
    Lie("zero octets", _fault("nul_403")),
    Lie("every id twice", _afresh(_delta(duplicates=1.0, replays=1.0, page_size=7)), True),
    Lie("0 users", _afresh(_fault("no_items")), True),
    Lie("0 groups", _afresh(_fault("no_items", GROUPS)), True),
    Lie("-90 % users, omitted", _afresh(_delta(shrink="omitted", shrink_rounds=MANY)), True),
    Lie("-90 % users, removed", _delta(shrink="removed", shrink_rounds=MANY)),
    Lie("no token: 500", _no_login(_fault("status", "/", status=500))),
    Lie("no token: a page for people", _no_login(_fault("html", "/"))),
)


def end_lies(microsoft):
    """From now on Microsoft tells the truth."""
    microsoft.clear_faults()
    microsoft.control("delta", shrink="none", duplicates=0.0, replays=0.0, page_size=20)


class Sync:
    """`directories sync --wait` as a process."""

    def __init__(self, directory, name=NAME):
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            [program("fromguard-directory"), "directories", "sync", name, "--wait", "--config",
             str(directory.configuration)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def wait(self, seconds):
        """The exit status, or None if it goes on after so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def end(self):
        """Leaves the job to the daemon; what was told about it so far."""
        if self._process.poll() is None:
            self._process.kill()
        return self._process.communicate()[1].decode(errors="replace")
