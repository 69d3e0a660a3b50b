"""How near the reading of a PDF comes to what is known of it: the typeset reports to the letter, the real ones by marks."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import ModuleType

from dossier.boxes import BoxMap
from dossier.ingest.read import read_document
from dossier.records import Document

TYPESET = (
    "aqim-crs-brief",
    "aqim-crs-brief.3col",
    "aqim-crs-brief.rot90",
    "aqim-crs-brief.rows",
    "aqim-crs-brief.shuffled-a4",
    "aqim-profile",
)
NEAR = 2.0  # points
_LOOSE = re.compile(r"[\s\u00ad•\uf0b7▪‣●○◦⁃∙■□]+")


@cache
def read_pdf(path: Path) -> Document:
    return read_document(path.read_bytes(), name=path.name)


def maker(shared: Path) -> ModuleType:
    """The program that typeset the reports and scores what was read of them."""
    spec = importlib.util.spec_from_file_location("make_pdfs", shared / "make_pdfs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def truth_of(shared: Path, name: str) -> dict:
    return json.loads((shared / "reports" / f"{name}.json").read_text("utf-8"))


def typeset_scores(shared: Path, name: str) -> dict[str, float]:
    truth, document = truth_of(shared, name), read_pdf(shared / "reports" / f"{name}.pdf")
    scores = maker(shared).score(truth, document.text)
    linked = sum(_leads_right(truth, document, note) for note in truth["notes"]) / max(1, len(truth["notes"]))
    return {
        "characters in order": scores["chars"],
        "blocks whole": scores["blocks"],
        "line-end hyphens right": scores["hyphens"],
        "furniture kept out": 1 - scores["leaked"],
        "words to their boxes": box_score(truth, document.text, BoxMap.from_bytes(document.offsets)),
        "notes linked": linked,
    }


def _leads_right(truth: dict, document: Document, wanted: dict) -> bool:
    """Whether the reference leads, by its place among those of its number, to the note whose words it should."""
    same = [note for note in truth["notes"] if note["n"] == wanted["n"]]
    words = truth["blocks"][wanted["block"]]["text"]
    found = sorted(
        (marker.start, note.text) for note in document.notes for marker in note.markers if note.n == wanted["n"]
    )
    order = sorted(same, key=lambda note: note["ref"][0]).index(wanted)
    return order < len(found) and words.endswith(found[order][1].strip())


def box_score(truth: dict, text: str, boxes: BoxMap, near: float = NEAR) -> float:
    """The share of the true words whose place in the text leads to each of their boxes, within `near` points."""
    words = [(truth["text"][start:end], parts) for start, end, parts in truth["words"]]
    found = [(match.group(), *match.span()) for match in re.finditer(r"\S+", text)]
    matcher = SequenceMatcher(None, [w for w, _ in words], [w for w, _, _ in found], autojunk=False)
    right = 0
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            _, start, end = found[j + k]
            right += _same_places(boxes.boxes(start, end), words[i + k][1], near)
    return round(right / len(words), 4)


def _same_places(got: Sequence[Sequence[float]], wanted: Sequence[Sequence[float]], near: float) -> bool:
    return len(got) == len(wanted) and all(
        g[0] == w[0] and all(abs(x - y) <= near for x, y in zip(g[1:], w[1:], strict=True))
        for g, w in zip(got, wanted, strict=True)
    )


def squeeze(words: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", words))


def real_scores(shared: Path) -> dict[str, float]:
    """How many phrases the real files contain, how many orders they keep, and how many strings they rightly leave out."""
    counts = {"phrases": 0, "orders": 0, "absent": 0}
    for name, marks in expected(shared).items():
        text = squeeze(read_pdf(shared / "pdfs" / "real" / name).text)
        counts["phrases"] += sum(squeeze(phrase) in text for phrase in marks.get("contains", ()))
        counts["orders"] += "order" in marks and in_order(text, marks["order"])
        counts["absent"] += sum(squeeze(phrase) not in text for phrase in marks.get("absent", ()))
    return {name: float(count) for name, count in counts.items()}


def expected(shared: Path) -> dict[str, dict]:
    marks = json.loads((shared / "pdfs" / "real" / "expect.json").read_text("utf-8"))
    return {name: each for name, each in marks.items() if not name.startswith("_")}


def in_order(text: str, phrases: Sequence[str]) -> bool:
    at = 0
    for phrase in phrases:
        at = text.find(squeeze(phrase), at)
        if at < 0:
            return False
        at += 1
    return True


def pdf_scores(shared: Path) -> dict[str, dict]:
    """What `tests/scores.json` holds of PDFs."""
    measured = {}
    for name in TYPESET:
        gold = hashlib.sha256((shared / "reports" / f"{name}.json").read_bytes()).hexdigest()[:16]
        measured[f"{name}.pdf"] = {"gold": gold, "scores": typeset_scores(shared, name)}
    gold = hashlib.sha256((shared / "pdfs" / "real" / "expect.json").read_bytes()).hexdigest()[:16]
    measured["real PDFs"] = {"gold": gold, "scores": real_scores(shared)}
    return measured
