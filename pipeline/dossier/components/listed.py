"""Persons as lists of sanctions write them, at the head of an entry: `12. MALATESTA, Errico a.k.a. ...`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dossier.components.view import SILENT_BLOCKS, View
from dossier.records import Span

CONFIDENCE = 0.85  # an estimate
_CAPITALS = r"[^\W\d_a-zà-öø-ÿ][^\W\d_a-zà-öø-ÿ’'-]{1,30}"  # bounded, as all repeats here
_GIVEN = r"[^\W\d_a-zà-öø-ÿ](?=[^\W\d_]{0,30}[a-zà-öø-ÿ])[\w’'-]{1,30}"
_ENTRY = re.compile(
    rf"\s*(?:\(?\d{{1,4}}[.)]\s+|[-–•*]\s+)?(?P<name>{_CAPITALS}(?:\s+{_CAPITALS}){{0,3}},\s+{_GIVEN}(?:[ -]{_GIVEN}){{0,3}})"
    r"(?=\s*(?:\.\s|;|,|\(|:|\Z)|\s+(?:a\.?k\.?a|f\.?k\.?a|alias|DOB|born)\b)"
)


def find_listed(view: View) -> Iterator[Span]:
    """The names at the heads of entries, `SURNAME, Given`, as they stand."""
    for block in view.frame.blocks:
        if block.kind not in SILENT_BLOCKS:
            found = _ENTRY.match(view.text, block.start, block.end)
            if found:
                yield Span(*found.span("name"))
