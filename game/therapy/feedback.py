"""What is said of a play: one good thing that is true, and one next step.

Pure rules over figures, for the result of a song and for whoever looks back over a week. They
answer with a code, a grip and figures; the words are the stage's.

Praise has to be earned to be worth anything, so nothing is said to have become better unless it was
asked at least as much, through the same window, and chance alone would seldom do it. A grip is
compared or singled out on 20 targets or more (docs/therapy.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt

import numpy as np

from game.core.grips import GRIPS, Grip
from game.core.statistics import wilson
from game.therapy.to_music import OfferReason

#: Grips are not compared on fewer targets.
ENOUGH_TARGETS = 20

#: So many plays at most are put together to reach them.
_PLAYS_TOGETHER = 3

#: What is praised as better would come about by chance once in twenty times: one-sided 95 % for
#: the timing, and 99 % for a grip, since any of five may be the one.
_Z, _Z_OF_FIVE = 1.645, 2.326

#: A grip became better if it met this much more of what was asked.
_BETTER = 0.10

#: What was asked may have been this much less and still be as much.
_AS_MUCH = 0.95

#: This many more pinches are worth a word: so many, and this share of those of the last time.
_MORE, _MORE_SHARE = 5, 0.05

#: So many hits in a row are a run, and so many targets of a grip all met are worth telling.
_RUN, _ALL_MET = 10, 5

#: In time: so many hits, and half of them within a tenth of a second.
_IN_TIME_HITS, _IN_TIME_SHARE = 10, 0.5

#: A grip is looked after when the play went neither badly (then an easier one comes) nor so well
#: that there is nothing to look after, and when it is not one that rests anyway.
_LOOK_AFTER = (0.60, 0.90)
_RESTS_BELOW = 0.30

#: The pace moved if it did by more than this, octaves: 3.5 %, and 15 % for much.
_A_LITTLE, _MUCH = 0.05, 0.20

#: So many plays are the usual pace.
_USUAL = 5


@dataclass(frozen=True)
class PlayFacts:
    """One play as these rules see it; ``asked`` and ``hits`` per grip in code order.

    Those that are compared are of one person, hand and kind of input. ``counted`` pinches,
    ``sd_ms`` the spread of the hits (None: too few, or the input is too coarse to tell), ``level``
    in octaves (None: not adapted), ``seconds`` played, ``window_us`` how early and how late a press
    could be.
    """

    song: str
    asked: tuple[int, ...]
    hits: tuple[int, ...]
    counted: int
    seconds: float
    sd_ms: float | None = None
    level: float | None = None
    whole: bool = True
    window_us: tuple[int, int] = (200_000, 200_000)

    @property
    def rate(self) -> float:
        """Targets asked per second played."""
        return sum(self.asked) / self.seconds if self.seconds > 0 else 0.0

    @property
    def success(self) -> float:
        """Hits / asked, 0 where nothing was asked."""
        return sum(self.hits) / max(1, sum(self.asked))


class Good(StrEnum):
    """A good thing, the strongest first."""

    GRIP_BETTER = "grip_better"
    STEADIER = "steadier"
    MORE_PINCHES = "more_pinches"
    ALL_MET = "all_met"
    IN_A_ROW = "in_a_row"
    IN_TIME = "in_time"
    WHOLE_SONG = "whole_song"
    MET = "met"
    AT_WORK = "at_work"
    THERE = "there"


@dataclass(frozen=True)
class GoodThing:
    """``kind`` with its grip and figures: ``now`` and ``before`` are what its kind counts.

    Hits of ``asked`` for GRIP_BETTER (``before`` of ``asked_before``) and ALL_MET, pinches for
    MORE_PINCHES, ms for STEADIER, hits for IN_A_ROW, IN_TIME and MET.
    """

    kind: Good
    grip: Grip | None = None
    now: int = 0
    before: int = 0
    asked: int = 0
    asked_before: int = 0


@dataclass(frozen=True)
class Details:
    """What only the play itself tells: the most hits in a row, those within a tenth of a second,
    and presses of any kind."""

    run: int = 0
    within_100_ms: int = 0
    presses: int = 0


def good_thing(now: PlayFacts, before: Sequence[PlayFacts], details: Details) -> GoodThing:
    """The strongest good thing that is true of ``now``. ``before`` are earlier plays, latest first.

    Of grips that became better the one that did most.
    """
    better = improvements(now, before)
    return better[0] if better else _all_met(now) or _of_this_play(now, details)


def improvements(now: PlayFacts, before: Sequence[PlayFacts]) -> list[GoodThing]:
    """Everything that became better with ``now`` for certain, the strongest first; often nothing.

    Grips, the one that did most first, then the timing, then more pinches of the same song.
    ``before`` are earlier plays of the same person, hand and kind of input, latest first.
    """
    comparable = [play for play in before if _no_easier(now, play)]
    rest = (_steadier(now, comparable), _more_pinches(now, before))
    return [*_grips_better(now, comparable), *(thing for thing in rest if thing is not None)]


def _no_easier(now: PlayFacts, then: PlayFacts) -> bool:
    """Whether ``now`` asked at least as much as ``then``, through the same window."""
    return now.window_us == then.window_us and now.rate >= _AS_MUCH * then.rate


def _grips_better(now: PlayFacts, before: Sequence[PlayFacts]) -> list[GoodThing]:
    found: list[tuple[float, GoodThing]] = []
    for grip in GRIPS:
        hits, asked = now.hits[grip], now.asked[grip]
        hits_then, asked_then = _together(before, grip)
        if asked < ENOUGH_TARGETS or asked_then < ENOUGH_TARGETS:
            continue
        rise = hits / asked - hits_then / asked_then
        pooled = (hits + hits_then) / (asked + asked_then)
        chance = sqrt(pooled * (1 - pooled) * (1 / asked + 1 / asked_then))
        if rise >= _BETTER and rise > _Z_OF_FIVE * chance:
            thing = GoodThing(Good.GRIP_BETTER, grip, hits, hits_then, asked, asked_then)
            found.append((rise, thing))
    found.sort(key=lambda pair: -pair[0])
    return [thing for _, thing in found]


def _together(plays: Sequence[PlayFacts], grip: Grip) -> tuple[int, int]:
    """Hits and targets of ``grip`` in the latest of ``plays``, and in as many more as it takes."""
    hits = asked = 0
    for play in plays[:_PLAYS_TOGETHER]:
        hits, asked = hits + play.hits[grip], asked + play.asked[grip]
        if asked >= ENOUGH_TARGETS:
            break
    return hits, asked


def _steadier(now: PlayFacts, before: Sequence[PlayFacts]) -> GoodThing | None:
    """The spread became smaller: the logarithm of an SD of n has about the variance 1/(2(n−1))."""
    then = next((play for play in before if play.sd_ms), None)
    if then is None or not now.sd_ms or not then.sd_ms:
        return None
    hits, hits_then = sum(now.hits), sum(then.hits)
    if min(hits, hits_then) < ENOUGH_TARGETS:
        return None
    chance = sqrt(1 / (2 * (hits - 1)) + 1 / (2 * (hits_then - 1)))
    if log(then.sd_ms / now.sd_ms) <= _Z * chance:
        return None
    return GoodThing(Good.STEADIER, None, round(now.sd_ms), round(then.sd_ms))


def _more_pinches(now: PlayFacts, before: Sequence[PlayFacts]) -> GoodThing | None:
    then = next((play for play in before if play.song == now.song and play.whole), None)
    if then is None or now.counted < then.counted + max(_MORE, _MORE_SHARE * then.counted):
        return None
    return GoodThing(Good.MORE_PINCHES, None, now.counted, then.counted)


def _all_met(now: PlayFacts) -> GoodThing | None:
    """Every target of a grip met; of several grips the one that was asked most."""
    met = [g for g in GRIPS if now.asked[g] >= _ALL_MET and now.hits[g] == now.asked[g]]
    if not met:
        return None
    grip = max(met, key=lambda g: now.asked[g])
    return GoodThing(Good.ALL_MET, grip, now.hits[grip], 0, now.asked[grip])


def _of_this_play(now: PlayFacts, details: Details) -> GoodThing:
    hits = sum(now.hits)
    if details.run >= _RUN:
        return GoodThing(Good.IN_A_ROW, None, details.run)
    if hits >= _IN_TIME_HITS and details.within_100_ms >= _IN_TIME_SHARE * hits:
        return GoodThing(Good.IN_TIME, None, details.within_100_ms)
    if now.whole and hits:
        return GoodThing(Good.WHOLE_SONG, None, hits)
    if hits:
        return GoodThing(Good.MET, None, hits)
    return GoodThing(Good.AT_WORK if details.presses else Good.THERE)


# ---------------------------------------------------------------- the next step


@dataclass(frozen=True)
class NextStep:
    """What the next song will be like (``offer``), or which grip to ``look_after``."""

    offer: OfferReason
    look_after: Grip | None = None


def next_step(offer: OfferReason, now: PlayFacts, before: Sequence[PlayFacts]) -> NextStep:
    """One thing to do next. ``before`` are all earlier plays, latest first.

    A grip is looked after if one is clearly behind the others; never the same grip after two plays
    running, so ``before`` has to go back to the first play. Otherwise it is what the next song
    asks.
    """
    return NextStep(offer, looked_after([*reversed(before), now]))


def looked_after(plays: Sequence[PlayFacts]) -> Grip | None:
    """The grip to look after once the last of ``plays`` (in the order they were played) is over.

    What was said after the earlier ones follows from them, so nothing has to be kept.
    """
    lowest, highest = _LOOK_AFTER
    first = len(plays)
    # After any other play nothing was said, so what came before it makes no difference.
    while first > 0 and lowest <= plays[first - 1].success < highest:
        first -= 1
    said: Grip | None = None
    for end in range(first + 1, len(plays) + 1):
        said = _behind(plays[max(0, end - _PLAYS_TOGETHER) : end], said)
    return said


def _behind(plays: Sequence[PlayFacts], excluded: Grip | None) -> Grip | None:
    """The grip that lies behind the others for certain, if any does.

    For certain: the upper end of its Wilson interval is below the success of all others together.
    """
    latest_first = list(reversed(plays))
    figures = {grip: _together(latest_first, grip) for grip in GRIPS}
    enough = [grip for grip in GRIPS if figures[grip][1] >= ENOUGH_TARGETS]
    found: list[tuple[float, Grip]] = []
    for grip in enough:
        others = [figures[other] for other in enough if other is not grip]
        if grip is excluded or not others:
            continue
        hits, asked = figures[grip]
        rest = sum(h for h, _ in others) / sum(a for _, a in others)
        _, highest = wilson(hits, asked)
        if hits / asked >= _RESTS_BELOW and float(highest) < rest:
            found.append((hits / asked, grip))
    return min(found)[1] if found else None


# ---------------------------------------------------------------- the pace


class Pace(StrEnum):
    """How a pace compares with the usual one. There is no word for slower."""

    A_LITTLE_UP = "a_little_up"
    UP = "up"
    STEADY = "steady"


def pace(level: float, before: Sequence[float]) -> Pace:
    """``level`` (octaves) beside the median of the latest of ``before``, latest first."""
    if not before:
        return Pace.STEADY
    rise = level - float(np.median(before[:_USUAL]))
    if rise > _MUCH:
        return Pace.UP
    return Pace.A_LITTLE_UP if rise > _A_LITTLE else Pace.STEADY
