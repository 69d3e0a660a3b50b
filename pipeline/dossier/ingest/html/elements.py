"""What the elements of HTML mean for a reader, by their names, attributes and the classes that many sites use alike."""

from __future__ import annotations

import re
from collections.abc import Mapping

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
CELLS = frozenset(["td", "th"])
LISTS = frozenset(["ul", "ol", "menu", "dir"])
# their tags end a paragraph, and so a stretch of running text
BLOCKS = frozenset(
    """address article aside blockquote body caption center colgroup dd details dialog dir div dl dt fieldset figcaption figure
    footer form head header hgroup hr html legend li listing main menu nav noframes ol p plaintext pre
    search section summary table tbody td tfoot th thead tr ul xmp""".split()
) | HEADINGS  # fmt: skip
# what is shown of these, where anything is, is no part of the report
UNSEEN = frozenset(
    """applet audio button canvas datalist embed iframe noembed noframes noscript object optgroup option progress meter rp rt
    script select style svg template textarea title video""".split()
)  # fmt: skip
CONTAINERS = frozenset(
    ["article", "aside", "body", "center", "div", "footer", "header", "main", "nav", "section", *CELLS]
)
PREFORMATTED = frozenset(["pre", "listing", "xmp", "plaintext"])
# a block in an unclosed heading means that it was to end
ENDS_HEADING = HEADINGS | LISTS | frozenset(["p", "table", "dl", "blockquote", "pre", "hr"])

_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))(?![\w-])", re.I)
_HIDDEN = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only noprint mw-editsection mw-jump-link".split()
)  # fmt: skip
_PARTS = {
    "nav": "nav",
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "nav",
    "menu": "nav",
    "menubar": "nav",
}
_FURNITURE = frozenset(
    """nav navbar navigation menu menubar breadcrumb breadcrumbs sidebar masthead site-header site-footer page-footer footer
    cookie cookies cookie-banner cookie-notice share sharing social social-share related related-posts related-articles
    comments comment-list pagination pager skip-link advert advertisement newsletter navbox toc""".split()
)  # fmt: skip
_NOTES = frozenset("footnote footnotes endnote endnotes references reflist fn fn-list note-list".split())
_NOTE_ROLES = frozenset(["doc-endnotes", "doc-footnote", "doc-endnote", "doc-bibliography", "note"])


def is_hidden(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is not shown, by its attributes."""
    if not attributes:
        return name == "dialog"
    if attributes.get("hidden", "until-found").lower() != "until-found" or (
        name == "dialog" and "open" not in attributes
    ):
        return True
    if name != "body" and "style" in attributes and _HIDING.search(attributes["style"]):
        return True
    return not _HIDDEN.isdisjoint(attributes.get("class", "").lower().split())


def part(name: str, attributes: Mapping[str, str], *, at_page_level: bool) -> str:
    """What part of a page's furniture an element is (`nav`, `header`, `footer`, `aside`), or an empty string.

    at_page_level: it stands in no article, section or other part that may have a head and a foot of its own.
    """
    if name in ("nav", "aside", "search"):
        return "aside" if name == "aside" else "nav"
    if name in ("header", "footer") and at_page_level:
        return name
    role = attributes.get("role", "").lower()
    if role in _PARTS and (at_page_level or _PARTS[role] == "nav"):
        return _PARTS[role]
    if name in ("div", "ul", "ol", "section", "table", "td") and attributes:
        words = {*attributes.get("class", "").lower().split(), attributes.get("id", "").lower()}
        return "" if _FURNITURE.isdisjoint(words) else "nav"
    return ""


def holds_notes(attributes: Mapping[str, str]) -> bool:
    """Whether an element says that notes are in it, or that it is one."""
    if not attributes:
        return False
    words = {*attributes.get("class", "").lower().split(), attributes.get("id", "").lower()}
    return not _NOTES.isdisjoint(words) or attributes.get("role", "").lower() in _NOTE_ROLES
