import numpy as np
import pytest

from game.music.arranging import arrange
from game.music.chart import Chart
from game.music.library import bundled_folder
from game.music.quality import Quality, measure, summary
from game.music.reading import read_song
from game.music.song import Song
from tests.music import songs as made


@pytest.fixture(scope="module")
def ode(tmp_path_factory: pytest.TempPathFactory) -> Song:
    return read_song(made.ode(tmp_path_factory.mktemp("songs") / "ode.mid"))


def spoilt(chart: Chart, **fields: np.ndarray) -> Chart:
    """The chart with other values in some fields of its targets."""
    targets = chart.targets.copy()
    for name, values in fields.items():
        targets[name] = values
    return Chart(**{**chart.__dict__, "targets": np.sort(targets, order="time_us")})


def test_a_good_chart_has_good_figures(ode: Song) -> None:
    quality = measure(ode, arrange(ode))
    assert quality.on_beat > 0.95
    # Below a target in three seconds they are spread out, and not even.
    assert quality.steady > 0.65
    assert quality.repeated > 0.65
    assert quality.contour > 0.9
    assert quality.mix_error <= 0.05
    assert quality.melody_kept > 0.8


def test_every_figure_sees_its_fault(ode: Song) -> None:
    chart = arrange(ode)
    good = measure(ode, chart)
    random = np.random.default_rng(1)
    n = len(chart.targets)
    shuffled = measure(ode, spoilt(chart, grip=random.integers(0, 5, n)))
    assert shuffled.contour < good.contour
    assert shuffled.same_grips < good.same_grips
    off = measure(ode, spoilt(chart, time_us=chart.targets["time_us"] + 250_000))
    assert off.on_beat < 0.2
    one_grip = measure(ode, spoilt(chart, grip=np.zeros(n)))
    assert one_grip.mix_error == pytest.approx(0.8)
    uneven = measure(ode, spoilt(chart, tier=random.permutation(chart.targets["tier"])))
    assert uneven.steady < good.steady
    assert uneven.repeated < good.repeated
    assert uneven.crowding > good.crowding
    assert uneven.crowded > good.crowded
    assert uneven.score < good.score
    late = np.where((np.arange(n) > 20) & (np.arange(n) < n - 20), len(chart.rates), 1)
    holes = measure(ode, spoilt(chart, tier=np.maximum(chart.targets["tier"], late)))
    assert good.gap <= 1 < holes.gap
    half = Chart(**{**chart.__dict__, "targets": chart.targets[:40]})
    assert measure(ode, half).melody_kept < good.melody_kept


def test_the_bundled_songs_are_well_arranged() -> None:
    songs = [read_song(path) for path in sorted(bundled_folder().glob("*.mid"))]
    figures = summary([measure(song, arrange(song)) for song in songs])
    assert figures["on_beat"] > 0.95
    # At very low rates the targets are spread out, and not even.
    assert figures["steady"] > 0.7
    assert figures["repeated"] > 0.7
    assert figures["melody_kept"] > 0.7
    assert figures["contour"] > 0.9
    assert figures["mix_error"] <= 0.05
    assert figures["longest_gap_s"] <= 8.0
    assert figures["gap"] <= 1.0
    assert figures["crowding"] <= 1.5
    assert figures["crowded"] <= 0.02
    assert figures["score"] > 85


def test_a_summary_takes_the_worst_of_what_must_never_be_bad() -> None:
    one = Quality(10, 0.1, 2.0, 1, 1, 1, 1, 1, 1, 0.01, 2.0, 0.5, 1.0, 0.0)
    other = Quality(20, 0.1, 1.0, 0, 1, 1, 1, 1, 1, 0.05, 9.0, 1.1, 1.5, 0.2)
    figures = summary([one, other])
    assert figures["tiers"] == 15
    assert figures["on_beat"] == 0.5
    assert figures["gap"] == 1.1
    assert figures["crowded"] == pytest.approx(0.1)
    assert one.score == 100
    assert other.score == pytest.approx(100 * (6 + 1 / 1.1 + 0.8 - 1) / 8)
    assert figures["score"] == pytest.approx((one.score + other.score) / 2)
    assert (figures["mix_error"], figures["longest_gap_s"], figures["crowding"]) == (0.05, 9.0, 1.5)
