"""From an expert's chart to one pinch at a time, in nested levels."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.music.importing.fretted import FretNote
from game.music.importing.thinning import targets_of

COMMON = [(0, 4, 4)]


def quarters(*frets: int, start: int = 0, step: int = 192):
    return [FretNote(start + i * step, 0, fret) for i, fret in enumerate(frets)]


def test_frets_lie_across_the_hand_in_the_order_of_the_guitar():
    made = targets_of(quarters(0, 1, 2, 3, 4), 192, COMMON)
    assert [Grip(t.grip) for t in made] == [
        Grip.KEY, Grip.INDEX, Grip.MIDDLE, Grip.RING, Grip.LITTLE,
    ]  # fmt: skip


def test_a_chord_is_its_highest_fret_even_if_struck_a_moment_apart():
    chord = [FretNote(0, 0, 0), FretNote(0, 100, 3), FretNote(4, 0, 1)]
    made = targets_of([*chord, FretNote(192, 0, 0)], 192, COMMON)
    assert [(t.tick, Grip(t.grip)) for t in made] == [(0, Grip.RING), (192, Grip.KEY)]


def test_what_is_held_stays_held_until_the_next_and_what_is_not_is_short():
    notes = [FretNote(0, 300, 0), FretNote(384, 0, 1), FretNote(576, 999, 2), FretNote(768, 30, 3)]
    made = targets_of(notes, 192, COMMON)
    assert [t.length for t in made] == [300, 48, 192, 48]


def test_the_first_level_asks_once_a_bar_and_each_further_one_twice_as_often():
    sixteenths = [FretNote(tick, 0, 0) for tick in range(0, 8 * 768, 48)]
    made = targets_of(sixteenths, 192, COMMON)
    for level, step in ((1, 768), (2, 384), (3, 192), (4, 96), (5, 48)):
        assert [t.tick for t in made if t.level <= level] == list(range(0, 8 * 768, step))


def test_in_three_four_there_are_no_half_bars():
    made = targets_of(quarters(*([0] * 12)), 192, [(0, 3, 4)])
    assert [t.level for t in made] == [1, 3, 3] * 4


def test_six_eight_is_felt_in_two():
    eighths = [FretNote(tick, 0, 0) for tick in range(0, 4 * 576, 96)]
    made = targets_of(eighths, 192, [(0, 6, 8)])
    assert [t.tick for t in made if t.level == 1] == [0, 576, 1152, 1728]
    assert [t.tick for t in made if t.level <= 2] == list(range(0, 4 * 576, 288))


def test_a_metre_that_changes_moves_the_bars():
    made = targets_of(quarters(*([0] * 10)), 192, [(0, 4, 4), (768, 3, 4)])
    assert [t.tick // 192 for t in made if t.level == 1] == [0, 4, 7]


def test_a_syncopated_bar_is_not_left_empty():
    off_beat = [FretNote(768 * bar + 96, 0, 1) for bar in range(8)]
    made = targets_of(off_beat, 192, COMMON)
    assert [t.level for t in made] == [1] * 8


def test_a_note_held_or_a_chord_stands_out_where_the_place_is_equal():
    bar = [FretNote(192, 0, 0), FretNote(576, 190, 1)]  # the second and the fourth beat
    assert [t.level for t in targets_of(bar, 192, COMMON)] == [2, 1]
    chord = [FretNote(192, 0, 0), FretNote(576, 0, 1), FretNote(576, 0, 2)]
    assert [t.level for t in targets_of(chord, 192, COMMON)] == [2, 1]


def test_a_note_a_hair_before_the_beat_is_on_it():
    made = targets_of(
        [FretNote(0, 0, 0), FretNote(764, 0, 0), FretNote(768 + 384, 0, 0)], 192, COMMON
    )
    assert [t.level for t in made] == [1, 1, 2]


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(0, 2_000), st.integers(0, 4)), max_size=60
    ),
    st.integers(24, 960),
    st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(1, 15), st.sampled_from([1, 2, 4, 8, 16])),
        max_size=4,
    ),
)
def test_any_chart_gives_targets_one_at_a_time_on_levels_the_file_can_hold(
    rows, resolution, metres
):
    notes = sorted(FretNote(*row) for row in rows)
    made = targets_of(notes, resolution, sorted(metres))
    assert len(made) <= len(notes)
    assert bool(made) == bool(notes)
    for this, following in pairwise(made):
        assert this.tick + this.length <= following.tick
    assert all(1 <= t.level <= 6 and 0 <= t.grip <= 4 and t.length >= 1 for t in made)
    assert {t.tick for t in made} <= {n.tick for n in notes}
