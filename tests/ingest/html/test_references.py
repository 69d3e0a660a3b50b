"""Character references as browsers read them, each one character long."""

import pytest

from dossier.ingest.html.references import decode_references, find_references


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&amp;amp;", "&amp;"),
        ("caf&eacute; caf&eacute caf&#233; caf&#xE9", "café café café café"),
        ("&#8217;s &#146;s", "’s ’s"),
        ("&bogus; R&D & A&B;", "&bogus; R&D & A&B;"),
        ("&notit; &ampx", "¬it; &x"),
        ("&#0; &#xD800; &#x110000; &#99999999999;", "\ufffd \ufffd \ufffd \ufffd"),
        ("&#1; &#10;", "\x01 \n"),
        ("&NotEqualTilde;", "&NotEqualTilde;"),  # two characters
        ("&CounterClockwiseContourIntegral;", "∳"),
        ("&", "&"),
        ("&#; &#x;", "&#; &#x;"),
    ],
)
def test_references(written, read):
    assert decode_references(written) == read


def test_places_are_those_of_the_source():
    assert list(find_references("a&amp;b&#65;", 0, 12)) == [(1, 6, "&"), (7, 12, "A")]


def test_a_number_of_a_million_digits_is_one_broken_character():
    assert decode_references("&#" + "9" * 1_000_000 + ";") == "\ufffd"
    assert decode_references("&#x" + "0" * 1_000_000 + "41;") == "A"
