"""What the therapist allows: the rates, the success aimed for, the grips and their weights."""

from dataclasses import dataclass
from math import isfinite, log2

from game.core.grips import GRIPS, Grip

#: No hand is asked for less or for more than this, targets per second, whatever is prescribed.
SLOWEST_RATE, FASTEST_RATE = 0.05, 5.0

#: The success one may aim for (``docs/therapy.md``: .65 to .90; .80 is the default).
LOWEST_TARGET, HIGHEST_TARGET = 0.65, 0.90


@dataclass(frozen=True)
class Limits:
    """The therapist's bounds for the difficulty of one hand.

    ``rate_min`` and ``rate_max`` bound the cue rate, targets per second; ``success_target`` is
    the share of targets that should be hit; ``grips`` are the prescribed ones and ``weights``
    how much of each is wanted, one number per grip in code order (those of grips that are not
    prescribed are ignored); ``locked`` keeps the difficulty from rising.

    Raises ValueError with one sentence if they contradict each other.
    """

    rate_min: float = 0.1
    rate_max: float = 3.0
    success_target: float = 0.80
    grips: tuple[Grip, ...] = GRIPS
    weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    locked: bool = False

    def __post_init__(self) -> None:
        if not SLOWEST_RATE <= self.rate_min <= self.rate_max <= FASTEST_RATE:
            raise ValueError(
                f"the rates must be {SLOWEST_RATE} ≤ lowest ≤ highest ≤ {FASTEST_RATE} targets/s, "
                f"not {self.rate_min} and {self.rate_max}"
            )
        if not LOWEST_TARGET <= self.success_target <= HIGHEST_TARGET:
            raise ValueError(
                f"the success to aim for must lie between {LOWEST_TARGET} and {HIGHEST_TARGET}, "
                f"not {self.success_target}"
            )
        if not self.grips or len(set(self.grips)) != len(self.grips):
            raise ValueError("at least one grip must be prescribed, and none of them twice")
        if len(self.weights) != len(GRIPS):
            raise ValueError(f"there must be {len(GRIPS)} weights, one per grip")
        for grip in self.grips:
            weight = self.weights[grip]
            if not (isfinite(weight) and weight > 0):
                raise ValueError(
                    f"the weight of the grip “{Grip(grip).label}” must be above 0, not {weight}"
                )

    @property
    def x_min(self) -> float:
        """The lowest state x, log2 of the lowest rate."""
        return log2(self.rate_min)

    @property
    def x_max(self) -> float:
        """The highest state x, log2 of the highest rate."""
        return log2(self.rate_max)

    def clip(self, x: float) -> float:
        """The state ``x`` brought between the lowest and the highest rate."""
        return min(max(x, self.x_min), self.x_max)

    def rate_within(self, rate: float) -> float:
        """``rate`` (targets per second) brought between the lowest and the highest."""
        return min(max(rate, self.rate_min), self.rate_max)
