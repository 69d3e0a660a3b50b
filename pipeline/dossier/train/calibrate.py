"""Make confidences mean what they say: a slope and a shift on the log odds, fitted on the dev part (Platt)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dossier.components.encoder import Head
from dossier.train.measure import Predicted, expected_calibration_error

PRIOR = 10.0  # mentions that slope 1 and shift 0 count for, so that a small dev part does not overfit
STEPS = 50


def calibrate(head: Head, found: Sequence[Predicted]) -> Head:
    """The head with slope and shift fitted to what it found on the dev part. With nothing found, as it is."""
    if not found:
        return head
    p = np.clip([each.probability for each in found], 1e-4, 1 - 1e-4)
    odds, right = np.log(p / (1 - p)), np.asarray([each.right for each in found], dtype=np.float64)
    inputs = np.stack([odds, np.ones_like(odds)], axis=1)
    prior = np.asarray([1.0, 0.0])
    weights = prior.copy()
    for _ in range(STEPS):  # Newton
        guess = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (guess - right) + PRIOR * (weights - prior)
        curve = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + PRIOR * np.eye(2)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return replace(head, slope=round(float(max(weights[0], 0.01)), 4), shift=round(float(weights[1]), 4))


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
