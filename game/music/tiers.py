"""From rungs to nested tiers: which targets enter with which tier.

The steps are small, at most 15 % or one target, and a phrase takes a rung as a whole wherever a
step has room for it. Phrases that sound alike take it one after the other, and otherwise phrases
that lie far apart, so that a tier between two steady periods is balanced over the song.
"""

from bisect import bisect_left, insort

import numpy as np

from game.music.metre import BEAT, REST

LOWEST_RATE = 0.1
HIGHEST_RATE = 3.0
MAX_TIERS = 255
MAX_STEP = 0.15
#: The step aimed at: small enough that the tier nearest to any rate is within 3 % of it.
USUAL_STEP = 0.05
#: A stretch of T seconds, 4 or more, holds at most max(2, 1 + 1.5 · rate · T) targets.
STRETCH_US = 4_000_000
STRETCH_FACTOR = 1.5
_HORIZON_US = 16_000_000
#: Rests longer than this are silences of the file, not part of the rate a hand feels.
LONG_REST_US = 8_000_000


def assemble(
    time_us: np.ndarray,
    rung: np.ndarray,
    phrase: np.ndarray,
    rank: np.ndarray,
    length_us: int,
) -> np.ndarray:
    """The tier of every target (int64, from 1; 0: in no tier).

        ``time_us`` is sorted; ``rank[p]`` says when phrase p takes a rung, the lowest first. Notes
        between the beats enter only as far as no stretch of the song becomes crowded beside its
    rate as a whole; those that never fit stay out.
    """
    tier = np.zeros(len(time_us), dtype=np.int64)
    if not len(time_us):
        return tier
    seconds = length_us / 1e6
    sounding_s = _sounding_seconds(time_us, length_us)
    most = max(1, int(HIGHEST_RATE * seconds))
    groups: dict[tuple[int, int, int], list[int]] = {}
    for i in range(len(time_us)):
        groups.setdefault((int(rung[i]), int(rank[phrase[i]]), int(phrase[i])), []).append(i)
    queue = [(key[0], members) for key, members in sorted(groups.items())]
    up_to_rung = np.cumsum(np.bincount(rung, minlength=BEAT + 1))
    times: list[int] = []
    deferred: list[int] = []

    def fits(target: int, level: int) -> bool:
        count = len(times) + 1
        if level <= BEAT:
            # An even period is measured by what the song has when all phrases have taken it.
            count = max(count, int(up_to_rung[level]))
        return _fits(times, int(time_us[target]), count / sounding_s)

    def take(target: int, number: int) -> None:
        tier[target] = number
        insort(times, int(time_us[target]))

    first = min(most, max(1, round(LOWEST_RATE * seconds)))
    while queue and len(times) < first:
        _, members = queue[0]
        take(members.pop(0), 1)
        if not members:
            queue.pop(0)

    number = 1
    while number < MAX_TIERS and len(times) < most and (queue or deferred):
        number += 1
        before = len(times)
        room = min(max(1, int(MAX_STEP * before)), most - before)
        aim = min(max(1, round(USUAL_STEP * before)), room)
        still: list[int] = []
        for target in deferred:
            if len(times) - before < aim and fits(target, REST):
                take(target, number)
            else:
                still.append(target)
        deferred = still
        while queue and len(times) - before < aim:
            level, members = queue[0]
            # Notes between the beats come one by one, beats and bars by whole phrases; a phrase
            # too long for one step takes the rung in equal parts.
            part = 1
            if level <= BEAT:
                left = room - (len(times) - before)
                if len(members) > left and len(times) > before:
                    break
                parts = -(-len(members) // left)
                part = -(-len(members) // parts)
            for target in members[:part]:
                if fits(target, level):
                    take(target, number)
                else:
                    deferred.append(target)
            del members[:part]
            if not members:
                queue.pop(0)
        if len(times) == before:
            number -= 1
            if not queue:
                break
    return tier


def _sounding_seconds(time_us: np.ndarray, length_us: int) -> float:
    """The length of the song without its long rests, in which nothing can be asked."""
    gaps = np.diff(np.concatenate([[0], time_us, [length_us]]))
    return max(float(length_us - gaps[gaps > LONG_REST_US].sum()), float(STRETCH_US)) / 1e6


def _fits(times: list[int], time_us: int, rate: float) -> bool:
    """Whether no stretch around ``time_us`` becomes crowded if it joins the sorted ``times``."""
    low = bisect_left(times, time_us - _HORIZON_US)
    high = bisect_left(times, time_us + _HORIZON_US)
    at = bisect_left(times, time_us)
    before = np.array([*times[low:at], time_us])
    after = np.array([time_us, *times[at:high]])
    span = np.maximum(after[None, :] - before[:, None], STRETCH_US)
    count = np.arange(len(before), 0, -1)[:, None] + np.arange(len(after))[None, :]
    limit = np.maximum(2, 1 + STRETCH_FACTOR * rate / 1e6 * span)
    return bool((count <= limit + 1e-9).all())


def busiest(time_us: np.ndarray, rate: float) -> float:
    """How crowded the most crowded stretch is: its targets over what :data:`STRETCH_FACTOR`
    allows at ``rate`` targets a second; 1.0 or less keeps the limit."""
    worst = 0.0
    for i in range(len(time_us)):
        span = np.maximum(time_us[i:] - time_us[i], STRETCH_US) / 1e6
        count = np.arange(1, len(span) + 1)
        limit = np.maximum(2, np.floor(1 + STRETCH_FACTOR * rate * span + 1e-9))
        worst = max(worst, float((count / limit).max()))
    return worst


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
