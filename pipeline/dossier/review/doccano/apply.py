"""What a pull found, written down in one transaction: every ruling, and how the examples stand now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from dossier.records import make_id
from dossier.review.desk import Desk
from dossier.review.doccano.compare import Finding
from dossier.review.doccano.pull import Pulled
from dossier.store.db import Store
from dossier.store.doccano import write_seen

# marks before the relations between them; what is gone last
ORDER = (("mention", ("edit", "add", "accept")), ("relation", ("edit", "add", "accept")), ("relation", ("reject",)),
         ("mention", ("reject",)))  # fmt: skip


def apply(store: Store, found: Pulled) -> int:
    """Write it all, or nothing; the number of rulings. The same pull twice writes nothing the second time."""
    groups = []
    for kind, rulings in ORDER:
        by_user: dict[str, list[dict[str, Any]]] = {}
        for document, findings in found.findings.items():
            for one in findings:
                if one.kind == kind and one.ruling in rulings:
                    by_user.setdefault(one.signed.user, []).append(_change(one, document, found))
        groups += [(user, _request(found, changes), changes) for user, changes in sorted(by_user.items())]
    return len(Desk(store).rule_all(groups, lambda: write_seen(store, found.place, found.examples, found.items)))


def _change(one: Finding, document: str, found: Pulled) -> dict[str, Any]:
    through = {"tool": "doccano", "at": one.signed.at, "url": found.place.url, "project": found.place.project}
    return {
        "kind": one.kind, "target": one.target, "ruling": one.ruling, "record": one.record, "document": document,
        "through": through,
    }  # fmt: skip


def _request(found: Pulled, changes: Sequence[dict[str, Any]]) -> str:
    return make_id("doccano", found.place.url, found.place.project, orjson.dumps(changes).decode())
