"""The encoder: one pass of a small transformer, whose states every head shares, and the head that finds mentions.

No torch: sub-words by `tokenizers`, states by onnxruntime in int8, one window a call and one thread a process, so that
the result depends on nothing but the text. The states of a word (those of its first sub-word) stand in `doc.tensor`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.language import Language

from dossier.components.base import register
from dossier.components.relations_net import read_layer
from dossier.components.tagging import NEVER, Floats, decode, tags_of, transitions_of
from dossier.components.view import SILENT_BLOCKS
from dossier.components.wordless import blank_wordless
from dossier.components.wordpieces import Pieces, WordPieces, cut_windows, guess_starts
from dossier.records import Found
from dossier.resources import shipped

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from spacy.tokens import Doc


@Language.factory(
    "dossier_encoder",
    assigns=["doc.tensor", "doc._.found"],
    default_config={"model": "encoder", "least": 0.0},
)
def make_encoder(nlp: Language, name: str, model: str, least: float) -> Encoder:
    return Encoder(name, folder=find_model(model), least=least)


def find_model(model: str) -> Path:
    """A model by its name among the shipped ones, or by its path."""
    path = Path(model)
    return path if path.is_absolute() else shipped("models") / model


@dataclass(frozen=True, slots=True)
class Head:
    """A linear layer on the states of words, the weights of tags that follow each other, and what makes it calibrated.

    `weight` (384, tags), `bias` (tags), `transitions` (tags, tags). The confidence of a mention with probability p is
    `sigmoid(slope * log(p / (1 - p)) + shift)`.
    """

    labels: tuple[str, ...]
    weight: Floats
    bias: Floats
    transitions: Floats
    slope: float = 1.0
    shift: float = 0.0

    def confidence(self, probability: float) -> float:
        p = min(max(probability, 1e-4), 1 - 1e-4)
        odds = self.slope * float(np.log(p / (1 - p))) + self.shift
        return round(1 / (1 + float(np.exp(-odds))), 3)


def read_head(folder: Path) -> Head:
    """Read `head.npz` and `head.json` of a model."""
    config = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    labels = tuple(config["labels"])
    with np.load(folder / "head.npz", allow_pickle=False) as arrays:
        weight, bias, learned = (arrays[name].astype(np.float32) for name in ("weight", "bias", "transitions"))
    tags = len(tags_of(labels))
    if weight.shape[1:] != (tags,) or bias.shape != (tags,) or learned.shape != (tags, tags):
        raise ValueError(f"the head in {folder} has {weight.shape[1:]} columns; its labels {labels} need {tags}")
    return Head(labels, weight, bias, learned + transitions_of(labels), config["slope"], config["shift"])


def write_head(folder: Path, head: Head, **notes: Any) -> None:
    """Write a head; `notes` (its name, version) go into `head.json`."""
    learned = head.transitions - transitions_of(head.labels)
    np.savez(folder / "head.npz", weight=head.weight, bias=head.bias, transitions=learned)
    config = {**notes, "labels": list(head.labels), "slope": head.slope, "shift": head.shift}
    (folder / "head.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")


class Encoder:
    """Writes the states of words into `doc.tensor` and adds the mentions that the head finds to `doc._.found`."""

    def __init__(self, name: str = "encoder", *, folder: Path, least: float = 0.0) -> None:
        register()
        self.name = name
        self.folder = folder
        self.least = least
        self.head = read_head(folder)
        self.pieces = WordPieces(folder / "tokenizer.json")
        self.middle = read_layer(folder)
        self._session: InferenceSession | None = None

    @property
    def session(self) -> InferenceSession:
        """Made at the first text: a session must not cross into a child process."""
        if self._session is None:
            self._session = open_session(self.folder / "encoder.onnx", self.middle)
        return self._session

    def __call__(self, doc: Doc) -> Doc:
        cut = self.pieces.cut(blank_wordless(_outside_notes(doc, words_of(doc))))
        states, *middle = self.layers(cut, sentence_starts(doc, cut.words))
        doc.tensor = np.zeros((len(doc), states.shape[1]), dtype=np.float32)
        doc.tensor[cut.words] = states
        if middle:
            doc._.middle = np.zeros((len(doc), middle[0].shape[1]), dtype=np.float32)
            doc._.middle[cut.words] = middle[0]
        scores = states @ self.head.weight + self.head.bias
        scores[block_starts(doc, cut.words), 2::2] = NEVER  # no mention runs on into another block
        for mention in decode(scores, self.head.labels, self.head.transitions):
            confidence = self.head.confidence(mention.probability)
            if confidence >= self.least:
                first, last = doc[cut.words[mention.start]], doc[cut.words[mention.end - 1]]
                end = last.idx + len(last)
                doc._.found.append(Found(first.idx, end, mention.label, confidence, self.name))
        return doc

    def states(self, cut: Pieces, starts: Sequence[int]) -> Floats:
        """The states of the words that have sub-words, one row each."""
        return self.layers(cut, starts)[0]

    def layers(self, cut: Pieces, starts: Sequence[int]) -> list[Floats]:
        """The states of the last layer, then those of the middle one where it is asked for."""
        empty = np.zeros((0, self.head.weight.shape[0]), dtype=np.float32)
        rows: list[list[Floats]] = [[empty] for _ in range(1 if self.middle is None else 2)]
        lengths = np.diff(cut.first)
        shapes = np.repeat(np.asarray(cut.shapes, dtype=np.int32) + 1, lengths)
        ids = np.asarray(cut.ids, dtype=np.int32)
        first = np.asarray(cut.first)
        for window in cut_windows(cut.first, starts):
            low, high = cut.first[window.start], cut.first[window.end]
            feed = np.zeros((2, 1, high - low + 2), dtype=np.int32)
            feed[0, 0, 0], feed[0, 0, -1] = self.pieces.cls, self.pieces.sep
            feed[0, 0, 1:-1], feed[1, 0, 1:-1] = ids[low:high], shapes[low:high]
            kept = 1 + first[window.keep_start : window.keep_end] - low
            for layer, found in zip(rows, self.session.run(None, {"ids": feed[0], "shapes": feed[1]}), strict=True):
                layer.append(found[0, kept])
        return [np.concatenate(layer) for layer in rows]


def _outside_notes(doc: Doc, words: list[str]) -> list[str]:
    """The words of a text, those of its notes left empty: they carry no mentions, and are not encoded."""
    for block in doc._.frame.blocks if doc._.frame else ():
        if block.kind in SILENT_BLOCKS and (span := doc.char_span(block.start, block.end, alignment_mode="contract")):
            words[span.start : span.end] = [""] * len(span)
    return words


def open_session(path: Path, middle: int | None = None) -> InferenceSession:
    """An onnxruntime session of one thread. middle: a layer, counted from one, whose states are a second output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    model = str(path) if middle is None else path.read_bytes() + _as_output(f"layers.{middle - 1}.norm2")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _as_output(value: str) -> bytes:
    """What, put behind an ONNX file, makes a value of its graph one more output.

    Protocol buffers read one after another are one message, whose lists are joined: field 7 of a model is its graph, field
    12 of a graph its outputs, field 1 of an output its name. All are short, so their lengths take one byte.
    """
    message = value.encode("ascii")
    for number in (1, 12, 7):
        message = bytes((number << 3 | 2, len(message))) + message
    return message


