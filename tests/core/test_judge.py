import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core import (
    EDGE,
    EXTRA,
    HIT,
    JUDGED,
    MISS_EARLY,
    MISS_LATE,
    MISS_NONE,
    MISS_OMISSION,
    MISS_WRONG_GRIP,
    NEAR,
    PRESS,
    TARGET,
    WRONG_GRIP,
    Judge,
    Window,
    judge,
)
from game.core.judge import FARTHEST_US
from tests.core.plays import edges_at, plays, sample, targets_at
from tests.core.twin import judge_slowly

INDEX, MIDDLE, RING, LITTLE, KEY = range(5)
MS = 1000
WINDOW = Window(early_us=200 * MS, late_us=200 * MS, near_us=500 * MS)
LOPSIDED = Window(early_us=100 * MS, late_us=300 * MS, near_us=500 * MS)
WIDER_THAN_NEAR = Window(early_us=600 * MS, late_us=200 * MS, near_us=500 * MS)


def in_us(rows):
    return [(round(row[0] * MS), *row[1:]) for row in rows]


def judged(targets, edges, window=WINDOW):
    """Targets and edges in ms; checks the twin on the way."""
    targets, edges = targets_at(*in_us(targets)), edges_at(*in_us(edges))
    judgements = judge(targets, edges, window)
    assert judgements == judge_slowly(targets, edges, window)
    return judgements


