import math
import statistics as peer

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core import GRIPS, Window, judge
from game.core.statistics import (
    chords,
    contacts_closed,
    counted,
    dwell,
    nearest_press_us,
    neighbour_share,
    outside_faults,
    own_share,
    repetitions,
    timing,
    totals,
    trailing_hits,
    wilson,
)
from tests.core.plays import edges_at, plays, sample, targets_at

INDEX, MIDDLE, RING, LITTLE, KEY = range(5)
MS = 1000
SECOND = 1_000_000
WINDOW = Window()


def totals_of(targets, edges, window=WINDOW, **part):
    return totals(targets, judge(targets, edges, window), edges, **part)


# ------------------------------------------------------------------------------------- counts


def test_a_play_with_one_of_everything():
    targets = targets_at(*((SECOND * (i + 1), grip) for i, grip in enumerate((0, 0, 4, 4, 2, 2))))
    edges = edges_at(
        (1_010 * MS, INDEX),  # hit
        (1_130 * MS, INDEX, "up"),
        (1_690 * MS, INDEX),  # near the second: early
        (3_000 * MS, MIDDLE),  # instead of the key pinch
        (4_010 * MS, KEY),  # hit
        (4_030 * MS, LITTLE),  # with it: a chord
        (4_100 * MS, LITTLE, "up"),
        (4_210 * MS, KEY, "up"),
        (5_250 * MS, RING),  # near the fifth: late
        (9_000 * MS, LITTLE),  # extra
    )
    t = totals_of(targets, edges)
    assert t.asked.tolist() == [2, 0, 2, 0, 2]
    assert t.hits.tolist() == [1, 0, 0, 0, 1]
    assert t.misses.tolist() == [1, 0, 2, 0, 1]
    assert t.missed_early.tolist() == [1, 0, 0, 0, 0]
    assert t.missed_late.tolist() == [0, 0, 1, 0, 0]
    assert t.missed_wrong_grip.tolist() == [0, 0, 0, 0, 1]
    assert t.missed_omission.tolist() == [0, 0, 1, 0, 0]
    assert t.repetitions.tolist() == [2, 1, 1, 2, 1]
    assert t.counted.tolist() == [2, 0, 1, 0, 1]
    assert t.near.tolist() == [1, 0, 1, 0, 0]
    assert t.wrong.tolist() == [0, 1, 0, 0, 0]
    assert t.extra.tolist() == [0, 0, 0, 2, 0]
    assert t.chords.tolist() == [0, 0, 0, 1, 0]
    assert t.trailing_hits.tolist() == [0, 0, 0, 0, 1]
    assert t.selectivity.tolist() == [
        [2, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 1, 0, 0, 1],
    ]
    assert t.timing.hits == 2
    assert t.timing.median_us == 10 * MS
    assert t.timing_of_grip[KEY].median_us == 10 * MS
    assert math.isnan(t.timing_of_grip[RING].median_us)
    assert t.dwell.median_us == 160 * MS
    assert t.dwell_of_grip[INDEX].median_us == 120 * MS


def test_nothing_played_is_nothing_everywhere():
    t = totals_of(targets_at(), edges_at())
    assert t.asked.sum() == t.hits.sum() == t.repetitions.sum() == t.selectivity.sum() == 0
    assert t.timing.hits == t.dwell.released == 0


@sample(150)
@given(plays())
def test_counts_add_up(play):
    targets, edges, window = play
    judgements = judge(targets, edges, window)
    t = totals(targets, judgements, edges)
    for g in GRIPS:
        assert t.asked[g] == np.count_nonzero(targets["grip"] == g)
        assert t.asked[g] == t.hits[g] + t.misses[g]
        assert t.misses[g] == (
            t.missed_omission[g] + t.missed_early[g] + t.missed_late[g] + t.missed_wrong_grip[g]
        )
        assert t.repetitions[g] == np.count_nonzero(edges["down"] & (edges["grip"] == g))
        assert t.repetitions[g] == t.counted[g] + t.wrong[g] + t.extra[g]
        assert t.counted[g] == t.hits[g] + t.near[g]
        assert 0 <= t.trailing_hits[g] <= t.hits[g]
        assert 0 <= t.fist_hits[g] <= t.hits[g]
        assert t.timing_of_grip[g].hits == t.hits[g]
    assert repetitions(judgements) == t.repetitions.sum()
    assert counted(judgements) == t.counted.sum()
    assert t.timing.hits == t.hits.sum()
    is_chord = chords(judgements, edges)
    noted = judgements.presses["target_index"] >= 0
    assert t.chords.sum() == is_chord.sum()
    assert t.selectivity.sum() == np.count_nonzero(noted & ~is_chord)
    assert np.trace(t.selectivity) <= t.counted.sum()


