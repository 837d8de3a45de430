"""Arrange a song for a hand: the chart.

The way from song to chart, each step a file of its own: phrases (:mod:`~game.music.phrases`),
the rung of every melody note (:mod:`~game.music.metre`), the grip of every note
(:mod:`~game.music.grip_choice`), and the nested tiers (:mod:`~game.music.tiers`, the sparsest of
them :mod:`~game.music.sparse`). Nothing is random and nothing depends on anything but the
arguments.
"""

import math
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from game.core import ACROSS_THE_HAND, GRIPS, TARGET, Grip, Window
from game.music.authored import authored_candidates
from game.music.chart import Chart
from game.music.grip_choice import (
    MIX_TARGETS,
    MIX_TOLERANCE,
    Question,
    choose,
    even_out,
    mix_error,
    surplus,
)
from game.music.metre import Candidates, candidates
from game.music.phrases import bar_patterns, phrase_bars
from game.music.song import Song
from game.music.sparse import spread
from game.music.tiers import GAP_FACTOR, GAP_US, HIGHEST_RATE, LOWEST_RATE, assemble

#: Targets of different grips lie at least this far apart: a healthy hand taps fingers in turn
#: five or six times a second, and a bar of it is no therapy.
ANY_SPACING_US = 180_000
FIRST_TARGET_BY_US = 8_000_000
LOWEST_TEMPO, HIGHEST_TEMPO = 0.5, 1.5
#: So many steps of the tune keep their way across the hand before verses are told apart.
CONTOUR = 0.9
#: So many of the targets stay when some are taken out for the mix.
LEAST_LEFT = 0.75
#: Phrases share their grips if so much of the longer one is in the other.
ALIKE = 0.6

Weights = Mapping[Grip, float] | Sequence[float] | np.ndarray


def arrange(
    song: Song,
    grips: Iterable[Grip | int] = GRIPS,
    weights: Weights | None = None,
    window: Window | None = None,
    tempo: float = 1.0,
) -> Chart:
    """The chart of ``song`` for these ``grips``.

    ``weights`` are the shares asked for: a mapping from grips, five numbers in grip code order,
    or as many numbers as there are grips, in the order given; they need not sum to 1, and a grip
    of weight 0 is not asked for. None means equal shares. ``window`` (default ±200 ms) sets how
    far apart targets of one grip are kept at ``tempo`` (0.5 to 1.5, a factor on the speed).

    Raises ValueError for no grips, unknown grips, weights that are negative, not finite, all 0
    or of another number, and a tempo out of range.
    """
    window = Window() if window is None else window
    chosen, shares = _grips_and_shares(grips, weights)
    if not LOWEST_TEMPO <= tempo <= HIGHEST_TEMPO:
        raise ValueError(f"tempo must lie between 0.5 and 1.5, not {tempo}")

    bars = phrase_bars(song)
    length_us = round(song.length_us / tempo)
    spacing_us = max(window.same_grip_spacing_us, ANY_SPACING_US)
    alike = _alike(song, bars)

    if len(song.authored):
        notes, place = authored_candidates(song, chosen, bars, tempo, FIRST_TARGET_BY_US)
        kept, place = _spaced(notes, np.arange(len(place)), place, spacing_us)
        tier = _tiers(notes, kept, alike, length_us, everything=True)
    else:
        notes = candidates(song, song.melody_notes, bars, tempo, FIRST_TARGET_BY_US)
        kept, place, tier = _decide(notes, alike, shares, spacing_us, length_us)
    order = np.flatnonzero(tier)
    kept, place, tier = kept[order], place[order], tier[order]

    targets = np.zeros(len(kept), TARGET)
    targets["time_us"] = notes.time_us[kept]
    targets["grip"] = np.array(chosen, dtype=np.uint8)[place]
    targets["duration_us"] = notes.duration_us[kept]
    targets["pitch"] = notes.pitch[kept]
    targets["tier"] = tier
    targets["phrase"] = notes.phrase[kept]

    beats_us = at_tempo(song.beats_us, tempo)
    bars_us = at_tempo(song.bars_us, tempo)
    phrases = np.column_stack([bars_us[bars[:, 0]], bars_us[bars[:, 1]]])
    for array in (targets, beats_us, bars_us, phrases):
        array.flags.writeable = False
    sizes = np.cumsum(np.bincount(tier)[1:])
    rates = tuple(float(size / (length_us / 1e6)) for size in sizes)
    return Chart(
        targets=targets,
        rates=rates,
        phrases=phrases,
        tempo=float(tempo),
        length_us=length_us,
        beats_us=beats_us,
        bars_us=bars_us,
        problems=(
            *song.problems,
            *_left_out(song, chosen, len(kept)),
            *_problems(targets, place, shares, rates, "chart" if len(song.authored) else "melody"),
        ),
    )


