"""How good a chart is, as figures: so that a change to the arranger can be judged."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from game.core import ACROSS_THE_HAND, GRIPS
from game.music.chart import Chart
from game.music.grip_choice import MIX_TARGETS, MIX_TOLERANCE
from game.music.metre import ON_BEAT
from game.music.phrases import bar_patterns
from game.music.song import Song
from game.music.tiers import GAP_FACTOR, GAP_US, busiest

#: Tiers up to this many targets a second count as low.
LOW_RATE = 0.6


@dataclass(frozen=True)
class Quality:
    """Figures of one chart. Shares lie between 0 and 1; 1 is best unless said otherwise.

    * ``tiers``, ``lowest_rate``, ``highest_rate``: what there is to choose from.
    * ``on_beat``: targets of the middle tier that lie on a beat.
    * ``steady``: over the low tiers, distances between targets inside a phrase that equal the
      phrase's usual distance.
    * ``repeated``: over all tiers, targets of bars the melody had before that are asked for at
      the same places of the bar as then.
    * ``same_grips``: notes of such bars that have the grip they had then, in the top tier.
    * ``melody_kept``: melody notes that are targets in the top tier.
    * ``contour``: steps of the melody inside phrases, top tier, that move the right way across
      the hand or stay.
    * ``mix_error``: largest distance of a grip's share from what was asked, over all tiers of 60
      or more targets (0 is best).
    * ``longest_gap_s``: largest gap in the top tier, in seconds.
    * ``gap``: worst over all tiers of the largest gap over what is allowed there, 8 s or 2.5 times
      the usual distance (1 or less keeps the limit).
    * ``crowding``: worst over all tiers of targets in a stretch over what is allowed there (1 or
      less keeps the limit).
    * ``crowded``: tiers with a stretch that is more crowded than allowed (0 is best).
    """

    tiers: int
    lowest_rate: float
    highest_rate: float
    on_beat: float
    steady: float
    repeated: float
    same_grips: float
    melody_kept: float
    contour: float
    mix_error: float
    longest_gap_s: float
    gap: float
    crowding: float
    crowded: float

    @property
    def score(self) -> float:
        """One figure from 0 to 100, the mean of eight that are best at 1.

        Targets on beats, regularity at low tiers, repetition kept, melody kept, contour kept; the
        mix, which is 1 up to the promised 5 percentage points and 0 from 15 on; gaps, by how far
        the largest is within its limit; and the tiers that are nowhere crowded.
        """
        mix = 1 - min(max(self.mix_error - MIX_TOLERANCE, 0.0) / (2 * MIX_TOLERANCE), 1.0)
        gaps = min(1.0, 1 / max(self.gap, 1e-9))
        shares = (self.on_beat, self.steady, self.repeated, self.melody_kept, self.contour)
        return 100 * float(np.mean([*shares, mix, gaps, 1 - self.crowded]))


def measure(song: Song, chart: Chart, weights: Sequence[float] = (1.0,) * 5) -> Quality:
    """The figures of ``chart``, which was arranged from ``song`` with ``weights`` (grip order)."""
    targets = chart.targets
    top = len(chart.rates)
    middle = chart.tier(max(1, top // 2))
    wanted = np.array(weights, dtype=float)
    wanted = wanted / wanted.sum()
    errors = [0.0]
    for k in range(1, top + 1):
        tier = chart.tier(k)
        if len(tier) >= MIX_TARGETS:
            share = np.bincount(tier["grip"], minlength=len(GRIPS)) / len(tier)
            errors.append(float(np.abs(share - wanted).max()))
    gaps = np.diff(targets["time_us"])
    tiers = [chart.tier(k)["time_us"] for k in range(1, top + 1)]
    crowding = [busiest(times, rate) for times, rate in zip(tiers, chart.rates, strict=True)]
    repeated, same_grips = _repetition(song, chart)
    return Quality(
        tiers=top,
        lowest_rate=chart.rates[0],
        highest_rate=chart.rates[-1],
        on_beat=_on_beat(chart, middle),
        steady=_steady(chart),
        repeated=repeated,
        same_grips=same_grips,
        melody_kept=len(targets) / max(1, len(song.line)),
        contour=_contour(targets),
        mix_error=max(errors),
        longest_gap_s=float(gaps.max(initial=0)) / 1e6,
        gap=max(
            float(np.diff(times).max(initial=0)) / max(GAP_US, GAP_FACTOR / rate * 1e6)
            for times, rate in zip(tiers, chart.rates, strict=True)
        ),
        crowding=max(crowding),
        crowded=float(np.mean(np.array(crowding) > 1)),
    )


def summary(qualities: Sequence[Quality]) -> dict[str, float]:
    """The mean of every figure over several charts; of errors, gaps and crowding the worst."""
    worst = {"mix_error", "longest_gap_s", "gap", "crowding"}
    table: dict[str, list[float]] = {}
    for quality in qualities:
        for name, value in {"score": quality.score, **asdict(quality)}.items():
            table.setdefault(name, []).append(float(value))
    return {
        name: max(values) if name in worst else float(np.mean(values))
        for name, values in table.items()
    }


def _on_beat(chart: Chart, targets: np.ndarray) -> float:
    beats = chart.beats_us
    nearest = np.abs(beats[None, :] - targets["time_us"][:, None]).min(axis=1)
    return float((nearest <= ON_BEAT * np.median(np.diff(beats))).mean())


def _steady(chart: Chart) -> float:
    """Distances inside phrases that equal the usual one of their phrase, over low tiers."""
    beat_us = float(np.median(np.diff(chart.beats_us)))
    usual = total = 0
    for k, rate in enumerate(chart.rates, start=1):
        if rate > LOW_RATE and k > 1:
            break
        tier = chart.tier(k)
        for phrase in np.unique(tier["phrase"]):
            times = tier["time_us"][tier["phrase"] == phrase]
            steps = np.rint(np.diff(times) / beat_us * 2).astype(int)
            if len(steps) > 1:
                usual += int(np.bincount(steps).max())
                total += len(steps)
    return usual / total if total else 1.0


def _repetition(song: Song, chart: Chart) -> tuple[float, float]:
    """Shares of repeated bars' targets at the same places, and with the same grips."""
    patterns = bar_patterns(song)
    bar_of = np.clip(
        np.searchsorted(chart.bars_us, chart.targets["time_us"] + 40_000, side="right") - 1,
        0,
        len(patterns) - 1,
    )
    first: dict[object, int] = {}
    pairs: list[tuple[int, int]] = []
    for bar, pattern in enumerate(patterns):
        if len(pattern) > 1:
            if pattern in first:
                pairs.append((first[pattern], bar))
            else:
                first[pattern] = bar
    bars_us = chart.bars_us
    same_place = places = same_grip = grips = 0
    for one, other in pairs:
        here, there = chart.targets[bar_of == one], chart.targets[bar_of == other]
        at = np.rint((here["time_us"] - bars_us[one]) / 30_000)
        back = np.rint((there["time_us"] - bars_us[other]) / 30_000)
        common, i, j = np.intersect1d(at, back, return_indices=True)
        grips += len(common)
        same_grip += int((here["grip"][i] == there["grip"][j]).sum())
        for k in range(1, len(chart.rates) + 1, 3):
            a = set(at[here["tier"] <= k])
            b = set(back[there["tier"] <= k])
            places += max(len(a), len(b))
            same_place += len(a & b)
    return (
        same_place / places if places else 1.0,
        same_grip / grips if grips else 1.0,
    )


def _contour(targets: np.ndarray) -> float:
    across = np.argsort(np.array(ACROSS_THE_HAND))
    place = across[targets["grip"]]
    inside = np.diff(targets["phrase"]) == 0
    rise = np.sign(np.diff(targets["pitch"].astype(int)))[inside]
    move = np.sign(np.diff(place))[inside]
    steps = rise != 0
    if not steps.any():
        return 1.0
    return float((move[steps] * rise[steps] >= 0).mean())
