"""One good thing and one next step: true, earned, and never the same grip twice running."""

from itertools import pairwise

import numpy as np
import pytest

from game.core.grips import GRIPS, Grip
from game.therapy.feedback import (
    Details,
    Good,
    Pace,
    PlayFacts,
    good_thing,
    looked_after,
    next_step,
    pace,
)
from game.therapy.to_music import OfferReason

MINUTE = 60.0


def play(asked=(30,) * 5, hits=(24,) * 5, counted=None, **other) -> PlayFacts:
    return PlayFacts(
        song=other.pop("song", "ode"),
        asked=tuple(asked),
        hits=tuple(hits),
        counted=sum(hits) if counted is None else counted,
        seconds=other.pop("seconds", MINUTE),
        **other,
    )


WEAK_RING = play(hits=(24, 24, 15, 24, 24))

#: Ten histories: the play, those before it (latest first), its details, and what is said of it.
HISTORIES = [
    (
        "a grip that did far better than last time",
        play(hits=(24, 24, 28, 24, 24)),
        [play(hits=(24, 24, 17, 24, 24))],
        Details(),
        (Good.GRIP_BETTER, Grip.RING, 28, 17),
    ),
    (
        "better, but it was asked less than last time",
        play(hits=(24, 24, 28, 24, 24), seconds=90.0),
        [play(hits=(24, 24, 17, 24, 24), counted=130)],
        Details(run=12),
        (Good.IN_A_ROW, None, 12, 0),
    ),
    (
        "better, but through a wider window",
        play(hits=(24, 24, 28, 24, 24), window_us=(300_000, 300_000)),
        [play(hits=(24, 24, 17, 24, 24), counted=130)],
        Details(run=12),
        (Good.IN_A_ROW, None, 12, 0),
    ),
    (
        "better by no more than chance gives",
        play(hits=(24, 24, 26, 24, 24)),
        [play(hits=(24, 24, 23, 24, 24), counted=130)],
        Details(within_100_ms=70),
        (Good.IN_TIME, None, 70, 0),
    ),
    (
        "better on 19 targets: nothing is said of it",
        play(asked=(30, 30, 19, 30, 30), hits=(24, 24, 18, 24, 24)),
        [play(hits=(24, 24, 10, 24, 24), counted=130)],
        Details(),
        (Good.WHOLE_SONG, None, 114, 0),
    ),
    (
        "two plays before make up 20 targets",
        play(hits=(24, 24, 29, 24, 24)),
        [play((10,) * 5, (8, 8, 4, 8, 8), seconds=20.0)] * 2,
        Details(),
        (Good.GRIP_BETTER, Grip.RING, 29, 8),
    ),
    (
        "steadier in time",
        play(sd_ms=60.0),
        [play(sd_ms=85.0, counted=130)],
        Details(),
        (Good.STEADIER, None, 60, 85),
    ),
    (
        "more pinches of the same song",
        play(counted=131),
        [play(song="other", counted=200), play(counted=120)],
        Details(run=30),
        (Good.MORE_PINCHES, None, 131, 120),
    ),
    (
        "a first play in which every middle was met",
        play((6, 5, 5, 6, 6), (3, 5, 4, 3, 2)),
        [],
        Details(run=4),
        (Good.ALL_MET, Grip.MIDDLE, 5, 0),
    ),
    (
        "nothing met, but the hand was at work",
        play(hits=(0,) * 5),
        [play(counted=120)],
        Details(presses=9),
        (Good.AT_WORK, None, 0, 0),
    ),
]


@pytest.mark.parametrize(("now", "before", "details", "said"), [h[1:] for h in HISTORIES],
                         ids=[h[0] for h in HISTORIES])  # fmt: skip
def test_the_strongest_thing_that_is_true_is_said(now, before, details, said):
    thing = good_thing(now, before, details)
    assert (thing.kind, thing.grip, thing.now, thing.before) == said


def test_of_two_grips_that_did_better_the_one_that_did_most():
    now = play(hits=(28, 24, 29, 24, 24))
    before = [play(hits=(18, 24, 17, 24, 24))]
    assert good_thing(now, before, Details()).grip is Grip.RING


