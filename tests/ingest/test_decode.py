"""Encodings: what is known, what is repaired, what is guessed, and that it is said."""

import random

import pytest

from dossier.errors import InputError
from dossier.ingest.decode import decode, source_of

LINE = "Côte d’Ivoire and Mali signed it in 2015 – “largely” as planned."
PARAGRAPH = "Ansar al Dine merged with Al Murabitoun in March 2017.\n" * 3
ARABIC = "أعلنت جماعة نصرة الإسلام والمسلمين مسؤوليتها عن الهجوم في مالي. " * 8
CHINESE = "联合国马里稳定团于二〇一三年成立。" * 20


@pytest.mark.parametrize(
    ("data", "encoding", "codes"),
    [
        (LINE.encode(), "utf-8", []),
        (b"\xef\xbb\xbf" + LINE.encode(), "utf-8", []),
        (b"\xff\xfe" + LINE.encode("utf-16-le"), "utf-16-le", []),
        (b"\xfe\xff" + LINE.encode("utf-16-be"), "utf-16-be", []),
        (b"\xff\xfe\0\0" + LINE.encode("utf-32-le"), "utf-32-le", []),
        (LINE.encode("utf-16-le"), "utf-16-le", ["encoding_guessed"]),
        (LINE.encode("cp1252"), "cp1252", ["encoding_guessed"]),
    ],
)
def test_a_line_reads_the_same_in_every_encoding(data, encoding, codes):
    found = decode(data)

    assert (found.source, found.encoding) == (LINE, encoding)
    assert [w.code for w in found.warnings] == codes
    assert source_of(data, found.encoding) == found.source


@pytest.mark.parametrize(("words", "encoding"), [(ARABIC, "cp1256"), (CHINESE, "gb18030")])
def test_other_encodings_are_guessed_aloud(words, encoding):
    found = decode(words.encode(encoding))

    assert found.source == words
    assert [w.code for w in found.warnings] == ["encoding_guessed"]


def test_a_few_broken_bytes_cost_only_themselves():
    data = (PARAGRAPH + LINE + "\n").encode() + b"\xff\xfe\x80 tail of the file\n"
    found = decode(data)

    assert found.source == data.decode("utf-8", "replace")
    assert found.encoding == "utf-8"
    assert f"character {len(PARAGRAPH + LINE) + 1};" in found.warnings[0].message


def test_a_declared_encoding_is_no_guess():
    found = decode(ARABIC.encode("cp1256"), declared="windows-1256")

    assert (found.source, found.encoding, found.warnings) == (ARABIC, "cp1256", [])


def test_a_wrong_declaration_is_said():
    found = decode(LINE.encode(), declared="latin-1")

    assert found.source == LINE
    assert "'latin-1'" in found.warnings[0].message


def test_random_bytes_are_no_text():
    with pytest.raises(InputError, match="not text"):
        decode(random.Random(3).randbytes(300_000))


def test_an_odd_byte_of_utf_16_is_repaired():
    found = decode(b"\xff\xfe" + LINE.encode("utf-16-le") + b"\x41")

    assert found.source == LINE + "\ufffd"
    assert [w.code for w in found.warnings] == ["encoding_repaired"]
