"""The tags of a page and what stands between them, with their places.

Own code, as browsers read: the standard library's parser needs quadratic time for 60 kB of `<a <a <a`, and reads comments
and unclosed tags otherwise from one release of Python to the next (docs/decisions/2026-11-21-html.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from dossier.ingest.html.references import decode_references

# all that is kept of a tag; the rest is passed over without a copy
ATTRIBUTES = frozenset(
    ["charset", "class", "content", "datetime", "hidden", "href", "http-equiv", "id", "itemprop", "lang", "name", "open",
     "property", "rel", "role", "style", "type", "xml:lang"]
)  # fmt: skip
MAX_VALUE = 8000  # characters of an attribute that are kept
MAX_NAME = 40
# what these hold is no markup, up to their end tag
RAW = frozenset(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"])

_OPEN = re.compile(r"<(?:(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)|(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|[!?]|/(?!\Z))")
_COMMENT_END = re.compile(r"--!?>")
_DOCTYPE = re.compile(r"\s*(?:<\?[^>]*+>\s*)?<!doctype[^>\[]*+(?:\[[^\]]*+\]\s*)?>", re.I)
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(?P<close>>)|(?P<name>=?[^\s/>=]*+)(?:\s*+=\s*+(?:(?P<quote>[\"'])|(?P<bare>[^\s>]*+)))?+)"
)
_XML = re.compile(r"\s*<\?xml\b")


class Text(NamedTuple):
    """Characters that are no tag; references in them are not yet read."""

    start: int
    end: int


class Tag(NamedTuple):
    """A tag by its name in small letters. `ends`: it is an end tag; `closed`: it has no end tag (`<br/>`, in XHTML)."""

    name: str
    start: int
    end: int
    ends: bool = False
    closed: bool = False
    attributes: dict[str, str] = {}  # noqa: RUF012  never written to


def read_tokens(source: str) -> Iterator[Text | Tag]:
    """The texts and tags of a page in order; comments and declarations are left out. Linear in the length of the page."""
    is_xml = bool(_XML.match(source))
    doctype = _DOCTYPE.match(source)
    at = doctype.end() if doctype else 0
    text = at  # where characters begin that were not yet given
    while found := _OPEN.search(source, at):
        begin = found.start()
        if text < begin:
            yield Text(text, begin)
        if found["name"] is None:
            at = text = _after_comment(source, found)
            if found["cdata"] and is_xml:
                at = text = _after(source, "]]>", found.end())
                yield Text(found.end(), at - 3 if source.endswith("]]>", 0, at) else at)
            continue
        tag = _read_tag(source, found, is_xml)
        at = text = tag.end if tag else len(source)
        if tag is None:
            break
        yield tag
        if tag.ends or tag.closed or (tag.name not in RAW and tag.name != "plaintext"):
            continue
        stop = _raw_end(source, tag.name, at)
        yield Text(at, stop)
        at = text = stop
    if text < len(source):
        yield Text(text, len(source))


def _after(source: str, words: str, at: int) -> int:
    found = source.find(words, at)
    return len(source) if found < 0 else found + len(words)


def _after_comment(source: str, found: re.Match[str]) -> int:
    """Where a comment ends, or a declaration or a broken end tag, which browsers read as comments too."""
    if not found["comment"]:
        return _after(source, ">", found.start() + 2)
    end = _COMMENT_END.search(source, found.start() + 2)
    return end.end() if end else len(source)


def _raw_end(source: str, name: str, at: int) -> int:
    if name == "plaintext":
        return len(source)
    end = _raw_end_tag(name).search(source, at)
    return end.start() if end else len(source)


@cache
def _raw_end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.I)


def _read_tag(source: str, found: re.Match[str], is_xml: bool) -> Tag | None:
    """The tag whose name was found; None where the page ends inside it."""
    name, ends = found["name"][:MAX_NAME].lower(), bool(found["slash"])
    attributes: dict[str, str] = {}
    at = found.end()
    while match := _ATTRIBUTE.match(source, at):
        if match["close"]:
            closed = is_xml and not ends and source[match.end() - 2] == "/"
            return Tag(name, found.start(), match.end(), ends, closed, attributes)
        if match.end() == at or (not match["name"] and match.end() == len(source)):
            return None
        value, at = match.span("bare"), match.end()
        if quote := match["quote"]:
            value = at, source.find(quote, at)
            if value[1] < 0:
                return None
            at = value[1] + 1
        if len(match["name"]) <= MAX_NAME and (key := match["name"].lower()) in ATTRIBUTES and key not in attributes:
            attributes[key] = (
                decode_references(source[value[0] : min(value[1], value[0] + MAX_VALUE)]) if value[0] >= 0 else ""
            )
    return None
