"""A chart: the targets of one song for one hand, in nested tiers."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Chart:
    """The targets of a song as they are asked for at one tempo. Arrays are read-only.

    ``targets`` (:data:`~game.core.TARGET`) are those of all tiers, sorted by time. ``rates[k-1]``
    is the cue rate of tier k: its targets divided by the seconds from the start of the song to
    the end of its last bar, as played. ``phrases`` (int64, n × 2) are start and end of
    each phrase; they follow each other without gaps from 0 to ``length_us``. ``beats_us`` and
    ``bars_us`` are the beats and bar starts, both with the end of the song last. ``problems``
    says where the song could not give what was asked.
    """

    targets: np.ndarray
    rates: tuple[float, ...]
    phrases: np.ndarray
    tempo: float
    length_us: int
    beats_us: np.ndarray
    bars_us: np.ndarray
    problems: tuple[str, ...] = ()

    def tier(self, number: int) -> np.ndarray:
        """The targets of tier ``number`` (1 is the sparsest), which hold all lower tiers'.

        Raises ValueError for a tier that the chart does not have.
        """
        if not 1 <= number <= len(self.rates):
            raise ValueError(f"this chart has tiers 1 to {len(self.rates)}, not {number}")
        return self.targets[self.targets["tier"] <= number]