def words_of(doc: Doc) -> list[str]:
    """The text of each token; by its number among spaCy's strings, which costs a tenth of asking every token."""
    strings = doc.vocab.strings
    numbers = doc.to_array("ORTH").tolist()
    known = {number: strings[number] for number in set(numbers)}
    return [known[number] for number in numbers]


def block_starts(doc: Doc, words: Sequence[int]) -> list[int]:
    """Where the blocks of the report begin, counted in `words`."""
    if doc._.frame is None or not words:
        return []
    begins = [block.start for block in doc._.frame.blocks]
    places = np.searchsorted(doc.to_array("IDX")[list(words)], begins)
    return sorted({int(place) for place in places if place < len(words)})


def sentence_starts(doc: Doc, words: Sequence[int]) -> list[int]:
    """Where sentences begin, counted in `words` (the numbers of those words that the encoder sees)."""
    if doc.has_annotation("SENT_START"):
        begins = np.flatnonzero(doc.to_array("SENT_START") == 1)
        return sorted({int(i) for i in np.searchsorted(words, begins)})
    starts, lengths = (doc.to_array(name).astype(np.int64)[list(words)] for name in ("IDX", "LENGTH"))
    return guess_starts(doc.text, list(zip(starts.tolist(), (starts + lengths).tolist(), strict=True)))
