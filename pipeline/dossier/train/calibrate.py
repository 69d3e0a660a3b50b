"""Make confidences mean what they say: a slope and a shift on the log odds, fitted on the dev part (Platt)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from dossier.components.encoder import Head
from dossier.train.measure import Predicted, expected_calibration_error

Doubles = npt.NDArray[np.float64]

PRIOR = 10.0  # how hard slope and shift are held at 1 and 0: a handful of mentions moves them little
STEPS = 50


def calibrate(head: Head, found: Sequence[Predicted]) -> Head:
    """The head with slope and shift fitted to what it found on the dev part. With nothing found, as it is."""
    if not found:
        return head
    p = np.clip([each.probability for each in found], 1e-4, 1 - 1e-4)
    odds, right = np.log(p / (1 - p)), np.asarray([each.right for each in found], dtype=np.float64)
    weights = _fit(np.stack([odds, np.ones_like(odds)], axis=1), right)
    return replace(head, slope=round(float(max(weights[0], 0.01)), 4), shift=round(float(weights[1]), 4))


def _fit(inputs: Doubles, right: Doubles) -> Doubles:
    """Logistic regression towards slope 1 and shift 0, by Newton steps that are halved until they help."""
    prior = np.asarray([1.0, 0.0])
    weights = prior.copy()
    for _ in range(STEPS):
        guess = _sigmoid(inputs @ weights)
        slope = inputs.T @ (guess - right) + PRIOR * (weights - prior)
        curve = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + PRIOR * np.eye(2)
        step = np.linalg.solve(curve, slope)
        now = _loss(inputs, right, weights, prior)
        while np.abs(step).max() > 1e-9 and _loss(inputs, right, weights - step, prior) > now:
            step = step / 2
        if np.abs(step).max() < 1e-9:
            break
        weights = weights - step
    return weights


def _sigmoid(odds: Doubles) -> Doubles:
    value: Doubles = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return value


def _loss(inputs: Doubles, right: Doubles, weights: Doubles, prior: Doubles) -> float:
    odds = inputs @ weights
    return float(np.logaddexp(0, np.where(right > 0, -odds, odds)).sum() + PRIOR / 2 * ((weights - prior) ** 2).sum())


def calibration_row(head: Head, found: Sequence[Predicted]) -> dict[str, float]:
    """What the card says of it: the error on mentions that the fit did not see, before and after."""
    right = [each.right for each in found]
    return {
        "ece": expected_calibration_error([head.confidence(each.probability) for each in found], right),
        "ece_before": expected_calibration_error([each.probability for each in found], right),
        "mentions": len(found),
        "slope": head.slope,
        "shift": head.shift,
    }
