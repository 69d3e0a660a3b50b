"""MUC-4 role fillers: the shipped event rules, mapped to the five roles, and CEAF-REE after its published definition.

CEAF-REE (Du, Rush and Cardie, GRIT, EACL 2021): for each document and role the predicted entities are paired with the gold
ones, each at most once, so that most pairs agree; a pair agrees where every mention that was predicted is one of the gold
entity's. Precision and recall divide the pairs that agree by the entities predicted and by those of the gold, over all
documents; the micro average adds the roles up first. Mentions are compared without case, punctuation and articles.

The text is in small letters and without blocks: sentences get a capital, paragraphs stand where four spaces do.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.components.base import Frame, prepare
from dossier.components.events_fillers import is_people
from dossier.components.events_join import ATTACKS
from dossier.components.pipeline import load_pipeline
from dossier.normalize.names import fold
from dossier.records import Anaphor, Block, Found, Happening, Link, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LEAST = 0.2  # confidence; the set has templates for what has no date and no name
ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
Entities = list[list[str]]  # entities of a role, each a list of mentions
Roles = Mapping[str, Entities]
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_OPENING = re.compile(r"(?:\A|[.!?][\"')]*\s{2,}|(?<=[a-z]{3}[.?!])\s|\s{4,})[\"'(\[]*([a-z])")
_DOTTED = re.compile(r"\b[a-z]\.(?:[a-z]\.)+")
_COUNTING = re.compile(
    r"^(?:(?:at least|about|approximately|some|several|various|many|other|another|more|first|second|third|one|two|three|four|five"
    r"|six|seven|eight|nine|ten|dozens of|a number of|\d+)\s+)+(?=\w)",
    re.IGNORECASE,
)
_ALLEGED = re.compile(
    r"^(?:(?:at least|about|some|several|alleged|presumed|suspected|the|\d+)\s+)+(?=\w)", re.IGNORECASE
)
_REBELS = frozenset("guerrilla guerrillas rebel rebels terrorists subversives extremists gunmen".split())
_COMBAT = frozenset(
    "military army garrison garrisons detachment positions position combat tank troops battalion soldiers".split()
)
_MEMBERS_AFTER = re.compile(r"(?:\s*\([^()]*\))?\s+(\w+)")
_MEMBERS_BEFORE = re.compile(r"((?:(?:salvadoran|urban|armed|unidentified)\s+)*\w+) (?:of|from) (?:the )?\Z")
_PARAGRAPH = re.compile(r"\s{4,}")


# ------------------------------------------------------------------ the measure


def plain(words: str) -> str:
    """A mention as it is compared."""
    return " ".join(_ARTICLES.sub(" ", words.lower().translate(_PUNCTUATION)).split())


def agreeing(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> int:
    """The most pairs of a gold and a predicted entity that agree, each in one pair."""
    wanted = [{plain(mention) for mention in entity} for entity in gold]
    found = [{plain(mention) for mention in entity} for entity in predicted]
    owner: dict[int, int] = {}

    def seat(one: int, seen: set[int]) -> bool:
        for other, mentions in enumerate(wanted):
            if other not in seen and found[one] <= mentions:
                seen.add(other)
                if other not in owner or seat(owner[other], seen):
                    owner[other] = one
                    return True
        return False

    return sum(seat(one, set()) for one in range(len(found)))


def ceaf_ree(documents: Iterable[tuple[Roles, Roles]]) -> dict[str, dict[str, float]]:
    """`P`, `R` and `F` by role and for `micro`, of pairs of gold and predicted roles, one a document."""
    counts = {role: [0, 0, 0] for role in ROLES}
    for gold, predicted in documents:
        for role in ROLES:
            one, other = gold.get(role, []), predicted.get(role, [])
            for place, number in enumerate((agreeing(one, other), len(other), len(one))):
                counts[role][place] += number
    counts["micro"] = [sum(counts[role][place] for role in ROLES) for place in range(3)]
    return {name: _scores(*numbers) for name, numbers in counts.items()}


def _scores(right: int, predicted: int, wanted: int) -> dict[str, float]:
    precision = right / predicted if predicted else 0.0
    recall = right / wanted if wanted else 0.0
    f = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"P": round(precision, 4), "R": round(recall, 4), "F": round(f, 4)}


# ------------------------------------------------------------------ the mapping


def capitalised(text: str) -> str:
    """The text with a capital where a sentence or paragraph opens, and in `u.s.`; as long as it was."""
    letters = list(_DOTTED.sub(lambda found: found[0].upper(), text))
    for found in _OPENING.finditer(text):
        letters[found.start(1)] = letters[found.start(1)].upper()
    return "".join(letters)


def frame_of(text: str) -> Frame:
    blocks, at = [], 0
    for gap in [*_PARAGRAPH.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at:end].strip():
            blocks.append(Block("paragraph", at, end))
        at = gap.end() if gap else len(text)
    return Frame(blocks, [""] * len(blocks))


def load(model: Path | None = None) -> Language:
    """The pipeline as it is measured here: with the events too that are too thin for a desk."""
    nlp = load_pipeline(model=model)
    events: Any = nlp.get_pipe("events")
    events.least = LEAST
    return nlp


def predict(nlp: Language, text: str) -> dict[str, Entities]:
    """The roles of one text: one mention an entity."""
    doc = nlp(prepare(nlp.make_doc(capitalised(text)), frame_of(text)))
    return roles_of(doc, text)


def roles_of(doc: Doc, text: str) -> dict[str, Entities]:
    """The roles that the happenings of a `Doc` fill. text: as it was written."""
    return _Mapping(text, doc._.found, doc._.links, doc._.anaphors).roles(doc._.happenings)


class _Mapping:
    """Turns happenings into the roles of one template for the text."""

    def __init__(self, text: str, found: Sequence[Found], links: Sequence[Link], anaphors: Sequence[Anaphor]) -> None:
        self.text = text
        self.labels = {(one.start, one.end): one.label for one in found}
        self.stands = {(one.start, one.end): one.mention for one in anaphors}
        self.persons = [self.words(Span(one.start, one.end)) for one in found if one.label == "PERSON"]
        self.other: dict[str, str] = {}  # another name -> the name that stands for it
        for link in links:
            if link.type == "alias_of":
                short, full = (fold(self.words(span)) for span in (link.subject, link.object))
                self.other[short] = full

    def words(self, span: Span) -> str:
        return " ".join(self.text[span.start : span.end].split())

    def roles(self, happenings: Iterable[Happening]) -> dict[str, Entities]:
        found: dict[str, dict[str, str]] = {role: {} for role in ROLES}
        for one in happenings:
            if self._is_relevant(one):
                for role, spans in one.roles.items():
                    for told in spans:
                        span = self.stands.get(told, told)
                        if role in ("perpetrator", "claimed_by"):
                            for words in self._beside(span):
                                found["PerpInd"].setdefault(fold(words), words)
                        name = self._role(role, span)
                        if name:
                            words = self.words(span)
                            if name in ("Target", "Weapon"):
                                words = _COUNTING.sub("", words)
                            elif name == "PerpInd":
                                words = _ALLEGED.sub("", words)
                            elif name == "Victim":
                                words = self._fullest(words)
                            key = self.other.get(fold(words), fold(words))
                            found[name].setdefault(key, words)
        return {role: [[mention] for mention in _distinct(mentions)] for role, mentions in found.items()}

    def _is_relevant(self, one: Happening) -> bool:
        """Whether the set has templates for it: terrorism, not combat."""
        if one.type not in ATTACKS or one.status in ("denied", "planned"):
            return False
        victims = " ".join(self.words(span) for span in one.roles.get("target", ())).lower().split()
        return _REBELS.isdisjoint(victims)

    def _fullest(self, name: str) -> str:
        """The longest name of a person in the text that holds a name: `luis carlos galan` for `galan`."""
        longer = [one for one in self.persons if f" {name} " in f" {one} "]
        return max(longer, key=len, default=name)

    def _beside(self, span: Span) -> list[str]:
        """The people of an organisation: `guerrillas of the front`, `front guerrillas`."""
        after = _MEMBERS_AFTER.match(self.text, span.end)
        before = _MEMBERS_BEFORE.search(self.text, max(0, span.start - 60), span.start)
        return [found[1] for found in (after, before) if found and is_people(found[1].split()[-1].lower())]

    def _role(self, role: str, span: Span) -> str | None:
        label = self.labels.get((span.start, span.end), "")
        if role in ("perpetrator", "claimed_by"):
            return {"ORG": "PerpOrg", "PERSON": "PerpInd", "PLACE": None}.get(label, "PerpInd")
        if role == "target":
            if label == "PERSON":
                return "Victim"
            if not _COMBAT.isdisjoint(self.words(span).lower().split()):
                return None
            return None if is_people(self.words(span).split()[-1].lower()) or label == "QUANTITY" else "Target"
        return "Weapon" if role == "weapon" else None


def _distinct(mentions: Mapping[str, str]) -> list[str]:
    """Mentions without those that are but the end of a longer one: `galan` beside `luis carlos galan`."""
    kept = list(mentions.values())
    return [one for one in kept if not any(other != one and other.endswith(f" {one}") for other in kept)]
