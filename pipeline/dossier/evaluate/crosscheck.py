"""The same score by other hands: spaCy's Scorer, and nervaluate's strict reading."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dossier.evaluate.scoring import Judged
from dossier.gold import GoldSpan
from dossier.records import Found


def check(texts: Sequence[Judged], labels: Sequence[str]) -> dict[str, float]:
    """Strict micro F1 by library; both agree with ours where the proposals of a text do not overlap."""
    return {"spacy": spacy_f(texts), "nervaluate": nervaluate_f(texts, labels)}


def spacy_f(texts: Sequence[Judged]) -> float:
    """`ents_f` of spaCy's Scorer, over tokens cut at every border, so that no span falls between them."""
    from spacy.scorer import Scorer
    from spacy.tokens import Doc, Span
    from spacy.training import Example
    from spacy.vocab import Vocab

    vocab = Vocab()
    examples = []
    for judged in texts:
        spans: list[GoldSpan | Found] = [*judged.wanted, *judged.got]
        cuts = sorted({0, len(judged.record.text), *(at for s in spans for at in (s.start, s.end))})
        words = [judged.record.text[start:end] for start, end in pairwise(cuts)]
        token = {at: i for i, at in enumerate(cuts)}
        docs = []
        both: tuple[Sequence[GoldSpan | Found], ...] = (judged.got, judged.wanted)
        for marks in both:
            doc = Doc(vocab, words, spaces=[False] * len(words))
            doc.spans["ents"] = [Span(doc, token[s.start], token[s.end], s.label) for s in marks]
            docs.append(doc)
        examples.append(Example(*docs))
    found = Scorer.score_spans(examples, "ents", getter=lambda doc, key: doc.spans[key], allow_overlap=True)
    return float(found["ents_f"] or 0.0)


def nervaluate_f(texts: Sequence[Judged], labels: Sequence[str]) -> float:
    """The strict F1 of SemEval 2013, task 9.1; its spans end with their last character."""
    from nervaluate import Evaluator

    wanted = [[_entity(span) for span in judged.wanted] for judged in texts]
    got = [[_entity(one) for one in judged.got] for judged in texts]
    evaluator = Evaluator(wanted, got, tags=list(labels), loader="dict")
    evaluator.strategies = {"strict": evaluator.strategies["strict"]}  # the other three take most of its time
    found = evaluator.evaluate()
    return float(found["overall"]["strict"].f1)


def _entity(span: GoldSpan | Found) -> dict[str, str | int]:
    return {"label": span.label, "start": span.start, "end": span.end - 1}
