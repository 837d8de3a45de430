"""The charts of every bundled song, tier by tier: playable to the last target, and well spread."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from game.core import EDGE, GRIPS, Grip, Window, judge
from game.core.score import score
from game.music.arranging import arrange
from game.music.chart import Chart
from game.music.library import bundled_folder
from game.music.reading import read_song
from game.music.tiers import busiest

BUNDLED = sorted(bundled_folder().glob("*.mid"))
PRESCRIPTIONS: tuple[tuple[Grip, ...], ...] = (GRIPS, *((grip,) for grip in GRIPS))


@pytest.fixture(scope="module", params=BUNDLED, ids=lambda path: path.stem)
def charts(request: pytest.FixtureRequest) -> list[Chart]:
    """The charts of one song for all five grips and for each alone."""
    path: Path = request.param
    song = read_song(path)
    return [arrange(song, grips) for grips in PRESCRIPTIONS]


def pressed(targets: np.ndarray, late_us: int) -> np.ndarray:
    """The edges of a hand that presses every target so much late and holds it for a moment."""
    edges = np.zeros(2 * len(targets), EDGE)
    edges["time_us"] = np.repeat(targets["time_us"] + late_us, 2)
    edges["time_us"][1::2] += 60_000
    edges["grip"] = np.repeat(targets["grip"], 2)
    edges["down"] = np.tile([True, False], len(targets))
    return edges[np.argsort(edges["time_us"], kind="stable")]


def test_a_perfect_play_of_every_tier_scores_10_000(charts: list[Chart]) -> None:
    window = Window()
    for chart in charts:
        for number in range(1, len(chart.rates) + 1):
            targets = chart.tier(number)
            judged = judge(targets, pressed(targets, 0), window)
            assert score(targets, judged, window) == 10_000


def test_whoever_presses_at_the_edge_of_the_window_hits_every_target(charts: list[Chart]) -> None:
    window = Window()
    for chart in charts:
        for late_us in (-200_000, 200_000):
            judged = judge(chart.targets, pressed(chart.targets, late_us), window)
            assert judged.targets["hit"].all()


def test_no_tier_leaves_a_gap_that_the_chart_could_fill(charts: list[Chart]) -> None:
    for chart in charts:
        everything = chart.targets["time_us"]
        for number, rate in enumerate(chart.rates, start=1):
            times = chart.tier(number)["time_us"]
            largest = max(8e6, 2.5e6 / rate)
            for low, high in pairwise(times):
                if high - low > largest:
                    edge = 0.16 * (high - low)
                    inside = (everything > low + edge) & (everything < high - edge)
                    assert not inside.any(), (number, low, high)


def test_hardly_a_tier_is_crowded_anywhere(charts: list[Chart]) -> None:
    crowded = [
        [
            busiest(chart.tier(number)["time_us"], rate)
            for number, rate in enumerate(chart.rates, start=1)
        ]
        for chart in charts
    ]
    assert max(map(max, crowded)) <= 1.5
    assert np.mean(np.concatenate(crowded) > 1) <= 0.15
