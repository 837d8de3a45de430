"""The chart of a song that has its author's own."""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core import ACROSS_THE_HAND, GRIPS, Grip, Window, judge
from game.core.score import score
from game.music.arranging import ANY_SPACING_US, arrange
from game.music.quality import measure
from game.music.reading import read_song
from game.music.song import Song
from tests.music import songs as made
from tests.music.test_authored import chart_track, recording
from tests.music.test_bundled_charts import pressed

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
INDEX, MIDDLE, RING, LITTLE, KEY = GRIPS

#: A target of the author's: beat, pitch in the track, velocity.
Row = tuple[float, int, int]


def song_of(folder: Path, *rows: Row, melody: made.Tune | None = None) -> Song:
    """A song at 120 a minute; without a melody it has a recording."""
    tracks = [made.conductor(), chart_track(*rows)]
    if melody is not None:
        tracks.append(made.track(melody, name="Melody"))
    path = made.save(folder / "song.mid", tracks)
    if melody is None:
        recording(path)
    return read_song(path)


def every_beat(beats: int, velocity: int = 127) -> list[Row]:
    return [(beat, 60 + beat % 5, velocity) for beat in range(beats)]


def test_the_author_s_targets_are_the_chart(tmp_path: Path) -> None:
    rows = every_beat(64)
    song = song_of(tmp_path, *rows, melody=made.ODE)
    chart = arrange(song)
    assert (chart.targets["time_us"] == np.arange(64) * 500_000).all()
    assert (chart.targets["grip"] == np.arange(64) % 5).all()
    assert (chart.targets["duration_us"] == 250_000).all()
    assert measure(song, chart).melody_kept == 1.0


def test_a_target_stands_for_the_melody_there_and_else_for_no_pitch(tmp_path: Path) -> None:
    melody = [(64, 1.0), (65, 1.0), (None, 2.0), (67, 4.0)]
    rows = [(0.0, 60, 127), (1.15, 60, 127), (2.9, 60, 127), (3.85, 61, 127), (6.5, 60, 127)]
    chart = arrange(song_of(tmp_path, *rows, melody=melody))
    # At the first note; in the second; in the rest; just before the third; within it.
    assert chart.targets["pitch"].tolist() == [64, 65, 0, 67, 67]


def test_levels_are_asked_one_after_the_other_and_whole_phrases_take_the_denser(
    tmp_path: Path,
) -> None:
    # Given 16 phrases of four bars with a target in every second, and the others on level 2.
    rows = [(4.0 * bar, 60 + bar % 5, 111 if bar % 2 else 127) for bar in range(64)]
    chart = arrange(song_of(tmp_path, *rows))
    level_2 = chart.targets["time_us"] % 4_000_000 != 0
    assert chart.targets["tier"][level_2].min() > chart.targets["tier"][~level_2].max()
    for phrase in range(len(chart.phrases)):
        inside = level_2 & (chart.targets["phrase"] == phrase)
        assert len(set(chart.targets["tier"][inside].tolist())) == 1


def test_below_the_lowest_level_the_metre_thins(tmp_path: Path) -> None:
    chart = arrange(song_of(tmp_path, *every_beat(256)))
    for number, rate in enumerate(chart.rates, start=1):
        if rate <= 0.5:  # a bar is 2 s
            assert (chart.tier(number)["time_us"] % 2_000_000 == 0).all()


@pytest.mark.parametrize(
    ("prescribed", "asked"),
    [
        ((INDEX, LITTLE), {INDEX: INDEX, MIDDLE: INDEX, RING: LITTLE, LITTLE: LITTLE, KEY: INDEX}),
        ((KEY,), dict.fromkeys(GRIPS, KEY)),
        ((KEY, RING), {KEY: KEY, INDEX: KEY, MIDDLE: RING, RING: RING, LITTLE: RING}),
        # Of two equally near the one on the side of the thumb.
        ((INDEX, RING), {KEY: INDEX, INDEX: INDEX, MIDDLE: INDEX, RING: RING, LITTLE: RING}),
    ],
)
def test_a_grip_that_is_not_prescribed_goes_to_the_nearest(
    tmp_path: Path, prescribed: tuple[Grip, ...], asked: dict[Grip, Grip]
) -> None:
    chart = arrange(song_of(tmp_path, *every_beat(40)), prescribed)
    for target in chart.targets:
        beat = int(target["time_us"]) // 500_000
        assert target["grip"] == asked[Grip(beat % 5)]
    assert any("moved to the nearest grip" in problem for problem in chart.problems)


