"""Mails and saved pages: the text part is the document, and its offsets count in it."""

from base64 import encodebytes

import pytest

from dossier.errors import InputError
from dossier.ingest.mail import find_attachments
from dossier.ingest.mime import parse, plain_words
from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.source_map import open_map

HEAD = b"From: Desk <desk@x.example>\r\nTo: a@y.example\r\nSubject: =?utf-8?Q?The_Front_=E2=80=93_a_note?=\r\n" \
       b"Date: Tue, 3 May 2016 23:30:00 -0500\r\nMIME-Version: 1.0\r\n"  # fmt: skip
PLAIN = (
    "The Front was founded by Ingrid Solheim in March 1998 in Narvik, in the north of the\r\ncountry – by soldiers.\r\n"
)
HTML = "<html><body><p>The Front was founded by <b>Ingrid Solheim</b> &amp; others in 1998.</p></body></html>"


def part(kind, body, *more, encoding="quoted-printable"):
    if encoding == "base64":
        data = encodebytes(body)
    else:
        data = (
            body.replace(b"=", b"=3D")
            .replace("–".encode(), b"=E2=80=93")
            .replace(b"in the north", b"in the =\r\nnorth")
        )
    lines = [b"Content-Type: " + kind, b"Content-Transfer-Encoding: " + encoding.encode(), *more]
    return b"\r\n".join([*lines, b"", data])


def multi(kind, *parts, boundary=b"b1", head=HEAD):
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts)
    return (
        head
        + b"Content-Type: multipart/"
        + kind
        + b'; boundary="'
        + boundary
        + b'"\r\n\r\n'
        + body
        + b"--"
        + boundary
        + b"--\r\n"
    )


TEXT_PART = part(b"text/plain; charset=utf-8", PLAIN.encode())
HTML_PART = part(b'text/html; charset="utf-8"', HTML.encode())
PDF_PART = part(
    b"application/pdf; name=a.pdf", b"%PDF-1.4 x", b"Content-Disposition: attachment; filename=a.pdf", encoding="base64"
)
PAGE_HEAD = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example/front\r\nSubject: The Front\r\n"
    b"Date: Tue, 3 May 2016 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
)
PAGE = multi(
    b'related; type="text/html"',
    part(b"text/html", HTML.encode(), b"Content-ID: <frame-1>", b"Content-Location: https://x.example/front"),
    part(b"text/css", b"p{}", b"Content-Location: https://x.example/a.css"),
    part(b"image/png", b"\x89PNG", b"Content-Location: https://x.example/a.png", encoding="base64"),
    part(b"text/html", b"<p>An advertisement in a frame", b"Content-ID: <frame-2>"),
    head=PAGE_HEAD,
)


def read(data, name="a.eml"):
    return read_document(data, name=name)


def quotes_hold(data, d):
    offsets, original = open_map(d.offsets), open_original(data, d.media_type, d.encoding)
    spans = [(s, min(len(d.text), s + n)) for s in range(len(d.text)) for n in (1, 5, 30)]
    return all(original.reads(offsets.source(s, e), d.text[s:e]) is None for s, e in spans)


def test_a_plain_mail():
    data = HEAD + TEXT_PART
    d = read(data)

    assert (
        d.text
        == "The Front was founded by Ingrid Solheim in March 1998 in Narvik, in the north of the country – by soldiers."
    )
    assert (d.media_type, d.encoding, d.title, d.date) == (
        "message/rfc822",
        "utf-8",
        "The Front – a note",
        "2016-05-03",
    )
    assert quotes_hold(data, d)
    assert open_map(d.offsets).source(4, 9)["start"] == 4  # in the decoded part


@pytest.mark.parametrize(
    "data",
    [
        multi(b"alternative", TEXT_PART, HTML_PART),
        multi(b"mixed", multi(b"alternative", TEXT_PART, HTML_PART, boundary=b"b2", head=b""), PDF_PART),
        multi(
            b"mixed", multi(b"related", HTML_PART, boundary=b"b2", head=b""), part(b"text/plain", b"-- \r\nlist foot")
        ),
        multi(b"alternative", HTML_PART, part(b"text/html", b"  ")),
    ],
    ids=["alternative", "mixed", "related", "empty version"],
)
def test_of_several_versions_the_page_is_read(data):
    d = read(data)

    assert d.text == "The Front was founded by Ingrid Solheim & others in 1998."
    assert not d.warnings
    assert quotes_hold(data, d)


def test_a_second_text_part_is_said():
    data = multi(
        b"mixed", TEXT_PART, part(b"text/plain", b"Another text. " * 6), part(b"text/plain", PLAIN.encode() * 3)
    )
    d = read(data)

    assert d.text.count("Solheim") == 3
    assert [w.code for w in d.warnings] == []
    more = read(multi(b"mixed", part(b"text/plain", PLAIN.encode() * 3), part(b"text/plain", PLAIN.encode() * 2)))
    assert [w.code for w in more.warnings] == ["parts_left"]


