"""A workspace with one report, in several readings, for the tests of rulings."""

import hashlib

from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Extraction, make_id
from dossier.source_map import open_map
from dossier.store.documents import InputState, load_document, save_input
from dossier.store.proposals import save_extraction

TEXT = (
    "Ada Berg leads the Northern Reach. Bo Dahl left it in 2004.\n\n"
    "In Narvik, Ada Berg met Carl Ek. The Northern Reach bombed a bridge in Narvik in 2005."
)
NAMES = {"Ada Berg": "PERSON", "Northern Reach": "ORG", "Bo Dahl": "PERSON", "2004": "DATE", "Narvik": "PLACE",
         "Carl Ek": "PERSON", "2005": "DATE"}  # fmt: skip


def add_report(store, source=TEXT, *, drop=(), name="a.txt", sha256=None, extract=True, **options):
    """Read `source` into the store, with the stretches `drop` taken out of its text, and propose what stands in NAMES."""
    builder, at = TextBuilder(source), 0
    for words in drop:
        start = source.index(words, at)
        builder.keep(start)
        builder.replace(start + len(words), "")
        at = start + len(words)
    text, offsets = builder.finish()
    sha256 = sha256 or hashlib.sha256(name.encode()).hexdigest()
    blocks, start = [], 0
    for part in text.split("\n\n"):
        blocks.append(Block("paragraph", start, start + len(part)))
        start += len(part) + 2
    document = Document(
        make_id("d", sha256), sha256, "text/plain", "utf-8", text, offsets.to_bytes(), "1", blocks=blocks
    )
    state = InputState("corpus", name, 1, 1, sha256, None, "r" + hashlib.sha256(text.encode()).hexdigest()[:4], "done",
                       document=document.id)  # fmt: skip
    save_input(store, state, document)
    if extract:
        extract_report(store, document.id, **options)
    return document.id


def extract_report(store, document, names=NAMES, *, relations=True, by="names", ids=""):
    """Propose the mentions of `names`, their entities, a relation and an event. `ids`: makes other ids, as another model."""
    text = load_document(store, document).text
    offsets = open_map(load_document(store, document).offsets)

    def source(start, end):
        return offsets.source(start, end)

    def number(prefix, *parts):
        return make_id(prefix, document, ids, *parts)

    mentions, entities = [], []
    for words, label in names.items():
        entity = number("e", label, words) if label in ("PERSON", "ORG", "PLACE") else None
        at = text.find(words)
        while at >= 0:
            end = at + len(words)
            mentions.append(
                {"kind": "mention", "id": number("m", *offsets.anchor(at, end)), "document": document, "start": at, "end": end,
                 "text": words, "label": label, "norm": None, "entity": entity, "confidence": 0.6, "by": by,
                 "source": source(at, end)}
            )  # fmt: skip
            at = text.find(words, end)
        if entity and words in text:
            first = next(m for m in mentions if m["text"] == words)
            entities.append(
                {"kind": "entity", "id": entity, "type": label, "name": words, "links": {}, "confidence": 0.6, "by": "entities",
                 "names": [{"text": words, "kind": "name", "lang": None, "from": None, "to": None, "confidence": 0.6, "by": by,
                            "evidence": [evidence(document, text, first["start"], first["end"], source)]}]}
            )  # fmt: skip
    mentions.sort(key=lambda m: m["start"])
    extraction = Extraction(document, mentions=mentions, entities=entities)
    if relations:
        add_facts(extraction, text, source, number)
    save_extraction(store, extraction, ids or "f" * 32)
    return extraction


def evidence(document, text, start, end, source, subject=None, object_=None):
    return {"document": document, "start": start, "end": end, "quote": text[start:end], "subject_text": subject,
            "object_text": object_, "source": source(start, end), "works": []}  # fmt: skip


def add_facts(extraction, text, source, number):
    """`Ada Berg leads the Northern Reach`, and the bombing, where their names were proposed."""
    entities = {r["name"]: r["id"] for r in extraction.entities}
    sentence = "Ada Berg leads the Northern Reach."
    at = text.find(sentence)
    if at >= 0 and {"Ada Berg", "Northern Reach"} <= set(entities):
        ends = {"subject": "Ada Berg", "object": "Northern Reach"}
        extraction.relations.append(
            {"kind": "relation", "id": number("r", "leads"), "type": "leads",
             **{end: {"entity": entities[words], "text": words} for end, words in ends.items()},
             "start": None, "end": None, "role": None, "status": "asserted", "holder": None, "confidence": 0.7, "by": "relations",
             "evidence": [evidence(extraction.document, text, at, at + len(sentence), source, "Ada Berg", "Northern Reach")]}
        )  # fmt: skip
    at = text.find("bombed")
    if at >= 0 and "Northern Reach" in entities:
        empty = dict.fromkeys(("result", "authority", "killed", "wounded", "hostages", "ransom", "date", "holder"))
        extraction.events.append(
            {"kind": "event", "id": number("v", "bombed"), "type": "bombing",
             "trigger": {"start": at, "end": at + 6, "text": "bombed", "source": source(at, at + 6)}, **empty,
             "place": [], "perpetrator": [{"entity": entities["Northern Reach"], "text": "Northern Reach"}],
             "target": [{"text": "bridge", "norm": None}], "claimed_by": [], "party": [], "weapon": [], "status": "asserted",
             "confidence": 0.5, "by": "events", "evidence": [evidence(extraction.document, text, at - 19, at + 15, source)]}
        )  # fmt: skip
