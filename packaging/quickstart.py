#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the sample site behind a private Postfix and sends it a genuine and a forged message."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from support.daemons import Daemon, run_program  # noqa: E402
from support.microsoft import Microsoft  # noqa: E402
from support.mail import STRANGER, Client, compose, fields_of, without_trace  # noqa: E402
from support.postfix import Postfix  # noqa: E402
from support.sink import Sink  # noqa: E402
from support.waiting import free_port, is_listening  # noqa: E402

RECIPIENT = "reception@contoso.example"
RECIPIENT_OFFICE365 = "reception@fabrikam.example"


def install_sample(folder):
    """Copies packaging/sample as it would be installed, with `folder` and free ports in place of the
    system's, and returns these: the ports of milter, metrics and console."""
    ports = {"8897": free_port(), "9811": free_port(), "8480": free_port()}
    (folder / "etc").mkdir()
    (folder / "lib").mkdir()
    for source in (ROOT / "packaging" / "sample").iterdir():
        text = source.read_text().replace("/etc/fromguard", str(folder / "etc"))
        text = text.replace("/var/lib/fromguard", str(folder / "lib"))
        for standard, port in ports.items():
            text = text.replace(standard, str(port))
        (folder / "etc" / source.name).write_text(text)
    return list(ports.values())


def has_read(directory, organization):
    """Whether a generation was published after this organization's people were read."""
    lines = directory.log().splitlines()
    read = [i for i, line in enumerate(lines) if line.startswith(f"directory_read organization={organization}")]
    return bool(read) and any(line.startswith("generation_published") for line in lines[read[0]:])


def start(stack, daemon):
    """Starts one of the programs; it is stopped with the stack."""
    stack.callback(daemon.stop)
    daemon.spawn()
    return daemon


def show(title, message, postfix, sink, recipient=RECIPIENT):
    """Sends one message and prints what became of it."""
    with Client(postfix.port) as client:
        reply = client.send(message, recipient)
    print(f"\n{title}\n  {fields_of(message.octets, 'From')[0]}")
    if reply.code != 250:
        print(f"  refused: {reply.code} {reply.text}")
        return
    octets = sink.wait_for(message.token).octets
    print("  delivered, " + ("not an octet changed" if without_trace(octets) == message.octets else "with:"))
    for name in ("X-Fromguard-Result", "X-Fromguard-Reason"):
        for body in fields_of(octets, name):
            print(f"    {name}: {body}")


def demonstrate(postfix, sink):
    show("A genuine message, from one of Ada's own addresses:",
         compose("Ada Lovelace <ada@home.example>", to=RECIPIENT), postfix, sink)
    show("The same name over a stranger's address:",
         compose("Ada Lovelace <ada@freemail.example>", to=RECIPIENT), postfix, sink)
    show("A look-alike of the name, with a Cyrillic letter:",
         compose("=?utf-8?B?0JBkYSBMb3ZlbGFjZQ==?= <ada@freemail.example>", to=RECIPIENT), postfix, sink)


def demonstrate_office365(postfix, sink):
    show("A name of the Office 365 tenant over a stranger's address:",
         compose("Grace Hopper <grace@freemail.example>", to=RECIPIENT_OFFICE365), postfix, sink, RECIPIENT_OFFICE365)


def explain(folder):
    """The forged message again, judged without an MTA."""
    message = b"From: Ada Lovelace <ada@freemail.example>\r\n\r\n"
    done = run_program("fromguard-gateway", "explain", "--config", folder / "etc" / "gateway.yaml",
                       "--client-ip", STRANGER, "--rcpt", RECIPIENT, "-", stdin=message)
    print("\nWhy? fromguard-gateway explain tells:")
    for line in done.stdout.decode(errors="replace").splitlines():
        print(f"  {line}")


OFFICE365 = """\
  - name: office365
    directories:
      - name: Office 365
        type: office365
{tenant}        sync: {{first: automatic}}
    protect: {{groups: [Executives]}}
"""


def add_office365(folder, microsoft):
    """A second organization in directory.yaml, whose people come from a tenant."""
    microsoft.change({"op": "create", "kind": "user", "properties": {
        "displayName": "Grace Hopper", "mail": "grace@fabrikam.example",
        "userPrincipalName": "grace@fabrikam.example"}})
    microsoft.change({"op": "add_member", "group": "Executives", "user": "grace@fabrikam.example"})
    with open(folder / "etc" / "directory.yaml", "a", encoding="utf-8") as file:
        file.write(OFFICE365.format(tenant=microsoft.yaml()))


def set_up_link(folder):
    """The one-time link with which the first account of the console is made."""
    done = run_program("fromguard-directory", "setup-link", "--json", "--config", folder / "etc" / "directory.yaml")
    return json.loads(done.stdout)["link"]


def describe(folder, postfix, metrics_port, console_port):
    print(f"""
Where things are:
  sample configuration    packaging/sample, copied to {folder}/etc
  SMTP of this site       127.0.0.1:{postfix.port}
  gateway metrics         http://127.0.0.1:{metrics_port}/metrics (also /healthz, /readyz)
  admin commands          fromguard-directory people search Ada --config {folder}/etc/directory.yaml
  web console             http://127.0.0.1:{console_port}
  its first account       {set_up_link(folder)}
The tenant is simulated. With packaging/quickstart --keep the site stays up, and the console with it.""")


def leave(*_):
    """Ends the program once: a second signal must not cut the stopping of the servers short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(143)


def main(arguments):
    os.environ["FROMGUARD_BIN"] = arguments[0]
    signal.signal(signal.SIGTERM, leave)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-quickstart-"))
        stack.callback(shutil.rmtree, folder)
        folder.chmod(0o755)
        milter_port, metrics_port, console_port = install_sample(folder)
        microsoft = Microsoft(folder / "microsoft").start()
        stack.callback(microsoft.stop)
        add_office365(folder, microsoft)
        directory = start(stack, Daemon("fromguard-directory", folder / "etc" / "directory.yaml",
                                        folder / "directory.log"))
        directory.wait_until(lambda: has_read(directory, "office365"), "the people of both directories")
        gateway = start(stack, Daemon("fromguard-gateway", folder / "etc" / "gateway.yaml",
                                      folder / "gateway.log"))
        gateway.wait_until(lambda: is_listening(milter_port), "the gateway to listen for Postfix")
        sink = Sink()
        stack.callback(sink.close)
        postfix = Postfix(folder / "postfix", milter_port, sink.port, ["contoso.example", "fabrikam.example"])
        stack.callback(postfix.stop)
        postfix.start()
        demonstrate(postfix, sink)
        demonstrate_office365(postfix, sink)
        explain(folder)
        describe(folder, postfix, metrics_port, console_port)
        if "--keep" in arguments:
            print("\nThe site stays up. Stop it with Ctrl-C.", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    print("\nStopped; nothing is left running.")


if __name__ == "__main__":
    main(sys.argv[1:])