@sample(150)
@given(plays(), st.integers(-10, 50))
def test_two_phrases_share_nothing_and_lose_nothing(play, cut_us):
    targets, edges, window = play
    judgements = judge(targets, edges, window)
    first = targets["time_us"] < cut_us
    whole = totals(targets, judgements, edges)
    one = totals(targets, judgements, edges, asked=first, during=(-(10**9), cut_us))
    two = totals(targets, judgements, edges, asked=~first, during=(cut_us, 10**9))
    for name in ("asked", "hits", "misses", "fist_hits", "repetitions", "counted", "near"):
        both = getattr(one, name) + getattr(two, name)
        assert both.tolist() == getattr(whole, name).tolist(), name
    assert (one.selectivity + two.selectivity).tolist() == whole.selectivity.tolist()
    assert one.timing.hits + two.timing.hits == whole.timing.hits


def test_a_press_at_the_end_of_a_span_belongs_to_the_next():
    edges = edges_at((100, INDEX), (200, INDEX))
    assert totals_of(targets_at(), edges, during=(100, 200)).repetitions.sum() == 1
    assert totals_of(targets_at(), edges, during=(200, 300)).repetitions.sum() == 1


def test_figures_of_another_play_are_refused():
    targets, edges = targets_at((1, 0)), edges_at((1, 0))
    judgements = judge(targets, edges, WINDOW)
    with pytest.raises(ValueError, match="0 targets cannot have 1 judgements"):
        totals(targets_at(), judgements, edges)
    with pytest.raises(ValueError, match="0 presses among the edges cannot have 1 judgements"):
        totals(targets, judgements, edges_at())
    with pytest.raises(ValueError, match="asked must be 1 booleans"):
        totals(targets, judgements, edges, asked=np.array([0]))


# ------------------------------------------------------------------------- contacts and fists

# (sentence, edges, contacts closed at each press)
CONTACTS = [
    ("one alone", [(10, 0)], [1]),
    ("one held from before", [(10, 0), (20, 1)], [1, 2]),
    ("released before", [(10, 0), (15, 0, "up"), (20, 1)], [1, 1]),
    ("released at that instant is open", [(10, 0), (20, 0, "up"), (20, 1)], [1, 1]),
    ("the same in the other feed order", [(10, 0), (20, 1), (20, 0, "up")], [1, 1]),
    ("released afterwards, fed in between", [(10, 0), (25, 0, "up"), (20, 1)], [1, 2]),
    ("released before, fed late", [(10, 0), (20, 1), (15, 0, "up")], [1, 1]),
    ("at one instant all see one another", [(10, 0), (10, 1), (10, 2)], [3, 3, 3]),
    ("a closing fist", [(10, 4), (11, 0), (12, 1), (13, 2), (14, 3)], [1, 2, 3, 4, 5]),
    ("pressed and released at once is still a press", [(10, 0), (10, 0, "up")], [1]),
    ("pressed again without a release", [(10, 0), (20, 0)], [1, 1]),
]


@pytest.mark.parametrize(
    ("rows", "expected"), [row[1:] for row in CONTACTS], ids=[row[0] for row in CONTACTS]
)
def test_contacts_closed_at_a_press(rows, expected):
    edges = edges_at(*rows)
    assert contacts_closed(edges, edges[edges["down"]]).tolist() == expected


def test_edges_of_one_grip_at_one_instant_keep_their_order_however_many():
    rng = np.random.default_rng(1)
    chatter = [
        (int(time), INDEX) if down else (int(time), INDEX, "up")
        for time, down in zip(rng.integers(0, 50, 600), rng.integers(0, 2, 600), strict=True)
    ]
    witnesses = [(time, KEY) for time in range(50)]
    edges = edges_at(*chatter, *witnesses)
    last = {row[0]: len(row) == 2 for row in chatter}  # the later in feed order wins
    assert contacts_closed(edges, edges[-50:]).tolist() == [1 + last[time] for time in range(50)]


@sample(100)
@given(plays())
def test_contacts_closed_agree_with_playing_the_edges_through(play):
    _, edges, _ = play
    presses = edges[edges["down"]]
    expected = []
    for press in presses:
        closed = {int(press["grip"])}
        for grip in GRIPS:
            past = [e for e in edges if e["grip"] == grip and e["time_us"] <= press["time_us"]]
            past.sort(key=lambda e: e["time_us"])
            if past and past[-1]["down"]:
                closed.add(int(grip))
        expected.append(len(closed))
    assert contacts_closed(edges, presses).tolist() == expected


