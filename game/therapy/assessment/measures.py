"""The measures of a play or of many, each with its interval (``docs/therapy.md``, "Measures")."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.core.data import EXTRA, MISS_EARLY, MISS_LATE, MISS_OMISSION, MISS_WRONG_GRIP, Judgements
from game.core.grips import GRIPS
from game.core.statistics import nearest_press_us, neighbour_share, own_share, totals
from game.therapy.assessment.figures import (
    NOTHING,
    Figure,
    deviation,
    median,
    robust_deviation,
    share,
)

#: A contact held longer than this is a stuck grip (``docs/therapy.md``).
STUCK_US = 1_000_000


@dataclass(frozen=True)
class Measures:
    """The measures of what was played. Times in ms, shares 0 to 1.

    ``own`` and ``neighbour`` have one figure per grip in code order; ``nearest_spread_ms`` is the
    spread of the nearest press of each target, hit or not, which the window does not cut off.
    ``late_release`` counts contacts held on past the next target of another grip, ``stuck`` those
    not released within a second.
    """

    success: Figure
    success_of_grip: tuple[Figure, ...]
    omission: Figure
    early: Figure
    late: Figure
    wrong_grip: Figure
    extra: int
    bias_ms: Figure
    spread_ms: Figure
    robust_spread_ms: Figure
    within_50_ms: Figure
    within_100_ms: Figure
    nearest_spread_ms: Figure
    own: tuple[Figure, ...]
    neighbour: tuple[Figure, ...]
    dwell_ms: Figure
    dwell_iqr_ms: float | None
    late_release: Figure
    stuck: Figure

    def document(self) -> dict[str, Any]:
        """Plain numbers, fit for JSON."""
        found: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Figure):
                found[name] = value.document()
            elif isinstance(value, tuple):
                found[name] = [one.document() for one in value]
            else:
                found[name] = value
        return found


def measures_of(targets: np.ndarray, judgements: Judgements, edges: np.ndarray) -> Measures:
    """The measures of ``targets`` (TARGET), as judged from ``edges`` (EDGE, song time)."""
    figures = totals(targets, judgements, edges)
    judged = judgements.targets
    hit = judged["hit"]
    off_ms = judged["asynchrony_us"][hit] / 1000
    nearest = nearest_press_us(targets, edges)
    held = judged["dwell_us"][hit]
    released_ms = held[held >= 0] / 1000
    n = len(targets)
    late_release, held_contacts = late_releases(targets, edges)
    return Measures(
        success=share(int(hit.sum()), n),
        success_of_grip=tuple(share(int(figures.hits[g]), int(figures.asked[g])) for g in GRIPS),
        omission=share(int((judged["miss"] == MISS_OMISSION).sum()), n),
        early=share(int((judged["miss"] == MISS_EARLY).sum()), n),
        late=share(int((judged["miss"] == MISS_LATE).sum()), n),
        wrong_grip=share(int((judged["miss"] == MISS_WRONG_GRIP).sum()), n),
        extra=int((judgements.presses["outcome"] == EXTRA).sum()),
        bias_ms=median(off_ms),
        spread_ms=deviation(off_ms),
        robust_spread_ms=robust_deviation(off_ms),
        within_50_ms=share(int((np.abs(off_ms) <= 50).sum()), len(off_ms)),
        within_100_ms=share(int((np.abs(off_ms) <= 100).sum()), len(off_ms)),
        nearest_spread_ms=deviation(nearest[~np.isnan(nearest)] / 1000),
        own=_shares(own_share(figures.selectivity), figures.selectivity),
        neighbour=_shares(neighbour_share(figures.selectivity), figures.selectivity),
        dwell_ms=median(released_ms),
        dwell_iqr_ms=(
            float(np.subtract(*np.quantile(released_ms, [0.75, 0.25])))
            if len(released_ms)
            else None
        ),
        late_release=share(late_release, held_contacts),
        stuck=share(_stuck(edges), int(np.count_nonzero(edges["down"]))),
    )


def _between_quartiles(values: NDArray[np.float64]) -> float | None:
    return float(np.subtract(*np.quantile(values, [0.75, 0.25]))) if len(values) else None


def _shares(shares: NDArray[np.float64], selectivity: NDArray[np.int64]) -> tuple[Figure, ...]:
    presses = selectivity.sum(axis=1)
    return tuple(
        NOTHING
        if not presses[g]
        else share(round(float(shares[g]) * int(presses[g])), int(presses[g]))
        for g in GRIPS
    )


def late_releases(targets: np.ndarray, edges: np.ndarray) -> tuple[int, int]:
    """How many contacts were held on past the next target of another grip, and of how many.

    "Next" is the first target of another grip after the press; only contacts that were released,
    and after which such a target came, are counted.
    """
    late = counted = 0
    for grip, press_us, release_us in contacts_held(edges):
        if release_us is None:
            continue
        others = targets["time_us"][(targets["grip"] != grip) & (targets["time_us"] > press_us)]
        if len(others):
            counted += 1
            late += release_us > int(others[0])
    return late, counted


def contacts_held(edges: np.ndarray) -> list[tuple[int, int, int | None]]:
    """Every contact as (grip, press, release) in song time; release None: never released."""
    found: list[tuple[int, int, int | None]] = []
    for grip in GRIPS:
        own = edges[edges["grip"] == grip]
        own = own[np.argsort(own["time_us"], kind="stable")]
        down: int | None = None
        for edge in own:
            if edge["down"]:
                down = int(edge["time_us"])
            elif down is not None:
                found.append((int(grip), down, int(edge["time_us"])))
                down = None
        if down is not None:
            found.append((int(grip), down, None))
    return found


def _stuck(edges: np.ndarray) -> int:
    return sum(
        release is None or release - press > STUCK_US for _, press, release in contacts_held(edges)
    )