def at_tempo(times_us: np.ndarray, tempo: float) -> np.ndarray:
    """Times of a song (µs) when it is played at ``tempo``; int64, of the same shape."""
    return np.rint(times_us / tempo).astype(np.int64)


def _grips_and_shares(
    grips: Iterable[Grip | int], weights: Weights | None
) -> tuple[list[Grip], np.ndarray]:
    """The grips that are asked for, across the hand, and their shares of 1."""
    given: list[Grip] = []
    for grip in grips:
        try:
            one = Grip(grip)
        except ValueError:
            raise ValueError(f"there is no grip {grip!r}; grips are numbered 0 to 4") from None
        if one not in given:
            given.append(one)
    if not given:
        raise ValueError("a chart needs at least one grip")
    asked = dict.fromkeys(given, 1.0)
    if isinstance(weights, Mapping):
        asked = {grip: float(weights.get(grip, 0.0)) for grip in given}
    elif weights is not None:
        numbers = [float(weight) for weight in weights]
        if len(numbers) == len(GRIPS):
            asked = {grip: numbers[grip] for grip in given}
        elif len(numbers) == len(given):
            asked = dict(zip(given, numbers, strict=True))
        else:
            raise ValueError(
                f"weights are five numbers or one for each of the {len(given)} grips, "
                f"not {len(numbers)}"
            )
    if any(not math.isfinite(weight) or weight < 0 for weight in asked.values()):
        raise ValueError(f"weights are 0 or more, not {list(asked.values())}")
    total = sum(asked.values())
    if total <= 0:
        raise ValueError("at least one grip needs a weight above 0")
    chosen = [grip for grip in ACROSS_THE_HAND if asked.get(grip, 0.0) > 0]
    return chosen, np.array([asked[grip] for grip in chosen]) / total


def _alike(song: Song, bars: np.ndarray) -> np.ndarray:
    """A number for each phrase, the same for phrases that sound alike."""
    patterns = bar_patterns(song)
    contents: list[set[tuple[int, int, int]]] = []
    for first, end in bars:
        contents.append(
            {(b - int(first), at, pitch) for b in range(first, end) for at, pitch in patterns[b]}
        )
    alike: list[int] = []
    leaders: list[int] = []
    for p, content in enumerate(contents):
        for number, leader in enumerate(leaders):
            other = contents[leader]
            longer = max(len(content), len(other))
            if longer and len(content & other) >= ALIKE * longer:
                alike.append(number)
                break
        else:
            alike.append(len(leaders))
            leaders.append(p)
    return np.array(alike, dtype=np.int64)


