"""Choosing a song, with the real library and records behind the screens: lists, marks, searches."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from game.cli.keeping import Keeper
from game.music.library.lists import Order
from game.records.identifiers import utc_now
from game.stage.commands import Command, Typed
from game.stage.evening import Evening
from game.stage.navigation import follow
from game.stage.rooms.base import Room
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.lists import ListsRoom
from game.stage.rooms.message import MessageRoom
from game.stage.screens import ChooseScreen, Screen
from game.stage.theme import Scale
from game.stage.view import Options
from tests.music import songs as made
from tests.records.examples import STATE, play

SCALE = Scale(1280, 720)


class Silent:
    """Nothing is heard, drawn or rendered ahead."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class Walk:
    """Goes from room to room as the game does, without a window."""

    def __init__(self, keeper: Keeper, code: str | None) -> None:
        services = SimpleNamespace(desk=keeper, audio=Silent(), renderer=Silent(), previews=False)
        self.room: Room = Room()
        self.screen = Screen(SCALE)
        self.evening = Evening(
            services,  # type: ignore[arg-type]
            SimpleNamespace(kind="keyboard", letters=lambda hand: None),  # type: ignore[arg-type]
            self.go,
            lambda: None,
            lambda: 0,
            Options(),
            lambda: SCALE,
            screens=Silent(),  # type: ignore[arg-type]
            who=keeper.person(code),
        )
        self.go(ChoosingRoom(self.evening))

    def go(self, room: Room) -> None:
        self.room.leave()
        self.room = room
        self.screen = room.screen(SCALE)

    def do(self, command: Command | Typed) -> None:
        action = self.screen.handle(command)
        if action is not None:
            follow(action, self.room, self.evening, Silent())  # type: ignore[arg-type]

    def choose(self, action: str) -> None:
        """Moves to the choice of this action and chooses it, as one grip does."""
        for _ in self.screen.choices:
            if self.screen.focused is not None and self.screen.focused.action == action:
                break
            self.do(Command.MOVE_NEXT)
        self.do(Command.CHOOSE)

    @property
    def chooser(self) -> ChooseScreen:
        assert isinstance(self.screen, ChooseScreen)
        return self.screen

    @property
    def shown(self) -> list[str]:
        return [song.key for song in self.chooser.view.songs]


@pytest.fixture
def keeper(tmp_path: Path):
    (tmp_path / "songs").mkdir()
    made.melody_only(tmp_path / "songs" / "own.mid", made.ODE_A)
    (tmp_path / "songs" / "bad.mid").write_text("no song")
    with Keeper.open(tmp_path) as keeper:
        keeper.store.add_patient("P1")
        yield keeper


def test_the_other_lists_are_one_choice_away_and_come_back(keeper: Keeper) -> None:
    walk = Walk(keeper, "P1")
    assert set(walk.shown) == {entry.key for entry in keeper.library.songs}
    walk.choose("lists")
    assert isinstance(walk.room, ListsRoom)
    assert len(walk.screen.choices) <= 6
    walk.choose("list:title")
    titles = [song.title for song in walk.chooser.view.songs if song.ok]
    assert titles == sorted(titles, key=str.casefold)
    assert walk.chooser.view.heading == "Songs from A to Z"
    assert walk.chooser.focus == 0
    walk.choose("lists")
    assert "list:title" not in [choice.action for choice in walk.screen.choices]
    walk.choose("songs")
    assert walk.chooser.view.heading == "Songs from A to Z"


@pytest.mark.parametrize("which", [0, 1, 2])
def test_any_song_is_marked_with_one_grip_and_found_again(keeper: Keeper, which: int) -> None:
    walk = Walk(keeper, "P1")
    walk.choose("more")
    page = [song.key for song in walk.chooser.shown]
    wanted = page[which]
    walk.choose("lists")
    walk.choose("mark")
    walk.choose(f"favourite:{wanted}")
    assert [f.song_key for f in keeper.store.favourites("P1")] == [wanted]
    walk.choose("songs")
    assert {song.key for song in walk.chooser.view.songs if song.favourite} == {wanted}
    walk.choose("lists")
    walk.choose("list:favourites")
    assert walk.shown == [wanted]
    walk.choose("lists")
    walk.choose("mark")
    walk.choose(f"favourite:{wanted}")
    walk.choose("songs")
    assert walk.shown == []
    assert walk.chooser.view.empty[0] == "No favourites yet."


def test_marking_beside_a_song_leaves_every_song_where_it_is(keeper: Keeper) -> None:
    walk = Walk(keeper, None)
    before, page = walk.shown, [choice.action for choice in walk.screen.choices]
    last = before[-2]
    follow(f"favourite:{last}", walk.room, walk.evening, Silent())  # type: ignore[arg-type]
    assert walk.shown == before
    assert [choice.action for choice in walk.screen.choices] == page
    assert [song.key for song in walk.chooser.view.songs if song.favourite] == [last]
    walk.go(ChoosingRoom(walk.evening))
    assert [song.key for song in walk.chooser.view.songs if song.favourite] == [last], "a guest's"


def test_typing_finds_songs_of_every_list(keeper: Keeper) -> None:
    walk = Walk(keeper, "P1")
    walk.evening.order = Order.FAVOURITES
    for letter in "beeth":
        walk.do(Typed(letter))
    assert "ode-to-joy" in walk.shown
    assert all("Beethoven" in song.by for song in walk.chooser.view.songs)
    walk.do(Typed(" "))
    for letter in "xyz":
        walk.do(Typed(letter))
    assert walk.shown == []
    walk.do(Command.BACK)
    assert walk.chooser.view.heading == "Your favourites"
    assert not walk.chooser.typing


def test_what_was_played_is_a_list_with_the_weeks_best(keeper: Keeper) -> None:
    patient = keeper.store.patient("P1")
    record = play(1, patient_id=patient.id, song_key="sakura", started_at=utc_now())
    keeper.store.save_play(replace(record, score=7_777), state=STATE)
    walk = Walk(keeper, "P1")
    assert walk.evening.suggested().key != "sakura", "not the same song always first"
    walk.choose("lists")
    walk.choose("list:recent")
    assert walk.shown == ["sakura"]
    assert "7" in walk.chooser.view.songs[0].best


def test_who_never_played_is_offered_a_tune_that_everybody_knows(keeper: Keeper) -> None:
    assert Walk(keeper, "P1").evening.suggested().key == "ode-to-joy"


def test_a_dropped_song_stands_first_and_a_refused_one_says_why(
    keeper: Keeper, tmp_path: Path
) -> None:
    walk = Walk(keeper, "P1")
    focused = walk.chooser.focused_song
    made.ode(tmp_path / "songs" / "dropped.mid")
    keeper.library.scan()
    walk.room.library_changed(walk.screen)
    assert walk.shown[0] == "dropped"
    assert walk.chooser.focused_song == focused, "the focus stays on its song"
    bad = next(song for song in walk.chooser.view.songs if not song.ok)
    assert "not a MIDI file" in bad.reason
    assert str(tmp_path) not in bad.reason
    follow(f"refused:{bad.key}", walk.room, walk.evening, Silent())  # type: ignore[arg-type]
    assert isinstance(walk.room, MessageRoom)


def test_another_person_begins_with_their_own_list(keeper: Keeper) -> None:
    walk = Walk(keeper, "P1")
    walk.evening.order = Order.RATE
    walk.evening.go = lambda room: None
    follow("guest", walk.room, walk.evening, Silent())  # type: ignore[arg-type]
    assert walk.evening.order is Order.FOR_YOU
