"""Which documents train, which steer, which measure.

A document's place comes from a hash of the seed and its text, so it stays where it is when others come and go: what
measured one model never trains the next. What the parent was trained on cannot measure its child, and trains.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from dossier.errors import UsageError
from dossier.gold import GoldRecord, text_digest

LEAST = 3  # documents


@dataclass(frozen=True, slots=True)
class Split:
    """Indexes into the records, each part in the order of the hashes."""

    train: list[int]
    dev: list[int]
    test: list[int]


def split(
    records: Sequence[GoldRecord], *, seed: int, dev: float, test: float, seen: frozenset[str] = frozenset()
) -> Split:
    """Split by document; no part is empty. Records of one text, or of one `meta.document`, stay together.

    seen: `text_digest`s of what the parent was trained on. Raises UsageError for fewer than three unseen documents.
    """
    groups: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        groups.setdefault(str(record.meta.get("document") or text_digest(record.text)), []).append(number)
    free = {key for key, numbers in groups.items() if not any(text_digest(records[n].text) in seen for n in numbers)}
    if len(free) < LEAST:
        raise UsageError(
            f"{len(free)} documents are reviewed that the parent was not trained on; at least {LEAST} are needed: "
            "one to train, one to steer, one to measure. Review more, export them, or add some with --data"
        )
    order = sorted(free, key=lambda key: _place(seed, key))
    places = {key: _place(seed, key) for key in order}
    measuring = [key for key in order if places[key] < test] or order[:1]
    rest = [key for key in order if key not in measuring]
    if len(rest) < 2:
        measuring, rest = order[:1], order[1:]
    steering = [key for key in rest if places[key] < test + dev] or rest[:1]
    if len(steering) == len(rest):
        steering = rest[:1]
    training = sorted(set(groups) - set(measuring) - set(steering), key=lambda key: _place(seed, key))
    return Split(*([n for key in part for n in groups[key]] for part in (training, steering, measuring)))


def _place(seed: int, key: str) -> float:
    digest = hashlib.sha256(f"{seed}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