def _decide(
    notes: Candidates,
    alike: np.ndarray,
    shares: np.ndarray,
    spacing_us: int,
    length_us: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which notes become targets (indices), their places across the hand, and their tiers.

    Grips decide what the spacing leaves, and what is left decides the mix; so grips are chosen
    for all notes first, and again for those that remained. While the mix fails, the choice gets
    more freedom, step by step: first a pitch may leave the order across the hand, if hardly a
    step of the tune turns round by it; then later verses may lie differently from earlier ones;
    then any pitch may leave the order and a few notes go; at last single notes move.
    """

    def question(
        of: np.ndarray, tier: np.ndarray, group: np.ndarray, settled: bool, insistence: float = 200
    ) -> Question:
        return Question(
            time_us=notes.time_us[of],
            pitch=notes.pitch[of],
            group=group[of],
            tier=tier,
            weights=shares,
            spacing_us=spacing_us,
            settled=settled,
            insistence=insistence,
        )

    everything = np.arange(len(notes.time_us))
    group = alike[notes.phrase]
    place = choose(question(everything, notes.rung + 1, group, settled=False))
    kept, place = _spaced(notes, everything, place, spacing_us)
    tier = _tiers(notes, kept, alike, length_us)
    if len(shares) == 1:
        return kept, place, tier

    best: tuple[float, np.ndarray, np.ndarray, np.ndarray] | None = None
    for parts, insistence in ((1, 200), (2, 400), (4, 1000), (len(alike), 5000)):
        group = _parted(alike, parts)[notes.phrase]
        rising = choose(question(kept, tier, group, settled=True, insistence=insistence))
        spaced, rising = _spaced(notes, kept, rising, spacing_us)
        if len(spaced) < len(kept):
            kept, tier = spaced, _tiers(notes, spaced, alike, length_us)
        together = group[kept] * 128 + notes.pitch[kept]
        evened = even_out(question(kept, tier, group, settled=True), rising, together)
        for place in (rising, evened):
            if _contour(notes, kept, place) < CONTOUR:
                continue
            error = mix_error(place, tier, shares)
            if error <= MIX_TOLERANCE:
                return kept, place, tier
            if best is None or error < best[0]:
                best = (error, kept, place, tier)
        if parts >= len(alike):
            break
    assert best is not None
    error, kept, place, tier = best
    by_pitch = notes.phrase[kept] * 128 + notes.pitch[kept]
    for together in (by_pitch, np.arange(len(kept))):
        if error > MIX_TOLERANCE:
            asked = question(kept, tier, notes.phrase, settled=True)
            place = even_out(asked, place, together, thorough=True)
            pruned = _pruned(notes, kept, place, tier, alike, shares, length_us)
            error = mix_error(pruned[1], pruned[2], shares)
            if error <= MIX_TOLERANCE or together is not by_pitch:
                return pruned
    return kept, place, tier


def _pruned(
    notes: Candidates,
    kept: np.ndarray,
    place: np.ndarray,
    tier: np.ndarray,
    alike: np.ndarray,
    shares: np.ndarray,
    length_us: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The targets without a few that the mix has too many of."""
    least = LEAST_LEFT * len(kept)
    while len(kept) > least and mix_error(place, tier, shares) > MIX_TOLERANCE:
        stay = np.ones(len(kept), bool)
        stay[surplus(place, tier, notes.rung[kept], shares)] = False
        kept, place = kept[stay], place[stay]
        tier = _tiers(notes, kept, alike, length_us)
    return kept, place, tier


def _contour(notes: Candidates, kept: np.ndarray, place: np.ndarray) -> float:
    """The share of the tune's steps, inside phrases, that do not turn round in the hand."""
    step = np.sign(np.diff(notes.pitch[kept]))
    moves = (step != 0) & (np.diff(notes.phrase[kept]) == 0)
    if not moves.any():
        return 1.0
    return float((step * np.sign(np.diff(place)) >= 0)[moves].mean())


def _parted(alike: np.ndarray, parts: int) -> np.ndarray:
    """Each set of phrases that sound alike cut into up to ``parts`` sets, earlier and later ones:
    a second verse may lie differently in the hand, but it stays so to its end."""
    parted = np.zeros(len(alike), dtype=np.int64)
    for number in range(int(alike.max()) + 1):
        members = np.flatnonzero(alike == number)
        which = np.arange(len(members)) * min(parts, len(members)) // len(members)
        parted[members] = number * len(alike) + which
    return np.unique(parted, return_inverse=True)[1]


def _spaced(
    notes: Candidates, of: np.ndarray, place: np.ndarray, spacing_us: int
) -> tuple[np.ndarray, np.ndarray]:
    """Those of the notes ``of`` that keep the spacing, and their places.

    Lower rungs go first, and on one rung the notes that stand out.
    """
    all_times: list[int] = []
    by_place: dict[int, list[int]] = {}
    keep = np.zeros(len(of), bool)
    for i in np.lexsort((of, -np.round(notes.accent[of], 2), notes.rung[of])):
        time = int(notes.time_us[of[i]])
        mine = by_place.setdefault(int(place[i]), [])
        if _clear(all_times, time, ANY_SPACING_US) and _clear(mine, time, spacing_us):
            insort(all_times, time)
            insort(mine, time)
            keep[i] = True
    return of[keep], place[keep]


def _tiers(
    notes: Candidates,
    kept: np.ndarray,
    alike: np.ndarray,
    length_us: int,
    *,
    everything: bool = False,
) -> np.ndarray:
    tier = assemble(
        notes.time_us[kept],
        notes.rung[kept],
        notes.phrase[kept],
        alike,
        length_us,
        single=notes.single[kept],
        everything=everything,
    )
    if everything:  # an author has the last word
        return tier
    return spread(notes.time_us[kept], tier, notes.rung[kept], length_us, FIRST_TARGET_BY_US)


def _clear(times: list[int], time: int, spacing_us: int) -> bool:
    at = bisect_left(times, time)
    return (at == 0 or time - times[at - 1] >= spacing_us) and (
        at == len(times) or times[at] - time >= spacing_us
    )


def _left_out(song: Song, chosen: list[Grip], kept: int) -> list[str]:
    """What became of the author's own targets, in sentences."""
    found = []
    written = len(song.authored)
    if written and kept < written:
        found.append(
            f"of the author's {written} targets {written - kept} left out, where they lie too "
            "close together for one hand or are more than 3 a second"
        )
    if moved := int((~np.isin(song.authored["grip"], np.array(chosen))).sum()):
        found.append(
            f"of the author's {written} targets {moved} moved to the nearest grip, where theirs "
            "is not asked for"
        )
    return found


def _problems(
    targets: np.ndarray,
    place: np.ndarray,
    shares: np.ndarray,
    rates: tuple[float, ...],
    source: str,
) -> list[str]:
    """Where the song could not give what a chart promises, in sentences.

    ``source`` is what the targets were taken from, in a word.
    """
    found: list[str] = []
    if rates[-1] < HIGHEST_RATE * 0.925:
        found.append(
            f"the {source} gives up to {rates[-1]:.2f} targets/s with this spacing, "
            f"not {HIGHEST_RATE:g}"
        )
    if rates[0] > LOWEST_RATE * 1.15:
        found.append(f"the song is too short for fewer than {rates[0]:.2f} targets/s")
    first_s = targets["time_us"][targets["tier"] == 1].min() / 1e6
    if first_s > FIRST_TARGET_BY_US / 1e6:
        found.append(f"the {source} begins only at {first_s:.0f} s")
    times = targets["time_us"]
    gaps = np.diff(times)
    found += [
        f"the {source} rests from {times[i] / 1e6:.0f} to {times[i + 1] / 1e6:.0f} s"
        for i in np.flatnonzero(gaps > GAP_US)[:3]
    ]
    gappy = []
    for number, rate in enumerate(rates, start=1):
        gap = np.diff(times[targets["tier"] <= number])
        # What the melody itself leaves open was said above.
        if len(gap) and gap.max() > max(GAP_US, GAP_FACTOR / rate * 1e6, gaps.max()):
            gappy.append((number, gap.max() / 1e6))
    if gappy:
        longest = max(gap for _, gap in gappy)
        first, last = gappy[0][0], gappy[-1][0]
        which = f"tier {first} has" if first == last else f"tiers {first} to {last} have"
        found.append(f"{which} gaps of up to {longest:.0f} s where the {source} has few notes")
    error = mix_error(place, targets["tier"].astype(np.int64), shares)
    if error > MIX_TOLERANCE:
        found.append(
            f"the shares of the grips differ by up to {error * 100:.0f} percentage points from "
            f"what was asked in tiers of {MIX_TARGETS} or more targets"
        )
    return found
