# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Messages built to break whoever reads them: the grammar of header fields, gone wrong in every place."""
import base64

from milter_peer import Shape

ADA = b"Ada Lovelace"
FORGED = ADA + b" <ada@freemail.example>"
ADDRESS_FIELDS = (b"From", b"Sender", b"Reply-To", b"X-Original-Sender", b"Resent-From", b"To", b"Full-Name")
FIELD_NAMES = (b"from", b"FROM", b"From ", b"From\t", b" ", b":", b"From:", b"\xff\xfe", b"X" * 2000, b"From\r", b"Fr\nom", b"=?utf-8?Q?From?=")
CHARSETS = (b"utf-8", b"UTF-7", b"utf-16", b"iso-2022-jp", b"gb18030", b"x-unknown", b"", b"utf-8*en", b"us-ascii", b"\xff",
            b"windows-1252", b"koi8-r", b"utf-32be", b"hz-gb-2312")
OTHERS = (b"Received", b"DKIM-Signature", b"Authentication-Results", b"List-Id", b"Message-ID", b"Date", b"Subject",
          b"X-Fromguard-Result", b"X-Fromguard-Reason", b"ARC-Seal", b"Content-Type", b"Received-SPF")
SPECIALS = (b"<", b">", b"(", b")", b"[", b"]", b":", b";", b"@", b"\\", b",", b".", b"\"", b"\t", b"\r\n ", b"\n ", b"\n", b"\r",
            b"\x7f", b"\x1b[2J", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xef\xbb\xbf",
            b"\xcc\x81" * 30, b"%s%n%d", b"=?", b"?=", b"=?utf-8?B?", b"=?utf-8?Q?=", b"\xff", b"\x80", b"&#65;", b"\xe2\x80\x8b")


class Poisoner:
    """Makes messages by the numbers of `numbers`, a random.Random; the same numbers make the same messages."""

    def __init__(self, numbers):
        self._numbers = numbers

    def message(self):
        """One poisoned message, and whether its From is a plain forgery that no poison beside it may hide."""
        is_plain = self._numbers.random() < 0.3
        fields = [] if self._numbers.random() < 0.1 else [(b"Subject", b" Quarterly figures")]
        fields += [self._field() for _ in range(self._numbers.choice((1, 2, 5, 40)))]
        if is_plain:
            fields = [each for each in fields if each[0].strip().lower() not in (b"from", b"fr\nom", b"from:", b"from\r")]
            fields.insert(self._numbers.randrange(len(fields) + 1), (b"From", b" " + FORGED))
        else:
            fields.append((self._one(ADDRESS_FIELDS[:2]), b" " + self._sender()))
        recipients = [b"<reception@contoso.com>"]
        recipients += [self._path() for _ in range(self._numbers.choice((0, 0, 3)))]
        return Shape(fields, body=self._numbers.randbytes(self._numbers.choice((0, 1, 200))), sender=self._path(),
                     recipients=recipients), is_plain

    def _one(self, of):
        return self._numbers.choice(of)

    def _field(self):
        kind = self._numbers.random()
        if kind < 0.4:
            return self._one(ADDRESS_FIELDS), b" " + self._sender()
        if kind < 0.6:
            return self._one(FIELD_NAMES), self._one((b"", b" ", b"\t")) + self._sender()
        return self._one(OTHERS), b" " + self._tags()

    def _sender(self):
        """A list of mailboxes, most of it wrong."""
        text = self._one((b", ", b",", b";", b" ", b":")).join(self._mailbox() for _ in range(self._one((1, 1, 2, 9))))
        return self._spoil(text).replace(b"\0", b"")

    def _mailbox(self):
        return self._one((b"%s <%s>", b"%s %s", b"%s (%s)", b"\"%s\" <%s>", b"%s: %s;", b"<%s>:<%s>", b"(%s)%s", b"%s<<%s>>",
                          b"%s <@a.example,@b.example:%s>")) % (self._phrase(), self._address())

    def _phrase(self, depth=0):
        kind = self._numbers.randrange(9)
        if kind == 0:
            return ADA
        if kind == 1:
            return self._encoded_word()
        if kind == 2:
            return b" ".join(self._encoded_word() for _ in range(self._one((2, 50))))
        if kind == 3 and depth < 3:
            return self._one((b"\"%s\"", b"(%s)", b"%s %s")[:2]) % self._phrase(depth + 1)
        if kind == 4:
            return self._one((b"(", b"\"", b"<", b"=?utf-8?B?", b"\\", b"a,")) * self._one((1, 17, 3000))
        if kind == 5:
            return self._numbers.randbytes(self._one((1, 30, 900))).replace(b"\0", b"")
        if kind == 6:
            return b"\xe2\x80\xae".join((b"ecalevoL", b"adA"))
        return self._one(SPECIALS) + ADA + self._one(SPECIALS)

    def _encoded_word(self):
        text = self._one((ADA, b"\0" * 5, self._numbers.randbytes(40), b"\xff" * 90, b"\x1b$B", b"=?utf-8?Q?x?=", b""))
        coded = self._one((base64.b64encode(text), base64.b64encode(text)[:-1], text.replace(b" ", b"_"),
                           b"".join(b"=%02X" % octet for octet in text), b"=4", b"====", b"!!!!"))
        return b"=?%s?%s?%s?=" % (self._one(CHARSETS), self._one((b"B", b"Q", b"b", b"X", b"")), coded)

    def _address(self):
        local = self._one((b"ada", b"\"a b\"", b"", b"a..b", b"\"\\\"\"", b"\xc3\xa5da", b"x" * 900, b"a@b", b"=?utf-8?Q?ada?="))
        domain = self._one((b"freemail.example", b"contoso.com", b"", b".", b"[127.0.0.1]", b"[", b"xn--", b"xn--a-\xff", b"a." * 200,
                            b"b\xc3\xbccher.example", b"contoso.com.", b"-.-", b"xn--99999999999999999999.example"))
        return self._one((b"%s@%s", b"%s @ %s", b"%s@%s@x", b"%s%s")) % (local, domain)

    def _path(self):
        return self._one((b"<>", b"<%s>" % self._address(), self._address(), b"", b"<" * 300, b"<a@b> SIZE=99999999999999999999")).replace(b"\0", b"")

    def _tags(self):
        parts = [self._one((b"v=1", b"a=rsa-sha256", b"a=", b"d=%s" % self._address(), b"b=" + b"A" * 9000, b"bh==", b"h=from:" + b"from:" * 200,
                            b"l=18446744073709551616", b"t=-1", b"x=0", b"relay.example; dmarc=pass header.from=contoso.com", b"i=@", b"s=" + b"s" * 300,
                            b"by a with b id c; (", self._encoded_word(), b"finding=none", b"<<<>>>", self._one(SPECIALS)))
                 for _ in range(self._one((1, 8, 60)))]
        return self._spoil(self._one((b"; ", b";", b" ")).join(parts)).replace(b"\0", b"")

    def _spoil(self, text):
        """A few octets put in, taken out, doubled or cut off."""
        for _ in range(self._one((0, 1, 4))):
            at = self._numbers.randrange(len(text) + 1)
            to = min(len(text), at + self._one((0, 1, 30)))
            text = text[:at] + self._one((b"", self._one(SPECIALS), text[at:to] * self._one((2, 3)))) + text[to:]
        return text[: self._one((60_000, 60_000, 60_000, 998, 1))]
