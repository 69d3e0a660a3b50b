"""Archives and mails: every member an input of its own, whatever the others are; nothing is ever written to a disk."""

import io
import json
import stat
import struct
import zipfile
from hashlib import sha256

import pytest

from dossier.errors import InputError
from dossier.ingest import archive, containers
from dossier.ingest.containers import clean_name, open_container, read_inside
from dossier.ingest.read import read_document
from dossier.store.db import create_workspace

WORDS = (
    "The Northern Reach Front was founded by Ingrid Solheim in March 1998 in Narvik, Norway, and it had 60 fighters.\n"
)
PAGE = f"<html><head><title>T</title></head><body><h1>The Front</h1><p>{WORDS}</p><p>It had &eacute;lan &amp; arms.</body></html>"


def pack(*members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of (name or ZipInfo, data)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return file.getvalue()


def listed(data, name="a.zip"):
    return {each.name: each.fault and each.fault[0] for each in open_container(io.BytesIO(data), name).members}


@pytest.mark.parametrize(
    ("raw", "clean", "fault"),
    [
        ("a/b.txt", "a/b.txt", None),
        ("a\\b.txt", "a/b.txt", None),
        ("a//b/./c", "a/b/c", None),
        ("new\nline\u202e.txt", "new\nline\u202e.txt", None),
        ("", "unnamed", None),
        ("../../x.txt", "x.txt", "unsafe_name"),
        ("a/../../x.txt", "a/x.txt", "unsafe_name"),
        ("/etc/passwd", "etc/passwd", "unsafe_name"),
        ("C:\\x.txt", "drive/x.txt", "unsafe_name"),
        ("..", "unnamed", "unsafe_name"),
        ("x" * 300 + ".txt", "x" * 200, "unsafe_name"),
        ("x/" * 100 + "y", "y", "unsafe_name"),
        ("half\ud800.txt", "half\\ud800.txt", None),
    ],
)
def test_names_are_paths_below_the_container(raw, clean, fault):
    name, found = clean_name(raw)
    assert (name, found and found[0]) == (clean, fault)


def test_members_that_are_traps_are_said_and_the_others_read():
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    data = pack(
        ("good.txt", WORDS), (link, "/etc/passwd"), ("../out.txt", WORDS), ("huge.txt", b"\0" * (25 << 20)),
        ("__MACOSX/._good.txt", b"x"), (".hidden/a.txt", WORDS), ("good.txt.meta.toml", "title = 'x'"), ("folder/", b""),
    )  # fmt: skip

    assert listed(data) == {
        "good.txt": None,
        "link.txt": "not_a_file",
        "out.txt": "unsafe_name",
        "huge.txt": "too_large",
    }
    with pytest.raises(InputError, match="times what it is packed"):
        read_inside(io.BytesIO(data), "a.zip", ["huge.txt"])
    with pytest.raises(InputError, match=r"there is no 'other\.txt'"):
        read_inside(io.BytesIO(data), "a.zip", ["other.txt"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_first_is_read():
    data = pack(("a.txt", "first"), ("a.txt", "second"), ("b/../a.txt", "third"))

    assert listed(data) == {"a.txt": None, "a (2).txt": "duplicate_name", "b/a.txt": "unsafe_name"}
    assert read_inside(io.BytesIO(data), "a.zip", ["a.txt"]) == (b"first", None)


def test_an_encrypted_member_asks_for_its_password():
    data = bytearray(pack(("a.txt", WORDS), ("b.txt", WORDS)))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the flags of the first member
        data[data.index(mark) + at] |= 1

    assert listed(bytes(data)) == {"a.txt": "password_needed", "b.txt": None}


def test_a_member_that_lies_about_its_size_or_sum_is_malformed():
    data = bytearray(pack(("a.txt", WORDS), ("b.txt", WORDS), method=zipfile.ZIP_STORED))
    at = data.index(WORDS.encode())
    data[at] ^= 1
    with pytest.raises(InputError) as error:
        read_inside(io.BytesIO(bytes(data)), "a.zip", ["a.txt"])
    assert error.value.code == "malformed"
    assert read_inside(io.BytesIO(bytes(data)), "a.zip", ["b.txt"])[0] == WORDS.encode()


def test_too_many_or_too_large_is_said_before_anything_is_unpacked(monkeypatch):
    data = pack(*((f"{n}.txt", "x" * 100) for n in range(20)))
    monkeypatch.setattr(containers, "MAX_MEMBERS", 19)
    with pytest.raises(InputError, match="it holds 20 files"):
        open_container(io.BytesIO(data), "a.zip")
    monkeypatch.setattr(containers, "MAX_MEMBERS", 20)
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1999)
    with pytest.raises(InputError, match="too large when unpacked"):
        open_container(io.BytesIO(data), "a.zip")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\3\4" + b"\0" * 100,
        pack(("a.txt", WORDS))[:-30],
        b"PK\5\6" + b"\1" * 18,
        pack(("a.txt", WORDS)).replace(b"PK\1\2", b"PK\1\3"),
    ],
    ids=["no list", "cut", "odd end", "broken list"],
)
def test_a_broken_archive_is_malformed(data):
    with pytest.raises(InputError) as error:
        open_container(io.BytesIO(data), "a.zip")
    assert error.value.code == "malformed"