# (sentence, window, targets, edges, outcome and target of each press) ; times in ms
PRESSES = [
    ("in time is a hit", WINDOW, [(1000, INDEX)], [(1000, INDEX)], [(HIT, 0)]),
    ("exactly early is still a hit", WINDOW, [(1000, INDEX)], [(800, INDEX)], [(HIT, 0)]),
    ("just before that is near", WINDOW, [(1000, INDEX)], [(799.999, INDEX)], [(NEAR, 0)]),
    ("exactly late is still a hit", WINDOW, [(1000, INDEX)], [(1200, INDEX)], [(HIT, 0)]),
    ("just after that is near", WINDOW, [(1000, INDEX)], [(1200.001, INDEX)], [(NEAR, 0)]),
    ("exactly as early as near reaches is near", WINDOW, [(1000, 0)], [(500, 0)], [(NEAR, 0)]),
    ("just before that is extra", WINDOW, [(1000, 0)], [(499.999, 0)], [(EXTRA, -1)]),
    ("exactly as late as near reaches is near", WINDOW, [(1000, 0)], [(1500, 0)], [(NEAR, 0)]),
    ("just after that is extra", WINDOW, [(1000, 0)], [(1500.001, 0)], [(EXTRA, -1)]),
    ("early and late differ: early end", LOPSIDED, [(1000, 0)], [(900, 0)], [(HIT, 0)]),
    ("early and late differ: too early", LOPSIDED, [(1000, 0)], [(899, 0)], [(NEAR, 0)]),
    ("early and late differ: late end", LOPSIDED, [(1000, 0)], [(1300, 0)], [(HIT, 0)]),
    ("early and late differ: too late", LOPSIDED, [(1000, 0)], [(1301, 0)], [(NEAR, 0)]),
    (
        "a half-window wider than near widens near on both sides",
        WIDER_THAN_NEAR,
        [(1000, 0)],
        [(1600, 0)],
        [(NEAR, 0)],
    ),
    ("and no further", WIDER_THAN_NEAR, [(1000, 0)], [(1600.001, 0)], [(EXTRA, -1)]),
    ("the nearest is hit", WINDOW, [(1000, 0), (1300, 0)], [(1151, 0)], [(HIT, 1)]),
    ("of two equally near the earlier", WINDOW, [(1000, 0), (1300, 0)], [(1150, 0)], [(HIT, 0)]),
    (
        "the nearest is hit even with an earlier one about to expire",
        WINDOW,
        [(1000, 0), (1300, 0)],
        [(1200, 0)],
        [(HIT, 1)],
    ),
    (
        "targets of one grip at one time are hit one after the other",
        WINDOW,
        [(1000, 0), (1000, 0)],
        [(1000, 0), (1000, 0), (1000, 0)],
        [(HIT, 0), (HIT, 1), (EXTRA, -1)],
    ),
    (
        "the first of three at one time, also from afterwards",
        WINDOW,
        [(1000, 0), (1000, 0), (1000, 0)],
        [(1100, 0), (1100, 0)],
        [(HIT, 0), (HIT, 1)],
    ),
    (
        "a hit target is gone: the next press is near the one after",
        WINDOW,
        [(1000, 0), (1400, 0)],
        [(1000, 0), (1010, 0)],
        [(HIT, 0), (NEAR, 1)],
    ),
    (
        "a near press does not use the target up",
        WINDOW,
        [(1000, 0)],
        [(700, 0), (1000, 0)],
        [(NEAR, 0), (HIT, 0)],
    ),
    (
        "near is noted against the nearest, of two equally near the earlier",
        WINDOW,
        [(1000, 0), (1800, 0)],
        [(1400, 0)],
        [(NEAR, 0)],
    ),
    (
        "near may be noted against one that has expired, if it is nearer than one to come",
        WINDOW,
        [(1000, 0), (1700, 0)],
        [(1300, 0)],
        [(NEAR, 0)],
    ),
    (
        "near the right grip comes before the wrong grip",
        WINDOW,
        [(1000, INDEX), (1400, MIDDLE)],
        [(1400, INDEX)],
        [(NEAR, 0)],
    ),
    (
        "a wrong grip is noted against what was asked",
        WINDOW,
        [(1000, INDEX)],
        [(1000, KEY)],
        [(WRONG_GRIP, 0)],
    ),
    ("a wrong grip exactly early", WINDOW, [(1000, 0)], [(800, 1)], [(WRONG_GRIP, 0)]),
    ("a wrong grip too early is extra", WINDOW, [(1000, 0)], [(799.999, 1)], [(EXTRA, -1)]),
    ("a wrong grip exactly late", WINDOW, [(1000, 0)], [(1200, 1)], [(WRONG_GRIP, 0)]),
    ("a wrong grip too late is extra", WINDOW, [(1000, 0)], [(1200.001, 1)], [(EXTRA, -1)]),
    (
        "a wrong grip is noted against the nearest of several grips",
        WINDOW,
        [(1000, INDEX), (1100, MIDDLE), (1200, RING)],
        [(1101, KEY)],
        [(WRONG_GRIP, 1)],
    ),
    (
        "of two grips equally near the earlier, whatever their code order",
        WINDOW,
        [(1000, KEY), (1200, INDEX)],
        [(1100, RING)],
        [(WRONG_GRIP, 0)],
    ),
    (
        "of two grips at one time the first in the chart",
        WINDOW,
        [(1000, KEY), (1000, INDEX)],
        [(1100, RING)],
        [(WRONG_GRIP, 0)],
    ),
    (
        "a wrong grip does not use the target up",
        WINDOW,
        [(1000, INDEX)],
        [(1000, KEY), (1100, INDEX)],
        [(WRONG_GRIP, 0), (HIT, 0)],
    ),
    (
        "once the right grip has hit, another grip is extra",
        WINDOW,
        [(1000, INDEX)],
        [(1000, INDEX), (1000, KEY)],
        [(HIT, 0), (EXTRA, -1)],
    ),
    (
        "edges at one time are taken in feed order",
        WINDOW,
        [(1000, INDEX)],
        [(1000, KEY), (1000, INDEX)],
        [(WRONG_GRIP, 0), (HIT, 0)],
    ),
    ("a press with nothing asked is extra", WINDOW, [], [(1000, 0)], [(EXTRA, -1)]),
    (
        "song time may be negative",
        WINDOW,
        [(-50, INDEX)],
        [(-250, INDEX)],
        [(HIT, 0)],
    ),
]


@pytest.mark.parametrize(
    ("window", "targets", "edges", "expected"),
    [row[1:] for row in PRESSES],
    ids=[row[0] for row in PRESSES],
)
def test_what_becomes_of_a_press(window, targets, edges, expected):
    presses = judged(targets, edges, window).presses
    assert presses.dtype == PRESS
    assert list(zip(presses["outcome"], presses["target_index"], strict=True)) == expected
    assert presses["edge_index"].tolist() == list(range(len(edges)))


