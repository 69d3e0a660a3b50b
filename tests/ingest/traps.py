"""Files that would have whoever opens them fetch an address, read a file of the machine, run a program, or write beside
themselves: one for each format."""

from __future__ import annotations

import io
import zipfile

from tests.ingest.docx.build import OFFICE, RELATIONS, docx, p
from tests.ingest.pdf.raw import TEXT, pdf

WORDS = "The patrol left Narvik on 3 May 2016 and did not return."


def page(address: str, secret: str) -> str:
    return f"""<!DOCTYPE html SYSTEM "{address}/page.dtd" [<!ENTITY x SYSTEM "file://{secret}">]>
<html><head><base href="{address}/"><meta http-equiv="refresh" content="0; url={address}/refresh">
<link rel="stylesheet" href="style.css"><link rel="canonical" href="{address}/canonical"><script src="code.js"></script>
<style>@import url({address}/more.css); body {{ background: url({address}/back.png) }}</style></head>
<body onload="fetch('{address}/on')"><p>{WORDS} &x; <img src="{address}/pixel.png" srcset="{address}/large.png 2x">
<iframe src="file://{secret}"></iframe><object data="{address}/object"></object><embed src="{address}/embed">
<video poster="{address}/poster.png"><source src="{address}/film.mp4"></video><a href="{address}/link" ping="{address}/ping">
More of it</a></p><form action="{address}/form"><input type="submit"></form></body></html>"""


def saved_page(address: str, secret: str) -> bytes:
    head = f"Snapshot-Content-Location: {address}/saved\r\nMIME-Version: 1.0\r\n"
    head += "Content-Type: multipart/related; boundary=b\r\n\r\n"
    part = f"--b\r\nContent-Type: text/html\r\nContent-Location: {address}/saved\r\n\r\n{page(address, secret)}\r\n"
    linked = f'--b\r\nContent-Type: message/external-body; access-type=URL; URL="{address}/part"\r\n\r\n\r\n--b--\r\n'
    return (head + part + linked).encode()


def mail(address: str, secret: str) -> bytes:
    head = (
        "From: a@x.example\r\nTo: b@x.example\r\nSubject: Patrol\r\nMIME-Version: 1.0\r\n"
        f"Disposition-Notification-To: <{address}>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    )
    body = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page(address, secret)}\r\n"
    attached = (
        "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"../../../note.txt\"\r\n\r\n"
        f"{WORDS}\r\n--b\r\nContent-Type: message/external-body; access-type=local-file; name=\"{secret}\"\r\n\r\n\r\n--b--\r\n"
    )  # fmt: skip
    return (head + body + attached).encode()


def word(address: str, secret: str) -> bytes:
    relations = "".join(
        f'<Relationship Id="x{i}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for i, (kind, target) in enumerate(
            [
                ("attachedTemplate", f"{address}/template.dotm"),
                ("image", f"{address}/image.png"),
                ("oleObject", f"{address}/object"),
                ("subDocument", f"file://{secret}"),
                ("footnotes", f"file://{secret}"),
            ]
        )
    )
    rels = f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
    return docx(
        p(WORDS),
        extra=[("word/_rels/document.xml.rels", rels), ("../../../slipped.txt", "out"), ("/slipped.txt", "out")],
    )


def portable(address: str, secret: str) -> bytes:
    linked = f"<</S/URI/URI({address}/uri)>>".encode()
    run = f"<</S/Launch/F({secret})/Next<</S/GoToR/F({address}/other.pdf)/Next{linked.decode()}>>>>".encode()
    outside = f"<</F({secret})/FFilter/ASCIIHexDecode/Length 0>>stream\n\nendstream".encode()
    return pdf(
        TEXT,
        resources=b"/XObject<</X 50 0 R>>",
        page=b"/MediaBox[0 0 612 792]/AA<</O "
        + run
        + b">>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A "
        + run
        + b">>]",
        more={50: outside, 51: b"<</Type/Filespec/FS/URL/F(" + address.encode() + b"/embedded)>>"},
    )


def archive(address: str, secret: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("inside.html", page(address, secret).replace("2016", "2017"))
        made.writestr("../../../slipped.txt", WORDS)
        made.writestr("/slipped.txt", WORDS)
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, secret)
    return file.getvalue()


def traps(address: str, secret: str) -> dict[str, bytes]:
    """By name. address: of a listener that nobody may call; secret: the path of a file that nobody may open."""
    front = f"---\ntitle: Patrol\nurl: {address}/front\n---\n\n![x]({address}/image.png) {WORDS} [x](file://{secret})\n"
    return {
        "trap.html": page(address, secret).encode(),
        "trap.mhtml": saved_page(address, secret),
        "trap.eml": mail(address, secret),
        "trap.docx": word(address, secret),
        "trap.pdf": portable(address, secret),
        "trap.zip": archive(address, secret),
        "trap.md": front.encode(),
    }
