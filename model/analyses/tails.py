"""The bad tail of outcomes with probabilities: what it costs on average, and what each outcome counts in that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def tail_mean(costs: Sequence[float], probabilities: Sequence[float], tail: float) -> float:
    """Mean cost of the worst `tail` of outcomes (conditional value at risk).

    >>> tail_mean([10.0, 20.0, 30.0, 40.0], [0.25] * 4, 0.4)
    36.25
    """
    return float(np.dot(tail_weights(costs, probabilities, tail), costs))


def tail_weights(costs: Sequence[float], probabilities: Sequence[float], tail: float) -> list[float]:
    """Return what each outcome counts in the mean of the worst share of outcomes.

    >>> tail_weights([10.0, 20.0, 30.0, 40.0], [0.25] * 4, 0.5)
    [0.0, 0.0, 0.5, 0.5]
    """
    left, weights = tail, [0.0] * len(costs)
    for n in sorted(range(len(costs)), key=lambda n: (costs[n], probabilities[n]), reverse=True):
        weights[n] = min(left, probabilities[n])
        left -= weights[n]
    return [weight / (tail - left) for weight in weights]
