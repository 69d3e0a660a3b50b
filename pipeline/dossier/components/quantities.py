"""QUANTITY mentions with their value; a bare number takes the unit of the quantity before it in its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.dates import block_at
from dossier.components.view import View, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

READ, UNREAD = 0.9, 0.55  # estimates


@Language.factory("dossier_quantities", assigns=["doc._.found"], default_config={})
def make_quantities(nlp: Language, name: str) -> Quantities:
    return Quantities(name)


class Quantities:
    """Proposes counts, estimates and sums, where no date stands."""

    def __init__(self, name: str = "quantities") -> None:
        register()
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        from dossier.normalize.quantities import find_quantities

        view, proposed = view_of(doc), doc._.found
        last_unit: tuple[int, str | None] = (-1, None)
        for span in find_quantities(view.text):
            if block_at(view.frame.blocks, span.start, span.end) is None:
                continue
            sentence = _sentence(view, span.start)
            found = self._read(view.text, span.start, span.end, last_unit[1] if last_unit[0] == sentence else None)
            last_unit = (sentence, found.norm.get("unit") if found.norm else None)
            proposed.append(found)
        return doc

    def _read(self, text: str, start: int, end: int, antecedent: str | None) -> Found:
        from dossier.errors import QuantityError
        from dossier.normalize.quantities import parse_quantity

        try:
            norm = parse_quantity(text[start:end], antecedent=antecedent).as_norm()
        except QuantityError:
            return Found(start, end, "QUANTITY", UNREAD, self.name)
        return Found(start, end, "QUANTITY", READ, self.name, norm)


def _sentence(view: View, start: int) -> int:
    first, _ = view.between(start, start + 1)
    return view.sentence(first)[0] if first < len(view) else -1
