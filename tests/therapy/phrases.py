"""Short ways to say what happened in a phrase, for the tests of this folder."""

from collections.abc import Sequence
from typing import Any

from game.core.grips import GRIPS
from game.therapy.difficulty import PhraseTotals


def spread(total: int) -> tuple[int, ...]:
    """``total`` shared out over the five grips as evenly as it goes."""
    return tuple((total + len(GRIPS) - 1 - g) // len(GRIPS) for g in GRIPS)


def phrase(asked: int, hits: int, x: float = 0.0, **changes: Any) -> PhraseTotals:
    """A phrase like any other: one press per hit, the right tier, all of it played."""
    shared = spread(hits)
    values: dict[str, Any] = {
        "asked": spread(asked),
        "hits": shared,
        "presses": shared,
        "fist_hits": (0,) * len(GRIPS),
        "trailing_hits": (0,) * len(GRIPS) if hits < asked else shared,
        "tier_rate": 2.0**x,
        "x_at_commit": x,
    }
    return PhraseTotals(**(values | changes))


def of_grip(grip: int, outcomes: Sequence[bool], x: float = 0.0, **changes: Any) -> PhraseTotals:
    """A phrase that asked for one grip only, with its outcomes in order."""
    trailing = 0
    for hit in outcomes:
        trailing = trailing + 1 if hit else 0

    def only(count: int) -> tuple[int, ...]:
        return tuple(count if g == grip else 0 for g in GRIPS)

    hits = only(sum(outcomes))
    values: dict[str, Any] = {"presses": hits, "fist_hits": only(0)} | changes
    return PhraseTotals(
        asked=only(len(outcomes)),
        hits=hits,
        trailing_hits=only(trailing),
        tier_rate=2.0**x,
        x_at_commit=x,
        **values,
    )
