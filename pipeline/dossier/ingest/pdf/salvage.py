"""A file that breaks off before its list of objects: given an end, so that its objects are looked for one by one."""

from __future__ import annotations

import re

_ROOT = re.compile(rb"/Root\s+(\d{1,10})\s+(\d{1,5})\s+R\b")
_CATALOG = re.compile(rb"\b(\d{1,10})\s+(\d{1,5})\s+obj\s*<<[^>]{0,200}/Type\s*/Catalog\b")
_OWN = b"99999999"  # the number of a catalogue of our own, where none is left


def salvage(data: bytes) -> bytes | None:
    """The file with a trailer that names its catalogue; None where that cannot help.

    Without a catalogue of its own it gets an empty one, and its pages are found by their type.
    """
    if b" obj" not in data or b"/Encrypt" in data:
        return None
    found = [*_ROOT.finditer(data)] or [*_CATALOG.finditer(data)]
    number, generation = (found[-1][1], found[-1][2]) if found else (_OWN, b"0")
    own = b"" if found else _OWN + b" 0 obj\n<</Type/Catalog>>\nendobj\n"
    end = b"\nendstream\nendobj\n" + own + b"trailer\n<</Root " + number + b" " + generation + b" R>>\n"
    # an older list, left over from before an update, would end the search too early
    return data.replace(b"trailer", b"%railer").replace(b"startxref", b"%tartxref") + end
