"""Changed texts keep their marks."""

from __future__ import annotations

import random

from dossier.train.encoder.augment import Augmenter, add_acronyms, exchange_names
from dossier.train.encoder.data import LABELS, Marked, cut_words, find_demonyms
from dossier.train.encoder.invent import make_texts


def _marked(text, *names):
    spans = tuple((text.index(name), text.index(name) + len(name), label) for name, label in names)
    return Marked("t", text, tuple(sorted(spans)), frozenset(LABELS))


def _names(record):
    return [record.text[s:e] for s, e, _ in record.spans]


def test_exchanged_names_stand_where_their_marks_say():
    record = _marked("Anna Berg left Oslo in 1999.", ("Anna Berg", "PERSON"), ("Oslo", "PLACE"), ("1999", "DATE"))

    changed = exchange_names(record, random.Random(1), share=1.0)

    person, place, date = _names(changed)
    assert changed.text == f"{person} left {place} in {date}."
    assert date == "1999"
    assert (person, place) != ("Anna Berg", "Oslo")


def test_acronym_in_brackets_is_a_mention_of_its_own():
    record = _marked("the World Food Programme left.", ("World Food Programme", "ORG"))
    changed = next(c for c in (add_acronyms(record, random.Random(i)) for i in range(9)) if len(c.spans) > 1)

    assert changed.text == "the World Food Programme (WFP) left."
    assert _names(changed) == ["World Food Programme", "WFP"]


def test_note_markers_stay_outside_the_marks():
    record = _marked("He left Oslo. She left Rome.", ("Oslo", "PLACE"), ("Rome", "PLACE"))
    augment = Augmenter({"notes": 1.0}, [record], seed=0)

    for seed in range(20):
        assert _names(augment.change(record, random.Random(seed))) == ["Oslo", "Rome"]


def test_invented_texts_mark_whole_words():
    for record in make_texts(random.Random(0), 50):
        words = cut_words(record)
        starts, ends = {s for s, _ in words.offsets}, {e for _, e in words.offsets}
        for s, e, label in record.spans:
            assert s in starts, (record.text[s:e], label)
            assert e in ends, (record.text[s:e], label)


def test_invented_texts_follow_from_the_seed():
    assert make_texts(random.Random(7), 3) == make_texts(random.Random(7), 3)


def test_date_words_of_a_set_without_dates_may_be_dates():
    record = Marked(
        "t", "He left Oslo in May 1999 with two bags.", ((8, 12, "PLACE"),), frozenset({"ORG", "PERSON", "PLACE"})
    )

    words = cut_words(record)

    open_words = [w for w, bits in zip(words.words, words.allowed, strict=True) if bits & (bits - 1)]
    assert open_words == ["in", "May", "1999", "two"]


def test_word_in_an_ignored_stretch_may_be_anything():
    record = Marked("t", "The Oslo police left.", (), frozenset(LABELS), ignore=((4, 15),))

    assert [bin(bits).count("1") for bits in cut_words(record).allowed] == [1, 15, 15, 1, 1]


def test_demonym_inside_a_mark_is_no_norp():
    assert find_demonyms("Malian forces met the Malian Red Cross.", [(22, 38)]) == [(0, 6, "NORP")]
