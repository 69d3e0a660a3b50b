"""The loop on texts that the first model never saw the like of: what 50, 100 and 200 corrected sentences bring.

The desk reads about music, or science: a domain that the base was not trained on. Once with the base's own labels, once
with labels of the desk's own. With the shipped encoder where there is one; labels of its own also with hashed letters.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import need
from tests.train.standin import HashedEncoder

from dossier.components.encoder import read_head
from dossier.gold import GoldRecord, GoldSpan, read_gold, text_digest
from dossier.models import default_model, read_card
from dossier.resources import shipped
from dossier.train.loop import Base, load_base, train
from dossier.train.measure import gain, tally
from dossier.train.settings import FILE, load_settings
from dossier.train.sources import Source
from dossier.train.states import encode_all

NAMES = frozenset(("ORG", "PERSON", "PLACE"))
OWN = {
    "science": frozenset(("SCIENTIST", "UNIVERSITY", "PROTEIN", "CHEMICALCOMPOUND", "AWARD")),
    "music": frozenset(("BAND", "ALBUM", "SONG", "MUSICGENRE", "MUSICALARTIST")),
}
STEPS = (50, 100, 200)
LIMIT = 600  # seconds, on two cores

pytestmark = pytest.mark.timeout(LIMIT)


def read(shared: Path, domain: str, labels: frozenset[str]) -> list[GoldRecord]:
    """A domain of crossner, with the labels of the guide or with the set's own as a desk would name them."""
    records = [
        r for part in ("train", "dev") for r in read_gold(shared / "data" / "crossner" / f"{domain}-{part}.jsonl.gz")
    ]
    return [replace(r, spans=tuple(_spans(r, labels)), meta={"labels": sorted(labels)}) for r in records]


def _spans(record: GoldRecord, labels: frozenset[str]) -> list[GoldSpan]:
    named = [(s, s.label if labels <= NAMES else s.more["orig"].upper()) for s in record.spans]
    return [GoldSpan(s.start, s.end, label) for s, label in named if label in labels]


def source(records: list[GoldRecord]) -> Source:
    labels = tuple(frozenset(r.meta["labels"]) for r in records)
    return Source("corrected.jsonl", "0" * 64, tuple(records), labels, False)


@pytest.fixture(scope="module")
def shipped_base(tmp_path_factory) -> Base | None:
    """The shipped model, where there is one that says what it was trained on."""
    model = default_model(tmp_path_factory.mktemp("none"))
    return load_base(model) if model.folder is not None and read_card(model).get("train_texts") else None


@pytest.fixture(scope="module")
def base(shared, shipped_base, tmp_path_factory) -> Base:
    """The shipped model, or hashed letters and a head trained on politics."""
    if shipped_base is not None:
        return shipped_base
    folder = tmp_path_factory.mktemp("base")
    settings = replace(load_settings(shipped("configs") / FILE), epochs=8)
    name, _ = train(
        folder, Base(HashedEncoder()), [source(read(shared, "politics", NAMES)[:300])], settings, name="base"
    )
    return Base(HashedEncoder(), read_head(folder / name), name, "0")


def unseen_domain(shared: Path, base: Base) -> str:
    """The first domain of which the base was trained on nothing."""
    for domain in OWN:
        if not base.seen & {text_digest(r.text) for r in read(shared, domain, NAMES)}:
            return domain
    pytest.fail(f"{base.name} was trained on every domain of crossner; choose another shift")


def learn(records: list[GoldRecord], base: Base, labels: frozenset[str], folder: Path) -> dict[int, dict[str, float]]:
    """F1 on the held-out rest after so many corrected sentences, and the gain over the base with its interval."""
    order = np.random.default_rng(0).permutation(len(records))
    pool, rest = [records[i] for i in order[: STEPS[-1]]], [records[i] for i in order[STEPS[-1] :]]
    held_out = list(encode_all([(r, labels) for r in rest], base.encoder))
    settings = replace(load_settings(shipped("configs") / FILE), test=0.02, draws=100)
    before = tally(base.head, held_out, sorted(labels))
    found = {0: {"f": before.micro, "low": 0.0}}
    for count in STEPS:
        name, _ = train(folder, base, [source(pool[:count])], settings)
        after = tally(read_head(folder / name), held_out, sorted(labels))
        found[count] = {"f": after.micro, "low": gain(after, before, draws=1000, seed=0)["low"]}
    return found


def test_corrections_teach_labels_of_the_desk_s_own(shared, base, tmp_path):
    domain = unseen_domain(shared, base)
    found = learn(read(shared, domain, OWN[domain]), base, OWN[domain], tmp_path)
    print(domain, {count: round(row["f"], 3) for count, row in found.items()})

    assert found[0]["f"] == 0
    assert all(found[count]["low"] > 0 for count in STEPS)
    assert found[200]["f"] > found[50]["f"] > 0.1
    assert "torch" not in sys.modules


def test_corrections_carry_known_labels_into_a_new_domain(shared, shipped_base, tmp_path):
    need(shipped_base is not None, "a shipped model whose card lists its train_texts")
    began = time.monotonic()
    domain = unseen_domain(shared, shipped_base)
    found = learn(read(shared, domain, NAMES), shipped_base, NAMES, tmp_path)
    print(domain, {count: round(row["f"], 3) for count, row in found.items()})

    assert found[200]["low"] > 0, "200 corrected sentences bring a gain that is no chance"
    assert found[50]["f"] >= found[0]["f"] - 0.01
    assert time.monotonic() - began < LIMIT / 2
    assert "torch" not in sys.modules
