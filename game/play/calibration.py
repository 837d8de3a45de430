"""Finding the delays of the devices from taps along a beat. Pure: times in, a figure out.

Somebody taps along with clicks they hear, or with a bead they see go round. How far the taps lie
behind the beats as the program counts them is the delay of the device, and of the keyboard, and
the person's own habit: people tap 20 to 80 ms *early* to a slow metronome (Repp 2005, "Sensorimotor
synchronization: a review of the tapping literature"). Three things keep the habit small:

- each beat is divided into four: with something between the beats the tendency to tap early shrinks
  (Repp 2005);
- for the glove's delay the same person taps the same clicks on a key and with pinches, and only the
  difference counts, in which the habit cancels;
- whoever taps has steady hands: the helper, or the better hand. With the treated hand its lag would
  be measured as the device's and taken off, and the game would hide what the therapy is to change.
  So the patient's own lag is never calibrated away (:attr:`game.play.clock.Delays.motor`).

A beat lasts a second, so that a tap belongs to one beat for any delay up to half a second. Taps are
summed up by their median, and spread is told by the median deviation: a forgotten or doubled tap
moves neither. Means and least squares were not taken because one lapse of attention shifts them.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np

from game.core.say import mark

#: From beat to beat, and the parts that one is divided into.
BEAT_US: Final = 1_000_000
PARTS: Final = 4

#: The longest delay that can be found, and that ``settings.toml`` takes.
LONGEST_US: Final = 500_000

#: A tap belongs to the beat from this long before it to a beat later: early by habit at most this.
_EARLIEST_US: Final = -300_000

#: From the median absolute deviation to the standard deviation of a normal distribution.
_DEVIATION: Final = 1.4826
#: The standard error of a median is 1.2533 σ / √n; 1.96 of them on each side hold 95 %.
_SURE: Final = 1.96 * 1.2533

#: Taps further from the median than this many deviations are set aside, but none within 30 ms.
_CUT: Final = 3.0
_CUT_AT_LEAST_US: Final = 30_000

#: More of the taps set aside than this share, and it was not one beat that was tapped.
_MOST_ASIDE: Final = 1 / 3

_APART = mark("The taps lie too far apart. Please try once more, one tap for every beat.")
_OFF_BEAT = mark("The taps do not lie on the beat. Please try once more, with the loud one.")
_FEW = mark("Those were too few taps. Please try once more.")


@dataclass(frozen=True)
class Rules:
    """How much tapping it takes, and how steady it has to be.

    The first ``leading`` taps find the beat and do not count. From ``fewest`` on it is enough as
    soon as the median is sure to ``sure_us`` (95 %, to each side); after ``most`` it ends anyway
    and holds if it is sure to ``accepted_us`` and the taps spread (one standard deviation) by no
    more than ``spread_us``. Worked example: with a spread of 25 ms, common for people who make no
    music, 17 taps are sure to 15 ms.
    """

    leading: int = 4
    fewest: int = 12
    most: int = 32
    sure_us: int = 15_000
    accepted_us: int = 20_000
    spread_us: int = 45_000


#: Taps to what is seen spread more than taps to what is heard (Repp 2005).
BY_EAR: Final = Rules()
BY_EYE: Final = Rules(accepted_us=25_000, spread_us=60_000)


@dataclass(frozen=True)
class Measured:
    """What taps came to, µs.

    ``offset_us`` is how far the taps lie behind the beats, all together, and negative if they lie
    before them. ``sure_us`` is half the width of its 95 % interval. ``used`` taps were taken and
    ``aside`` set aside. ``trouble`` is a sentence if it does not hold; then no figure is to be
    believed.
    """

    offset_us: int = 0
    sure_us: int = 0
    spread_us: int = 0
    used: int = 0
    aside: int = 0
    trouble: str = ""

    def delay_us(self, known_us: int = 0) -> int:
        """The device's delay, less ``known_us`` that other devices are known to add; 0 … longest.

        Taps that lie before the beat even so are the habit of tapping early: there is no delay
        worth taking off.
        """
        return min(LONGEST_US, max(0, self.offset_us - known_us))


@dataclass
class Taps:
    """The taps of one measurement as they come, in µs of a time in which beat k is at k seconds."""

    rules: Rules = BY_EAR
    _times_us: list[int] = field(default_factory=list)

    def tap(self, time_us: int) -> None:
        """One came."""
        self._times_us.append(time_us)

    @property
    def counted(self) -> int:
        """How many count so far: not those that found the beat."""
        return max(0, len(self._times_us) - self.rules.leading)

    @property
    def enough(self) -> bool:
        """Whether more would not make it surer, or too many have come."""
        if self.counted >= self.rules.most:
            return True
        if self.counted < self.rules.fewest:
            return False
        so_far = self.measured()
        return not so_far.trouble and so_far.sure_us <= self.rules.sure_us

    def measured(self) -> Measured:
        """What the taps come to so far."""
        return measure(np.array(self._times_us[self.rules.leading :], np.int64), self.rules)


def measure(taps_us: np.ndarray, rules: Rules) -> Measured:
    """What ``taps_us`` (int64, µs) along beats at whole seconds come to."""
    if len(taps_us) < rules.fewest:
        return Measured(used=len(taps_us), trouble=_FEW)
    offsets = (taps_us - _EARLIEST_US) % BEAT_US + _EARLIEST_US
    median = float(np.median(offsets))
    deviation = _DEVIATION * float(np.median(np.abs(offsets - median)))
    near = np.abs(offsets - median) <= max(_CUT * deviation, _CUT_AT_LEAST_US)
    kept = offsets[near]
    median = float(np.median(kept))
    # Of all taps: what was set aside shall not make the others look steadier than they are.
    spread_us = round(deviation)
    sure_us = round(_SURE * deviation / len(kept) ** 0.5)
    trouble = ""
    if len(taps_us) - len(kept) > _MOST_ASIDE * len(taps_us) or spread_us > rules.spread_us:
        trouble = _APART
    elif not _EARLIEST_US // 2 <= median <= LONGEST_US:
        trouble = _OFF_BEAT
    elif sure_us > rules.accepted_us:
        trouble = _APART
    return Measured(
        offset_us=round(median),
        sure_us=sure_us,
        spread_us=spread_us,
        used=len(kept),
        aside=len(taps_us) - len(kept),
        trouble=trouble,
    )


def link_delay(pinched: Measured, tapped: Measured, known_us: int = 0) -> Measured:
    """The glove's delay from pinches and key taps of one person along the same clicks.

    The sound's delay and the person's habit are in both and cancel; ``known_us`` is what the
    keyboard is known to add, which the glove does not have. A difference that is smaller than it is
    sure is as good as none: its offset is 0. Trouble of either is trouble of both.
    """
    trouble = pinched.trouble or tapped.trouble
    if trouble:
        return Measured(trouble=trouble)
    sure_us = round((pinched.sure_us**2 + tapped.sure_us**2) ** 0.5)
    offset_us = pinched.offset_us - tapped.offset_us + known_us
    return Measured(
        offset_us=offset_us if abs(offset_us) > sure_us else 0,
        sure_us=sure_us,
        spread_us=max(pinched.spread_us, tapped.spread_us),
        used=pinched.used + tapped.used,
        aside=pinched.aside + tapped.aside,
    )


class Source(Enum):
    """How a delay was found: what is kept beside the figure, in plain English."""

    EAR = "by ear"
    EYE = "by eye"
    PINCHES = "by pinches and keys"
    LOOPBACK = "by microphone, its own delay included"

    def about(self, measured: Measured, day: str) -> str:
        """A line for ``settings.toml`` and the records; ``day`` is the ISO date."""
        what = "clicks" if self is Source.LOOPBACK else "taps"
        sure_ms = max(1, round(measured.sure_us / 1000))
        return f"{self.value}, {measured.used} {what}, sure to {sure_ms} ms, {day}"
