"""Under what conditions a song is played: what the session, the way of practising and the answers
of the patient make of it. A play is prepared with them (:class:`game.play.setup.PlayOptions`).
"""

from dataclasses import dataclass
from math import isfinite

from game.therapy.totals import Flag


@dataclass(frozen=True)
class Conditions:
    """How a song is to be played.

    ``flags`` keep the difficulty from rising; ``rate_share`` is what the patient's own rate is
    multiplied with (an easy song .70, a sore hand .80, a tired one .50; at most 1); where it does
    not ``adapt`` the song keeps one rate and leaves the difficulty exactly as it was. Raises
    ValueError for a share that is not above 0 and at most 1.
    """

    flags: frozenset[Flag] = frozenset()
    rate_share: float = 1.0
    adapts: bool = True

    def __post_init__(self) -> None:
        if not (isfinite(self.rate_share) and 0 < self.rate_share <= 1):
            raise ValueError(f"the share of the rate lies above 0 and up to 1: {self.rate_share}")


#: A song like any other.
USUAL = Conditions()
