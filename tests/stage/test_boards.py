"""The boards in the game, with real records: which one is looked at, and who wants to be seen."""

from pathlib import Path

import pytest

from game.stage.commands import Command
from game.stage.evening import here
from game.stage.screens import BoardScreen, Screen
from tests.records.examples import play
from tests.stage.test_help_rooms import House

PEOPLE = ("A-1", "B-2", "C-3", "D-4")


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    for number, code in enumerate(PEOPLE):
        patient = made.keeper.store.add_patient(code, nickname=f"Fox {number}", board=True)
        for seed in range(4):
            about = {"patient_id": patient.id, "started_at": here(), "input_kind": "keyboard"}
            made.keeper.store.save_play(play(10 * number + seed, level=-1.0, **about))
    made.choose("person:A-1")
    made.choose("board")
    yield made
    made.keeper.close()


def choose(house: House, action: str) -> None:
    house.screen.focus = actions(house.screen).index(action)
    house.command(Command.CHOOSE)


def actions(screen: Screen) -> list[str]:
    return [choice.action for choice in screen.choices]


def names(house: House) -> list[str]:
    assert isinstance(house.screen, BoardScreen)
    view = house.screen.view
    return [row.nickname for row in (*view.top, *view.near)]


def test_effort_is_seen_first_and_says_no_numbers(house):
    assert house.screen.view.board == "Effort"
    assert len(names(house)) >= 3
    assert {row.value for row in house.screen.view.top} == {""}


def test_every_board_is_one_choice_away_and_says_what_its_bars_mean(house):
    for board, title, unit in (
        ("beat-myself", "Beat myself", "50 is as usual"),
        ("song-of-the-week", "Song of the week", "Ode to Joy"),
        ("effort", "Effort", "Own goal reached"),
    ):
        choose(house, f"board:{board}")
        view = house.screen.view
        assert (view.board, view.unit) == (title, unit)
        assert [tab.action for tab in view.tabs if tab.lit] == [f"board:{board}"]
        assert house.screen.focused.action == f"board:{board}", "the focus stays"


def test_somebody_hides_and_shows_themselves_with_one_choice(house):
    assert "Fox 0" in names(house)
    choose(house, "hide")
    assert "Fox 0" not in names(house)
    assert house.keeper.store.patient("A-1").board_hidden
    choose(house, "show")
    assert "Fox 0" in names(house)
    assert not house.keeper.store.patient("A-1").board_hidden


def test_who_is_on_no_board_has_nothing_to_hide(house):
    house.keeper.store.add_patient("E-5", nickname="Owl")
    for who in ("guest", "person:E-5"):
        house.choose(who)
        house.choose("board")
        assert not {"hide", "show"} & set(actions(house.screen))
        choose(house, "back")
        assert not isinstance(house.screen, BoardScreen)
