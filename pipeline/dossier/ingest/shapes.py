"""What one line or block looks like by itself: a note, a bullet, a row of a profile, a heading, a date line."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_POINT = (
    rf"(?:(?:the )?(?:early|mid|late|end of|spring|summer|autumn|fall|winter|c\.|circa|about)[- ])?"
    rf"(?:{_MONTH} \d{{1,2}}(?: ?[-–] ?\d{{1,2}})?,? \d{{4}}|\d{{1,2}}(?:[-–]\d{{1,2}})? {_MONTH},? \d{{4}}|{_MONTH},? \d{{4}}|"
    r"\d{4}-\d\d(?:-\d\d)?|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{3}0s|\d{4})"
)
DATE = rf"(?:{_POINT}(?: ?(?:[-–—/]|to|or|and|until) ?(?:{_POINT}|present|unknown|ongoing))?)"

NOTE = re.compile(r"\[\^(?P<label>[\w.-]{1,40})\]:?\s*|\[(?P<n>\d{1,3})\]:?\s*|(?P<raised>[⁰¹²³⁴-⁹]{1,3})\s*")
NUMBERED = re.compile(r"(?P<open>\()?(?P<n>\d{1,3})(?P<close>[.)])\s+(?=\S)")
CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Map|Chart|Graph|Photo|Image|Box)\s+\d{1,3}[a-z]?\s?[.:–—]\s?\S")
_STRONG = re.compile(r"[•‣▪●○◦⁃∙■□➢➤\uf0b7\uf0a7]\s*(?=\S)")
_WEAK = re.compile(r"(?:[-*–—·+]|\(?(?:\d{1,3}|[a-z])\)|\d{1,3}\.)\s+(?=\S)")

_DATED = re.compile(rf"{DATE}\s?:\s+\S", re.I)
_TENURE = re.compile(r"[^:()\[\]]{2,80}\([^():]*(?:\d{4}s?|present|unknown)[^():]*\)\s?:\s+\S", re.I)
_KEY = re.compile(r"(?P<key>[^\W\d_][^:.!?;\[\]“”\"]{0,48}):\s+(?P<value>\S.*)", re.S)
_DATE_FIRST = re.compile(rf"{DATE}\b", re.I)
_PROSE = re.compile(r"[.!?][”\"’)]*\s+[“\"A-Z]")

_END = re.compile(r"[.!?…:;][”“\"’')\]»]*(?:\s?\[[\d^,;–\- ]{1,24}\]|[⁰¹²³⁴-⁹]{1,6})*\Z")
_STATED = re.compile(_POINT, re.I)
_DATED_PART = re.compile(
    r"(?:last |first )?(?:(?:updated|published|revised|issued|released|posted|printed|dated?|as of)(?: on)?:? )?\ue000\.?",
    re.I,
)
_PARTS = re.compile(r"\s+[·•|–—-]\s+|,\s+(?=[\w ]{0,20}\ue000)")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|Gen|Col|Lt|Maj|Capt|Sgt|Gov|Sen|Rep|St|No|vs|Prof|Rev|Brig|Adm|Ft|Mt|cf|e\.g|i\.e))\.\Z"
)
_BYLINE = re.compile(
    r"(?:By (?:the )?|Author: |Written by )(?P<by>[^\W\d_].{2,80})\Z|"
    r"(?P<name>[A-Z][\w.’'-]*(?: [\w.’'-]+){1,3}), "
    r"(?P<post>.*?\b(?:Specialist|Analyst|Correspondent|Editor|Reporter|Fellow|Researcher|Director|"
    r"Professor|Coordinator|Adviser|Advisor|Scholar|Associate)\b.*)\Z"
)
_ISSUED = re.compile(
    r"(?:Published by|Issued by|Prepared by|"
    r"(?:A|An) (?:group |country |short )?(?:profile|report|brief|briefing|study|paper|note) (?:by|of|from)) "
    r"(?-i:the )?(?P<by>[^.;:]{2,60}?)(?:\.|\Z)",
    re.I,
)
NOTES_HEADING = re.compile(r"(?:end|foot)?notes?|references|sources|works cited|citations|bibliography", re.I)

_SMALL = frozenset(
    [
        "a",
        "about",
        "across",
        "after",
        "against",
        "along",
        "among",
        "an",
        "and",
        "are",
        "as",
        "at",
        "before",
        "behind",
        "between",
        "beyond",
        "by",
        "can",
        "de",
        "del",
        "der",
        "des",
        "die",
        "do",
        "does",
        "during",
        "for",
        "from",
        "has",
        "how",
        "in",
        "inside",
        "into",
        "is",
        "its",
        "la",
        "le",
        "les",
        "near",
        "nor",
        "of",
        "off",
        "on",
        "onto",
        "or",
        "other",
        "outside",
        "over",
        "per",
        "than",
        "that",
        "the",
        "their",
        "through",
        "to",
        "toward",
        "towards",
        "under",
        "until",
        "up",
        "upon",
        "van",
        "versus",
        "via",
        "vs",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "with",
        "within",
        "without",
        "y",
        "und",
        "et",
        "el",
        "al",
        "da",
        "di",
        "du",
    ]
)
_VERB = frozenset(["is", "are", "was", "were", "has", "have", "had", "will", "would", "said", "says"])
_TOKEN = re.compile(r"[^\W_][\w.’'-]*")
MAX_HEADING = 110  # characters; the longest true heading of the reports seen has 78
MAX_ROW_VALUE = 80  # characters of a value that is no sentence


def note_label(words: str) -> str | None:
    """The number or label of a note that a line begins, or None. `[2013]` is a year."""
    match = NOTE.match(words)
    if not match:
        return None
    return match["n"] or match["label"] or match["raised"].translate(RAISED)


RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def bullet(words: str) -> tuple[int, bool] | None:
    """The length of a list mark, and whether it is one wherever it stands."""
    if match := _STRONG.match(words):
        return match.end(), True
    if match := _WEAK.match(words):
        return match.end(), False
    return None


def keeps_mark(words: str) -> bool:
    """Whether a list mark says something (a number, a letter) and stays in the text."""
    return words[0] in "(" or words[0].isalnum()


def row(words: str) -> int:
    """2 for a row of a profile, 1 for a key with a long value (a row only among rows), 0 for none."""
    if _DATED.match(words) or _TENURE.match(words):
        return 2
    match = _KEY.match(words)
    if not match or len(match["key"].split()) > 6 or match["key"][0].islower():
        return 0
    value = match["value"]
    if _DATE_FIRST.match(value) or value[0].isdigit():
        return 2
    return 2 if len(value) <= MAX_ROW_VALUE and not _PROSE.search(value) else 1


def ends_sentence(words: str) -> bool:
    """Whether a line ends where a sentence (or the words before a list) ends, note marks aside."""
    if not words or words[-1].isalnum() or (words[-1] == "." and _ABBREVIATED.search(words[-8:])):
        return False
    return bool(_END.search(words[-48:]))


def heading(words: str) -> int:
    """2 for what can only be a heading (capitals, title case, numbered), 1 for what may be one, 0 for none."""
    if len(words) > MAX_HEADING or not words or words[-1] in ".,;!…-–—/\\[(" or words.endswith("]"):
        return 0
    if is_header_line(words) or "\t" in words or (bullet(words) and not NUMBERED.match(words)):
        return 0
    body = words[match.end() :] if (match := NUMBERED.match(words)) else words
    tokens = [t for t in _TOKEN.findall(body) if t[0].isalpha()]
    if not tokens or len(tokens) > 14 or not (body[0].isupper() or body[0] in "“\"‘'¿¡" or body[0].isdigit()):
        return 0
    if tokens[-1].lower() in _SMALL and len(tokens) > 1 and not body.isupper():
        return 0
    if body[-1] == ":" and len(tokens) > 5:
        return 0
    if body.isupper() or _is_title_case(tokens):
        return 2
    return 1 if len(tokens) <= 10 and not any(t in _VERB for t in tokens) and tokens[0][0].isupper() else 0


def _is_title_case(tokens: list[str]) -> bool:
    return tokens[0][0].isupper() and all(t[0].isupper() or t.lower() in _SMALL or "'" in t or "’" in t for t in tokens)


def date_line(words: str) -> tuple[str | None, str] | None:
    """`3 May 2016` -> (None, date); `Publisher, 3 May 2016` -> (publisher, date); None where a line is anything else.

    Of several dates (`3 May 2016, revised 20 September 2021`) the last one counts: it is this text's.
    """
    words = words.strip("*_ ()")
    if len(words) > 140 or not words or words[0] == "[":
        return None
    dates = _STATED.findall(words)
    parts = _PARTS.split(_STATED.sub("\ue000", words)) if dates else []
    named = [part for part in parts if not _DATED_PART.fullmatch(part) and not part.startswith("By ")]
    if not dates or len(named) > 3 or len(named) == len(parts) or any(not _may_name(part) for part in named):
        return None
    return next((part for part in named if not re.search(r"\d", part)), None), dates[-1]


def _may_name(part: str) -> bool:
    """Whether a part of a head line can be the name of a desk, a series, an issue."""
    first = part.split()[0].lower() if part.split() else ""
    small = _SMALL - {"the", "la", "le", "el", "al"}
    if len(part) < 2 or len(part.split()) > 7 or first in small:
        return False
    return not re.search(r"[.;:!?\ue000]", part.replace("No.", ""))


def byline(words: str) -> bool:
    return len(words) <= 120 and bool(_BYLINE.match(words.strip("*_ ")))


def issued_by(words: str) -> str | None:
    """`Published by X.`, `A profile by X` -> X."""
    match = _ISSUED.match(words.strip("*_ ")) if len(words) <= 160 else None
    return match["by"] if match else None


def is_header_line(words: str) -> bool:
    """A line of a report's head or foot that is about the report."""
    return bool(byline(words) or issued_by(words) or (len(words) > 5 and date_line(words)))
