"""What a document says of itself, scored on marked texts: names of one referent, words that stand for a name, status and holder.

Mentions are those of the gold (`given gold`), so that only what follows them is scored, or those that were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from dossier.components.base import prepare
from dossier.components.chunks import cut
from dossier.components.entities import group
from dossier.components.lexicon import lexicon_of
from dossier.components.pipeline import extract_document
from dossier.components.sayings import Judge
from dossier.evaluate.coreference import Cluster, Pair, clusters, conll, name_pairs, score_pairs
from dossier.gold import GoldRecord, GoldSpan
from dossier.normalize.names import fold
from dossier.offsets import OffsetMap
from dossier.records import Anaphor, Document, Found, Link, Span

if TYPE_CHECKING:
    from spacy.language import Language

NAMED = ("ORG", "PERSON")
FIRST = "known_as"  # the first component that reads final mentions
BEHIND = 25  # characters behind the only end of a relation, where its verb may stand
Key = tuple[str, str]


class Marked(NamedTuple):
    """A text with its gold: spans in the text as it was read, with label and the key of the entity."""

    document: Document
    mentions: tuple[tuple[Span, str, str | None], ...]


def marked(document: Document, spans: Iterable[tuple[int, int, str, str | None]]) -> Marked:
    """A document with spans that count characters of its source."""
    offsets = OffsetMap.from_bytes(document.offsets)
    moved = ((Span(offsets.in_text(start), offsets.in_text(end)), label, key) for start, end, label, key in spans)
    return Marked(document, tuple(moved))


def of_record(record: GoldRecord, document: Document) -> Marked:
    return marked(document, ((one.start, one.end, one.label, one.more.get("entity")) for one in record.spans))


def read_given(nlp: Language, one: Marked) -> tuple[list[Link], list[Anaphor], list[Found]]:
    """Links, anaphors and mentions of a text whose mentions are the gold's, in characters of the document."""
    links: list[Link] = []
    anaphors: list[Anaphor] = []
    mentions: list[Found] = []
    for chunk in cut(one.document):
        doc = prepare(nlp.make_doc(one.document.text[chunk.start : chunk.end]), chunk.frame)
        for name, pipe in nlp.pipeline:
            if name == FIRST:
                norms = {(found.start, found.end): found.norm for found in doc._.found}
                doc._.found = [
                    Found(span.start - chunk.start, span.end - chunk.start, label, 0.9, "gold")
                    for span, label, _ in sorted(one.mentions)
                    if chunk.start <= span.start and span.end <= chunk.end
                ]
                for found in doc._.found:
                    found.norm = norms.get((found.start, found.end))
            doc = pipe(doc)
        by = chunk.start
        mentions += [replace(found, start=found.start + by, end=found.end + by) for found in doc._.found]
        links += [replace(it, subject=_shift(it.subject, by), object=_shift(it.object, by)) for it in doc._.links]
        anaphors += [
            replace(it, start=it.start + by, end=it.end + by, mention=_shift(it.mention, by)) for it in doc._.anaphors
        ]
    return links, anaphors, mentions


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


# ------------------------------------------------------------------ names of one referent


def grouping_scores(nlp: Language, texts: Iterable[Marked]) -> dict[str, float]:
    """The CoNLL score over mentions of organisations and persons, and F1 of pairs of names, given gold and given ours."""
    gold: list[Cluster] = []
    found: dict[str, list[Cluster]] = {"given gold": [], "given ours": []}
    pairs: set[tuple[int, Pair]] = set()
    made: dict[str, set[tuple[int, Pair]]] = {"given gold": set(), "given ours": set()}
    is_head = lexicon_of(tuple(nlp.config["paths"]["folders"])).is_head
    for number, one in enumerate(texts):
        text = one.document.text
        wanted = [(span, label, key) for span, label, key in one.mentions if label in NAMED and key]
        gold += clusters(((number, span), (label, key)) for span, label, key in wanted)
        pairs |= _pairs(number, (((label, key), label, text[slice(*span)]) for span, label, key in wanted))
        links, _, mentions = read_given(nlp, one)
        groups = [each for each in group(text, mentions, links, {}, is_head=is_head) if each.label in NAMED]
        keys = {Span(it.start, it.end): index for index, each in enumerate(groups) for it in each.mentions}
        ours = extract_document(nlp, one.document).mentions
        rows = {
            "given gold": [(span, label, keys[span]) for span, label, _ in wanted],
            "given ours": [(Span(m["start"], m["end"]), m["label"], m["entity"]) for m in ours if m["label"] in NAMED],
        }
        for name, these in rows.items():
            found[name] += clusters(((number, span), key) for span, _, key in these)
            made[name] |= _pairs(number, ((key, label, text[slice(*span)]) for span, label, key in these))
    scores = {f"CoNLL {name}": round(conll(gold, these), 4) for name, these in found.items()}
    return scores | {f"pairs of names F {name}": round(score_pairs(pairs, these).f, 4) for name, these in made.items()}  # type: ignore[arg-type]


