import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core import GRIPS, Grip, Window
from game.music.arranging import arrange
from game.music.library import bundled_folder
from game.music.reading import read_song
from game.music.song import Song
from tests.music import songs as made
from tests.music.contract import (
    check_chart,
    contour,
    equal_pitches_keep_their_grip,
    well_spread,
)

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
BUNDLED = sorted(bundled_folder().glob("*.mid"))

INDEX, MIDDLE, RING, LITTLE, KEY = GRIPS
WINDOWS = {120: Window(120_000, 120_000), 200: Window(), 300: Window(300_000, 300_000)}


@pytest.fixture(scope="module")
def ode(tmp_path_factory: pytest.TempPathFactory) -> Song:
    return read_song(made.ode(tmp_path_factory.mktemp("songs") / "ode.mid"))


def song_of(tmp_path: Path, notes: made.Tune, bpm: float = 120.0, metre=(4, 4)) -> Song:
    return read_song(made.melody_only(tmp_path / "tune.mid", notes, bpm, metre))


def beats_of(times: np.ndarray, beat_us: float = 500_000) -> list[float]:
    return (times / beat_us).tolist()


#: Grips, their weights, half the window in ms, tempo.
ASKED: tuple[tuple[tuple[Grip, ...], tuple[float, ...], int, float], ...] = (
    ((INDEX, MIDDLE, RING, LITTLE, KEY), (1, 1, 1, 1, 1), 200, 1.0),
    ((INDEX, MIDDLE, RING, LITTLE, KEY), (0.35, 0.3, 0.2, 0.1, 0.05), 300, 0.5),
    ((INDEX, MIDDLE, RING, LITTLE, KEY), (0.2, 0.2, 0.05, 0.25, 0.3), 120, 1.5),
    ((KEY, INDEX), (0.7, 0.3), 200, 1.0),
    ((INDEX, MIDDLE, LITTLE), (1, 1, 1), 300, 1.0),
    ((MIDDLE, RING, LITTLE, KEY), (4, 3, 2, 1), 120, 0.8),
    ((LITTLE,), (1,), 200, 1.0),
    ((INDEX,), (1,), 300, 1.5),
)


@pytest.mark.parametrize(
    ("path", "asked"),
    # Every song with all of them in the soak, else with two, other ones from song to song.
    [
        pytest.param(path, asked, id=f"{path.stem}-{which}")
        for number, path in enumerate(BUNDLED)
        for which, asked in enumerate(ASKED)
        if SOAK or which % 4 == number % 4
    ],
)
def test_every_bundled_song_keeps_the_contract(
    path: Path, asked: tuple[tuple[Grip, ...], tuple[float, ...], int, float]
) -> None:
    grips, weights, window, tempo = asked
    song = read_song(path)
    chart = arrange(song, grips, weights, WINDOWS[window], tempo)
    check_chart(song, chart, grips, weights, WINDOWS[window])
    assert not any("shares" in problem for problem in chart.problems)
    assert equal_pitches_keep_their_grip(chart)
    assert contour(chart) >= 0.7


tunes = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(52, 80)),
        st.sampled_from([0.25, 0.33, 0.5, 0.5, 1.0, 1.0, 1.5, 2.0, 4.0, 30.0]),
    ),
    min_size=1,
    max_size=160,
).filter(lambda rows: any(pitch is not None for pitch, _ in rows))


@settings(
    max_examples=2_000 if SOAK else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    notes=tunes,
    times=st.integers(1, 4),
    bpm=st.sampled_from([50.0, 83.0, 120.0, 180.0]),
    metre=st.sampled_from([(4, 4), (3, 4), (6, 8), (2, 2), (5, 4), (7, 8)]),
    weights=st.lists(st.floats(0.05, 1.0), min_size=5, max_size=5),
    grips=st.sets(st.sampled_from(GRIPS), min_size=1),
    half=st.sampled_from([0, 60, 120, 200, 300, 500]),
    tempo=st.sampled_from([0.5, 0.8, 1.0, 1.1, 1.5]),
)
def test_any_tune_keeps_the_contract(
    tmp_path: Path,
    notes: list[tuple[int | None, float]],
    times: int,
    bpm: float,
    metre: tuple[int, int],
    weights: list[float],
    grips: set[Grip],
    half: int,
    tempo: float,
) -> None:
    song = song_of(tmp_path, notes * times, bpm, metre)
    window = Window(half * 1000, half * 500)
    given_grips = sorted(grips)
    chart = arrange(song, given_grips, weights, window, tempo)
    check_chart(song, chart, given_grips, [weights[g] for g in given_grips], window)
    well_spread(chart)


