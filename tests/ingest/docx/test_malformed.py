"""Broken and hostile packages: each ends with a code and a reason, soon, and without the memory that it asks for."""

import io
import struct
import time
import zipfile

import pytest
from tests.ingest.docx.build import MAIN_TYPE, content_types, docx, note, p, pack, ref, root, table

from dossier.errors import InputError
from dossier.ingest.docx import package
from dossier.ingest.docx.xml import MAX_DEPTH
from dossier.ingest.ole import MAGIC
from dossier.ingest.read import read_document

WORDS = p("The Front was founded in 1998 and dissolved six years later.")


def fate(data, name="report.docx"):
    with pytest.raises(InputError) as caught:
        read_document(data, name=name)
    return caught.value.code, str(caught.value)


def with_main(xml):
    return docx(extra=[("word/document.xml", xml)])


@pytest.mark.parametrize(
    ("dtd", "word"),
    [
        ('<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>', "&b;"),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">', ""),
        ("<!DOCTYPE d>", ""),
    ],
)
@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "docProps/core.xml"]
)
def test_a_dtd_is_refused_wherever_it_stands(dtd, word, part):
    xml = f'<?xml version="1.0"?>{dtd}<d>{word}</d>'

    code, reason = fate(docx(WORDS, core="<x/>", extra=[(part, xml)]))

    assert code == "unsafe_xml"
    assert part in reason


def test_a_name_of_an_entity_without_a_dtd_is_malformed():
    code, reason = fate(with_main(root("document", "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body>")))

    assert code == "malformed"
    assert "undefined entity" in reason


def test_xml_is_not_followed_to_any_depth():
    deep = "<w:sdt><w:sdtContent>" * 100_000 + WORDS + "</w:sdtContent></w:sdt>" * 100_000

    assert "nested deeper" in fate(docx(deep))[1]


def test_tables_within_tables_up_to_the_limit_are_read():
    inner = WORDS
    for _ in range((MAX_DEPTH - 20) // 3):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"

    assert "founded in 1998" in read_document(docx(inner), name="a.docx").text


def test_text_boxes_within_text_boxes_are_read():
    inner = WORDS
    for _ in range(60):
        inner = f"<w:p><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>"

    assert "founded in 1998" in read_document(docx(inner), name="a.docx").text


def test_declared_sizes_are_summed_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED", 1 << 20)
    data = docx(WORDS, extra=[(f"word/media/image{i}.bmp", b"\0" * (1 << 18)) for i in range(5)])
    monkeypatch.setattr(zipfile.ZipFile, "open", None)

    assert fate(data) == ("too_large", fate(data)[1])
    assert "too large when unpacked" in fate(data)[1]


def test_one_part_may_not_be_too_large(monkeypatch):
    monkeypatch.setattr(package, "MAX_PART", 20_000)

    assert "too large when unpacked: word/document.xml" in fate(docx(WORDS * 300))[1]


def test_a_part_that_is_larger_than_it_declares_is_malformed():
    data = bytearray(docx(WORDS * 50))
    at = data.rindex(b"word/document.xml") - 46  # its entry in the list of members
    assert data[at : at + 4] == b"PK\1\2"
    struct.pack_into("<L", data, at + 24, 300)

    code, reason = fate(bytes(data))

    assert (code, "word/document.xml" in reason) == ("malformed", True)


def test_a_list_of_members_that_is_a_bomb_is_refused_unread(monkeypatch):
    monkeypatch.setattr(package, "MAX_DIRECTORY", 10_000)
    data = pack([("[Content_Types].xml", content_types(MAIN_TYPE)), *((f"word/media/{i}", b"") for i in range(1000))])
    monkeypatch.setattr(package, "ZipFile", None)

    assert fate(data)[0] == "too_large"


@pytest.mark.parametrize("name", ["../../../../tmp/slip.xml", "/etc/passwd", "C:\\x.xml", "word/\u202egpj.exe"])
def test_a_stray_member_is_passed_over(name):
    assert "founded" in read_document(docx(WORDS, extra=[(name, "out")]), name="a.docx").text


def test_a_part_that_is_there_twice_is_refused():
    data = docx(WORDS)
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", root("document", f"<w:body>{p('Another text')}</w:body>"))

    code, reason = fate(file.getvalue())

    assert code == "malformed"
    assert "2 times" in reason


def test_what_relationships_name_outside_the_package_is_not_looked_for(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text(root("document", f"<w:body>{p('secret words')}</w:body>"))
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        f'Type="x/officeDocument" TargetMode="External" Target="file://{secret}"/><Relationship Id="b" Type="x/officeDocument" '
        f'Target="../../../../../..{secret}"/></Relationships>'
    )

    assert "secret" not in read_document(docx(WORDS, extra=[("_rels/.rels", relations)]), name="a.docx").text


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (docx(WORDS)[:700], "malformed", "cut short"),
        (docx(extra=[("word/document.xml", None)]), "malformed", "no part with a document"),
        (with_main("<w:document"), "malformed", "is no XML"),
        (with_main(""), "malformed", "is no XML"),
        (with_main('<?xml version="1.0" encoding="x-none"?><d/>'), "malformed", "word/document.xml"),
        (with_main(root("document", "<w:body>\x01</w:body>")), "malformed", "not well-formed"),
        (docx(), "empty", "no text"),
        (docx(WORDS, main_type="application/vnd.ms-package.xps"), "format_not_supported", "xps"),
        (docx(WORDS, extra=[("_rels/.rels", "<x>")]), "malformed", "_rels/.rels"),
        (MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "password_needed", "without one"),
        (
            MAGIC + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600),
            "format_not_supported",
            "save it as DOCX",
        ),
        (MAGIC + bytes(600), "format_not_supported", "OLE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_ends_with_its_code(data, code, words):
    assert fate(data)[0] == code
    assert words in fate(data)[1]


def test_an_encrypted_member_asks_for_the_password():
    data = bytearray(docx(WORDS))
    for magic, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            data[at + place] |= 1

    assert fate(bytes(data))[0] == "password_needed"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_may_be_packed_in_another_way(method):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(WORDS))) as old, zipfile.ZipFile(file, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))

    assert "founded" in read_document(file.getvalue(), name="a.docx").text


