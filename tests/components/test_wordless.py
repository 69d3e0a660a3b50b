"""What holds no words is not encoded; running text always is, whole."""

import pytest

from dossier.components.wordless import STRETCH, blank_wordless

TEXT = "The front was founded by four officers in March 1998 and split two years later . ".split() * 40


@pytest.mark.parametrize(
    "noise",
    [
        ["word"] * 5 * STRETCH,
        [f"r{i}" for i in range(5 * STRETCH)],
        ["1,204", "\t", "17", "2015", "x"] * STRETCH,
    ],
    ids=["one word", "ids", "numbers"],
)
def test_long_stretches_without_words_are_left_empty(noise):
    words = blank_wordless([*TEXT, *noise, *TEXT])
    assert words[: len(TEXT)] == TEXT
    assert words[-len(TEXT) :] == TEXT
    assert words.count("") > len(noise) - 2 * STRETCH
    assert len(words) == len(noise) + 2 * len(TEXT)


def test_running_text_and_short_tables_are_kept():
    assert blank_wordless(TEXT) == TEXT
    assert blank_wordless(["17"] * (STRETCH - 1)) == ["17"] * (STRETCH - 1)
