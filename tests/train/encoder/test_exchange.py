"""A text with other names."""

from __future__ import annotations

from dossier.train.encoder.data import LABELS, Marked
from dossier.train.encoder.exchange import exchange


def test_marks_move_along_with_the_new_names():
    record = Marked("t", "The Red\nCross left Oslo.", ((4, 13, "ORG"), (19, 23, "PLACE")), frozenset(LABELS))

    changed = exchange(record, {"Red Cross": "Blue Star Union"})

    assert changed.text == "The Blue Star Union left Oslo."
    assert [changed.text[s:e] for s, e, _ in changed.spans] == ["Blue Star Union", "Oslo"]