def test_who_did_nothing_took_their_place():
    assert good_thing(play(hits=(0,) * 5), [], Details()).kind is Good.THERE


def test_a_song_broken_off_is_not_called_whole():
    assert good_thing(play(whole=False), [], Details()).kind is Good.MET


def test_steadier_needs_more_than_a_small_change_and_enough_hits():
    before = [play(sd_ms=70.0, counted=130)]
    assert good_thing(play(sd_ms=66.0), before, Details()).kind is Good.WHOLE_SONG
    few = play((4,) * 5, (3,) * 5, sd_ms=20.0, seconds=8.0)
    assert good_thing(few, before, Details()).kind is not Good.STEADIER


def test_praise_for_a_grip_is_rare_where_nothing_changed():
    random = np.random.default_rng(5)
    praised = 0
    for _ in range(400):
        now, then = (play(hits=tuple(random.binomial(30, 0.8, 5).tolist())) for _ in range(2))
        praised += good_thing(now, [then], Details()).kind is Good.GRIP_BETTER
    assert 0 < praised / 400 < 0.08  # by chance, once in twenty times


def test_a_grip_behind_the_others_is_looked_after():
    assert looked_after([WEAK_RING]) is Grip.RING
    step = next_step(OfferReason.SAME, WEAK_RING, [])
    assert (step.offer, step.look_after) == (OfferReason.SAME, Grip.RING)


@pytest.mark.parametrize(
    "now",
    [
        play(hits=(24, 24, 20, 24, 24)),  # behind, but not for certain
        play(asked=(30, 30, 19, 30, 30), hits=(24, 24, 7, 24, 24)),  # too few targets
        play(hits=(24, 24, 8, 24, 24)),  # a grip that rests
        play(hits=(13, 13, 4, 13, 13)),  # a hard play: an easier one comes
        play(hits=(30, 30, 20, 30, 30)),  # nothing to look after
        play((0, 0, 30, 0, 0), (0, 0, 20, 0, 0)),  # nothing to compare with
    ],
)
def test_otherwise_no_grip_is_singled_out(now):
    assert looked_after([now]) is None


def test_targets_of_three_plays_are_put_together():
    part = play((8,) * 5, (6, 7, 3, 7, 7), seconds=16.0)
    assert looked_after([part, part]) is None
    assert looked_after([part, part, part]) is Grip.RING


def test_never_the_same_grip_twice_running_and_it_may_come_again_later():
    said = [looked_after([WEAK_RING] * count) for count in range(1, 7)]
    assert said == [Grip.RING, None] * 3
    both = play(asked=(40,) * 5, hits=(37, 37, 22, 24, 37))
    said = [looked_after([both] * count) for count in range(1, 7)]
    assert said == [Grip.RING, Grip.LITTLE] * 3


@pytest.mark.parametrize("seed", range(6))
def test_in_any_history_what_was_said_before_is_what_one_would_say_now(seed):
    random = np.random.default_rng(seed)
    success = [0.9, 0.75, 0.55, 0.5, 0.85]
    plays = [
        play((30,) * 5, tuple(int(random.binomial(30, p)) for p in success)) for _ in range(60)
    ]
    said = [looked_after(plays[:count]) for count in range(1, 61)]
    assert all(a is None or a is not b for a, b in pairwise(said))
    assert len({s for s in said if s is not None}) >= 2
    assert all(s is None or s in GRIPS for s in said)


@pytest.mark.parametrize(
    ("level", "before", "word"),
    [
        (0.0, [], Pace.STEADY),
        (-1.0, [0.0, 0.1], Pace.STEADY),
        (0.04, [0.0], Pace.STEADY),
        (0.1, [0.0, 0.1, -0.1], Pace.A_LITTLE_UP),
        (0.3, [0.0], Pace.UP),
        (0.3, [0.3] * 5 + [-2.0] * 20, Pace.STEADY),
    ],
)
def test_the_pace_goes_up_or_is_simply_told(level, before, word):
    assert pace(level, before) is word
