"""Which mentions of one document name the same referent, and the entity record that each group becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dossier.components.grouping import Grouping, Key, names_of
from dossier.normalize.names import fold, is_acronym, natural, short_forms
from dossier.records import Found, Link, Span

ENTITY_LABELS = ("ORG", "PERSON", "PLACE")
JOINING = ("alias_of", "renamed_to")  # the guide, section 2: a renamed organisation is one entity with dated names
TOLD = ("asserted", "reported", "claimed")
# names by which an entity is called first; within a rank the one that stands most often, then first
RANKS = {"name": 0, "former": 0, "spelling": 1, "nom_de_guerre": 1, "translation": 2, "acronym": 3, "short": 4}


@dataclass(slots=True)
class Named:
    """One name of an entity, as it is mostly written; `titled`: the document's title has it."""

    text: str
    kind: str
    first: Found
    count: int = 0
    titled: bool = False
    confidence: float = 0.0
    start: str | None = None
    end: str | None = None
    link: Link | None = None


@dataclass(slots=True)
class Group:
    """The mentions of one referent, in order, and its names by their folded form."""

    label: str
    mentions: list[Found] = field(default_factory=list)
    names: dict[str, Named] = field(default_factory=dict)

    def main_name(self) -> Named:
        """The name of the title where it is among them, else the one used most, a long form before an acronym."""
        return min(
            self.names.values(),
            key=lambda name: (not name.titled, RANKS[name.kind], -name.count, name.first.start),
        )


class Groups:
    """Joins keys of mentions, so that one key stands for all the names of a referent."""

    def __init__(self) -> None:
        self._parent: dict[Key, Key] = {}

    def find(self, key: Key) -> Key:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: Key, other: Key) -> None:
        """Join two groups; the key that comes first in order stands for both."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first


def key_of(mention: Found, text: str, known: dict[tuple[str, str], str]) -> Key:
    """What a mention is grouped by: a place by its GeoNames id, a name of the gazetteer by its main name, else folded."""
    if mention.label == "PLACE" and mention.norm and mention.norm.get("geonames"):
        return "PLACE", f"geonames {mention.norm['geonames']}"
    name = natural(text) if mention.label == "PERSON" else text
    return mention.label, fold(known.get((mention.label, text), name))


def group(
    text: str,
    mentions: Sequence[Found],
    links: Iterable[Link],
    known: dict[tuple[str, str], str],
    titles: Sequence[Span] = (),
    is_head: Callable[[str], bool] = lambda word: False,
) -> list[Group]:
    """Group the mentions that name an entity by their referent, in the order of their first mention.

    `known`: main names of the gazetteer by (label, written form); `titles`: where the title stands. One name in the
    same label is one referent, and so are the ends of `alias_of` and `renamed_to`, and what `grouping` joins.
    is_head: whether a word is a head noun of organisations (`Front`).
    """
    keys = {
        (one.start, one.end): key_of(one, words(text, one), known) for one in mentions if one.label in ENTITY_LABELS
    }
    groups = Groups()
    for link in links:
        ends = keys.get(link.subject), keys.get(link.object)
        if _joins(link) and ends[0] and ends[1] and ends[0][0] == ends[1][0]:
            groups.join(ends[0], ends[1])
    names = names_of(text, mentions, lambda one: keys.get((one.start, one.end)))
    grouping = Grouping(text, names, groups.find, groups.join, is_head)
    grouping.organisations()
    keys |= {(one.start, one.end): key for one, key in grouping.persons()}
    made: dict[Key, Group] = {}
    for one in mentions:
        key = keys.get((one.start, one.end))
        if key is not None:
            made.setdefault(groups.find(key), Group(one.label)).mentions.append(one)
    for one_group in made.values():
        _name(text, one_group, titles)
    _add_links(text, made, keys, groups, links)
    return list(made.values())


def _joins(link: Link) -> bool:
    """Whether a link says that two names are one referent's, and it is so."""
    return link.type in JOINING and link.status in TOLD


def words(text: str, mention: Found) -> str:
    """The words of a mention in one line."""
    return " ".join(text[mention.start : mention.end].split())


def _name(text: str, one_group: Group, titles: Sequence[Span]) -> None:
    full = [fold(words(text, one)) for one in one_group.mentions]
    forms: dict[str, dict[str, list[Found]]] = {}  # folded name -> as written -> its mentions
    for one, folded in zip(one_group.mentions, full, strict=True):
        forms.setdefault(folded, {}).setdefault(words(text, one), []).append(one)
    for folded, written in forms.items():
        # a heading in capitals is no form of its own where another is written
        best = min(written, key=lambda form: (form.isupper(), -len(written[form]), written[form][0].start))
        all_of = [one for found in written.values() for one in found]
        name = Named(best, _kind(one_group.label, best, full), written[best][0], len(all_of))
        name.confidence = max(one.confidence for one in all_of)
        name.titled = any(_in_title(text, one, title, name.kind) for one in all_of for title in titles)
        one_group.names[folded] = name


def _in_title(text: str, one: Found, title: Span, kind: str) -> bool:
    """Whether a mention names the document's subject; an acronym does only when it is the whole title."""
    inside = title.start <= one.start and one.end <= title.end
    return inside and (kind != "acronym" or not (text[title.start : one.start] + text[one.end : title.end]).strip())


def _kind(label: str, written: str, others: list[str]) -> str:
    folded = fold(written)
    if label == "PERSON" and any(folded in short_forms(other) for other in others):
        return "short"
    acronym = label != "PERSON" and " " not in written and is_acronym(written)
    return "acronym" if acronym and any(other != folded for other in others) else "name"


def _add_links(
    text: str, made: dict[Key, Group], keys: dict[tuple[int, int], Key], groups: Groups, links: Iterable[Link]
) -> None:
    """Put the role and the dates of a link on the names that it joins."""
    for link in links:
        key = keys.get(link.subject)
        if not _joins(link) or key is None or groups.find(key) not in made:
            continue
        names = made[groups.find(key)].names
        subject, object_ = (names.get(fold(" ".join(text[slice(*end)].split()))) for end in (link.subject, link.object))
        if subject is None or object_ is None or subject is object_:
            continue
        if subject.link is None:
            subject.link = link
        if link.type == "renamed_to":
            if subject.kind == "name":
                subject.kind = "former"
            subject.end, object_.start = subject.end or link.start, object_.start or link.start
        elif link.role and subject.kind != "former":
            subject.kind = link.role


def geonames_of(one_group: Group) -> dict[str, Any]:
    """The links of an entity: for a place its GeoNames id."""
    for one in one_group.mentions:
        if one.label == "PLACE" and one.norm and one.norm.get("geonames"):
            return {"geonames": one.norm["geonames"]}
    return {}


def span_of(mention: Found) -> Span:
    return Span(mention.start, mention.end)