def _pairs(number: int, rows: Iterable[tuple[Any, str, str]]) -> set[tuple[int, Pair]]:
    names: dict[Any, set[tuple[str, str]]] = {}
    for key, label, words in rows:
        names.setdefault(key, set()).add((label, words))
    return {(number, pair) for pair in name_pairs(names)}


# ------------------------------------------------------------------ words that stand for a name


def anaphor_scores(nlp: Language, texts: Iterable[tuple[GoldRecord, Marked]]) -> dict[str, float]:
    """Of ends of relations that their evidence does not name: how many a word in it stands for, of all and of those tried.

    `accuracy` counts only evidence in which some word stands for a referent of the label.
    """
    count: Counter[str] = Counter()
    for record, one in texts:
        _, anaphors, _ = read_given(nlp, one)
        keys = {span: (label, key) for span, label, key in one.mentions}
        offsets = OffsetMap.from_bytes(one.document.offsets)
        for (start, end), wanted in _unnamed(record):
            low, high = offsets.in_text(start), offsets.in_text(end)
            here = [it for it in anaphors if low <= it.start and it.end <= high and it.label == wanted[0]]
            count["wanted"] += 1
            count["tried"] += bool(here)
            count["right"] += any(keys.get(it.mention) == wanted for it in here)
    right = count["right"]
    return {"recall": round(right / max(1, count["wanted"]), 4), "accuracy": round(right / max(1, count["tried"]), 4)}


def _unnamed(record: GoldRecord) -> Iterator[tuple[tuple[int, int], Key]]:
    """The ends of relations that no mention in the evidence names, each once: evidence, and label and key."""
    seen = set()
    for relation in record.relations:
        start, end = relation.more["evidence"][0]
        for at in (relation.head, relation.child):
            span = record.spans[at]
            wanted = span.label, str(span.more.get("entity"))
            named = any(
                start <= one.start and one.end <= end and (one.label, one.more.get("entity")) == wanted
                for one in record.spans
            )
            if span.label in NAMED and span.more.get("entity") and not named and (start, wanted) not in seen:
                seen.add((start, wanted))
                yield (start, end), wanted


# ------------------------------------------------------------------ status and holder


def status_scores(judge: Judge, records: Iterable[GoldRecord]) -> dict[str, float]:
    """The share of relations and events whose status is right given their evidence, and F1 of holders.

    The judge is asked at the later end of a relation, or behind its only one, and at the trigger of an event. One fact
    that two hold differently in one sentence may have the status of either.
    """
    count: Counter[str] = Counter()
    for record in records:
        facts = [*_relations(record), *_events(record)]
        told: dict[Any, set[str]] = {}
        for fact in facts:
            told.setdefault(fact.same, set()).add(fact.more.get("status", "asserted"))
        for fact in facts:
            start, end = fact.evidence
            text = record.text[start:end]
            marks = [
                (it.start - start, it.end - start, it.label)
                for it in record.spans
                if start <= it.start and it.end <= end
            ]
            ends = [(it.start - start, it.end - start) for it in fact.ends]
            status, holder = judge.judge(text, min(max(0, fact.at - start), len(text) - 1), marks, ends)
            wanted = _holder(record, fact.more.get("holder"))
            count["facts"] += 1
            count["right"] += status in told[fact.same]
            count["holders"] += wanted is not None
            count["found"] += holder is not None
            count["held"] += bool(holder and wanted and fold(text[slice(*holder)]) == fold(wanted))
    holders = 2 * count["held"] / max(1, count["holders"] + count["found"])
    return {"status": round(count["right"] / max(1, count["facts"]), 4), "holder F": round(holders, 4)}


class Fact(NamedTuple):
    """A relation or an event of a gold; `same` is what two tellings of it by two holders share."""

    same: object
    evidence: tuple[int, int]
    ends: tuple[GoldSpan, ...]
    at: int
    more: dict[str, Any]


def _relations(record: GoldRecord) -> Iterator[Fact]:
    for one in record.relations:
        start, end = one.more["evidence"][0]
        both = record.spans[one.head], record.spans[one.child]
        inside = tuple(sorted((it for it in both if start <= it.start and it.end <= end), key=lambda it: it.start))
        if len(inside) > 1 or (inside and inside[0].start > (start + end) / 2):
            at = inside[-1].start
        else:
            at = inside[0].end + BEHIND if inside else (start + end) // 2
        keys = tuple(it.more.get("entity") or record.text[it.start : it.end] for it in both)
        yield Fact((one.label, start, keys), (start, end), inside, at, one.more)


def _events(record: GoldRecord) -> Iterator[Fact]:
    for one in record.events:
        start, end = one.more["evidence"][0]
        yield Fact((one.type, one.trigger.start, one.more.get("status")), (start, end), (), one.trigger.start, one.more)


def _holder(record: GoldRecord, holder: Any) -> str | None:
    if isinstance(holder, int):
        return record.text[record.spans[holder].start : record.spans[holder].end]
    return holder["text"] if holder else None
