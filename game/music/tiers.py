"""From rungs to nested tiers: which targets enter with which tier.

The steps are small, at most 15 % or one target, and a phrase takes a rung as a whole wherever a
step has room for it. Phrases that sound alike take it one after the other, and otherwise phrases
that lie far apart, so that a tier between two steady periods is balanced over the song.

No stretch of the song may be crowded beside its rate as a whole: T seconds, 4 or more, hold at most
max(2, 1 + 1.5 · rate · T) targets. A phrase that doubles its rate at once is too dense until the
song has grown by a third. On the way there the places of a rung enter one by one, each where there
is room for it, and in phrases that sound alike one after the other. Where there is none for any, as
many as a step allows may still join at once, if the song is then busy enough.

Below one target in three seconds that way is closed. Given an even tier, a target every Q seconds
with Q > 3, its rate is 1/Q. Whatever the next tier adds falls into a gap of Q, and three targets
then lie within Q (or within 4 s, if that is more), where 1 + 1.5 · max(Q, 4)/Q < 3 allows two. So
nested tiers cannot pass through an even period longer than 3 s and keep the limit, until a third of
the places in between is taken. Here whole phrases take the denser period as if the limit were not
there, with at most three targets where two should lie, and :mod:`game.music.sparse` makes these
tiers anew, without even periods. Where an author wrote the targets they stay.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise

import numpy as np

LOWEST_RATE = 0.1
HIGHEST_RATE = 3.0
MAX_TIERS = 255
MAX_STEP = 0.15
#: The step aimed at: small enough that the tier nearest to any rate is within 3 % of it.
USUAL_STEP = 0.05
#: A stretch of T seconds, 4 or more, holds at most max(2, 1 + 1.5 · rate · T) targets.
STRETCH_US = 4_000_000
STRETCH_FACTOR = 1.5
#: From this rate on three targets within :data:`STRETCH_US` are allowed, and a rhythm between two
#: even periods (slow, quick, quick) can be felt as one; below, only whole phrases change.
BURST_RATE = 1 / 3
#: Longer stretches than this beside a new target are not looked at; they even out.
_HORIZON_US = 24_000_000
_CLOSE_US = 6_000_000
#: Rests longer than this are silences of the file, not part of the rate a hand feels.
LONG_REST_US = 8_000_000
#: The largest gap between targets, as far as the melody has notes to fill it: so many µs, or so
#: many times the usual distance if that is more.
GAP_US = 8_000_000
GAP_FACTOR = 2.5
#: A target nearer to an end of the gap (0) than this does not fill it.
NEAR_END = 0.3
#: How crowded a stretch may be where even periods or the silences of the melody leave no other
#: way: three targets for two.
UNAVOIDABLE = 1.5


def assemble(
    time_us: np.ndarray,
    rung: np.ndarray,
    phrase: np.ndarray,
    alike: np.ndarray,
    length_us: int,
    *,
    single: np.ndarray,
    everything: bool = False,
) -> np.ndarray:
    """The tier of every target (int64, from 1; 0: in no tier).

    ``time_us`` is sorted; ``alike[p]`` is the same number for phrases that sound alike (int, from
    0); ``single`` marks the targets of rungs that no phrase takes as a whole. Targets that would
    crowd a stretch of the song beside its rate as a whole wait for a higher tier; those that never
    fit stay out, unless ``everything`` is asked for.
    """
    tier = np.zeros(len(time_us), dtype=np.int64)
    if not len(time_us):
        return tier
    seconds = length_us / 1e6
    most = max(1, int(HIGHEST_RATE * seconds))
    growing = _Growing(time_us.tolist(), _sounding_seconds(time_us, length_us))
    ladder = _ladder(rung, phrase, alike, single)

    number = 0
    wanted = min(most, max(1, round(LOWEST_RATE * seconds)))
    room = growing.at_least = wanted
    while True:
        number += 1
        taken = _one_tier(growing, ladder, wanted, room)
        if number == 1:
            _close_gaps(growing, ladder, taken)
        if not taken:
            taken = _together(growing, ladder.waiting, room)
        if not taken and everything:
            taken = ladder.leftover(room)
            for target in taken:
                growing.take(target)
        if not taken:
            break
        tier[taken] = number
        count = growing.count
        if number == MAX_TIERS or count >= most:
            break
        room = min(max(1, int(MAX_STEP * count)), most - count)
        wanted = min(max(1, round(USUAL_STEP * count)), room)
    return tier


class _Growing:
    """The targets taken so far, and what it would need to take more."""

    def __init__(self, time_us: list[int], sounding_s: float) -> None:
        self._time_us = time_us
        self._sounding_s = sounding_s
        self._times: list[int] = []
        #: The tier being made will have at least so many targets.
        self.at_least = 0

    @property
    def count(self) -> int:
        """How many targets have been taken."""
        return len(self._times)

    def rate(self, more: int) -> float:
        """The targets a second that ``more`` targets would make."""
        return max(self.count + more, self.at_least) / self._sounding_s + 1e-9

    def take(self, target: int) -> None:
        """Take one target."""
        insort(self._times, self._time_us[target])

    def put_back(self, target: int) -> None:
        """Take back that one target was taken."""
        del self._times[bisect_left(self._times, self._time_us[target])]

    def gaps(self, more: int) -> list[tuple[int, int]]:
        """The gaps (from, to, µs) that would be too large if ``more`` targets joined elsewhere,
        the largest first."""
        most = max(GAP_US, GAP_FACTOR / self.rate(more) * 1e6)
        found = [gap for gap in pairwise(self._times) if gap[1] - gap[0] > most]
        return sorted(found, key=lambda gap: gap[0] - gap[1])

    def inside(self, target: int, gap: tuple[int, int]) -> float:
        """How near ``target`` is to the middle of ``gap``: 1 there, 0 at its ends, less beyond."""
        low, high = gap
        at = self._time_us[target]
        return 2 * min(at - low, high - at) / (high - low)

    def need(self, targets: list[int], horizon_us: int = _HORIZON_US) -> float:
        """The rate at which ``targets`` (in order) could join without crowding any stretch.

        At a smaller horizon it is found sooner, and never more.
        """
        span = self._spans(targets, horizon_us)
        return float((_crowding_steps(len(span)) / span).max()) * 1e6 / STRETCH_FACTOR

    def crowding(self, targets: list[int]) -> float:
        """How crowded the most crowded stretch is if ``targets`` join: 1 keeps the limit."""
        span = self._spans(targets)
        allowed = 1 + STRETCH_FACTOR * self.rate(len(targets)) / 1e6 * span
        return float(((_steps(len(span)) + 1) / np.maximum(2, np.floor(allowed))).max())

    def _spans(self, targets: list[int], horizon_us: int = _HORIZON_US) -> np.ndarray:
        """The µs from each target (rows) to each later one, around ``targets``, 4 s at least."""
        new = [self._time_us[target] for target in targets]
        low = bisect_left(self._times, new[0] - horizon_us)
        high = bisect_left(self._times, new[-1] + horizon_us)
        times = np.array(sorted(self._times[low:high] + new), dtype=np.float64)
        return np.maximum(times - times[:, None], float(STRETCH_US))


@lru_cache(maxsize=256)
def _steps(count: int) -> np.ndarray:
    """The number of steps from each of ``count`` targets (rows) to each other one."""
    at = np.arange(count, dtype=np.float64)
    steps = at - at[:, None]
    steps.flags.writeable = False
    return steps


@lru_cache(maxsize=256)
def _crowding_steps(count: int) -> np.ndarray:
    """The same, but 0 between neighbours: two targets may always lie in a stretch."""
    steps = np.where(_steps(count) > 1, _steps(count), 0.0)
    steps.flags.writeable = False
    return steps


@dataclass
class _Unit:
    """The targets of one rung in one phrase that are not taken yet, in order.

    ``kind`` is equal for phrases that sound alike, ``place`` the place of each target among those
    of the rung in its phrase. ``needs`` remembers what parts of the unit needed: as the song only
    fills up, they never need less.
    """

    kind: int
    targets: list[int]
    place: dict[int, int]
    needs: dict[tuple[int, ...], float] = field(default_factory=dict)


@dataclass
class _Ladder:
    """What is left to take: units by rung, the lowest rung and the first phrase first."""

    rungs: list[list[_Unit]]
    singles: list[bool]
    waiting: list[int] = field(default_factory=list)
    waiting_needs: dict[int, float] = field(default_factory=dict)

    def pick_from(self, growing: _Growing, gap: tuple[int, int]) -> int | None:
        """Take out the target that fills ``gap`` best: of the lowest rung, near the middle."""
        for targets in [*(unit.targets for units in self.rungs for unit in units), self.waiting]:
            best = max(targets, key=lambda target: growing.inside(target, gap), default=None)
            if best is not None and growing.inside(best, gap) > NEAR_END:
                targets.remove(best)
                self.rungs = [[unit for unit in units if unit.targets] for units in self.rungs]
                return best
        return None

    def leftover(self, room: int) -> list[int]:
        """The first targets of those that fit nowhere."""
        out, self.waiting = self.waiting[:room], self.waiting[room:]
        return out


def _ladder(rung: np.ndarray, phrase: np.ndarray, alike: np.ndarray, single: np.ndarray) -> _Ladder:
    rank = phrase_ranks(alike)
    groups: dict[tuple[int, int], list[int]] = {}
    for i in range(len(rung)):
        groups.setdefault((int(rung[i]), int(rank[phrase[i]])), []).append(i)
    rungs: dict[int, list[_Unit]] = {}
    for (level, _), targets in sorted(groups.items()):
        place = {target: at for at, target in enumerate(targets)}
        unit = _Unit(int(alike[phrase[targets[0]]]), targets, place)
        rungs.setdefault(level, []).append(unit)
    return _Ladder(
        [units for _, units in sorted(rungs.items())],
        [bool(single[units[0].targets[0]]) for _, units in sorted(rungs.items())],
    )


def _one_tier(growing: _Growing, ladder: _Ladder, wanted: int, room: int) -> list[int]:
    """The targets of the next tier: ``wanted`` of them, or up to ``room`` to take phrases whole."""
    taken: list[int] = []

    def take(targets: list[int]) -> None:
        for target in targets:
            growing.take(target)
        taken.extend(targets)

    for gap in growing.gaps(wanted)[:wanted]:
        target = ladder.pick_from(growing, gap)
        if target is not None:
            take([target])

    still: list[int] = []
    for target in ladder.waiting:
        if len(taken) < wanted and _fits(growing, ladder.waiting_needs, target):
            take([target])
        else:
            still.append(target)
    ladder.waiting = still

    while len(taken) < wanted and ladder.rungs:
        units = ladder.rungs[0]
        if not units:
            del ladder.rungs[0], ladder.singles[0]
            continue
        if ladder.singles[0]:
            target = units[0].targets.pop(0)
            if _fits(growing, ladder.waiting_needs, target):
                take([target])
            else:
                ladder.waiting.append(target)
        else:
            part = _part(growing, units, room - len(taken), bool(taken))
            if part is None:
                break
            unit, targets = part
            take(targets)
            unit.targets = [target for target in unit.targets if target not in set(targets)]
            if not targets:
                ladder.waiting += [target for unit in units for target in unit.targets]
                units.clear()
        ladder.rungs[0] = [unit for unit in units if unit.targets]
    return taken


def _close_gaps(growing: _Growing, ladder: _Ladder, taken: list[int]) -> None:
    """Exchange targets of the first tier, which has no earlier one whose gaps it could close: one
    that fills a gap that is too large comes for one that is not missed."""

    def lengths() -> list[int]:
        return [high - low for low, high in growing.gaps(0)]

    for gap in growing.gaps(0):
        filling = ladder.pick_from(growing, gap)
        if filling is None:
            continue
        before = lengths()
        growing.take(filling)
        first = min(taken)
        for other in reversed(taken):
            if other == first:
                continue
            growing.put_back(other)
            if lengths() < before:  # the largest is smaller, or of equal ones the next
                taken[taken.index(other)] = filling
                ladder.waiting.insert(0, other)
                break
            growing.take(other)
        else:
            growing.put_back(filling)
            ladder.waiting.insert(0, filling)


def _together(growing: _Growing, waiting: list[int], room: int) -> list[int]:
    """Of the targets that each would crowd a stretch, up to ``room`` that do not if they join at
    once, since the song is then the busier by all of them; taken out of ``waiting``. Few rather
    than many if that can be."""
    for goal in sorted({max(2, room // 3), max(2, 2 * room // 3), room}):
        if goal > min(room, len(waiting)):
            break
        growing.at_least = growing.count + goal
        taken: list[int] = []
        for target in waiting:
            if len(taken) == goal:
                break
            if growing.need([target]) <= growing.rate(1):
                growing.take(target)
                taken.append(target)
        if len(taken) == goal:
            gone = set(taken)
            waiting[:] = [target for target in waiting if target not in gone]
            return taken
        for target in taken:
            growing.put_back(target)
    growing.at_least = 0
    return []


def _fits(growing: _Growing, needs: dict[int, float], target: int) -> bool:
    """Whether a single target can join; what it was found to need is kept in ``needs``."""
    rate = growing.rate(1)
    if needs.get(target, 0.0) > rate:
        return False
    # Most that do not fit are kept out by what lies close by.
    needs[target] = growing.need([target], _CLOSE_US)
    if needs[target] <= rate:
        needs[target] = growing.need([target])
    return needs[target] <= rate


def _part(
    growing: _Growing, units: list[_Unit], left: int, begun: bool
) -> tuple[_Unit, list[int]] | None:
    """What is taken next of the phrases ``units``, at most ``left`` targets of one of them.

    The whole of the first phrase that can be taken without crowding, else a single target. If
    nothing can, the phrase or single target that could be the soonest, if its crowding is
    unavoidable and over once all phrases have the rung; else no targets: all of the rung has to
    wait. None if the tier, which has ``begun``, has no room left for a phrase, so that it enters
    whole with the next tier.
    """

    def within(targets: list[int]) -> list[int]:
        # A phrase too long for one step takes the rung in equal parts.
        parts = -(-len(targets) // left)
        return targets[: -(-len(targets) // parts)]

    def need(unit: _Unit, targets: list[int]) -> float:
        key = tuple(targets)
        if unit.needs.get(key, 0.0) <= growing.rate(len(targets)):
            unit.needs[key] = growing.need(targets)
        return unit.needs[key]

    for unit in units:
        targets = within(unit.targets)
        if need(unit, targets) <= growing.rate(len(targets)):
            return None if begun and len(targets) < len(unit.targets) else (unit, targets)
    single = None
    for _, alike in groupby(units, key=lambda unit: unit.kind):
        places = [(unit, target) for unit in alike for target in unit.targets]
        for unit, target in sorted(places, key=lambda row: row[0].place[row[1]]):
            if single is None and need(unit, [target]) <= growing.rate(1):
                single = (unit, [target])
    if single and growing.rate(1) >= BURST_RATE:
        return single
    wholes = [(unit, within(unit.targets)) for unit in units]
    alone = [(unit, [target]) for unit in units for target in unit.targets]
    best = min(
        (_least(growing, parts) for parts in (wholes, alone)),
        key=lambda part: round(max(part[0].needs[tuple(part[1])], BURST_RATE), 3),
    )
    unit, targets = best
    complete = growing.rate(sum(len(unit.targets) for unit in units))
    if growing.crowding(targets) > UNAVOIDABLE + 1e-6 or unit.needs[tuple(targets)] > complete:
        return single or (unit, [])
    return None if begun and 1 < len(targets) < len(unit.targets) else best


def _least(growing: _Growing, parts: list[tuple[_Unit, list[int]]]) -> tuple[_Unit, list[int]]:
    """The part that needs the lowest rate, the first of equals."""
    # What was found earlier is a lower bound, so that most parts need not be looked at again.
    bounds = [unit.needs.get(tuple(targets), 0.0) for unit, targets in parts]
    fresh: set[int] = set()
    while True:
        # Times in whole µs make no difference: of phrases that need the same the first goes.
        least = min(range(len(parts)), key=lambda i: round(bounds[i], 3))
        if least in fresh:
            return parts[least]
        unit, targets = parts[least]
        bounds[least] = unit.needs[tuple(targets)] = growing.need(targets)
        fresh.add(least)


def _sounding_seconds(time_us: np.ndarray, length_us: int) -> float:
    """The length of the song without its long rests, in which nothing can be asked."""
    gaps = np.diff(np.concatenate([[0], time_us, [length_us]]))
    return max(float(length_us - gaps[gaps > LONG_REST_US].sum()), float(STRETCH_US)) / 1e6


def busiest(time_us: np.ndarray, rate: float) -> float:
    """How crowded the most crowded stretch is: its targets over what :data:`STRETCH_FACTOR`
    allows at ``rate`` targets a second; 1.0 or less keeps the limit."""
    if not len(time_us):
        return 0.0
    span = np.maximum(time_us - time_us[:, None], STRETCH_US) / 1e6
    limit = np.maximum(2, np.floor(1 + STRETCH_FACTOR * rate * span + 1e-9))
    return float(((_steps(len(time_us)) + 1) / limit).max())


def phrase_ranks(alike: np.ndarray) -> np.ndarray:
    """When each phrase takes a rung: like after like, and the groups spread over the song.

    ``alike[p]`` is the same number for phrases that sound alike (int, from 0).
    """
    count = len(alike)
    bits = max(1, (count - 1).bit_length())
    spread = np.array([int(f"{p:0{bits}b}"[::-1], 2) for p in range(count)], dtype=np.int64)
    leader = np.full(int(alike.max()) + 1 if count else 0, 1 << bits, dtype=np.int64)
    np.minimum.at(leader, alike, spread)
    order = np.lexsort((spread, leader[alike]))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return rank