def test_the_encoding_of_the_part_counts():
    body = "Opération Barkhane, née à N’Djamena, a été lancée en août 2014.".encode("cp1252")
    d = read(HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body)

    assert d.text.startswith("Opération Barkhane, née à N’Djamena")
    assert (d.encoding, [w.code for w in d.warnings if w.code != "language_other"]) == ("cp1252", [])


def test_a_saved_page_is_its_first_part():
    d = read(PAGE, "front.mhtml")

    assert d.text == "The Front was founded by Ingrid Solheim & others in 1998."
    assert (d.media_type, d.url, d.title, d.date) == ("multipart/related", "https://x.example/front", "The Front", None)
    assert not d.warnings
    assert quotes_hold(PAGE, d)


def test_the_part_that_a_saved_page_starts_with_may_be_named():
    page = PAGE.replace(b'type="text/html"', b'type="text/html"; start="<frame-2>"')
    assert read(page, "a.mht").text == "An advertisement in a frame"


@pytest.mark.parametrize("name", ["a.eml", "a.mhtml", "a.txt", "a"])
def test_a_mail_is_known_by_its_head(name):
    kinds = {read(PAGE, name).media_type, read(HEAD + TEXT_PART, name).media_type}
    assert kinds == {"a.eml": {"message/rfc822"}, "a.mhtml": {"multipart/related"}}.get(
        name, {"multipart/related", "message/rfc822"}
    )


def test_a_text_that_begins_like_a_mail_is_a_text():
    d = read(b"From: the desk\nTo: all\n\nThe Front was founded in 1998 by soldiers.\n", "a.txt")
    assert d.media_type == "text/plain"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD + b"\r\n", "empty"),
        (multi(b"mixed", PDF_PART), "empty"),
        (multi(b"related", part(b"image/png", b"x"), head=PAGE_HEAD), "malformed"),
        (HEAD + b"X: " + b"y" * 300_000, "malformed"),
        (multi(b"mixed", *[TEXT_PART] * 2500), "too_large"),
        (HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n" + b"x" * 500, "empty"),
        (multi(b"encrypted", part(b"application/pgp-encrypted", b"Version: 1")), "empty"),
    ],
    ids=["no body", "only files", "no page", "endless head", "too many parts", "S/MIME", "PGP"],
)
def test_mails_that_cannot_be_read(data, code):
    with pytest.raises(InputError) as error:
        read(data, "a.mht" if code == "malformed" and b"Blink" in data else "a.eml")
    assert error.value.code == code


def test_parts_in_parts_end_somewhere():
    data = HEAD
    for i in range(60):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i)
    with pytest.raises(InputError, match="deep"):
        read(data + b"\r\nx")


def test_what_people_attached_and_nothing_else():
    inner = HEAD.replace(b"=?utf-8?Q?The_Front_=E2=80=93_a_note?=", b"Fwd: old/new") + TEXT_PART
    data = multi(
        b"mixed",
        multi(
            b"related", HTML_PART, part(b"image/png; name=logo.png", b"x", encoding="base64"), boundary=b"b2", head=b""
        ),
        PDF_PART,
        part(b"text/plain", b"words", b"Content-Disposition: attachment; filename*=utf-8''%c3%a9t%c3%a9%202.txt"),
        part(
            b"image/png",
            b"scan",
            b'Content-Disposition: attachment; filename="=?utf-8?Q?sc=C3=A4n.png?="',
            encoding="base64",
        ),
        part(b"application/pgp-signature; name=signature.asc", b"x"),
        b"Content-Type: message/rfc822\r\n\r\n" + inner,
    )
    found = {each.name: each.part.content() for each in find_attachments(data)}

    assert found == {
        "a.pdf": b"%PDF-1.4 x",
        "été 2.txt": b"words",
        "scän.png": b"scan",
        "Fwd: old-new.eml": inner,
    }


@pytest.mark.parametrize(
    ("raw", "encoding", "data"),
    [
        (b"QUJD\r\nRA==", "base64", b"ABCD"),
        (b"QUJDRA", "base64", b"ABCD"),
        (b"Q U*J\0D!", "base64", b"ABC"),
        (b"Q", "base64", b""),
        (b"a=3Db=\r\nc=ZZ", "quoted-printable", b"a=bc=ZZ"),
        (b"a=3D", "8bit", b"a=3D"),
    ],
)
def test_content_is_decoded_as_far_as_it_goes(raw, encoding, data):
    assert parse(b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + raw).content() == data


def test_words_of_a_header_that_do_not_decode_stay():
    assert plain_words("=?no-such?Q?x?=") == "=?no-such?Q?x?="
    assert plain_words("=?utf-8?B?4oCT?= x") == "– x"


@pytest.mark.parametrize("charset", ["u\ufffdtf-8", "x-none", "", "utf-8\ufffd" * 40])
def test_a_subject_in_no_encoding_stays_as_it_stands(charset):
    subject = f"=?{charset}?Q?Letter_31?="

    assert "Letter" in plain_words(subject)
