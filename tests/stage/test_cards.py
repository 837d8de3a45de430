"""What the screens tell of a play: true, kind, and about the patient's own data only."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from game.core import TARGET, Window, judge
from game.music.library import Entry
from game.music.library.lists import NOBODY, Listener, Order, Played
from game.play.outcome import PlayOutcome
from game.records.boards import Board, BoardKind, BoardRow, Week
from game.records.judged import judged_play
from game.records.plays import PlaySummary
from game.stage import cards
from game.stage.fonts import SOFT_HYPHEN
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.to_music import OfferReason, next_offer
from game.words import number
from tests.play.charts import SECOND_US, pinches
from tests.records.examples import start_of_play

TODAY = date(2026, 11, 20)


def outcome(grips, hit, lag_us=0) -> PlayOutcome:
    """One target a second of ``grips``, those in ``hit`` (bools) pinched ``lag_us`` late."""
    targets = np.zeros(len(grips), TARGET)
    targets["time_us"] = np.arange(1, len(grips) + 1) * SECOND_US
    targets["grip"] = grips
    edges = pinches(
        *[
            (int(t["time_us"]) + lag_us, int(t["grip"]))
            for t, h in zip(targets, hit, strict=True)
            if h
        ]
    )
    limits = Limits()
    return PlayOutcome(
        song_key="ode-to-joy",
        song_title="Ode to Joy",
        song_hash="0",
        patient="P1",
        hand="right",
        input_kind="glove",
        input_description="a glove",
        rate=1.0,
        fixed_rate=False,
        tempo=1.0,
        window=Window(),
        targets=targets,
        edges=edges,
        raw_edges=edges,
        segments=[],
        judgements=judge(targets, edges, Window()),
        duration_us=(len(grips) + 1) * SECOND_US,
        interrupted=False,
        offer=next_offer(DifficultyState.first(limits), limits),
    )


def earlier(grips, hit, lag_us=0, **other) -> PlaySummary:
    played = outcome(grips, hit, lag_us)
    start = start_of_play(
        started_at=datetime(2026, 11, 18, 10, tzinfo=UTC), input_kind="glove", **other
    )
    return judged_play(
        start,
        targets=played.targets,
        edges=played.edges,
        raw_edges=played.edges,
        segments=np.zeros((0, 3)),
        duration_us=played.duration_us,
        interrupted=False,
    )


def test_the_result_begins_with_counted_pinches_per_grip():
    view = cards.result_view(outcome([0, 1, 2, 3, 4] * 2, [True] * 5 + [False] * 5), [], TODAY)
    assert view.pinches == 5
    assert set(view.counts.values()) == {1}
    assert [mark.hit for mark in view.marks] == [True] * 5 + [False] * 5
    assert view.score_words == "Your first this week"


@pytest.mark.parametrize(
    ("grips", "hit", "words"),
    [
        ([2] * 6, [True] * 6, "Every ring pinch met"),
        ([0, 1, 2, 3, 4, 0, 1], [True] * 6 + [False], "6 in a row"),
        ([1, 1, 0], [True, False, True], "Index led the way"),
        ([0] * 4, [False] * 4, "You took your place"),
    ],
)
def test_one_good_thing_is_the_strongest_that_is_true(grips, hit, words):
    assert cards.good_thing(outcome(grips, hit), [], TODAY)[0] == words


def test_a_grip_is_praised_for_doing_better_than_the_last_time():
    before = earlier([3] * 10, [True] * 5 + [False] * 5)
    now = outcome([3] * 10, [True] * 4 + [False] + [True] * 4 + [False])
    assert cards.good_thing(now, [before], TODAY) == (
        "Little did better",
        "80%, 50% the last time",
    )
    other_hand = earlier([3] * 10, [True] * 5 + [False] * 5, hand="left")
    assert cards.good_thing(now, [other_hand], TODAY)[0] != "Little did better"


def test_the_weeks_best_is_of_this_song_and_this_week():
    before = earlier([0] * 10, [True] * 5 + [False] * 5)
    better = cards.result_view(outcome([0] * 10, [True] * 9 + [False]), [before], TODAY)
    assert better.score_words == "Your best this week"
    worse = cards.result_view(outcome([0] * 10, [True] * 2 + [False] * 8), [before], TODAY)
    assert worse.score_words == f"Best this week: {number(before.score)}"
    last_week = date(2026, 11, 29)
    assert (
        cards.result_view(outcome([0] * 9, [True] * 9), [before], last_week).score_words
        == "Your first this week"
    )


def test_every_reason_has_a_next_step_of_at_most_eight_words():
    for reason in OfferReason:
        for words in cards._NEXT_STEP[reason]:
            assert 0 < len(words.split()) <= 8


def test_a_song_card_says_length_mood_and_the_weeks_best():
    entry = Entry(
        "ode-to-joy", Path("x.mid"), "Ode to Joy", True, seconds=103, meta={"mood": "calm"}
    )
    before = earlier([0] * 10, [True] * 10)
    played = Played(1, before.started_at, before.local_date, before.score)
    card = cards.song_card(entry, Listener(played={"ode-to-joy": played}))
    assert card.detail == "Calm, 2 minutes"
    assert card.best == f"Your best this week: {number(before.score)}"


def test_a_refused_file_is_shown_with_its_reason():
    path = Path("/home/ann/songs/bad.mid")
    card = cards.song_card(Entry("bad", path, "bad", False, f"{path}: this is no song."), NOBODY)
    assert not card.ok
    assert card.reason == "This is no song."


def test_a_song_card_says_who_made_it_and_what_it_asks_for_at_ones_level():
    entry = Entry(
        "ode",
        Path("x.mid"),
        "Ode",
        True,
        seconds=100,
        rates=(0.1, 0.5, 1.0),
        meta={"composer": "L. v. B."},
    )
    card = cards.song_card(entry, Listener(level=0.55, favourites=frozenset({"ode"})))
    assert card.hint == "At your level: 50 pinches"
    assert card.by == "L. v. B."
    assert card.favourite
    assert cards.song_card(entry, NOBODY).hint == ""


@pytest.mark.parametrize("title", ["Ode to Joy", "Donaudampfschiff", "", "a " * 40])
def test_titles_of_usual_words_stay_as_they_are(title):
    assert cards.breakable(title) == title


def test_a_very_long_word_may_be_broken_anywhere_but_before_its_last_letter():
    for length in range(20, 80):
        word = "x" * length
        broken = cards.breakable(f"Die {word}").removeprefix("Die ").split(SOFT_HYPHEN)
        assert "".join(broken) == word
        assert len(broken) > 3
        assert all(2 <= len(piece) <= 5 for piece in broken)


@pytest.mark.parametrize("order", Order)
def test_every_list_has_a_heading_and_says_why_it_is_empty(order):
    assert cards.heading_of(order)
    for words in (*cards.why_empty(order), *cards.why_empty(order, "abc")):
        assert 0 < len(words.split()) <= 8


def test_the_board_splits_at_the_gap_and_says_no_numbers():
    week = Week.of(TODAY)
    rows = (
        BoardRow(1, "Otter", "otter", 1.0, None, False, False),
        BoardRow(6, "Heron", "heron", 0.5, None, True, True),
    )
    view = cards.board_view(
        Board(BoardKind.TEAM, week, team_fill=0.71), Board(BoardKind.EFFORT, week, rows)
    )
    assert [row.nickname for row in view.top] == ["Otter"]
    assert [row.nickname for row in view.near] == ["Heron"]
    assert view.lamps_lit == 7
    assert {row.value for row in (*view.top, *view.near)} == {""}
