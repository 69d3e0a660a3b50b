"""How sure a joined mention is: by who proposed it, and by how well rules and encoder agree in the text.

Where they agree on most mentions the text is of the kind that the rules were written for, and what only the rules see is right
far more often than where they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, log

from dossier.records import Found

COUNTED = ("ORG", "PERSON", "PLACE", "DATE")  # the labels that agreement is taken over, and that were fitted
USUAL, PRIOR = 0.6, 10  # the share of mentions that both propose, before any is seen, and how many it counts for
# Log-odds of being right, fitted on 11,600 joined mentions of five public sets, each weighing the same; the encoder was
# trained without them. Constant, times the log-odds of the encoder's confidence, times those of the agreement.
BOTH, MODEL, RULES = (0.38, 0.77, 0.68), (-0.45, 0.83, 0.0), (-0.93, 0.0, 1.04)
UNHEARD = 0.8  # of a rule's own confidence, for labels that the encoder is not heard on

Key = tuple[int, int, str]


def calibrated(found: Sequence[Found], rules: Iterable[Found], model: Iterable[Found]) -> list[Found]:
    """Give joined mentions their confidence. rules, model: what each proposed."""
    ruled, heard = {_key(one) for one in rules}, {_key(one): one.confidence for one in model}
    counted = [_key(one) for one in found if one.label in COUNTED]
    both = sum(key in ruled and key in heard for key in counted)
    agreement = _log_odds((both + USUAL * PRIOR) / (len(counted) + PRIOR))

    def sure(one: Found) -> float:
        key = _key(one)
        if key not in heard and one.label not in COUNTED:
            return one.confidence * UNHEARD
        constant, of_model, of_agreement = RULES if key not in heard else BOTH if key in ruled else MODEL
        said = _log_odds(heard.get(key, 0.5))
        return 1 / (1 + exp(-constant - of_model * said - of_agreement * agreement))

    return [replace(one, confidence=round(sure(one), 3)) for one in found]


def _key(one: Found) -> Key:
    return one.start, one.end, one.label


def _log_odds(probability: float) -> float:
    p = min(max(probability, 0.001), 0.999)
    return log(p / (1 - p))
