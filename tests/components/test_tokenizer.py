from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st


def words(nlp, text):
    return [token.text for token in nlp.make_doc(text) if not token.is_space]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FPKaligned", ["FPK", "aligned"]),
        ("UNled", ["UN", "led"]),
        ("NGOs IEDs", ["NGOs", "IEDs"]),
        ("Karst.[7] In", ["Karst", ".", "[", "7", "]", "In"]),
        ("2018[2]", ["2018", "[", "2", "]"]),
        ("Norland—Karst", ["Norland", "—", "Karst"]),
        ("name(s)", ["name", "(", "s", ")"]),
        ("FPK’s and FPK's", ["FPK", "’s", "and", "FPK", "'s"]),
        ("(June 2004-Present):", ["(", "June", "2004", "-", "Present", ")", ":"]),
        ("U.S.-designated", ["U.S.", "-", "designated"]),
    ],
)
def test_words_are_split_where_reports_run_them_together(nlp, text, expected):
    assert words(nlp, text) == expected


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
@example(text="FPKled.[7]—(s)\n\n “x”[12]")
def test_the_text_of_a_doc_is_the_text_it_was_given(nlp, text):
    assert nlp.make_doc(text).text == text
