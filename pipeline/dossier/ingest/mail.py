"""Mails and saved pages (MHTML): which part is the text, and what is attached.

The document is the text part; its offsets count in that part, decoded. What is attached is an input of its own
(`containers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from dossier.errors import InputError
from dossier.ingest.draft import Draft
from dossier.ingest.html.charset import meant
from dossier.ingest.html.read import read_html
from dossier.ingest.meta import Meta, first_read
from dossier.ingest.mime import Part, parse, plain_words
from dossier.ingest.sniff import HTML, PLAIN
from dossier.ingest.text import read_text
from dossier.records import Warned

WORDY = 200  # bytes of another text part that is worth a warning; the foot of a mailing list has less
_TEXTS = frozenset([PLAIN, HTML, "application/xhtml+xml"])
# attached to mails by programs, not by people
_TECHNICAL = frozenset(
    """application/pgp-signature application/pgp-keys application/pkcs7-signature application/x-pkcs7-signature text/calendar
    text/vcard text/x-vcard message/delivery-status message/disposition-notification text/rfc822-headers""".split()
)  # fmt: skip
_PICTURES = ("image/", "audio/", "video/", "font/")


class Body(NamedTuple):
    """The text of a message: its bytes, whether it is HTML, the encoding that the message names."""

    data: bytes
    is_html: bool
    charset: str | None


class Attachment(NamedTuple):
    name: str  # as it was sent; empty where it has none
    part: Part


def read_mail(data: bytes, meta: Meta) -> Draft:
    """Read the text of a mail. Raises InputError (empty, malformed, too_large)."""
    message = parse(data)
    bodies = [part for part in _bodies(message) if part.content().strip()]
    if not bodies:
        raise InputError("empty", "empty: the mail has no text of its own")
    chosen = _longest(bodies)
    draft = _read(_body(chosen), meta)
    stated = replace(draft.stated, title=_title(message) or draft.stated.title, date=_day(message) or draft.stated.date)
    left = [part for part in bodies if part is not chosen and len(part.content()) > WORDY]
    warnings = draft.warnings
    if left:
        words = f"parts left: the mail has {len(left)} more text parts, which were not read; if they matter, save them apart"
        warnings = [*warnings, Warned("parts_left", words)]
    return replace(draft, stated=stated, warnings=warnings)


def read_saved_page(data: bytes, meta: Meta) -> Draft:
    """Read the page that a browser saved in one file. Raises InputError (empty, malformed, too_large)."""
    message = parse(data)
    root = _root(message)
    draft = _read(_body(root), meta)
    address = message.headers.get("snapshot-content-location") or root.headers.get("content-location") or ""
    stated = replace(
        draft.stated,
        url=draft.stated.url or first_read("url", [address]),
        title=draft.stated.title or _title(message),
    )
    return replace(draft, stated=stated)


def find_body(data: bytes, *, is_page: bool) -> Body:
    """The text of a mail or saved page as it was read. Raises InputError where there is none."""
    message = parse(data)
    if is_page:
        return _body(_root(message))
    bodies = [part for part in _bodies(message) if part.content().strip()]
    if not bodies:
        raise InputError("empty", "empty: the mail has no text of its own")
    return _body(_longest(bodies))


def find_attachments(data: bytes) -> list[Attachment]:
    """What a mail brings with it: files, and mails that are attached whole. Pictures within its text are not among them."""
    message = parse(data)
    texts = {id(part) for part in _all_texts(message)}
    return [
        Attachment(plain_words(part.name) or _mail_name(part), part)
        for part in message.leaves()
        if id(part) not in texts and _is_file(part)
    ]


def _is_file(part: Part) -> bool:
    if part.media_type in _TECHNICAL or part.start >= part.end:
        return False
    if part.media_type == "message/rfc822" or part.is_attached:
        return True
    return bool(part.name) and not part.media_type.startswith(_PICTURES)


def _mail_name(part: Part) -> str:
    """An attached mail has no name but its subject."""
    if part.media_type != "message/rfc822":
        return ""
    inner = parse(part.content())
    return (_title(inner) or "message").replace("/", "-")[:120] + ".eml"


# --------------------------------------------------------------------------- which part


def _bodies(part: Part) -> list[Part]:
    """The text parts that a reader of the mail sees, of several versions the one in HTML."""
    if part.media_type == "multipart/alternative":
        versions = [made for made in map(_bodies, part.parts) if any(each.content().strip() for each in made)]
        html = [made for made in versions if any(each.media_type != PLAIN for each in made)]
        return (html or versions or [[]])[-1]
    if part.media_type == "multipart/related":
        return _bodies(_start(part)) if part.parts else []
    if part.parts:
        return [each for inner in part.parts for each in _bodies(inner)]
    return [part] if _is_text(part) else []


def _all_texts(part: Part) -> Iterator[Part]:
    return (each for each in part.leaves() if _is_text(each))


def _is_text(part: Part) -> bool:
    return part.media_type in _TEXTS and not part.is_attached and not part.name


def _start(part: Part) -> Part:
    """The part of `multipart/related` that the others belong to."""
    wanted = part.parameter("start")
    return next((each for each in part.parts if wanted and each.headers.get("content-id", "") == wanted), part.parts[0])


def _root(message: Part) -> Part:
    """The page itself among the parts of a saved one."""
    part = message
    while part.parts:
        start = _start(part)
        if not start.parts and start.media_type not in _TEXTS:
            start = next((each for each in part.leaves() if each.media_type in _TEXTS), start)
        part = start
    if part.media_type not in _TEXTS or part.start >= part.end:
        raise InputError("malformed", "malformed: the saved page holds no HTML; save it again, or as text or PDF")
    return part


def _longest(bodies: list[Part]) -> Part:
    return max(bodies, key=lambda part: part.end - part.start)


def _body(part: Part) -> Body:
    return Body(part.content(), part.media_type != PLAIN, part.parameter("charset") or None)


def _read(body: Body, meta: Meta) -> Draft:
    if body.is_html:
        return read_html(body.data, meta, body.charset)
    return read_text(body.data, meta, meant(body.charset) if body.charset else None)


# --------------------------------------------------------------------------- what its head says


def _title(message: Part) -> str | None:
    return first_read("title", [plain_words(message.headers.get("subject", ""))])


def _day(message: Part) -> str | None:
    """The day it was sent, where it was sent."""
    try:
        return parsedate_to_datetime(message.headers.get("date", "")).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