def with_zip64(data, listed):
    """The archive with the records of large ones before its end, which say how long the list is."""
    end = data.rindex(b"PK\5\6")
    record = b"PK\6\6" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 1, 1, listed, 0)
    return data[:end] + record + b"PK\6\7" + struct.pack("<LQL", 0, end, 1) + data[end:]


def test_a_list_that_is_a_bomb_is_refused_unread(monkeypatch):
    data = pack(("a.txt", WORDS), ("b.txt", WORDS))
    end = data.rindex(b"PK\5\6")
    long = data[: end + 12] + struct.pack("<L", 210) + data[end + 16 :]
    commented = long[:-2] + struct.pack("<H", 9) + b"a comment"
    monkeypatch.setattr(archive, "MAX_LISTED", 200)  # bytes; the list of this one has 106
    assert listed(data) == {"a.txt": None, "b.txt": None}
    monkeypatch.setattr(zipfile, "ZipFile", None)
    monkeypatch.setattr(archive, "ZipFile", None)

    for each in (long, commented, with_zip64(data, 1 << 40), with_zip64(long, 100)):
        with pytest.raises(InputError, match="the list of what is in the archive"):
            read_document(each, name="a.zip")
        with pytest.raises(InputError, match="the list of what is in the archive"):
            open_container(io.BytesIO(each), "a.zip")


def test_a_large_archive_of_the_newer_form_is_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", WORDS)
        with made.open("b.txt", "w", force_zip64=True) as member:
            member.write(WORDS.encode())
    data = file.getvalue()
    end = data.rindex(b"PK\5\6")
    assert listed(with_zip64(data, len(data[data.index(b"PK\1\2") : end]))) == {"a.txt": None, "b.txt": None}


def test_an_archive_without_members_holds_none():
    assert listed(pack()) == {}


def test_other_formats_that_are_archives_are_none_of_reports():
    word = pack(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"))
    book = pack(("mimetype", "application/epub+zip"), ("a.xhtml", PAGE), method=zipfile.ZIP_STORED)

    assert open_container(io.BytesIO(word), "a.zip") is None
    assert open_container(io.BytesIO(book), "a.zip") is None
    # a Word file that is packed as it is does not make one of the archive
    assert listed(pack(("a.docx", word), method=zipfile.ZIP_STORED)) == {"a.docx": None}


# ------------------------------------------------------------------ the whole way


@pytest.fixture
def desk(tmp_path):
    create_workspace(tmp_path / "desk")
    return tmp_path / "desk"


def states(dossier, desk):
    found = json.loads(dossier("status", "--json", "-w", desk).out)
    return {each["path"]: each["code"] or each["state"] for each in found["files"]}


def mail(*attachments, body=WORDS):
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Date"] = (
        "a@x.example",
        "b@x.example",
        "A mail",
        "3 May 2016 10:00:00 +0000",
    )
    if body:
        made.set_content(body)
    for name, data in attachments:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


