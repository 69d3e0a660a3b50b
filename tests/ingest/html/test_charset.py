"""The encoding of a page: its mark, its bytes, what it names, a guess."""

import pytest

from dossier.ingest.html.charset import decode_page, find_charset

LINE = "Côte d’Ivoire signed it – “largely” as planned."


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"<meta charset=windows-1251>", "windows-1251"),
        (b"<META http-equiv='Content-Type' content='text/html; charset = \"KOI8-R\"'>", "KOI8-R"),
        (b"\n<?xml version='1.0' encoding='iso-8859-2'?><html>", "iso-8859-2"),
        (b"<p>charset=x", None),
    ],
)
def test_the_name_is_found(head, named):
    assert find_charset(head) == named


@pytest.mark.parametrize(
    ("named", "encoding", "words"),
    [
        ("iso-8859-1", "cp1252", LINE),
        ("windows-1251", "cp1251", "Северный фронт был основан в 1998 году."),
        ("gb2312", "gb18030", "联合国马里稳定团于二〇一三年成立。"),
        ("shift_jis", "cp932", "北方戦線は1998年に設立された。①"),
        ("iso-2022-jp", "iso2022-jp", "北方戦線は設立された。"),
        ("utf-8", "utf-8", LINE),
    ],
)
def test_what_a_page_names_is_no_guess(named, encoding, words):
    found = decode_page(f"<meta charset={named}><p>{words}".encode(encoding), declared=None)

    assert found.source.endswith(words)
    assert (found.encoding, found.warnings) == (encoding, [])


@pytest.mark.parametrize(("real", "named"), [("cp1252", "utf-8"), ("utf-8", "windows-1251"), ("cp1252", "no-such")])
def test_a_wrong_name_is_said(real, named):
    found = decode_page(f"<meta charset={named}><p>{LINE}".encode(real), declared=None)

    assert found.source.endswith(LINE)
    assert {w.code for w in found.warnings} == {"encoding_guessed"}


def test_a_byte_order_mark_and_the_name_beside_the_file_win():
    assert decode_page(b"\xff\xfe" + "<meta charset=utf-8>é".encode("utf-16-le"), declared=None).source.endswith("é")
    assert decode_page("<meta charset=cp1252>жж".encode("cp1251"), declared="cp1251").source.endswith("жж")


def test_ascii_is_ascii_under_any_name():
    assert decode_page(b"<meta charset=windows-1252><p>plain words", declared=None).warnings == []
