# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Signs the message of a JSON request on standard input and writes the DKIM-Signature field."""
import base64
import json
import sys
import time

import dkim

DAY = 86400


class Signer(dkim.DKIM):
    """dkimpy knows no x=."""

    lifetime = None

    def gen_header(self, fields, *arguments, **options):  # pylint: disable=signature-differs
        if self.lifetime is not None:
            begin = int(time.time()) - DAY
            times = {b"t": str(begin).encode()}
            fields = [(name, times.get(name, value)) for name, value in fields]
            fields.insert(1, (b"x", str(begin + self.lifetime).encode()))
        return super().gen_header(fields, *arguments, **options)


def main():
    request = json.load(sys.stdin)
    signer = Signer(base64.b64decode(request["message"]))
    signer.lifetime = request["lifetime"]
    field = signer.sign(
        request["selector"].encode(), request["domain"].encode(), request["private"].encode(),
        signature_algorithm=request["algorithm"].encode(),
        canonicalize=tuple(part.encode() for part in request["canonicalize"].split("/")),
        include_headers=[b"from", b"to", b"subject", b"date", b"message-id"], length=request["length"])
    sys.stdout.buffer.write(field)


main()