def test_a_chord_becomes_one_target_of_the_lowest_level_and_a_prescribed_grip(
    tmp_path: Path,
) -> None:
    rows = [(0.0, 60, 100), (0.0, 61, 127), (4.0, 60, 127), (4.0, 62, 127), (8.0, 60, 127)]
    chart = arrange(song_of(tmp_path, *rows), (MIDDLE, RING))
    assert chart.targets["time_us"].tolist() == [0, 2_000_000, 4_000_000]
    assert chart.targets["grip"].tolist() == [MIDDLE, RING, MIDDLE]


def test_the_spacing_holds_and_what_was_left_out_is_said(tmp_path: Path) -> None:
    rows = [(beat / 4, 60, 127) for beat in range(64)]
    chart = arrange(song_of(tmp_path, *rows))
    assert (np.diff(chart.targets["time_us"]) >= Window().same_grip_spacing_us).all()
    left_out = 64 - len(chart.targets)
    assert any(f"64 targets {left_out} left out" in problem for problem in chart.problems)


def test_a_dense_run_of_the_author_s_is_kept_whole(tmp_path: Path) -> None:
    """The author may crowd a place that the arranger would not."""
    slow = [(4.0 * bar, 60, 127) for bar in range(40)]
    run = [(160 + i / 2, 60 + i % 5, 127) for i in range(32)]
    chart = arrange(song_of(tmp_path, *slow, *run))
    assert len(chart.targets) == 72
    assert chart.targets["tier"][-1] > chart.targets["tier"][:40].max()


def test_problems_speak_of_the_chart_and_not_of_a_melody(tmp_path: Path) -> None:
    rows = [*every_beat(16), *((beat + 64, grip, 127) for beat, grip, _ in every_beat(16))]
    problems = arrange(song_of(tmp_path, *rows)).problems
    assert any("the chart rests from" in problem for problem in problems)
    assert not any("melody" in problem for problem in problems)


@settings(
    max_examples=1_500 if SOAK else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 1200).map(lambda quarter: quarter / 4),
            st.integers(59, 65),
            st.integers(1, 127),
        ),
        min_size=1,
        max_size=200,
    ).filter(lambda rows: any(60 <= pitch <= 64 for _, pitch, _ in rows)),
    grips=st.sets(st.sampled_from(GRIPS), min_size=1),
    half=st.sampled_from([0, 120, 200, 300]),
    tempo=st.sampled_from([0.5, 1.0, 1.5]),
)
def test_any_chart_of_an_author_keeps_the_contract(
    tmp_path: Path, rows: list[Row], grips: set[Grip], half: int, tempo: float
) -> None:
    song = song_of(tmp_path, *rows)
    window = Window(half * 1000, half * 1000)
    chart = arrange(song, sorted(grips), window=window, tempo=tempo)
    targets, times = chart.targets, chart.targets["time_us"]
    assert len(targets) > 0
    assert set(targets["grip"].tolist()) <= {int(grip) for grip in grips}
    assert (np.diff(times) >= ANY_SPACING_US).all()
    for grip in grips:
        mine = times[targets["grip"] == grip]
        assert (np.diff(mine) >= window.same_grip_spacing_us).all()
    counts = [len(chart.tier(number)) for number in range(1, len(chart.rates) + 1)]
    for fewer, more in pairwise(counts):
        assert more - fewer == 1 or fewer < more <= fewer * 1.15
    assert counts[-1] == len(targets)
    assert chart.rates[-1] <= 3.0 or len(targets) == 1
    # Nothing is asked that the author did not write, each at its nearest prescribed grip.
    written: dict[int, set[int]] = {}
    across = list(ACROSS_THE_HAND)
    for row in song.authored:
        place = across.index(Grip(int(row["grip"])))
        distance = {int(grip): abs(across.index(grip) - place) for grip in grips}
        nearest = {grip for grip, away in distance.items() if away == min(distance.values())}
        written.setdefault(round(int(row["time_us"]) / tempo), set()).update(nearest)
    for target in targets:
        assert int(target["grip"]) in written[int(target["time_us"])]
    if (song.authored["time_us"] / tempo <= 8_000_000).any():
        assert chart.tier(1)["time_us"][0] <= 8_000_000
    judged = judge(targets, pressed(targets, 0), window)
    assert score(targets, judged, window) == 10_000
