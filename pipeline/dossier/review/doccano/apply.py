"""What a pull found, written down: every ruling and how the examples stand now."""

from __future__ import annotations

import orjson

from dossier.review.doccano.pull import Pulled
from dossier.store.db import Store
from dossier.store.decisions import append
from dossier.store.doccano import write_seen


def apply(store: Store, found: Pulled) -> None:
    """Interim."""
    for document, findings in found.findings.items():
        for one in findings:
            append(
                store, kind=one.kind, key=one.target, ruling=one.ruling, record=orjson.dumps(one.record).decode(),
                user=one.signed.user, proposal=None if one.target.startswith("a_") else one.target,
            )  # fmt: skip
    with store.transaction():
        write_seen(store, found.place, found.examples, found.items)