def test_every_member_is_an_input_of_its_own(dossier, desk):
    inner = pack(("deep/note.txt", WORDS + "From the inner archive.\n"))
    letter = mail(("annex.html", PAGE.encode()), ("more.zip", pack(("x.txt", WORDS + "In the mail's archive.\n"))))
    (desk / "corpus" / "all.zip").write_bytes(
        pack(
            ("page.html", PAGE),
            ("page.html.meta.toml", 'publisher = "The Desk"\n'),
            ("pic.png", b"\x89PNG\r\n\x1a\n"),
            ("inner.zip", inner),
            ("letter.eml", letter),
            ("empty.txt", " "),
            ("../evil.txt", WORDS),
        )
    )
    (desk / "corpus" / "only.eml").write_bytes(mail(("annex.txt", (WORDS + "Only attached.\n").encode()), body=None))
    said = dossier("ingest", "-w", desk)

    assert said.code == 3
    assert states(dossier, desk) == {
        "all.zip/page.html": "done",
        "all.zip/pic.png": "format_not_supported",
        "all.zip/inner.zip/deep/note.txt": "done",
        "all.zip/letter.eml": "done",
        "all.zip/letter.eml/annex.html": "done",
        "all.zip/letter.eml/more.zip/x.txt": "done",
        "all.zip/empty.txt": "empty",
        "all.zip/evil.txt": "unsafe_name",
        "only.eml/annex.txt": "done",
    }
    assert said.out == "6 done, 3 quarantined\n"
    assert "all.zip  opened: 6 files in it" in said.err
    assert sorted(p.name for p in (desk / "corpus").rglob("*")) == ["all.zip", "only.eml"]  # nothing was unpacked


def test_what_does_not_change_is_not_opened_again(dossier, desk, monkeypatch):
    file = desk / "corpus" / "all.zip"
    file.write_bytes(pack(("a.txt", WORDS), ("b.txt", " ")))
    dossier("ingest", "-w", desk)

    assert dossier("ingest", "-w", desk).out == "2 unchanged\n"
    again = dossier("ingest", "-w", desk, "--retry", "quarantined")
    assert again.out == "1 quarantined, 1 unchanged\n"

    file.write_bytes(pack(("a.txt", WORDS + "It changed.\n"), ("c.txt", WORDS + "New.\n")))
    assert dossier("ingest", "-w", desk).out == "2 done\n"
    assert dossier("ingest", "-w", desk).out == "2 unchanged\n"
    found = json.loads(dossier("status", "--json", "-w", desk).out)["files"]
    assert {each["path"]: each["missing"] for each in found} == {
        "all.zip/a.txt": False,
        "all.zip/b.txt": True,
        "all.zip/c.txt": False,
    }
    file.unlink()
    found = json.loads(dossier("status", "--json", "-w", desk).out)["files"]
    assert all(each["missing"] for each in found)


def test_a_file_that_was_an_archive_and_is_none_now(dossier, desk):
    file = desk / "corpus" / "a.zip"
    file.write_bytes(pack(("a.txt", WORDS)))
    dossier("ingest", "-w", desk)
    file.write_bytes(b"PK\3\4 broken")
    assert dossier("ingest", "-w", desk).out == "1 quarantined\n"
    assert dossier("ingest", "-w", desk).out == "1 unchanged\n"
    assert states(dossier, desk) == {"a.zip": "malformed", "a.zip/a.txt": "done"}
    file.write_bytes(pack(("a.txt", WORDS)))
    assert dossier("ingest", "-w", desk).code == 0
    assert states(dossier, desk) == {"a.zip/a.txt": "done"}


def test_a_run_with_a_limit_goes_on_where_it_stopped(dossier, desk):
    (desk / "corpus" / "a.zip").write_bytes(pack(*((f"{n}.txt", f"{WORDS} Number {n}.\n") for n in range(5))))

    assert dossier("ingest", "-w", desk, "--limit", "3").out == "2 done\n"  # the archive itself is one
    assert dossier("ingest", "-w", desk).out == "3 done, 2 unchanged\n"
    assert dossier("ingest", "-w", desk).out == "5 unchanged\n"


def test_archives_in_archives_end_somewhere(dossier, desk):
    data = WORDS.encode()
    for n in range(6):
        data = pack((f"{n}.zip" if n else "0.txt", data))
    (desk / "corpus" / "a.zip").write_bytes(data)
    dossier("ingest", "-w", desk)

    assert states(dossier, desk) == {"a.zip/5.zip/4.zip/3.zip": "too_large"}


def test_all_that_a_file_holds_counts_together(dossier, desk, monkeypatch):
    monkeypatch.setattr(containers, "MAX_MEMBERS", 7)  # in this process, which counts
    inner = pack(*((f"{n}.txt", f"{WORDS} Number {n}.\n") for n in range(4)))
    (desk / "corpus" / "a.zip").write_bytes(pack(("b.zip", inner), ("c.zip", inner)))
    dossier("ingest", "-w", desk)

    assert states(dossier, desk) == {**{f"a.zip/b.zip/{n}.txt": "done" for n in range(4)}, "a.zip/c.zip": "too_large"}


