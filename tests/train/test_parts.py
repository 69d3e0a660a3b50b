"""The parts of a training: what is read, split, tagged, fitted, calibrated and counted."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.train.standin import HashedEncoder

from dossier.components.tagging import tags_of, transitions_of
from dossier.errors import ConfigError, UsageError
from dossier.gold import GoldRecord, GoldSpan, text_digest
from dossier.records import Span
from dossier.resources import shipped
from dossier.train.calibrate import calibrate
from dossier.train.measure import Predicted, expected_calibration_error, gain, score_rows, tally
from dossier.train.settings import FILE, Settings, load_settings
from dossier.train.sources import join, read_sources
from dossier.train.split import split
from dossier.train.states import Text, encode_all
from dossier.train.tags import allowed_tags, chains_of
from dossier.train.tune import fit_head, fit_labels

LABELS = ("ORG", "DATE")


def record(text: str, *spans: tuple[str, str], id: str = "a", **more) -> GoldRecord:
    found = tuple(GoldSpan(text.index(words), text.index(words) + len(words), label) for words, label in spans)
    return GoldRecord(id, text, found, **more)


def encode(one: GoldRecord, labels=LABELS) -> Text:
    return next(encode_all([(one, frozenset(labels))], HashedEncoder()))


# ------------------------------------------------------------------ tags


def tags(text: Text, labels=LABELS) -> list[str]:
    names = np.array(tags_of(labels))
    return [" ".join(names[row]) for row in allowed_tags(text, labels)]


def test_marked_words_have_one_tag_and_the_others_none():
    text = encode(record("The Red Brigade left.", ("Red Brigade", "ORG")))
    assert tags(text) == ["O", "B-ORG", "I-ORG", "O", "O"]


def test_a_label_that_was_not_looked_for_is_left_open_outside_marks():
    text = encode(record("Brigade in 2004", ("Brigade", "ORG")), labels=["ORG"])
    assert tags(text) == ["B-ORG", "O B-DATE I-DATE", "O B-DATE I-DATE"]


def test_an_ignored_word_may_be_anything_and_a_marked_one_in_it_too():
    text = encode(record("Brigade left", ("Brigade", "ORG"), ignore=(Span(8, 12),)))
    assert tags(text) == ["B-ORG", "O B-ORG I-ORG B-DATE I-DATE"]


def test_a_text_of_which_nothing_is_known_teaches_nothing():
    text = encode(record("Nobody looked here.", ignore=(Span(0, 19),)))
    assert list(chains_of(text, LABELS)) == []


def test_marks_inside_a_word_take_the_word():
    text = encode(GoldRecord("a", "pro-AQIMlike x", (GoldSpan(4, 8, "ORG"),)))
    assert "B-ORG" in tags(text)


def test_a_long_sentence_is_cut_where_no_mention_runs_on():
    text = encode(record(" ".join(["word"] * 118 + ["Red"] * 10 + ["word"] * 90), (" ".join(["Red"] * 10), "ORG")))
    chains = list(chains_of(text, LABELS))

    assert sum(len(chain.states) for chain in chains) == 218
    assert all(chain.allowed[0, 0] or chain.allowed[0, 1::2].any() for chain in chains)


def test_white_space_and_odd_words_need_no_alignment():
    text = encode(record("\n\n  \U0001f525 الجيش  Brigade\u200b\n", ("Brigade", "ORG")))
    assert tags(text)[-1].endswith("ORG")


# ------------------------------------------------------------------ sources


def write(path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def line(id, text, spans=(), **meta):
    marked = [{"start": s, "end": e, "label": label} for s, e, label in spans]
    return {"id": id, "text": text, "spans": marked, "meta": meta}


def test_sources_say_what_was_looked_for_or_take_what_occurs(tmp_path):
    write(tmp_path / "annotations" / "reviewed.jsonl", line("1", "One.", labels=["ORG", "DATE"]))
    extra = write(
        tmp_path / "b.jsonl", line("2", "Red.", [(0, 3, "ORG")], licence="MIT"), line("3", "Blue.", [(0, 4, "MISC")])
    )

    first, second = read_sources(tmp_path / "annotations", [extra], LABELS)

    assert (first.labels, first.guessed) == ((frozenset(LABELS),), False)
    assert (second.labels, second.guessed) == ((frozenset(["ORG"]),) * 2, True)
    assert second.licences == ["MIT", "none stated"]


def test_a_text_that_stands_twice_is_learned_once_from_the_desk_s_own_gold(tmp_path):
    write(tmp_path / "annotations" / "reviewed.jsonl", line("1", "Red left.", [(0, 3, "ORG")], labels=["ORG"]))
    extra = write(tmp_path / "b.jsonl", line("9", "red  LEFT.", [], labels=["ORG"]))

    assert [r.id for r, _ in join(read_sources(tmp_path / "annotations", [extra], LABELS))] == ["1"]


def test_nothing_to_learn_from_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="dossier export"):
        read_sources(tmp_path, [], LABELS)


# ------------------------------------------------------------------ split


def records(count):
    return [GoldRecord(str(i), f"Text {i}.") for i in range(count)]


def test_a_document_stays_where_it_is_when_others_come():
    few, many = (split(records(n), seed=1, dev=0.2, test=0.2) for n in (60, 90))
    for part in ("train", "dev", "test"):
        assert set(getattr(few, part)) == {n for n in getattr(many, part) if n < 60}
    assert split(records(60), seed=1, dev=0.2, test=0.2) == few != split(records(60), seed=2, dev=0.2, test=0.2)


@pytest.mark.parametrize("count", [3, 4, 5, 8])
def test_no_part_is_empty(count):
    for seed in range(30):
        parts = split(records(count), seed=seed, dev=0.15, test=0.15)
        assert parts.train, seed
        assert parts.dev, seed
        assert parts.test, seed
        assert sorted(parts.train + parts.dev + parts.test) == list(range(count))


def test_parts_of_one_document_stay_together():
    many = [replace(r, meta={"document": str(int(r.id) % 9)}) for r in records(90)]
    parts = split(many, seed=0, dev=0.3, test=0.3)
    found = [{many[n].meta["document"] for n in part} for part in (parts.train, parts.dev, parts.test)]
    assert sum(len(each) for each in found) == 9


def test_what_the_parent_saw_trains_and_never_measures():
    seen = frozenset(text_digest(r.text) for r in records(50)[:40])
    parts = split(records(50), seed=0, dev=0.3, test=0.3, seen=seen)
    assert min(parts.dev + parts.test) >= 40
    with pytest.raises(UsageError, match="2 documents are reviewed that the parent was not trained on"):
        split(records(42), seed=0, dev=0.3, test=0.3, seen=seen)


# ------------------------------------------------------------------ head


def test_known_labels_keep_their_columns_and_new_ones_come_behind():
    parent = fit_labels(None, ["PLACE"], 4)
    parent = replace(parent, weight=np.ones((4, 3), np.float32), bias=np.arange(3, dtype=np.float32))

    head = fit_labels(parent, ["VESSEL", "PLACE"], 4)

    assert head.labels == ("PLACE", "VESSEL")
    assert head.weight[:, :3].tolist() == np.ones((4, 3)).tolist()
    assert head.weight[:, 3:].tolist() == np.zeros((4, 2)).tolist()
    assert head.bias.tolist() == [0, 1, 2, -2, -2]
    assert head.transitions.shape == (5, 5)


def test_a_head_that_gets_no_better_stays_the_one_it_was():
    text = encode(record("The Red Brigade left.", ("Red Brigade", "ORG")))
    start = fit_labels(None, LABELS, HashedEncoder.width)
    best = fit_head(start, list(chains_of(text, LABELS)), lambda head: 0.5, Settings(patience=2, epochs=9), seed=0)
    assert best.head is start
    assert best.epoch == 0


def test_a_forbidden_step_stays_forbidden():
    text = encode(record("The Red Brigade left in 2004.", ("Red Brigade", "ORG"), ("2004", "DATE")))
    scores = iter(range(100))
    start = fit_labels(None, LABELS, HashedEncoder.width)
    best = fit_head(start, list(chains_of(text, start.labels)), lambda head: next(scores), Settings(epochs=20), seed=0)

    assert ((best.head.transitions < -1000) == (transitions_of(start.labels) < 0)).all()
    assert tally(best.head, [text]).micro == 1.0


# ------------------------------------------------------------------ measures


def test_strict_spans_are_counted_by_label():
    text = encode(record("The Red Brigade left in 2004.", ("Red Brigade", "ORG"), ("2004", "DATE")))
    start = fit_labels(None, LABELS, HashedEncoder.width)
    found = tally(start, [text])  # finds nothing
    assert found.counts.sum(axis=0).tolist() == [[0, 0, 1], [0, 0, 1]]
    assert score_rows(found, draws=10, seed=0)["micro"] == {"f": 0, "p": 0, "r": 0, "low": 0, "high": 0, "support": 2}


def test_what_was_not_looked_for_or_is_ignored_is_not_counted():
    one = record("The Red Brigade left in 2004.", ("Red Brigade", "ORG"), ("2004", "DATE"), ignore=(Span(0, 16),))
    start = fit_labels(None, LABELS, HashedEncoder.width)
    assert tally(start, [encode(one, ["ORG"])]).counts.sum() == 0


def test_a_gain_has_an_interval():
    rng = np.random.default_rng(0)
    text = encode(record("The Red Brigade left.", ("Red Brigade", "ORG")))
    base = tally(fit_labels(None, LABELS, HashedEncoder.width), [text])
    old = replace(base, counts=rng.integers(0, 5, (50, 2, 3)).astype(float))
    new = replace(base, counts=old.counts + np.array([3.0, 0, 0]))

    found = gain(new, old, draws=500, seed=0)
    assert 0 < found["low"] < found["f"] < found["high"]
    assert gain(old, old, draws=50, seed=0) == {"f": 0, "low": 0, "high": 0}


def test_calibration_error_is_the_distance_of_confidence_and_truth():
    assert expected_calibration_error([1.0] * 10, [True] * 10) == 0
    assert expected_calibration_error([0.9] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.4)
    assert expected_calibration_error([], []) == 0


def test_calibration_takes_overconfidence_away_and_leaves_few_mentions_alone():
    rng = np.random.default_rng(0)
    true = rng.random(2000)
    shown = 1 / (1 + np.exp(-3 * np.log(true / (1 - true))))  # three times too sure
    found = [Predicted(0, 1, "ORG", float(p), bool(r)) for p, r in zip(shown, rng.random(2000) < true, strict=True)]
    start = fit_labels(None, LABELS, 4)

    head = calibrate(start, found)

    right = [each.right for each in found]
    before = expected_calibration_error([each.probability for each in found], right)
    after = expected_calibration_error([head.confidence(each.probability) for each in found], right)
    assert after < 0.03 < before
    assert abs(calibrate(start, found[:2]).slope - 1) < 0.5
    assert calibrate(start, []) is start


# ------------------------------------------------------------------ settings


def test_the_shipped_config_reads():
    assert load_settings(shipped("configs") / FILE).shares == (0.25, 0.5, 0.75)


@pytest.mark.parametrize(
    "text",
    ["[head]\nrat = 1\n", "[heads]\nrate = 1\n", "[head]\nrate = -1\n", '[head]\nepochs = "x"\n', "[split]\ntest = 0.95\n",
     "[curve]\nshares = [2]\n", "[head\n", "[head]\nrate = {\n"],
)  # fmt: skip
def test_a_config_that_is_wrong_is_refused_with_the_place(tmp_path, text):
    (tmp_path / "a.cfg").write_text(text)
    with pytest.raises(ConfigError, match=r"a\.cfg"):
        load_settings(tmp_path / "a.cfg")
