import numpy as np
import pytest

from game.music.grip_choice import Question, choose, even_out, mix_error, rising_maps, surplus


def question(pitch: np.ndarray, weights: list[float], step_us: int = 600_000) -> Question:
    n = len(pitch)
    return Question(
        time_us=np.arange(n) * step_us,
        pitch=pitch,
        group=np.arange(n) // 16,
        tier=1 + np.arange(n) * 20 // n,
        weights=np.array(weights),
        spacing_us=444_445,
        settled=True,
    )


@pytest.mark.parametrize(
    ("bins", "places", "count"), [(1, 5, 5), (2, 2, 3), (3, 2, 4), (4, 3, 15), (6, 5, 210)]
)
def test_rising_maps_are_all_there_is_and_never_step_back(
    bins: int, places: int, count: int
) -> None:
    maps = rising_maps(bins, places)
    assert maps.shape == (count, bins)
    assert (np.diff(maps, axis=1) >= 0).all()
    assert maps.min() == 0
    assert maps.max() == places - 1


@pytest.mark.parametrize(
    "weights", [[0.2] * 5, [0.5, 0.5], [0.6, 0.2, 0.1, 0.1], [0.9, 0.1], [0.05, 0.9, 0.05]]
)
def test_maps_rise_within_a_group_and_give_the_mix(weights: list[float]) -> None:
    pitch = np.random.default_rng(5).integers(60, 70, 320)
    asked = question(pitch, weights)
    place = choose(asked)
    for group in np.unique(asked.group):
        inside = asked.group == group
        order = np.argsort(pitch[inside], kind="stable")
        assert (np.diff(place[inside][order]) >= 0).all()
    assert mix_error(place, asked.tier, asked.weights) <= 0.05


def test_neighbours_too_close_for_one_grip_get_two_if_the_line_allows() -> None:
    pitch = np.tile([60, 62], 40)
    asked = question(pitch, [0.5, 0.5], step_us=250_000)
    place = choose(asked)
    assert (np.diff(place) != 0).mean() > 0.9


def test_evening_out_keeps_targets_together_and_apart() -> None:
    pitch = np.full(120, 60)
    asked = question(pitch, [0.5, 0.5], step_us=300_000)
    together = np.arange(120) // 4
    before = np.arange(120) % 2
    moved = even_out(asked, before * 0, together)
    assert mix_error(moved, asked.tier, asked.weights) > 0.05  # no room at this spacing
    asked = question(pitch, [0.5, 0.5])
    moved = even_out(asked, before * 0, together)
    assert mix_error(moved, asked.tier, asked.weights) <= 0.05
    for unit in range(30):
        assert len(set(moved[together == unit])) == 1


def test_short_tiers_promise_no_mix() -> None:
    place = np.zeros(59, dtype=np.int64)
    assert mix_error(place, np.ones(59, dtype=np.int64), np.array([0.5, 0.5])) == 0.0
    place = np.zeros(60, dtype=np.int64)
    assert mix_error(place, np.ones(60, dtype=np.int64), np.array([0.5, 0.5])) == 0.5


def test_the_surplus_is_of_the_grip_there_is_too_much_of_and_entered_last() -> None:
    place = np.array([0] * 60 + [1] * 40)
    tier = np.tile([1, 2], 50)
    out = surplus(place, tier, np.zeros(100, dtype=int), np.array([0.5, 0.5]))
    assert (place[out] == 0).all()
    assert (tier[out] == 2).all()
