"""The parts of one citation: author, title, publisher, date, date of access.

Read are: MLA (`Author. “Title.” Publisher, 27 March 2015. Web. 21 Oct. 2015.`), title first, the books and reports of
Chicago and MLA (`Author. Title. Publisher, 2013`, `Author. Title, 2003. Place: Publisher`, `Author, Title (Place:
Publisher, 2014)`), APA (`Author. (2016). Title`), and web addresses with or without a date of access.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dossier.ingest.meta import to_edtf

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = (
    rf"(?:\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}|{_MONTH},? \d{{4}}|\d{{4}}-\d\d-\d\d|"
    r"(?:19|20)\d\d(?:-\d\d)?)"
)
_YEARS = r"(?:19|20)\d\d[-–](?:19|20)\d\d"
_NO_DATE = r"(?:n\. ?d\.?|no date|date unknown|undated)"
_URL = r"<?(?:https?://|www\.)[^\s<>]+[^\s<>.,;)\]]>?"
_WEB = re.compile(rf"[.,]?\s*\b(?:Web|Print|Online)\.?(?:\s+(?P<day>{_DAY}))?\.?\s*\Z", re.I)
_SEEN = re.compile(
    rf"[.,;]?\s*[\[(]?\b(?:last )?(?:accessed|retrieved|viewed|consulted)(?: on)?:?(?:\s+(?P<day>{_DAY}))?[,.]?"
    rf"(?:\s*(?:from|at):?\s*{_URL})?[\])]?\.?\s*\Z",
    re.I,
)
_AT_URL = re.compile(
    rf"[.,;:]?\s*(?:\(?(?:available|retrieved|online)?\s*(?:at|from)?:?\s*)?{_URL}\)?[.,]?\s*"
    r"(?=\Z|[\[(,.]|\s[A-Za-z])",
    re.I,
)
_PAGES = re.compile(r",?\s*\b(?:pp?\.|pages?|para\.|paras?\.)\s?[\d–, -]+\.?\s*\Z")
_QUOTED = re.compile(
    r"\A(?P<before>[^“\"]*?)(?:“(?P<curly>[^“]+?)[”\"]|\"(?P<straight>[^\"“]+?)[\"”])(?P<after>[^“]*)\Z", re.S
)
_SINGLE = re.compile(r"\A(?P<before>(?:[^‘]*?[,.] )?)‘(?P<title>.+?)’(?P<after>[,.].*|)\Z", re.S)
_TAIL = re.compile(
    rf"\A(?P<publisher>.*?)[\s,.(]*(?<![\w-])(?:(?P<day>{_YEARS}|{_DAY})|{_NO_DATE})\)?\.?\Z", re.I | re.S
)
_BOOK = re.compile(
    rf"\A(?P<author>[^,.“\"()]{{2,200}}(?:, (?:and|&) [^,.“\"()]{{2,80}})?), (?P<title>[^“\"()]{{4,200}}) "
    rf"\((?:[^:()]{{2,40}}: )?(?P<publisher>[^,()]+), (?P<day>{_DAY})\)"
)
_DATED = re.compile(rf"\A(?P<title>.+?), (?P<day>{_DAY})\Z", re.S)
_PLACE = re.compile(r"\A[^\W\d_][^:.]{1,40}: (?P<publisher>.+)\Z", re.S)
_AUTHOR_YEAR = re.compile(r"\A(?P<author>.*?)[.,]? \(?(?P<day>(?:19|20)\d\d)[a-z]?\)?[.,]?\s*\Z", re.S)
# Cities that books name in the publisher's place.
_CITIES = frozenset(
    [
        "amsterdam",
        "beirut",
        "berlin",
        "bogotá",
        "boston",
        "brussels",
        "cairo",
        "cambridge",
        "chicago",
        "geneva",
        "lima",
        "london",
        "madrid",
        "nairobi",
        "oxford",
        "paris",
        "princeton",
        "rome",
        "stockholm",
        "vienna",
        "washington",
    ]
)
_MASKED = re.compile(
    rf"\b(?:{_MONTH}(?= \d)|(?:[A-Z]\.){{2,}}|[A-Z]\.(?= (?:and|&) )|v\.|vs\.|no\.|vol\.|et al\.(?= [a-z])|"
    r"eds?\.(?= [a-z])|St\.|Dr\.|Mr\.|Mrs\.|Lt\.|Gen\.|Col\.|Inc\.(?= [a-z]))"
)
_STOP = "\ue000"


class Parts(NamedTuple):
    """What a citation says; `core` is its wording without access and address. Dates are EDTF."""

    core: str
    author: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    accessed: str | None = None


def read_parts(words: str) -> Parts:
    """Split one citation into its parts; what does not fit is None."""
    core, seen = _strip_access(re.sub(r"\A(?:see|see also|cf\.) ", "", words.strip(), flags=re.I))
    accessed = to_edtf(seen) if seen else None
    core = _PAGES.sub("", core).strip(" ,;")
    for reader in (_read_quoted, _read_book, _read_sentences):
        parts = reader(core)
        if parts:
            return parts._replace(core=core, accessed=accessed)
    return Parts(core, date=_last_date(core), accessed=accessed)


def _strip_access(words: str) -> tuple[str, str | None]:
    """A citation without the marks of its being on the web, and the date of access."""
    seen = None
    for _ in range(3):
        for pattern in (_WEB, _SEEN):
            if match := pattern.search(words):
                seen = seen or match["day"]
                words = words[: match.start()]
        if match := _AT_URL.search(words):
            rest = words[match.end() :]
            words = words[: match.start()] + (" " + rest if rest.strip() else "")
    return words.strip(), seen


def _read_quoted(core: str) -> Parts | None:
    match = _QUOTED.match(core)
    title = (match["curly"] or match["straight"]) if match else None
    if not match or not title:
        match = _SINGLE.match(core)
        title = match["title"] if match else None
    if not match or not title:
        return None
    author, stated = _author(match["before"])
    publisher, day = _tail(match["after"].strip(" ,."))
    return Parts(core, author, title.strip().rstrip(".,"), publisher, to_edtf(day or stated or ""))


def _author(before: str) -> tuple[str | None, str | None]:
    """Who stands before a title, without translators, and a year that stands with them."""
    before = re.split(r"\.? Trans(?:\.|lated by) ", before)[0].strip()
    stated = None
    if match := _AUTHOR_YEAR.match(before):
        before, stated = match["author"], match["day"]
    before = before.rstrip(" ,:;")
    # The stop after an initial is the name's own.
    before = before if re.search(r"\b[A-Z]\.\Z|\beds?\.\Z|\bet al\.\Z", before) else before.rstrip(".")
    return (before or None) if len(before.split()) <= 20 else None, stated


def _tail(words: str) -> tuple[str | None, str | None]:
    """`BBC News, 17 Jan. 2013` -> publisher and date."""
    match = _TAIL.match(words)
    day = match["day"] if match else None
    name = (match["publisher"] if match else words).strip(" ,.(")
    halves = name.split(". ")
    if len(halves) == 2 and halves[0] == halves[1]:
        name = halves[0]
    if place := _PLACE.match(name):
        name = place["publisher"]
    sane = name and not re.match(r"In |in ", name) and not re.search(r"\d[–-]\d|\bno\. ?\d|\bvol\. ?\d", name)
    return (name if sane and len(name.split()) <= 14 else None), day


def _read_book(core: str) -> Parts | None:
    match = _BOOK.match(core)
    if not match:
        return None
    return Parts(core, match["author"], match["title"], match["publisher"], to_edtf(match["day"]))


def _read_sentences(core: str) -> Parts | None:
    """A citation without quotes: its sentences are the author, the title and the rest."""
    author, *rest = _sentences(core)
    author += "." if re.search(r"\b[A-Z]\Z", author) else ""
    if not rest or not _is_author(author):
        return None
    if re.fullmatch(r"\((?:19|20)\d\d[a-z]?\)|(?:19|20)\d\d[a-z]?", rest[0]) and len(rest) > 1:
        return Parts(core, author, _plain_title(rest[1]), None, to_edtf(rest[0].strip("()")[:4]))
    if match := _DATED.match(rest[0]):
        place = _PLACE.match(rest[-1]) if len(rest) > 1 else None
        return Parts(core, author, match["title"], place["publisher"] if place else None, to_edtf(match["day"]))
    if len(rest) == 2 and (match := _TAIL.match(rest[1])):
        publisher, day = _tail(rest[1])
        named = publisher if publisher and publisher.split(",")[0].lower() not in _CITIES else None
        return Parts(core, author, _plain_title(rest[0]), named, to_edtf(day or ""))
    return Parts(core, author, _plain_title(rest[0])) if len(rest) == 1 else None


def _sentences(core: str) -> list[str]:
    """The sentences of a citation; initials and known abbreviations end none."""
    masked = _MASKED.sub(lambda m: m.group().replace(".", _STOP), core.rstrip("."))
    found: list[str] = []
    for part in re.split(r"(?<=[^\s.])\. ", masked):
        if found and len(found) == 1 and re.fullmatch(r"[A-Z]", part):
            found[0] += f". {part}."
        elif len(found) > 1 and re.fullmatch(r"(?:[A-Z]\. )*[A-Z]", found[-1]):
            found[-1] += f". {part}"
        else:
            found.append(part)
    return [part.replace(_STOP, ".").strip() for part in found]


def _is_author(words: str) -> bool:
    return bool(words) and words[0].isupper() and len(words.split()) <= 16 and not re.search(r"\d{4}", words)


def _plain_title(words: str) -> str:
    return re.sub(r"\s*\[[^\]]*\]\Z", "", words).strip()


def _last_date(core: str) -> str | None:
    match = re.search(rf"(?:\A|[\s(,])(?P<day>{_DAY})\)?\.?\Z", core)
    return to_edtf(match["day"]) if match else None