# (sentence, edges, row of JUDGED for an index target at 1000 ms; times in ms)
TARGETS = [
    ("nothing pressed is an omission", [], (False, 0, -1, MISS_OMISSION, -1, -1)),
    ("too far off is an omission as well", [(400, 0)], (False, 0, -1, MISS_OMISSION, -1, -1)),
    ("asynchrony of a hit is negative early", [(950, 0)], (True, -50, 0, MISS_NONE, -1, -1)),
    ("and positive late", [(1050, 0)], (True, 50, 0, MISS_NONE, -1, -1)),
    ("a near press before it makes it early", [(700, 0)], (False, -300, 0, MISS_EARLY, -1, -1)),
    ("a near press after it makes it late", [(1300, 0)], (False, 300, 0, MISS_LATE, -1, -1)),
    (
        "the nearest near press decides",
        [(600, 0), (1300, 0), (1450, 0)],
        (False, 300, 1, MISS_LATE, -1, -1),
    ),
    (
        "of two equally near the first decides",
        [(700, 0), (1300, 0)],
        (False, -300, 0, MISS_EARLY, -1, -1),
    ),
    (
        "a hit takes the place of a near press",
        [(700, 0), (1010, 0)],
        (True, 10, 1, MISS_NONE, -1, -1),
    ),
    ("a wrong grip only", [(1000, KEY)], (False, 0, -1, MISS_WRONG_GRIP, KEY, -1)),
    (
        "the latest wrong grip is kept, not the nearest",
        [(1000, KEY), (1150, RING)],
        (False, 0, -1, MISS_WRONG_GRIP, RING, -1),
    ),
    (
        "a near press counts for more than a wrong grip, which is kept",
        [(1000, KEY), (1300, INDEX)],
        (False, 300, 1, MISS_LATE, KEY, -1),
    ),
    (
        "the wrong grip is kept when the right one hits later",
        [(950, MIDDLE), (1000, INDEX)],
        (True, 0, 1, MISS_NONE, MIDDLE, -1),
    ),
    ("dwell is release − press", [(1000, 0), (1120, 0, "up")], (True, 0, 0, MISS_NONE, -1, 120)),
    ("a dwell may be 0", [(1000, 0), (1000, 0, "up")], (True, 0, 0, MISS_NONE, -1, 0)),
    ("not released has no dwell", [(1000, 0)], (True, 0, 0, MISS_NONE, -1, -1)),
    (
        "a release concerns only its own grip",
        [(1000, 0), (1050, MIDDLE, "up"), (1120, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, 120),
    ),
    (
        "a release may be fed after later presses of other grips",
        [(1000, 0), (1500, KEY), (1600, RING), (1120, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, 120),
    ),
    (
        "a second press without a release between leaves the first without dwell",
        [(1000, 0), (2000, 0), (2100, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, -1),
    ),
    (
        "unless its release turns out to have come before",
        [(1000, 0), (2000, 0), (1120, 0, "up"), (2100, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, 120),
    ),
    (
        "only the first release of a press counts",
        [(1000, 0), (1120, 0, "up"), (1300, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, 120),
    ),
    (
        "a release before any press of its grip is passed over",
        [(500, 0, "up"), (1000, 0)],
        (True, 0, 0, MISS_NONE, -1, -1),
    ),
    (
        "a release of an earlier time than the press is not its own",
        [(1000, 0), (990, 0, "up")],
        (True, 0, 0, MISS_NONE, -1, -1),
    ),
    (
        "the dwell of a near press is not the target's",
        [(700, 0), (750, 0, "up")],
        (False, -300, 0, MISS_EARLY, -1, -1),
    ),
]


@pytest.mark.parametrize(
    ("edges", "expected"), [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS]
)
def test_what_becomes_of_a_target(edges, expected):
    (row,) = judged([(1000, INDEX)], edges).targets.tolist()
    hit, asynchrony, press, miss, wrong_grip, dwell = expected
    dwell_us = dwell if dwell < 0 else dwell * MS
    assert row == (hit, asynchrony * MS, press, miss, wrong_grip, dwell_us)


def test_the_data_are_what_other_programs_were_promised():
    judgements = judged([(1000, INDEX)], [(1000, INDEX)])
    assert judgements.targets.dtype == JUDGED
    assert JUDGED.descr == [
        ("hit", "|b1"),
        ("asynchrony_us", "<i8"),
        ("press_index", "<i4"),
        ("miss", "|u1"),
        ("wrong_grip", "|i1"),
        ("dwell_us", "<i8"),
    ]
    assert PRESS.descr == [("edge_index", "<i4"), ("outcome", "|u1"), ("target_index", "<i4")]
    assert (HIT, NEAR, WRONG_GRIP, EXTRA) == (0, 1, 2, 3)
    assert (MISS_NONE, MISS_OMISSION, MISS_EARLY, MISS_LATE, MISS_WRONG_GRIP) == (0, 1, 2, 3, 4)


def test_edge_indices_count_releases_as_well():
    presses = judged([], [(0, 0), (10, 0, "up"), (20, 1), (30, 1, "up"), (40, 2)]).presses
    assert presses["edge_index"].tolist() == [0, 2, 4]


def test_judging_nothing_gives_nothing():
    judgements = judge(np.empty(0, TARGET), np.empty(0, EDGE), WINDOW)
    assert len(judgements.targets) == len(judgements.presses) == 0


def test_judgements_are_equal_only_if_every_field_is():
    one = judged([(1000, INDEX)], [(1000, INDEX)])
    assert one == judged([(1000, INDEX)], [(1000, INDEX)])
    assert one != judged([(1000, INDEX)], [(1000.001, INDEX)])
    assert one != judged([(1000, INDEX)], [(1000, INDEX), (1500, KEY)])
    assert one != "something else"


@sample(600)
@given(plays())
def test_the_kernel_agrees_with_its_slow_twin(play):
    targets, edges, window = play
    assert judge(targets, edges, window) == judge_slowly(targets, edges, window)


@sample(150)
@given(plays())
def test_every_target_and_every_press_is_judged_once(play):
    targets, edges, window = play
    judgements = judge(targets, edges, window)
    of_targets, of_presses = judgements.targets, judgements.presses
    assert len(of_targets) == len(targets)
    assert ((of_targets["miss"] == MISS_NONE) == of_targets["hit"]).all()
    assert of_presses["edge_index"].tolist() == np.flatnonzero(edges["down"]).tolist()
    hits = of_presses["outcome"] == HIT
    assert sorted(of_presses["target_index"][hits]) == np.flatnonzero(of_targets["hit"]).tolist()
    assert ((of_presses["target_index"] == -1) == (of_presses["outcome"] == EXTRA)).all()
    for target, row in zip(targets, of_targets, strict=True):
        if row["press_index"] >= 0:
            press = of_presses[row["press_index"]]
            edge = edges[press["edge_index"]]
            assert edge["time_us"] - target["time_us"] == row["asynchrony_us"]
            assert edge["grip"] == target["grip"]
            assert press["outcome"] == (HIT if row["hit"] else NEAR)


# ----------------------------------------------------------------------------------- live


def chunks_of(edges, data):
    """The edges in pieces, some of them empty."""
    cuts = data.draw(st.lists(st.integers(0, len(edges)), max_size=8).map(sorted))
    for start, stop in zip([0, *cuts], [*cuts, len(edges)], strict=True):
        yield edges[start:stop]


def first_press_us(edges):
    presses = edges["time_us"][edges["down"]]
    return int(presses[0]) if len(presses) else None


@sample(300)
@given(plays(), st.data())
def test_live_is_batch_for_any_chunks_and_any_advances_between(play, data):
    targets, edges, window = play
    live = Judge(targets, window)
    fed, expired = [], []
    rest = edges
    for chunk in chunks_of(edges, data):
        fed.append(live.feed(chunk))
        rest = rest[len(chunk) :]
        next_us = first_press_us(rest)
        promise = data.draw(st.integers(-20, 70 if next_us is None else next_us))
        expired.append(live.advance(promise))
        assert live.judgements == judge(targets, edges[: len(edges) - len(rest)], window)
    expired.append(live.advance(FARTHEST_US))

    batch = judge(targets, edges, window)
    assert live.judgements == batch
    assert np.array_equal(np.concatenate(fed), batch.presses)
    assert np.concatenate(expired).tolist() == np.flatnonzero(~batch.targets["hit"]).tolist()


@sample(300)
@given(plays(), st.integers(1, 12), st.integers(0, 15), st.integers(0, 8))
def test_live_is_batch_at_any_frame_rate_with_targets_coming_into_view(
    play, frame_us, look_ahead_us, settling_us
):
    """As a play does it: every frame takes in the targets that come into view, the presses that
    have settled, with whatever releases were fed among them, and then time goes on."""
    targets, edges, window = play
    live = Judge(targets[:0], window)
    shown = taken = 0
    for now_us in range(-30, 80, frame_us):
        horizon_us = now_us + window.reach_us + look_ahead_us
        in_view = int(np.searchsorted(targets["time_us"], horizon_us, side="right"))
        live.extend(targets[shown:in_view])
        shown = in_view
        settled_us = now_us - settling_us
        upto = taken
        while upto < len(edges) and not (
            edges["down"][upto] and edges["time_us"][upto] >= settled_us
        ):
            upto += 1
        live.feed(edges[taken:upto])
        taken = upto
        live.advance(settled_us)
    live.feed(edges[taken:])
    assert shown == len(targets)
    assert np.array_equal(live.targets, targets)
    assert live.judgements == judge(targets, edges, window)


def test_an_expired_target_is_told_once_at_the_first_instant_after_its_window():
    live = Judge(targets_at((1000, INDEX), (1000, KEY), (2000, INDEX)), Window(200, 200, 500))
    assert live.advance(1200).tolist() == []
    assert live.advance(1201).tolist() == [0, 1]
    assert live.advance(1201).tolist() == []
    assert live.advance(5000).tolist() == [2]


def test_a_target_that_was_hit_never_expires():
    live = Judge(targets_at((1000, INDEX), (1000, KEY)), Window(200, 200, 500))
    live.feed(edges_at((1000, KEY)))
    assert live.advance(FARTHEST_US).tolist() == [0]


def test_a_press_promises_as_much_as_an_advance_and_the_next_advance_tells():
    live = Judge(targets_at((1000, INDEX)), Window(200, 200, 500))
    live.feed(edges_at((1201, KEY)))
    assert live.reached_us == 1201
    assert live.decided.tolist() == [True]
    assert live.advance(0).tolist() == [0]
    assert live.reached_us == 1201


def test_a_press_at_the_time_advanced_to_still_hits():
    live = Judge(targets_at((1000, INDEX)), Window(200, 200, 500))
    live.advance(1200)
    assert live.feed(edges_at((1200, INDEX))).tolist() == [(0, HIT, 0)]


def test_a_near_press_may_be_noted_against_a_target_already_told_as_expired():
    live = Judge(targets_at((1000, INDEX)), Window(200, 200, 500))
    assert live.advance(1400).tolist() == [0]
    assert live.feed(edges_at((1400, INDEX))).tolist() == [(0, NEAR, 0)]
    assert live.judgements.targets["miss"].tolist() == [MISS_LATE]


def test_half_way_through_a_snapshot_is_as_if_the_play_ended_there():
    live = Judge(targets_at((1000, INDEX), (2000, KEY), (9000, KEY)), Window(200, 200, 500))
    live.feed(edges_at((1000, INDEX), (1600, KEY)))
    assert live.judgements.targets["miss"].tolist() == [MISS_NONE, MISS_EARLY, MISS_OMISSION]
    assert live.decided.tolist() == [True, False, False]
    assert live.judgements == judge(live.targets, edges_at((1000, INDEX), (1600, KEY)), live.window)


def test_a_snapshot_stays_as_it_was():
    live = Judge(targets_at((1000, INDEX)), Window(200, 200, 500))
    before = live.judgements
    live.feed(edges_at((1000, INDEX)))
    assert before.targets["hit"].tolist() == [False]
    assert len(before.presses) == 0


def test_the_judge_keeps_its_own_targets():
    targets = targets_at((1000, INDEX))
    live = Judge(targets, WINDOW)
    targets["time_us"] = 77
    assert live.targets["time_us"].tolist() == [1000]
    with pytest.raises(ValueError, match="read-only"):
        live.targets["time_us"] = 77
    live.extend(targets_at((2000, INDEX)))
    assert live.targets["time_us"].tolist() == [1000, 2000]


# ------------------------------------------------------------------------------ what is refused


def test_presses_out_of_order_are_refused_within_a_feed_and_nothing_is_taken_in():
    live = Judge(targets_at((1000, INDEX)), WINDOW)
    before = live.judgements
    with pytest.raises(
        ValueError, match=r"edge 2 is a press at 900 µs.*reached 1000 µs.*order of time"
    ):
        live.feed(edges_at((1000, INDEX), (1100, INDEX, "up"), (900, KEY)))
    assert live.judgements == before
    assert live.reached_us == -FARTHEST_US
    assert live.feed(edges_at((950, INDEX))).tolist() == [(0, HIT, 0)]


def test_presses_out_of_order_are_refused_across_feeds():
    live = Judge(targets_at(), WINDOW)
    live.feed(edges_at((1000, INDEX), (1050, INDEX, "up")))
    with pytest.raises(ValueError, match="edge 2 is a press at 999 µs"):
        live.feed(edges_at((999, KEY)))
    assert len(live.feed(edges_at((1000, KEY)))) == 1


def test_a_press_before_the_time_advanced_to_is_refused():
    live = Judge(targets_at(), WINDOW)
    live.advance(1000)
    with pytest.raises(ValueError, match=r"edge 0 is a press at 999 µs.*reached 1000 µs"):
        live.feed(edges_at((999, KEY)))


def test_a_release_before_the_time_advanced_to_is_welcome():
    live = Judge(targets_at((1000, KEY)), WINDOW)
    live.feed(edges_at((1000, KEY)))
    live.advance(50_000)
    assert len(live.feed(edges_at((1500, KEY, "up")))) == 0
    assert live.judgements.targets["dwell_us"].tolist() == [500]


NEAR_REACH, WIDE_REACH = Window(2, 3, 7), Window(2, 9, 7)


@pytest.mark.parametrize("window", [NEAR_REACH, WIDE_REACH], ids=["near", "wider half-window"])
@pytest.mark.parametrize("how", ["press", "advance"])
def test_new_targets_must_lie_beyond_the_reach_of_what_was_judged(window, how):
    def reached_100():
        live = Judge(targets_at((10, KEY)), window)
        if how == "press":
            live.feed(edges_at((100, KEY)))
        else:
            live.advance(100)
        return live

    live = reached_100()
    with pytest.raises(ValueError, match=r"begin at \d+ µs.*has reached 100 µs"):
        live.extend(targets_at((100 + window.reach_us, INDEX)))
    assert len(live.targets) == 1
    live.extend(targets_at((101 + window.reach_us, INDEX), (101 + window.reach_us, KEY)))
    assert len(live.targets) == 3


def test_new_targets_must_not_begin_before_the_last_one_known():
    live = Judge(targets_at((1000, KEY)), NEAR_REACH)
    with pytest.raises(ValueError, match="begin at 999 µs, before the last one known, at 1000 µs"):
        live.extend(targets_at((999, KEY)))
    live.extend(targets_at((1000, KEY)))
    live.extend(targets_at())
    assert live.targets["time_us"].tolist() == [1000, 1000]


WRONG_TARGETS = [
    (
        "unsorted",
        targets_at((2, 0), (1, 0)),
        "sorted by time, but target 1 is at 1 µs, after.*2 µs",
    ),
    ("an unknown grip", targets_at((1, 0), (2, 5)), "row 1 of the targets has grip 5"),
    ("edges instead", edges_at((1, 0)), "targets must be a one-dimensional array of .*time_us"),
    ("a list", [], "targets must be"),
    ("a scalar", targets_at((1, 0))[0], "not 0-dimensional"),
    ("a table", targets_at((1, 0)).reshape(1, 1), "not 2-dimensional"),
    ("no time at all", targets_at((-(2**63), 0)), "no time in a song"),
]


@pytest.mark.parametrize(
    ("targets", "message"),
    [row[1:] for row in WRONG_TARGETS],
    ids=[row[0] for row in WRONG_TARGETS],
)
def test_wrong_targets_are_refused_in_one_sentence(targets, message):
    with pytest.raises(ValueError, match=message) as error:
        judge(targets, edges_at(), WINDOW)
    assert "\n" not in str(error.value)
    live = Judge(targets_at(), WINDOW)
    with pytest.raises(ValueError, match=message):
        live.extend(targets)
    assert len(live.targets) == 0


WRONG_EDGES = [
    ("an unknown grip", edges_at((1, 0), (1, 9, "up")), "row 1 of the edges has grip 9"),
    ("targets instead", targets_at((1, 0)), "edges must be"),
    ("a list of tuples", [(1, 0, True)], "edges must be"),
    ("no time at all", edges_at((2**62, 0)), "no time in a song"),
]


@pytest.mark.parametrize(
    ("edges", "message"), [row[1:] for row in WRONG_EDGES], ids=[row[0] for row in WRONG_EDGES]
)
def test_wrong_edges_are_refused_in_one_sentence(edges, message):
    live = Judge(targets_at((1, 0)), WINDOW)
    with pytest.raises(ValueError, match=message) as error:
        live.feed(edges)
    assert "\n" not in str(error.value)
    assert len(live.judgements.presses) == 0


# ----------------------------------------------------------------------------------- cost


def test_any_kind_of_array_runs_the_kernels_that_were_warmed_up():
    """A second compilation in the middle of a song would stall it for seconds."""
    from game.core import judge_kernel
    from game.core.judge import warm_up

    warm_up()
    edges = edges_at((1, 0), (2, 0, "up"), (3, 1), (4, 1, "up"))
    targets = targets_at((1, 0), (900, 1), (1800, 1))
    frozen = edges.copy()
    frozen.flags.writeable = False
    targets.flags.writeable = False
    every_other = np.repeat(edges, 2)[::2]
    backwards = edges[::-1].copy()[::-1]
    expected = judge(targets, edges, WINDOW)
    for same in (frozen, every_other, backwards):
        assert judge(targets, same, WINDOW) == expected
    for one in range(len(frozen)):
        live = Judge(targets[:1], WINDOW)
        live.extend(targets[one:2])
        live.feed(frozen[one : one + 1])
        live.advance(np.int64(10))
    assert len(judge_kernel.judge_edges.signatures) == 1
    assert len(judge_kernel.link_targets.signatures) == 1


def test_a_crowd_of_targets_costs_a_press_no_more_than_a_few():
    """10^5 targets all within reach of 10^5 presses: the square of that would take minutes."""
    count = 100_000
    rng = np.random.default_rng(5)
    targets, edges = np.zeros(count, TARGET), np.zeros(count, EDGE)
    targets["time_us"] = np.sort(rng.integers(0, 400 * MS, count))
    targets["grip"] = rng.integers(0, 5, count)
    edges["time_us"] = np.sort(rng.integers(0, 400 * MS, count))
    edges["grip"] = rng.integers(0, 5, count)
    edges["down"] = True
    hits = judge(targets, edges, WINDOW).targets["hit"].sum()
    assert 0.95 * count < hits <= count


def test_a_long_play_grows_without_losing_anything():
    live = Judge(targets_at(), WINDOW)
    for second in range(1, 400):
        at_us = second * 1_000_000
        live.extend(targets_at((at_us, second % 5)))
        live.feed(edges_at((at_us + second, second % 5), (at_us + 3 * second, second % 5, "up")))
        live.advance(at_us + 300 * MS)
    rows = live.judgements.targets
    assert rows["asynchrony_us"].tolist() == list(range(1, 400))
    assert rows["dwell_us"].tolist() == [2 * second for second in range(1, 400)]


def test_importing_the_core_does_not_import_numba():
    code = "import sys, game.core, game.core.statistics; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["early_us", "late_us", "near_us"])
@pytest.mark.parametrize("value", [-1, 10_000_001, math.inf])
def test_a_window_out_of_bounds_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Window(**{name: value})