def test_the_sparsest_tier_leaves_no_gap_that_it_could_fill(tmp_path: Path) -> None:
    # Given notes minutes apart, and between them a few that are worth less in the metre.
    rests = [(None, 9.25), (69, 0.25), (None, 13.75), (56, 1.5), (54, 30.0)]
    line = [(63, 30.0), *rests, (None, 4.0), (80, 0.25), (None, 5.75), (69, 1.5), (60, 1.5)]
    well_spread(arrange(song_of(tmp_path, line * 4, 120.0, (5, 4)), [INDEX], [1], Window(0, 0)))


def test_the_same_arguments_give_the_same_chart(ode: Song) -> None:
    one, other = arrange(ode), arrange(ode)
    assert one.targets.tobytes() == other.targets.tobytes()
    assert one.rates == other.rates


def test_the_steady_periods_follow_each_other(ode: Song) -> None:
    """Bars, and at a quick pace two bars: each is a tier of its own, even from end to end, as long
    as its period is at most three seconds."""
    for tempo, period, count in ((1.0, 4, 32), (1.5, 8, 16), (1.5, 4, 32)):
        chart = arrange(ode, tempo=tempo)
        counts = [len(chart.tier(k)) for k in range(1, len(chart.rates) + 1)]
        times = chart.tier(counts.index(count) + 1)["time_us"] * tempo
        np.testing.assert_allclose(times / 500_000, period * np.arange(count), atol=1e-4)


def test_between_two_periods_whole_phrases_take_the_denser(ode: Song) -> None:
    chart = arrange(ode)
    for k, rate in enumerate(chart.rates, start=1):
        if not 0.45 <= rate <= 0.5:
            continue
        tier = chart.tier(k)
        sizes = np.bincount(tier["phrase"], minlength=len(chart.phrases))
        assert set(sizes.tolist()) <= {2, 4}
        for phrase in range(len(chart.phrases)):
            assert len(set(np.diff(tier["time_us"][tier["phrase"] == phrase]).tolist())) == 1


def test_a_waltz_keeps_its_heavy_beat_first(tmp_path: Path) -> None:
    song = song_of(tmp_path, made.tune("c e g a g e") * 16, 150.0, (3, 4))
    chart = arrange(song)
    bar_us = 1_200_000
    for k, rate in enumerate(chart.rates, start=1):
        if rate <= 1 / 1.2:
            assert (chart.tier(k)["time_us"] % bar_us == 0).all()


def test_notes_between_the_beats_come_last(tmp_path: Path) -> None:
    chart = arrange(song_of(tmp_path, made.tune("c e:.5 f:.5 g a d:.5 e:.5 f g e") * 12))
    off_beat = chart.targets["time_us"] % 500_000 != 0
    assert off_beat.any()
    assert chart.targets["tier"][off_beat].min() > chart.targets["tier"][~off_beat].max() - 3


def test_a_syncopated_bar_has_the_note_that_stands_for_its_first_beat(tmp_path: Path) -> None:
    # Given every second bar begins half a beat early and holds over the bar line.
    song = song_of(tmp_path, made.tune("c e g e:.5 a:1.5 g e c") * 12)
    chart = arrange(song)
    bars = len(song.bars_us) - 1
    counts = [len(chart.tier(k)) for k in range(1, len(chart.rates) + 1)]
    times = chart.tier(counts.index(bars) + 1)["time_us"]
    assert np.abs(times - song.bars_us[:-1]).max() <= 250_000


def test_music_that_repeats_is_asked_for_at_the_same_places(ode: Song) -> None:
    chart = arrange(ode)
    # Bars 17 to 32 are bars 1 to 16 again.
    half = chart.length_us // 2
    first = chart.targets[chart.targets["time_us"] < half]
    again = chart.targets[chart.targets["time_us"] >= half]
    assert np.isin(again["time_us"] - half, first["time_us"]).mean() > 0.95
    bar_tier = chart.tier(len([r for r in chart.rates if r <= 0.5]))
    assert beats_of(bar_tier["time_us"][:16]) == beats_of(bar_tier["time_us"][16:] - half)