def test_a_hit_with_two_other_contacts_closed_is_a_fist():
    targets = targets_at((SECOND, RING), (2 * SECOND, RING))
    edges = edges_at(
        (900 * MS, INDEX),
        (950 * MS, MIDDLE),
        (1_000 * MS, RING),
        (1_100 * MS, INDEX, "up"),
        (1_100 * MS, MIDDLE, "up"),
        (1_100 * MS, RING, "up"),
        (2_000 * MS, RING),
    )
    t = totals_of(targets, edges)
    assert t.hits.tolist() == [0, 0, 2, 0, 0]
    assert t.fist_hits.tolist() == [0, 0, 1, 0, 0]


# ------------------------------------------------------------------------------------- chords

# (sentence, edges in ms beside an index target at 1000 ms, whether each press is of a chord)
CHORDS = [
    ("a hit alone", [(1000, INDEX)], [False]),
    ("40 ms before the hit", [(960, KEY), (1000, INDEX)], [True, False]),
    ("just before that", [(959.999, KEY), (1000, INDEX)], [False, False]),
    ("40 ms after the hit", [(1000, INDEX), (1040, KEY)], [False, True]),
    ("just after that", [(1000, INDEX), (1040.001, KEY)], [False, False]),
    ("at the same time", [(1000, KEY), (1000, INDEX), (1000, RING)], [True, False, True]),
    ("with a press that is no hit", [(1000, KEY), (1010, RING)], [False, False]),
]


@pytest.mark.parametrize(
    ("rows", "expected"), [row[1:] for row in CHORDS], ids=[row[0] for row in CHORDS]
)
def test_presses_of_a_chord(rows, expected):
    targets = targets_at((SECOND, INDEX))
    edges = edges_at(*((round(time * MS), grip) for time, grip in rows))
    judgements = judge(targets, edges, WINDOW)
    assert chords(judgements, edges).tolist() == expected
    wrong = [outcome == 2 for outcome in judgements.presses["outcome"]]
    counted_wrong = sum(w and not c for w, c in zip(wrong, expected, strict=True))
    selectivity = totals(targets, judgements, edges).selectivity
    assert selectivity.sum() - np.trace(selectivity) == counted_wrong


# -------------------------------------------------------------------------------- single figures


@pytest.mark.parametrize(
    ("hits", "expected"),
    [("", 0), ("x", 0), ("o", 1), ("ooo", 3), ("xoo", 2), ("oox", 0), ("oxo", 1)],
)
def test_trailing_hits(hits, expected):
    """o is a hit of the key grip, x a miss; other grips in between change nothing."""
    grip = np.array([g for _ in hits for g in (KEY, RING)], np.uint8)
    hit = np.array([h for o in hits for h in (o == "o", False)], np.bool_)
    assert trailing_hits(grip, hit).tolist() == [0, 0, 0, 0, expected]