def test_what_is_written_beside_an_archive_holds_for_its_members(dossier, desk):
    (desk / "corpus" / "a.zip").write_bytes(
        pack(
            ("a.txt", WORDS),
            ("b.txt", WORDS + "B.\n"),
            ("b.meta.toml", 'publisher = "Packed"\n'),
            ("c.txt", "c"),
            ("c.meta.toml", "x = 1"),
        )
    )
    (desk / "corpus" / "a.zip.meta.toml").write_text('title = "The archive"\npublisher = "Beside"\n')
    dossier("run", "-w", desk)

    records = [json.loads(line) for line in (desk / "out" / "curated.jsonl").read_text().splitlines()]
    found = {r["path"]: (r["title"], r["publisher"]) for r in records if r["kind"] == "document"}
    assert found == {"a.zip/a.txt": (None, "Beside"), "a.zip/b.txt": (None, "Packed")}
    assert states(dossier, desk)["a.zip/c.txt"] == "meta_invalid"


def test_verify_rebuilds_quotes_from_members(dossier, desk):
    corpus = desk / "corpus"
    (corpus / "all.zip").write_bytes(
        pack(("p/page.html", PAGE), ("letter.eml", mail(("annex.html", PAGE.replace("Narvik", "Bodø").encode()))))
    )
    (corpus / "page.mhtml").write_bytes(
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + PAGE.replace("60", "80=\r\n").encode()
        + b"\r\n--b--\r\n"
    )
    assert dossier("run", "-w", desk).code == 0
    export = desk / "out" / "curated.jsonl"

    said = dossier("verify", export, "--corpus", corpus)
    assert (said.code, said.out.splitlines()[-1].endswith(" 0 faults")) == (0, True), said.out
    assert said.out.startswith("4 documents")
    assert " 0 quotes" not in said.out

    (corpus / "all.zip").rename(corpus / "renamed.bin")
    assert dossier("verify", export, "--corpus", corpus).code == 0
    long = ("x" * 200 + "/") * 30  # a path that no file can have; the bytes are found all the same
    digest = sha256(
        (lines := export.read_bytes().replace(b"all.zip/p/", long.encode())).partition(b"\n")[2]
    ).hexdigest()
    head, _, rest = lines.partition(b"\n")
    (desk / "long.jsonl").write_bytes(
        json.dumps({**json.loads(head), "sha256": digest}, sort_keys=True, separators=(",", ":")).encode()
        + b"\n"
        + rest
    )
    said = dossier("verify", desk / "long.jsonl", "--corpus", corpus)
    assert (said.code, said.err) == (0, ""), said.out

    (corpus / "renamed.bin").write_bytes(pack(("p/page.html", PAGE.replace("Solheim", "Solberg"))))
    said = dossier("verify", export, "--corpus", corpus)
    assert said.code == 1
    assert "all.zip/p/page.html: no file with sha256" in said.out


def test_the_same_report_in_an_archive_and_beside_it_is_one_document(dossier, desk):
    (desk / "corpus" / "a.zip").write_bytes(pack(("x.txt", WORDS)))
    (desk / "corpus" / "b.txt").write_text(WORDS)
    dossier("run", "-w", desk)

    lines = (desk / "out" / "curated.jsonl").read_text().splitlines()
    assert [json.loads(line)["path"] for line in lines if '"kind":"document"' in line] == ["a.zip/x.txt"]
    assert states(dossier, desk) == {"a.zip/x.txt": "done", "b.txt": "done"}
    assert dossier("export", desk.parent / "texts", "--format", "text", "--include", "pending", "-w", desk).code == 0
    assert (desk.parent / "texts" / "a.zip" / "x.txt.txt").is_file()


MAIL = (
    "From: a@example.org\nSubject: Letter\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    f"--b\nContent-Type: text/plain; charset=utf-8\n\nA letter. {WORDS}\n--b\nContent-Type: text/plain; charset=utf-8\n"
    f"Content-Disposition: attachment; filename=more.txt\n\nMore. {WORDS}\n--b--\n"
)


@pytest.mark.parametrize("nested", [False, True])
def test_what_a_run_left_of_a_mail_the_next_one_reads(tmp_path, dossier, nested):
    desk = tmp_path / "desk"
    create_workspace(desk)
    name = "post.zip" if nested else "letter.eml"
    (desk / "corpus" / name).write_bytes(pack(("letter.eml", MAIL.encode())) if nested else MAIL.encode())

    for limit in ("2", "1") if nested else ("1", "1"):
        assert dossier("ingest", "-w", desk, "--limit", limit).code == 0

    said = dossier("status", "-w", desk).out
    assert "2 done" in said, said