def test_a_refrain_keeps_its_grips_where_the_mix_allows(tmp_path: Path) -> None:
    verse = made.tune("c d e f g a b c' b a g f e d c:2")
    refrain = made.tune("c' d e f g a b c g e c d e f g:2")
    song = song_of(tmp_path, (verse + refrain) * 4)
    chart = arrange(song)
    targets = chart.targets
    length = chart.length_us // 4
    parts = [
        {
            (int(t["time_us"]) - i * length, int(t["grip"]))
            for t in targets[(targets["time_us"] // length) == i]
        }
        for i in range(4)
    ]
    same = [len(parts[0] & part) / len(parts[0]) for part in parts[1:]]
    assert max(same) > 0.8


@pytest.mark.parametrize(
    "grips",
    [(INDEX, MIDDLE), (KEY, INDEX, MIDDLE, RING, LITTLE), (INDEX, RING, LITTLE), (KEY, LITTLE)],
)
def test_equal_pitches_keep_their_grip_and_the_line_crosses_the_hand(
    ode: Song, grips: tuple[Grip, ...]
) -> None:
    chart = arrange(ode, grips)
    assert equal_pitches_keep_their_grip(chart)
    assert contour(chart) >= 0.9


def test_a_scale_runs_across_the_hand(tmp_path: Path) -> None:
    song = song_of(tmp_path, made.tune("c d e f g a b c' c':8") * 6, 80.0)
    chart = arrange(song)
    first = chart.targets[chart.targets["phrase"] == 0]["grip"]
    assert list(dict.fromkeys(first.tolist())) == [KEY, INDEX, MIDDLE, RING, LITTLE]


def test_one_pitch_alone_still_gives_the_mix(tmp_path: Path) -> None:
    song = song_of(tmp_path, [(60, 1.0)] * 200, 100.0)
    chart = arrange(song)
    shares = np.bincount(chart.targets["grip"], minlength=5) / len(chart.targets)
    assert np.abs(shares - 0.2).max() <= 0.05


def test_a_resting_grip_is_asked_for_rarely(ode: Song) -> None:
    chart = arrange(ode, weights=[0.24, 0.24, 0.24, 0.04, 0.24])
    share = (chart.targets["grip"] == LITTLE).mean()
    assert share <= 0.09


def test_the_first_target_comes_early_and_on_a_strong_beat(tmp_path: Path) -> None:
    song = song_of(tmp_path, [(None, 9.0), *[(60 + i % 5, 1.0) for i in range(60)]])
    chart = arrange(song)
    first = int(chart.tier(1)["time_us"][0])
    assert first <= 8_000_000
    assert first % 1_000_000 == 0  # beat 1 or 3


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    late = song_of(tmp_path, [(None, 40.0), *[(60 + i % 5, 1.0) for i in range(40)]])
    assert any("begins only at 20 s" in p for p in arrange(late).problems)
    gap = song_of(tmp_path, [*made.ODE_A, (None, 40.0), *made.ODE_A])
    assert any("rests from" in p for p in arrange(gap).problems)
    assert any("up to" in p and "targets/s" in p for p in arrange(gap).problems)


def test_a_faster_tempo_moves_targets_and_keeps_the_spacing(ode: Song) -> None:
    slow, fast = arrange(ode, tempo=0.5), arrange(ode, tempo=1.5)
    assert slow.length_us == 128_000_000
    assert fast.length_us == round(64_000_000 / 1.5)
    for chart in (slow, fast):
        check_chart(ode, chart, GRIPS, [1] * 5, Window())
    assert fast.rates[-1] > slow.rates[-1]


def test_a_fast_run_does_not_crowd_a_slow_song(tmp_path: Path) -> None:
    run = [(60 + i % 12, 0.25) for i in range(48)]
    song = song_of(tmp_path, [*[(60 + i % 5, 2.0) for i in range(60)], *run])
    chart = arrange(song, window=WINDOWS[120])
    times = chart.targets["time_us"]
    crowd = max(((times >= t) & (times <= t + 4_000_000)).sum() for t in times)
    assert crowd <= 1 + 1.5 * chart.rates[-1] * 4


@pytest.mark.parametrize(
    "bad",
    [
        {"grips": []},
        {"grips": [7]},
        {"weights": [1, 2]},
        {"weights": [0, 0, 0, 0, 0]},
        {"weights": [1, 1, 1, 1, -1]},
        {"weights": [1, 1, 1, 1, float("nan")]},
        {"weights": {}},
        {"grips": [INDEX], "weights": [0, 1, 1, 1, 1]},
        {"tempo": 0.49},
        {"tempo": 1.51},
        {"tempo": float("nan")},
    ],
)
def test_bad_requests_are_refused(ode: Song, bad: dict) -> None:
    with pytest.raises(ValueError):
        arrange(ode, **bad)


def test_weights_can_be_given_in_three_ways(ode: Song) -> None:
    grips = [KEY, MIDDLE]
    charts = [
        arrange(ode, grips, {MIDDLE: 0.3, KEY: 0.7}),
        arrange(ode, grips, [0.7, 0.3]),
        arrange(ode, grips, [9, 0.3, 9, 9, 0.7]),
    ]
    assert len({chart.targets.tobytes() for chart in charts}) == 1


def test_a_chart_has_only_its_tiers(ode: Song) -> None:
    chart = arrange(ode)
    for number in (0, len(chart.rates) + 1):
        with pytest.raises(ValueError):
            chart.tier(number)
