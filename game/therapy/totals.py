"""What the difficulty is told of a phrase: totals per grip, and what was out of the ordinary."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from game.core.grips import GRIPS

#: The difficulty is updated at a phrase's end once this many targets or seconds have gathered.
DUE_TARGETS, DUE_SECONDS = 12, 30.0


class Flag(StrEnum):
    """Circumstances under which the difficulty may fall but never rises."""

    PAIN = "pain"  # 4 or more, or 2 more than at the start
    FATIGUE = "fatigue"  # 7 or more
    FAULT = "fault"  # the glove failed during the phrase
    ASSISTED = "assisted"  # the other hand or another person helped, or moved the hand
    COOL_DOWN = "cool_down"
    SORE = "sore"  # for more than a day after the last session


@dataclass(frozen=True)
class PhraseTotals:
    """The totals of one whole phrase, or of what was played of it.

    ``asked``, ``hits``, ``presses`` (every press, hit or not), ``fist_hits`` (hits made with three
    or more contacts closed) and ``trailing_hits`` (hits in a row at the end, grip by grip) are
    five counts each, in code order; any sequence or array is taken. Targets that fell into a
    glove fault are left out of them, and so are targets that ease-off took away.

    ``tier_rate`` is the rate of the tier that was in play, targets per second *over the whole
    song at the played tempo*; ``x_at_commit`` the state's x when the phrase was committed;
    ``played_share`` how much of the phrase was played, 0 to 1.

    A press is counted in the phrase it fell into, a hit in that of its target, so a phrase may
    have more hits than presses. Raises ValueError for counts that cannot be.
    """

    asked: tuple[int, ...]
    hits: tuple[int, ...]
    presses: tuple[int, ...]
    fist_hits: tuple[int, ...]
    trailing_hits: tuple[int, ...]
    tier_rate: float
    x_at_commit: float
    played_share: float = 1.0
    flags: frozenset[Flag] = frozenset()

    def __post_init__(self) -> None:
        for name in ("asked", "hits", "presses", "fist_hits", "trailing_hits"):
            counts = tuple(int(count) for count in getattr(self, name))
            if len(counts) != len(GRIPS) or min(counts) < 0:
                raise ValueError(f"{name} must be {len(GRIPS)} counts, not {counts}")
            object.__setattr__(self, name, counts)
        for name, bound in (("hits", "asked"), ("fist_hits", "hits"), ("trailing_hits", "hits")):
            if any(a > b for a, b in zip(getattr(self, name), getattr(self, bound), strict=True)):
                raise ValueError(f"a phrase cannot have more {name} than {bound}")
        if not (isfinite(self.tier_rate) and self.tier_rate >= 0 and isfinite(self.x_at_commit)):
            raise ValueError("the tier's rate and the level at commit must be finite numbers")
        if not 0 <= self.played_share <= 1:
            raise ValueError(f"the played share lies between 0 and 1, not at {self.played_share}")


def is_due(phrases: Sequence[PhraseTotals], seconds: float) -> bool:
    """Whether the phrases gathered since the last update, ``seconds`` long, ask for the next one.

    At the song's end what has gathered is used anyway.
    """
    return sum(sum(phrase.asked) for phrase in phrases) >= DUE_TARGETS or seconds >= DUE_SECONDS
