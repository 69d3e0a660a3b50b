from dossier.evaluate.errors import BOTH, GOT, WANTED, Words, group_errors
from dossier.evaluate.scoring import judge

LABELS = ("ORG", "PERSON", "PLACE")


def groups(record, found, **options):
    return {g.name: g for g in group_errors([judge(record, found, LABELS)], **options)}


def test_each_slip_falls_into_one_group(gold, proposed):
    record = gold("[Ingrid Solheim|PERSON] left [Narvik|PLACE] for the [NRF|ORG] and not [Bodø|PLACE].")
    found = proposed("Ingrid [Solheim|PERSON] left [Narvik|ORG] for [the NRF|PERSON] and [not|ORG] Bodø.")

    said = {name: [(m.wanted, m.got) for m in g.mistakes] for name, g in groups(record, found).items()}

    assert said == {
        "missed": [(Words("Bodø", "PLACE"), None)],
        "spurious": [(None, Words("not", "ORG"))],
        "wrong label": [
            (Words("Narvik", "PLACE"), Words("Narvik", "ORG")),
            (Words("NRF", "ORG"), Words("the NRF", "PERSON")),
        ],
        "wrong border": [(Words("Ingrid Solheim", "PERSON"), Words("Solheim", "PERSON"))],
    }


def test_the_same_label_is_preferred_to_another_overlap(gold, proposed):
    record = gold("the [Front of Narvik|ORG]")
    found = proposed("the [Front|PERSON] of [Narvik|ORG]")

    assert [m.got.text for m in groups(record, found)["wrong border"].mistakes] == ["Narvik"]
    assert [m.got.text for m in groups(record, found)["spurious"].mistakes] == ["Front"]


def test_the_context_shows_what_was_marked_and_what_proposed(gold, proposed):
    record = gold("led by [Ingrid Solheim|PERSON] then")

    mistake = groups(record, proposed("led by Ingrid [Solheim then|PERSON]"))["wrong border"].mistakes[0]

    assert mistake.context == (("", "led by "), (WANTED, "Ingrid "), (BOTH, "Solheim"), (GOT, " then"))


def test_a_long_context_is_cut_between_words(gold):
    record = gold("word " * 30 + "[Narvik|PLACE]" + " word" * 30)

    context = groups(record, [])["missed"].mistakes[0].context

    assert [kind for kind, _ in context] == ["", "", WANTED, "", ""]
    assert "".join(words for _, words in context) == "… " + "word " * 13 + "Narvik" + " word" * 13 + " …"


def test_slips_alike_are_told_once_and_the_frequent_first(gold):
    record = gold("[Bodø|PLACE], [Narvik|PLACE], [Narvik|PLACE]")

    missed = groups(record, [], examples=1)["missed"]

    assert missed.count == 3
    assert [(m.wanted.text, m.count) for m in missed.mistakes] == [("Narvik", 2)]
