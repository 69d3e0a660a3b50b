"""What a page says about itself apart from its text: `meta`, `link` and `time` tags, `title`, JSON-LD. Nothing is run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from dossier.ingest.html.references import decode_references
from dossier.ingest.html.tokens import Tag
from dossier.ingest.html.walk import Page
from dossier.ingest.meta import Meta, first_read

MAX_DATA = 1 << 20  # characters of one JSON-LD block
MAX_NODES = 2000  # of a JSON-LD block that are looked at
# names of meta tags, and `ld:` keys of JSON-LD, the best first
_NAMES = {
    "title": ("og:title", "ld:headline", "twitter:title"),
    "date": (
        "citation_publication_date", "citation_date", "article:published_time", "og:article:published_time", "ld:datepublished",
        "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "datepublished",
        "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "date", "time",
    ),
    "publisher": ("citation_publisher", "og:site_name", "dc.publisher", "dcterms.publisher", "ld:publisher", "publisher"),
    "url": ("canonical", "og:url", "ld:url", "saved"),
}  # fmt: skip
_TITLES = ("citation_title", "dc.title", "dcterms.title")
_WORKS = frozenset(
    """article newsarticle report reportagenewsarticle analysisnewsarticle scholarlyarticle techarticle blogposting webpage
    creativework opinionnewsarticle""".split()
)  # fmt: skip
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d.*", re.S)
_SLASHES = re.compile(r"(\d{4})[/.](\d\d?)[/.](\d\d?)")
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S{1,2000}?)\s*-->")
_HEAD = 4096  # characters
_SITE = re.compile(r"\s+[|–—•·»::-]\s+")


def read_stated(page: Page, headline: str | None) -> Meta:
    """Title, date, publisher, address and language as the page's head has them; the first of each that reads.

    headline: as the page shows it; libraries and journals know the title better, others write one for social media.
    """
    found = _collect(page)
    values = {key: first_read(key, (each for name in names for each in found[name])) for key, names in _NAMES.items()}
    shown = [headline] if headline and headline != values["publisher"] else []
    titles = [*(each for name in _TITLES for each in found[name]), *shown]
    values["title"] = (
        first_read("title", titles) or values["title"] or first_read("title", _titles(page, values["publisher"]))
    )
    return Meta(**values, language=_language(page.language))


def _collect(page: Page) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for tag in page.heads:
        for name, value in _read_tag(tag):
            if len(found[name]) < 3:
                found[name].append(_plain(name, value))
    for text in page.data:
        if text.end - text.start <= MAX_DATA:
            for name, value in _read_data(page.source[text.start : text.end]):
                found[name].append(_plain(name, value))
    if saved := _SAVED.search(page.source[:_HEAD]):
        found["saved"].append(saved[1])
    return found


def _read_tag(tag: Tag) -> Iterator[tuple[str, str]]:
    attributes = tag.attributes
    if tag.name == "meta" and "content" in attributes:
        for key in ("property", "name", "itemprop"):
            for name in attributes.get(key, "").lower().split():
                yield name, attributes["content"]
    elif tag.name == "link" and "canonical" in attributes.get("rel", "").lower().split():
        yield "canonical", attributes.get("href", "")
    elif "datetime" in attributes:
        is_first = attributes.get("itemprop", "").lower() == "datepublished"
        yield "datepublished" if is_first else "time", attributes["datetime"]


def _read_data(words: str) -> Iterator[tuple[str, str]]:
    """What JSON-LD says of the first work in it that has a headline or a date."""
    try:
        data = orjson.loads(words)
    except orjson.JSONDecodeError:  # broken, or nested too deep
        return
    for node in islice(_nodes(data), MAX_NODES):
        kinds = node.get("@type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if not any(isinstance(kind, str) and kind.lower() in _WORKS for kind in kinds):
            continue
        if "headline" not in node and "datePublished" not in node:
            continue
        publisher = node.get("publisher")
        values = {
            "ld:headline": node.get("headline"),
            "ld:datepublished": node.get("datePublished"),
            "ld:publisher": publisher.get("name") if isinstance(publisher, dict) else publisher,
            "ld:url": node.get("url"),
        }
        yield from ((name, value) for name, value in values.items() if isinstance(value, str))
        return


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += reversed(node)


def _plain(name: str, value: str) -> str:
    """A value on one line; of a time its day."""
    value = " ".join(decode_references(value).split())
    if match := _TIME.fullmatch(value):
        return match[1]
    if match := _SLASHES.fullmatch(value):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return value


def _titles(page: Page, publisher: str | None) -> Iterable[str]:
    """The words of `title`, without the name of the site behind or before them."""
    if page.title is None:
        return []
    words = " ".join(decode_references(page.source[page.title.start : page.title.end][:2000]).split())
    parts = _SITE.split(words)
    if len(parts) > 1 and publisher:
        named = publisher.casefold()
        if parts[-1].casefold() == named:
            return [words[: words.rindex(parts[-1])].rstrip(" |–—•·»:-")]
        if parts[0].casefold() == named:
            return [words[len(parts[0]) :].lstrip(" |–—•·»:-")]
    return [words]


def _language(named: str | None) -> str | None:
    """`en-GB` -> `en`."""
    match = re.match(r"\s*([a-zA-Z]{2})(?:[-_]|\s*\Z)", named or "")
    return match[1].lower() if match else None
