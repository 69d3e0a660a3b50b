"""PDFs written byte by byte, for what no writer of PDFs would write."""

from __future__ import annotations

import zlib

TEXT = b"BT /F1 12 Tf 72 720 Td (The fleet left Narvik) Tj ET"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def composite(name: bytes, more: bytes = b"", *, way: bytes = b"H") -> bytes:
    """A font of two bytes a code, an em a glyph, without Unicode of its own."""
    system = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    own = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/" + name + system + b">>"
    head = b"<</Type/Font/Subtype/Type0/BaseFont/" + name + b"/Encoding/Identity-" + way
    return head + b"/DescendantFonts[" + own + b"]" + more + b">>"


def stream(data: bytes, extra: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        data, extra = zlib.compress(data), extra + b"/Filter/FlateDecode"
    return b"<<" + extra + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def write(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of numbered objects; 1 is the catalog."""
    out, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in places.items())
    start = b"startxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 1\n0000000000 65535 f \n" + table + (
        b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (max(objects) + 1, trailer)
    ) + start  # fmt: skip


def pdf(*contents: bytes, page: bytes = b"/MediaBox[0 0 612 792]", resources: bytes = b"", font: bytes = FONT,
        more: dict[int, bytes] | None = None, trailer: bytes = b"") -> bytes:  # fmt: skip
    """A page for each content stream (or stream object), with one font, F1."""
    contents = contents or (TEXT,)
    kids = b" ".join(b"%d 0 R" % (100 + 2 * i) for i in range(len(contents)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(contents),
        5: font,
    }
    for i, content in enumerate(contents):
        objects[100 + 2 * i] = (
            b"<</Type/Page/Parent 2 0 R" + page + b"/Contents %d 0 R/Resources<</Font<</F1 5 0 R>>" % (101 + 2 * i)
            + resources + b">>>>"
        )  # fmt: skip
        objects[101 + 2 * i] = content if content.endswith(b"endstream") else stream(content)
    return write({**objects, **(more or {})}, trailer)
