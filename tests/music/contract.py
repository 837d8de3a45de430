"""What every chart keeps, whatever the song and whatever was asked (the contract in words)."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from game.core import ACROSS_THE_HAND, Grip, Window
from game.music.arranging import ANY_SPACING_US
from game.music.chart import Chart
from game.music.song import Song
from game.music.tiers import busiest


def check_chart(
    song: Song, chart: Chart, grips: Sequence[Grip], weights: Sequence[float], window: Window
) -> None:
    """Raises AssertionError if ``chart`` breaks the contract. ``weights`` go with ``grips``."""
    targets = chart.targets
    times = targets["time_us"]
    assert len(targets) > 0
    assert not targets.flags.writeable
    seconds = chart.length_us / 1e6
    assert chart.length_us == round(song.length_us / chart.tempo)

    # Sorted, never two at once, never two of one grip closer than the window allows.
    assert (np.diff(times) >= ANY_SPACING_US).all()
    for grip in range(5):
        mine = times[targets["grip"] == grip]
        assert (np.diff(mine) >= window.same_grip_spacing_us).all()

    # Targets are melody notes, with their pitch and their length.
    sung = {
        (round(int(n["time_us"]) / chart.tempo), int(n["pitch"])): int(n["duration_us"])
        for n in song.melody_notes
    }
    for target in targets:
        length = sung[int(target["time_us"]), int(target["pitch"])]
        assert abs(int(target["duration_us"]) - length / chart.tempo) <= 1

    # Nested tiers in small steps; the rate is over the whole song.
    counts = [len(chart.tier(k)) for k in range(1, len(chart.rates) + 1)]
    assert 1 <= len(counts) <= 255
    assert counts[-1] == len(targets)
    for fewer, more in pairwise(counts):
        assert more - fewer == 1 or fewer < more <= fewer * 1.15
    np.testing.assert_allclose(chart.rates, np.array(counts) / seconds, rtol=1e-9)
    assert counts[0] == 1 or chart.rates[0] <= 0.1 + 0.5 / seconds + 1e-9
    assert counts[-1] == 1 or chart.rates[-1] <= 3.0

    # Phrases follow each other over the whole song, and targets know theirs.
    phrases = chart.phrases
    assert phrases[0, 0] == 0
    assert phrases[-1, 1] == chart.length_us == chart.bars_us[-1] == chart.beats_us[-1]
    assert (phrases[1:, 0] == phrases[:-1, 1]).all()
    assert np.isin(phrases, chart.bars_us).all()
    start, end = phrases[targets["phrase"]].T
    assert ((times >= start) & (times < end)).all()

    # Only what was prescribed, in the shares that were asked for.
    asked = {grip: weight for grip, weight in zip(grips, weights, strict=True) if weight > 0}
    assert set(targets["grip"].tolist()) <= {int(grip) for grip in asked}
    total = sum(asked.values())
    for k, count in enumerate(counts, start=1):
        if count >= 60:
            grip_of = chart.tier(k)["grip"]
            for grip, weight in asked.items():
                share = (grip_of == grip).sum() / count
                assert abs(share - weight / total) <= 0.05 or _says(chart, "shares")

    # The first target within 8 s, if the melody has one there.
    first = int(chart.tier(1)["time_us"][0])
    assert first <= 8_000_000 or (times > 8_000_000).all()
    if first > 8_000_000:
        assert _says(chart, "begins only")
    if chart.rates[-1] < 2.7:
        assert _says(chart, "gives up to")
    if (np.diff(times) > 8_000_000).any():
        assert _says(chart, "rests from")


def well_spread(chart: Chart) -> None:
    """Raises AssertionError if a tier is crowded or leaves a gap that the chart could fill.

    The rate is measured without the long rests of the melody, in which nothing can be asked.
    """
    times = chart.targets["time_us"]
    rests = np.diff(np.concatenate([[0], times, [chart.length_us]]))
    sounding_us = max(chart.length_us - int(rests[rests > 8_000_000].sum()), 4_000_000)
    for number, rate in enumerate(chart.rates, start=1):
        asked = chart.tier(number)["time_us"]
        assert busiest(asked, len(asked) / sounding_us * 1e6) <= 1.5
        largest = max(8e6, 2.5e6 / rate)
        for low, high in pairwise(asked):
            edge = 0.16 * (high - low)
            inside = (times > low + edge) & (times < high - edge)
            # Where a tier may be one target larger than the last, not every gap can be closed yet.
            assert high - low <= largest or not inside.any() or len(asked) < 20


def equal_pitches_keep_their_grip(chart: Chart) -> bool:
    """Whether within every phrase every pitch has one grip."""
    seen: dict[tuple[int, int], int] = {}
    return all(
        seen.setdefault((int(t["phrase"]), int(t["pitch"])), int(t["grip"])) == int(t["grip"])
        for t in chart.targets
    )


def contour(chart: Chart) -> float:
    """The share of rising and falling steps inside phrases that do not go the other way."""
    place = np.argsort(np.array(ACROSS_THE_HAND))[chart.targets["grip"]]
    inside = np.diff(chart.targets["phrase"]) == 0
    step = np.sign(np.diff(chart.targets["pitch"].astype(int)))[inside]
    move = np.sign(np.diff(place))[inside]
    return float((step * move >= 0)[step != 0].mean()) if (step != 0).any() else 1.0


def _says(chart: Chart, words: str) -> bool:
    return any(words in problem for problem in chart.problems)
