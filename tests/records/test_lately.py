"""The figures of some plays together, per grip."""

from dataclasses import replace

import numpy as np
import pytest

from game.core.grips import GRIPS
from game.core.judge import judge
from game.core.statistics import wilson
from game.records.lately import numbers_of
from tests.records.examples import play


def test_the_figures_of_plays_are_added_up_per_grip():
    plays = [play(seed, targets=60) for seed in range(4)]
    for numbers in numbers_of(plays):
        grip = numbers.grip
        assert numbers.asked == sum(p.of_grip(grip).presented for p in plays)
        assert numbers.hits == sum(p.of_grip(grip).hits for p in plays)
        assert (numbers.low, numbers.high) == pytest.approx(wilson(numbers.hits, numbers.asked))
        assert numbers.share == numbers.hits / numbers.asked
        assert numbers.low <= numbers.share <= numbers.high


def test_timing_is_that_of_all_hits_and_not_a_mean_of_plays():
    plays = [play(1, targets=10), play(2, targets=200)]
    offs = []
    for one in plays:
        judged = judge(one.targets, one.edges, one.window).targets
        own = judged["hit"] & (one.targets["grip"] == GRIPS[0])
        offs += judged["asynchrony_us"][own].tolist()
    timing = numbers_of(plays)[0].timing
    assert timing.hits == len(offs)
    assert timing.median_us == np.median(offs)


@pytest.mark.parametrize("kind", ["keyboard", "mixed", "gamepad"])
def test_coarse_input_counts_but_is_no_timing(kind):
    fine = play(1, targets=60)
    coarse = replace(
        play(2, targets=60), input_kind=kind, input_description="keyboard; resolution 19 ms"
    )
    alone, both = numbers_of([fine]), numbers_of([fine, coarse])
    for one, two in zip(alone, both, strict=True):
        assert two.timing == one.timing
        assert two.asked == one.asked + coarse.of_grip(two.grip).presented
    assert all(np.isnan(numbers.timing.median_us) for numbers in numbers_of([coarse]))


def test_of_nothing_there_is_nothing_to_say():
    for numbers in numbers_of([]):
        assert (numbers.asked, numbers.hits, numbers.share) == (0, 0, None)
        assert (numbers.low, numbers.high) == (0, 1)
        assert np.isnan(numbers.timing.median_us)
