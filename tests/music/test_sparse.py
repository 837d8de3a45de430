"""The sparsest tiers: spread out, so that no stretch of the song is crowded."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.music.metre import BAR, BEAT, HALF_BAR, PHRASE, TWO_BARS
from game.music.sparse import _crowding_without, spread
from game.music.tiers import assemble, busiest


def line(beat_us: int, phrases: int = 16) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Times, rungs, tiers and length of phrases of four bars of four beats, a note on each beat."""
    at = np.arange(phrases * 16)
    rung = np.full(len(at), BEAT)
    for level, every in ((HALF_BAR, 2), (BAR, 4), (TWO_BARS, 8), (PHRASE, 16)):
        rung[at % every == 0] = level
    length_us = len(at) * beat_us
    time_us = at * beat_us
    tier = assemble(
        *(time_us, rung, at // 16, np.arange(phrases) % 4, length_us),
        single=np.zeros(len(at), bool),
    )
    return time_us, rung, tier, length_us


def crowded(time_us: np.ndarray, tier: np.ndarray, length_us: int) -> list[float]:
    """The rates of the tiers that are crowded somewhere."""
    found = []
    for number in range(1, int(tier.max()) + 1):
        inside = time_us[(tier > 0) & (tier <= number)]
        rate = len(inside) / length_us * 1e6
        if busiest(inside, rate) > 1:
            found.append(round(rate, 3))
    return found


@pytest.mark.parametrize("beat_us", [450_000, 500_000, 600_000, 700_000, 900_000])
def test_tiers_between_even_periods_are_hardly_crowded_any_more(beat_us: int) -> None:
    time_us, rung, tier, length_us = line(beat_us)
    assert len(crowded(time_us, tier, length_us)) > 3
    made = spread(time_us, tier, rung, length_us, 8_000_000)
    assert len(crowded(time_us, made, length_us)) <= 1


@pytest.mark.parametrize("beat_us", [450_000, 600_000, 900_000])
def test_they_stay_nested_in_small_steps_over_the_same_targets(beat_us: int) -> None:
    time_us, rung, tier, length_us = line(beat_us)
    made = spread(time_us, tier, rung, length_us, 8_000_000)
    assert ((made > 0) == (tier > 0)).all()
    sizes = np.cumsum(np.bincount(made)[1:]).tolist()
    assert sizes[0] == (tier == 1).sum()
    assert all(more - fewer == 1 or fewer < more <= fewer * 1.15 for fewer, more in pairwise(sizes))
    assert time_us[made == 1].min() <= 8_000_000


def test_what_is_busier_stays_as_it_was() -> None:
    time_us, rung, tier, length_us = line(500_000)
    made = spread(time_us, tier, rung, length_us, 8_000_000)
    busy = tier > np.searchsorted(np.cumsum(np.bincount(tier)[1:]), length_us / 1e6)
    order = np.argsort(tier[busy], kind="stable")
    assert busy.any()
    assert (np.diff(made[busy][order]) == np.diff(tier[busy][order])).all()


def test_tiers_that_are_nowhere_crowded_stay() -> None:
    time_us = np.arange(60) * 2_000_000
    tier = np.where(np.arange(60) % 3 == 2, 2, 1)
    assert spread(time_us, tier, np.zeros(60, int), 120_000_000, 8_000_000) is tier


@given(st.lists(st.integers(1, 40), min_size=3, max_size=30), st.sampled_from([12, 24]))
@settings(max_examples=60, deadline=None)
def test_how_crowded_it_is_without_a_target_is_counted_right(steps: list[int], power: int) -> None:
    at = np.cumsum(steps) / 2

    def crowding(times: np.ndarray) -> float:
        return sum(
            ((j - i) / max(times[j] - times[i], 4.0)) ** power
            for i in range(len(times))
            for j in range(i + 2, min(i + 11, len(times)))
        )

    found = _crowding_without(at, power)
    whole = crowding(at)
    for place, without in enumerate(found):
        want = crowding(np.delete(at, place))
        # Pairs eleven steps apart come within ten: far apart, they count for nothing.
        assert without == pytest.approx(want, rel=0.05, abs=1e-6 * whole + 1e-20)
