"""Every text once through the frozen encoder; what it says of each word is kept for all that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dossier.components.tagging import Floats
from dossier.gold import GoldRecord

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


class States(NamedTuple):
    """`rows[i]` is the state of the word `doc[words[i]]`; `starts` are the rows where sentences begin."""

    rows: Floats
    words: Sequence[int]
    starts: Sequence[int]


class Encoder(Protocol):
    """What turns a `Doc` into states. Words that it does not see, such as white space, have no row."""

    def encode(self, doc: Doc) -> States: ...


class ModelEncoder:
    """The encoder of a model's folder, as it runs in the pipeline."""

    def __init__(self, folder: Path) -> None:
        from dossier.components.encoder import Encoder as Component

        self._component = Component(folder=folder)

    def encode(self, doc: Doc) -> States:
        from dossier.components.encoder import sentence_starts

        cut = self._component.pieces.cut([token.text for token in doc])
        starts = sentence_starts(doc, cut.words)
        return States(self._component.states(cut, starts), cut.words, starts)


@dataclass(frozen=True, slots=True)
class Text:
    """A marked text with its states. `labels`: those that were looked for; `offsets`: of the words that have a row."""

    record: GoldRecord
    labels: frozenset[str]
    states: Floats
    offsets: list[tuple[int, int]]
    starts: list[int]


@cache
def blank() -> Language:
    """spaCy's English with the project's tokenizer, and nothing else."""
    import spacy

    from dossier.components import tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = tokenizer.build(nlp)
    nlp.max_length = 10**7
    return nlp


def encode_all(
    records: Sequence[tuple[GoldRecord, frozenset[str]]],
    encoder: Encoder,
    done: Callable[[str], None] = lambda name: None,
) -> Iterator[Text]:
    """Encode every record, in order. `done` is told the id of each."""
    for record, labels in records:
        doc = blank().make_doc(record.text)
        found = encoder.encode(doc)
        offsets = [(doc[i].idx, doc[i].idx + len(doc[i])) for i in found.words]
        yield Text(record, labels, found.rows, offsets, sorted({0, *found.starts} if offsets else ()))
        done(record.id)