@pytest.mark.parametrize(
    "body",
    [
        "<w:r><w:t>no paragraph</w:t></w:r>" + WORDS,
        "<w:tc>" + WORDS + "</w:tc>",
        "<w:tr><w:tc>" + WORDS + "</w:tc></w:tr>",
        "<w:tbl>" + WORDS + "</w:tbl>",
        "<w:tbl><w:tc>" + WORDS + "</w:tc></w:tbl>",
        "<w:p>" + WORDS + "</w:p>",
        "<w:txbxContent>" + WORDS + "</w:txbxContent>",
        "<w:footnote w:id='1'>" + p("stray") + "</w:footnote>" + WORDS,
        "<mc:Fallback>" + WORDS + "</mc:Fallback>",
        "<w:sdtContent>" + WORDS + "</w:sdtContent>",
        "<w:del><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:del>" + WORDS,
        p(ref("")) + p(ref("x")) + WORDS,
        p("x", props='<w:outlineLvl w:val="-1"/><w:numPr><w:ilvl w:val="99999999999"/></w:numPr>') + WORDS,
        p("y", style="Loop") + WORDS,
        p("<w:r><w:fldChar w:fldCharType='end'/><w:fldChar w:fldCharType='separate'/></w:r>") + WORDS,
        p("z", mark="<w:del/>") + table(["a", "b"]) + p("", mark="<w:del/>") + WORDS + p("last", mark="<w:del/>"),
    ],
)
def test_elements_out_of_place_do_no_harm(body):
    assert "founded in 1998" in read_document(docx(body, notes=[note(1, "Berg.")]), name="a.docx").text


def test_fields_that_never_end_and_one_endless_title_take_no_more_than_their_time():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    body = p(begin * 50_000) + "".join(f"<w:p><w:r><w:t>p{i}</w:t></w:r></w:p>" for i in range(10_000))
    data = docx(body, core=f"<dc:title>{'long ' * 4_000_000}</dc:title>")

    began = time.process_time()
    text = read_document(data, name="a.docx").text

    assert "p9999" in text
    assert time.process_time() - began < 15  # 0.5 s where this was written


def test_many_paragraphs_take_no_more_than_their_time():
    data = docx("".join(f"<w:p><w:r><w:t>p{i}</w:t></w:r></w:p>" for i in range(20_000)))

    began = time.process_time()
    text = read_document(data, name="a.docx").text

    assert "p19999" in text
    assert time.process_time() - began < 10  # 0.4 s where this was written; quadratic would be minutes
