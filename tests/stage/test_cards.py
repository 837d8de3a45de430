"""What the screens tell of a play: true, kind, and about the patient's own data only."""

from datetime import date
from pathlib import Path

import pytest

from game.music.library import Entry
from game.music.library.lists import NOBODY, Listener, Order, Played
from game.records.boards import Board, BoardKind, BoardRow, Week, WeekGoal
from game.stage import cards
from game.stage.fonts import SOFT_HYPHEN
from game.words import number
from tests.stage.played import earlier

TODAY = date(2026, 11, 20)


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


@pytest.mark.parametrize(
    ("goal", "words", "pinches"),
    [(None, "on 1 day", None), (WeekGoal(1_800, 5), "on 1 of 5 days", 1_800)],
)
def test_today_tells_the_week_beside_its_goal(goal, words, pinches):
    plays = [earlier([0] * 10, [True] * 8 + [False] * 2) for _ in range(3)]
    view = cards.today_view(None, None, plays, TODAY, "", goal)
    assert (view.week_pinches, view.week_days, view.week_goal) == (24, words, pinches)


def test_more_days_than_were_planned_are_told_without_the_plan():
    assert cards._week_days(6, WeekGoal(100, 5)) == "on 6 days"
    assert cards._week_days(5, WeekGoal(100, 5)) == "on 5 of 5 days"
    assert cards._week_days(0, WeekGoal(100, 5)) == ""
