# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""DKIM keys of OpenSSL's, and signatures by dkimpy, which has no code in common with what verifies them."""
import base64
import dataclasses
import json
import pathlib
import subprocess

# python3-dkim is there for Debian's own Python.
SIGNER = ["/usr/bin/python3", "-B", str(pathlib.Path(__file__).with_name("dkim_signer.py"))]


@dataclasses.dataclass(frozen=True)
class Key:
    """A private key as the signer takes it, and the record that publishes the other half."""

    algorithm: str
    private: str
    record: str


def _openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, check=True, capture_output=True).stdout


def rsa_key(bits=2048):
    private = _openssl("genrsa", "-traditional", str(bits))
    public = base64.b64encode(_openssl("rsa", "-pubout", "-outform", "DER", stdin=private)).decode()
    return Key("rsa-sha256", private.decode(), f"v=DKIM1; k=rsa; p={public}")


def ed25519_key():
    private = _openssl("genpkey", "-algorithm", "ed25519")
    raw = 32  # octets of either key, at the end of its DER form
    seed = _openssl("pkey", "-outform", "DER", stdin=private)[-raw:]
    public = _openssl("pkey", "-pubout", "-outform", "DER", stdin=private)[-raw:]
    return Key("ed25519-sha256", base64.b64encode(seed).decode(),
               f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}")


def signed(message, domain, key, *, selector="s1", canonicalize="relaxed/relaxed", length=False, lifetime=None):
    """The message with a DKIM-Signature on top. `length` is for l=; `lifetime` in seconds, from a day ago on,
    for x=."""
    request = {"message": base64.b64encode(message.octets).decode(), "domain": domain, "selector": selector,
               "algorithm": key.algorithm, "private": key.private, "canonicalize": canonicalize,
               "length": length, "lifetime": lifetime}
    done = subprocess.run(SIGNER, input=json.dumps(request).encode(), check=False, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"the signer failed; is python3-dkim installed?\n{done.stderr.decode()}")
    return dataclasses.replace(message, octets=done.stdout + message.octets)
