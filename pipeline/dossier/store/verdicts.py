"""What the rulings of several reviewers on one thing come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from dossier.store.chain import Decision, standing

STATES = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added", "merge": "edited", "split": "edited",
          "finish": "finished", "reopen": "pending", "forget": "forgotten"}  # fmt: skip
PENDING, DISPUTED, LOST = "pending", "disputed", "lost"
OPEN = (DISPUTED, LOST, PENDING)  # what waits for somebody
COMMENT, UNDO = "comment", "undo"
ASIDE = frozenset(("anchor", "adjudicates", "comment", "through"))  # of a record: what sets no field
UNSAID = frozenset(("was", "places"))  # what does not change its meaning
MERE = frozenset(("accept", "edit"))
MAKING = MERE | {"add"}


class Verdict(NamedTuple):
    """How a thing stands, and the ruling that says so: none while nobody ruled, or where reviewers differ."""

    state: str
    decision: Decision | None


def in_force(rows: Iterable[Decision]) -> dict[str, Decision]:
    """Of the decisions on one thing, newest first, each reviewer's last ruling that was not undone."""
    found: dict[str, Decision] = {}
    for row in standing(rows):
        if row.ruling != COMMENT:
            found.setdefault(row.user, row)
    return found


def resolve(votes: Sequence[Decision], origin: Mapping[str, Any] | None = None) -> Verdict:
    """The adjudicator's ruling; else where all agree, the last of them; else there is a dispute. origin: what it is about."""
    if not votes:
        return Verdict(PENDING, None)
    last = max(votes, key=lambda vote: vote.id)
    referees = [vote for vote in votes if vote.says().get("adjudicates")]
    if referees:
        last = max(referees, key=lambda vote: vote.id)
    elif last.kind != "document" and len({meaning(vote, origin or {}) for vote in votes}) > 1:
        return Verdict(DISPUTED, None)
    return Verdict(STATES.get(last.ruling, PENDING), last)


def meaning(vote: Decision, origin: Mapping[str, Any]) -> bytes:
    """What a ruling comes to, the same for two that say the same: the fields that are other than they were."""
    if vote.ruling == "reject":
        return b"reject"
    said = {name: value for name, value in says(vote).items() if name not in UNSAID and origin.get(name) != value}
    return orjson.dumps(["" if vote.ruling in MAKING else vote.ruling, said], option=orjson.OPT_SORT_KEYS)


def says(vote: Decision) -> dict[str, Any]:
    """The fields that a ruling sets."""
    return {name: value for name, value in vote.says().items() if name not in ASIDE}