# Newcombe 1998 (Stat Med 17:857), table I, method 3
@pytest.mark.parametrize(
    ("hits", "asked", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(hits, asked, low, high):
    assert wilson(hits, asked) == pytest.approx((low, high), abs=5e-5)


@sample(100)
@given(st.integers(0, 3000), st.data())
def test_wilson_holds_the_share_stays_within_bounds_and_is_symmetric(asked, data):
    hits = data.draw(st.integers(0, asked))
    low, high = wilson(hits, asked)
    assert 0 <= low <= (hits / asked if asked else 0.5) <= high <= 1
    assert (low, high) == pytest.approx([1 - x for x in wilson(asked - hits, asked)[::-1]])


def test_wilson_works_on_arrays_and_knows_nothing_of_nothing():
    low, high = wilson(np.array([0, 3, 10]), np.array([0, 10, 10]))
    assert (low[0], high[0]) == (0, 1)
    assert high[2] == 1
    assert (low[1], high[1]) == wilson(3, 10)


@pytest.mark.parametrize(("hits", "asked"), [(-1, 5), (6, 5)])
def test_wilson_of_impossible_counts_is_refused(hits, asked):
    with pytest.raises(ValueError, match="between 0 and asked"):
        wilson(hits, asked)


@sample(100)
@given(st.lists(st.integers(-200_000, 200_000), min_size=2, max_size=40))
def test_timing_agrees_with_the_standard_library(asynchronies_us):
    t = timing(np.array(asynchronies_us))
    middle = peer.median(asynchronies_us)
    assert t.hits == len(asynchronies_us)
    assert t.median_us == middle
    assert t.sd_us == pytest.approx(peer.stdev(asynchronies_us))
    deviations = [abs(a - middle) for a in asynchronies_us]
    assert t.spread_us == pytest.approx(1.4826 * peer.median(deviations))
    for share, limit in ((t.within_50_ms, 50_000), (t.within_100_ms, 100_000)):
        assert share == pytest.approx(peer.mean(abs(a) <= limit for a in asynchronies_us))


def test_a_single_hit_has_a_median_but_no_spread_to_speak_of():
    t = timing(np.array([-30_000]))
    assert (t.hits, t.median_us, t.spread_us) == (1, -30_000, 0)
    assert math.isnan(t.sd_us)


def test_the_spread_of_a_normal_hand_is_its_standard_deviation():
    asynchronies_us = np.random.default_rng(3).normal(-40_000, 80_000, 50_000)
    t = timing(asynchronies_us.astype(np.int64))
    assert t.spread_us == pytest.approx(80_000, rel=0.02)
    assert t.sd_us == pytest.approx(80_000, rel=0.02)


def test_dwell_leaves_out_what_was_not_released():
    d = dwell(np.array([-1, 100, 0, 200, 300, 400, -1]))
    assert (d.released, d.median_us, d.iqr_us) == (5, 200, 200)
    assert math.isnan(dwell(np.array([-1])).median_us)


def test_shares_of_the_grip_itself_and_of_its_neighbours_across_the_hand():
    selectivity = np.zeros((5, 5), np.int64)
    selectivity[INDEX] = [5, 2, 1, 1, 1]  # neighbours of index: key and middle
    selectivity[KEY] = [1, 2, 0, 0, 1]  # of key: index alone
    selectivity[LITTLE] = [0, 0, 3, 1, 0]  # of little: ring alone
    assert own_share(selectivity)[[INDEX, KEY, LITTLE]].tolist() == [0.5, 0.25, 0.25]
    assert neighbour_share(selectivity)[[INDEX, KEY, LITTLE]].tolist() == [0.3, 0.25, 0.75]
    assert np.isnan(own_share(selectivity)[[MIDDLE, RING]]).all()
    assert np.isnan(neighbour_share(selectivity)[[MIDDLE, RING]]).all()


# ---------------------------------------------------------------------------- the nearest press

# (sentence, index targets, presses, asynchrony of the nearest press per target), in ms
NEAREST = [
    ("no press", [1000], [], [None]),
    ("outside the window counts as well", [1000], [(650, INDEX)], [-350]),
    ("another grip does not", [1000], [(1000, KEY)], [None]),
    ("400 ms is the end", [1000], [(600, INDEX)], [-400]),
    ("and just beyond it nothing", [1000], [(599.999, INDEX)], [None]),
    ("the nearer of two", [1000], [(850, INDEX), (1100, INDEX)], [100]),
    ("of two equally near the earlier", [1000], [(900, INDEX), (1100, INDEX)], [-100]),
    ("half the gap to the next is the end", [1000, 1600], [(1300, INDEX)], [300, -300]),
    ("and just beyond it the other's", [1000, 1600], [(1301, INDEX)], [None, -299]),
    ("the smaller gap counts on both sides", [1000, 1600, 9000], [(2000, INDEX)], [None] * 3),
]


@pytest.mark.parametrize(
    ("times", "presses", "expected"), [row[1:] for row in NEAREST], ids=[row[0] for row in NEAREST]
)
def test_the_nearest_press_of_the_grip_hit_or_not(times, presses, expected):
    targets = targets_at(*((time * MS, INDEX) for time in times))
    edges = edges_at(*((round(time * MS), grip) for time, grip in presses))
    found = nearest_press_us(targets, edges)
    assert [None if math.isnan(a) else a / MS for a in found] == expected


def test_the_nearest_press_counts_no_release():
    edges = edges_at((900 * MS, INDEX), (1000 * MS, INDEX, "up"))
    assert nearest_press_us(targets_at((SECOND, INDEX)), edges).tolist() == [-100 * MS]


# ------------------------------------------------------------------------------ glove faults

# (sentence, fault in ms beside a target at 1000 ms, whether the target counts)
FAULTS = [
    ("over before the window opens", (100, 799.999), True),
    ("until the window opens", (100, 800), False),
    ("inside", (950, 960), False),
    ("around", (0, 9000), False),
    ("from when the window closes", (1200, 5000), False),
    ("begins after the window", (1200.001, 5000), True),
]


@pytest.mark.parametrize(
    ("fault", "counts"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_targets_that_fell_into_a_fault_are_left_out(fault, counts):
    targets = targets_at((SECOND, INDEX))
    missed = judge(targets, edges_at(), WINDOW)
    faults_us = [[round(time * MS) for time in fault]]
    assert outside_faults(targets, missed, WINDOW, faults_us).tolist() == [counts]


def test_a_target_hit_in_spite_of_a_fault_counts():
    targets = targets_at((SECOND, INDEX), (SECOND, KEY))
    judgements = judge(targets, edges_at((SECOND, KEY)), WINDOW)
    faults_us = [(900 * MS, 950 * MS)]
    assert outside_faults(targets, judgements, WINDOW, faults_us).tolist() == [False, True]
    assert outside_faults(targets, judgements, WINDOW, []).tolist() == [True, True]
