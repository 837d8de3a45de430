"""Patients who take turns at a station: list, PIN, card, result and boards, with real records."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pygame
import pytest

from game.core.grips import Grip
from game.records.board_form import board_document
from game.records.boards import Board, BoardKind, BoardRow, BoardSource, Week
from game.stage import keys
from game.stage.commands import ERASE, Command, Typed
from game.stage.evening import TeamFill, here
from game.stage.menu_grip import MenuGrip
from game.stage.navigation import first_room
from game.stage.rooms.board import BoardRoom
from game.stage.rooms.people import InClinicRoom, PersonRoom
from game.stage.rooms.plan import PlanRoom
from game.stage.rooms.result import ResultRoom
from game.stage.rooms.today import TodayRoom
from game.stage.rooms.turns import BOARD_S, AttractRoom, PinRoom, ReadyRoom, TurnsRoom
from game.stage.rooms.who import WhoRoom
from game.stage.screens import Person, ResultView
from game.stage.screens.turns import found
from game.stage.team_move import with_team
from tests.records.examples import play
from tests.stage.test_help_rooms import MS, House

NAMES = ("Blue Heron", "Night Owl", "Red Fox", "Quiet Otter", "River Swan")


@pytest.fixture
def house(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "settings.toml").write_text("[clinic]\nstation = true\nidle_s = 10\n")
    made = House(folder)
    yield made
    made.keeper.close()


def people(house: House, count: int = 5) -> None:
    """P1 … on the boards; all but the last have played before, so that Today needs no tutorial."""
    store = house.keeper.store
    for i, name in enumerate(NAMES[:count]):
        patient = store.add_patient(f"P{i + 1}", nickname=name, hand="left", board=True)
        played = here() - timedelta(days=8 - i)
        store.save_play(play(i, 40, patient_id=patient.id, started_at=played, hand="left"))


def choose(house: House, action: str) -> None:
    house.screen.focus = [c.action for c in house.screen.choices].index(action)
    house.command(Command.CHOOSE)


def pinch_to(house: House, action: str) -> int:
    """Goes to a choice and takes it with one grip, as the menus have it; returns the pinches."""
    menu, pinches = MenuGrip(house.evening.menu_rules), 0
    while True:
        focused = house.screen.focused
        hold = focused is not None and focused.action == action
        room, pinches = house.room, pinches + 1
        for down in (True, False):
            house.evening.inputs.glove.push((house.now(), Grip.INDEX, down))
            for _ in range(120 if hold and down else 12):
                house.now.advance(10 * MS)
                if house.room is not room:
                    continue
                for command in menu.commands(house.flow.step(), house.now()):
                    house.command(command)
        assert pinches < 40
        if hold:
            return pinches


def test_without_the_setting_or_a_pairing_all_is_as_at_home(tmp_path):
    house = House(tmp_path / "data")
    people(house, 2)
    assert isinstance(first_room(house.evening), WhoRoom)
    (house.keeper.data / "station.json").write_text("{}")
    assert isinstance(first_room(house.evening), TurnsRoom)
    house.keeper.change_settings({"clinic.station": False})
    assert isinstance(first_room(house.evening), WhoRoom)
    house.keeper.close()


def test_the_next_patient_is_at_today_in_three_choices(house):
    people(house)
    house.choose("person:P1")
    house.go(ResultRoom(ResultView(pinches=40), house.evening))
    for action in ("who", "person:P2", "person:P2"):
        choose(house, action)
    assert isinstance(house.room, PlanRoom)
    assert house.evening.who.patient.code == "P2"


def test_the_card_says_hand_and_glove_and_to_wipe_it(house):
    people(house)
    house.keeper.store.set_glove_size("P1", "M")
    house.choose("who")
    choose(house, "person:P1")
    assert isinstance(house.room, ReadyRoom)
    for words in ("Blue Heron", "Left hand", "Glove size M", "Wipe the glove", "Ready"):
        assert words in house.words()
    house.command(Command.BACK)
    assert isinstance(house.room, TurnsRoom)


def test_one_grip_turns_the_pages_and_takes_somebody(house):
    people(house)
    house.choose("who")
    pinch_to(house, "more")
    assert pinch_to(house, "person:P5") <= 5
    pinch_to(house, "person:P5")
    assert isinstance(house.room, PlanRoom)


def test_a_guest_plays_too(house):
    assert isinstance(first_room(house.evening), TurnsRoom)
    house.choose("who")
    choose(house, "guest")
    assert "Wipe the glove" in house.words()
    choose(house, "guest")
    assert isinstance(house.room, TodayRoom)
    assert "Next patient" in house.words()


def test_letters_narrow_the_list_by_nickname_or_code(house):
    people(house)
    house.choose("who")
    for letter in "fox":
        house.command(Typed(letter))
    assert [c.action for c in house.screen.choices][:2] == ["person:P3", "guest"]
    house.command(Typed(ERASE))
    house.command(Command.BACK)
    assert not house.screen.typing
    for letter in "p4":
        house.command(Typed(letter))
    house.command(Command.CHOOSE)
    assert isinstance(house.room, ReadyRoom)
    assert "Quiet Otter" in house.words()


def test_marks_spaces_and_capitals_do_not_matter_when_typing():
    anna = Person("ANNA-1", "Blue Heron")
    for typed in ("anna1", "BLUE H", "her", "b"):
        assert found((anna,), typed) == (anna,)
    assert found((anna,), "eron") == ()


def test_nobody_found_is_said_and_takes_nobody(house):
    people(house)
    house.choose("who")
    for letter in "xy":
        house.command(Typed(letter))
    assert "Nobody here begins like that." in house.words()


def test_the_list_says_who_is_due_and_who_has_played(house):
    people(house, 2)
    patient = house.keeper.store.patient("P1")
    house.keeper.store.save_play(play(9, 40, patient_id=patient.id, started_at=here(), hand="left"))
    house.choose("who")
    assert [(p.code, p.note) for p in house.screen.view.people] == [
        ("P2", "Due today"),
        ("P1", "Played today"),
    ]


# ---------------------------------------------------------------- the PIN


def test_a_pin_is_asked_and_a_wrong_one_may_be_tried_again(house):
    people(house)
    house.keeper.store.set_pin("P1", "0417")
    house.choose("who")
    choose(house, "person:P1")
    assert isinstance(house.room, PinRoom)
    for digit in "0418":
        choose(house, f"digit:{digit}")
    assert "That was not it. Try again." in house.words()
    for digit in "04":
        house.command(Typed(digit))
    house.command(Typed("x"))
    house.command(Command.BACK)
    assert house.screen.digits == "0"
    for digit in "417":
        house.command(Typed(digit))
    assert isinstance(house.room, ReadyRoom)
    assert house.evening.who is None


def test_pin_and_glove_size_are_set_on_the_helpers_page(house):
    people(house, 1)
    house.choose("people")
    choose(house, "pick:P1")
    choose(house, "station")
    assert isinstance(house.room, InClinicRoom)
    choose(house, "glove-size")
    choose(house, "glove-size")
    choose(house, "pin")
    for digit in "0417":
        choose(house, f"digit:{digit}")
    store = house.keeper.store
    assert store.patient("P1").glove_size == "M"
    assert store.has_pin("P1")
    assert store.pin_fits("P1", "0417")
    choose(house, "person")
    assert isinstance(house.room, PersonRoom)
    assert "M, PIN" in house.words()
    choose(house, "station")
    choose(house, "pin")
    assert not store.has_pin("P1")


def test_a_pin_that_was_begun_and_left_is_not_set(house):
    people(house, 1)
    house.choose("people")
    for action in ("pick:P1", "station", "pin", "digit:1"):
        choose(house, action)
    house.command(Command.BACK)
    house.command(Command.BACK)
    assert isinstance(house.room, InClinicRoom)
    assert not house.keeper.store.has_pin("P1")


# ---------------------------------------------------------------- result and boards


def test_the_result_shows_how_the_play_moved_the_team(house):
    people(house, 3)
    house.choose("person:P1")
    before = house.evening.team_fill.fill
    patient = house.evening.who.patient
    house.keeper.store.save_play(
        play(9, 900, patient_id=patient.id, started_at=here(), hand="left")
    )
    house.go(ResultRoom(ResultView(pinches=900, good="G", step="S"), house.evening))
    assert house.screen.view.team_now == house.screen.view.team_before == before
    end = time.monotonic() + 60
    while house.screen.view.team_now == before:
        assert time.monotonic() < end
        house.room.step(house.screen)
        time.sleep(0.01)
    assert house.screen.view.team_now == house.keeper.board(BoardKind.TEAM).team_fill > before
    assert house.evening.team_fill.fill == house.screen.view.team_now
    assert "lamps lit" in house.words() or "lamp lit" in house.words()


def test_who_is_not_on_the_boards_sees_no_team_on_the_result(house):
    people(house, 3)
    house.keeper.store.set_board_choice("P1", False)
    house.choose("person:P1")
    house.go(ResultRoom(ResultView(pinches=40), house.evening))
    assert house.screen.view.team == ""
    assert house.screen.view.station


def test_the_board_that_was_chosen_is_the_one_that_opens_next_time(house):
    people(house)
    house.choose("person:P1")
    house.choose("board")
    assert isinstance(house.room, BoardRoom)
    house.choose("board:beat-myself")
    house.choose("who")
    for code, lit in (("P2", "board:effort"), ("P1", "board:beat-myself")):
        house.choose("who")
        for _ in range(2):
            choose(house, f"person:{code}")
        house.choose("board")
        assert [tab.action for tab in house.screen.view.tabs if tab.lit] == [lit]


# ---------------------------------------------------------------- the boards of the whole clinic


def clinic_tells(house: House, fill: float, names: tuple[str, ...] = ()) -> None:
    """As the process beside the game says it: the team, and everybody of ``names`` on effort."""
    told, week = house.keeper.clinic_boards, Week.of(here().date())
    rows = tuple(
        BoardRow(n + 1, name, "owl", 0.5, None, False, False) for n, name in enumerate(names)
    )
    boards = [
        Board(BoardKind.TEAM, week, team_fill=fill),
        Board(BoardKind.EFFORT, week, rows),
        Board(BoardKind.BEAT_MYSELF, week, sentence="none"),
        Board(BoardKind.SONG_OF_THE_WEEK, week, sentence="none"),
    ]
    told.link()
    told.heard(line(told.ask(), [board_document(board) for board in boards]))


def line(ask: int, boards: list | None, shut_out: bool = False) -> bytes:
    said = {"ask": ask, "me": None, "boards": boards, "shut_out": shut_out}
    return json.dumps(said).encode()


def clinic_is_gone(house: House) -> None:
    house.keeper.clinic_boards.heard(line(0, None, shut_out=True))


def test_the_board_follows_what_the_clinic_tells_and_says_when_it_is_this_station_alone(house):
    people(house, 3)
    house.keeper.clinic_boards.link()
    house.choose("person:P1")
    house.choose("board")
    assert "This week at this station" in house.words()
    clinic_tells(house, 0.5, NAMES)
    house.run(0.1)
    assert "This week together" in house.words()
    assert house.screen.view.lamps_lit == 5
    assert [row.nickname for row in house.screen.view.top] == list(NAMES[:3])
    focus = house.screen.focus = 1
    clinic_tells(house, 0.7, NAMES)
    house.run(0.1)
    assert (house.screen.view.lamps_lit, house.screen.focus) == (7, focus)
    clinic_is_gone(house)
    house.run(0.1)
    assert "This week at this station" in house.words()


def test_while_nobody_is_there_the_boards_are_the_clinics(house):
    people(house, 1)
    clinic_tells(house, 0.5, NAMES)
    house.choose("who")
    house.run(11, lambda: isinstance(house.room, AttractRoom))
    assert isinstance(house.room, AttractRoom)
    assert "Quiet Otter" not in house.words(), "of everybody the first three"
    assert "Red Fox" in house.words()
    clinic_tells(house, 1.0, NAMES)
    house.run(0.1)
    assert "Every lamp is lit" in house.words()


def result_after(house: House) -> None:
    """The result of a play, once the team was looked at again."""
    house.go(ResultRoom(ResultView(pinches=900, good="G", step="S"), house.evening))
    end = time.monotonic() + 60
    while house.room._reading is not None:
        assert time.monotonic() < end
        house.room.step(house.screen)
        time.sleep(0.01)


def when_asked(house: House, then: Callable[[], None]) -> None:
    """Once the result wants to know what the play moved, ``then``."""
    told = house.keeper.clinic_boards
    asked = told._asked[0]

    def wait() -> None:
        while told._asked[0] == asked:
            time.sleep(0.005)
        then()

    threading.Thread(target=wait, daemon=True).start()


def test_what_others_did_during_the_song_is_not_taken_for_the_plays_own(house):
    people(house, 3)
    clinic_tells(house, 0.3)
    house.choose("person:P1")
    assert house.evening.team_fill == TeamFill(0.3, BoardSource.CLINIC)
    clinic_tells(house, 0.6)  # while the song is played
    when_asked(house, lambda: clinic_tells(house, 0.61))
    result_after(house)
    view = house.screen.view
    assert (view.team_before, view.team_now) == (0.6, 0.61)
    assert view.team_words == "The next lamp is nearer."


@pytest.mark.parametrize("first", ["clinic", "station"])
def test_a_team_is_never_measured_against_another(house, first):
    people(house, 3)
    if first == "clinic":
        clinic_tells(house, 0.9)
    else:
        house.keeper.clinic_boards.link()
    house.choose("person:P1")
    before = house.evening.team_fill
    assert before.source == first

    def other() -> None:
        if first == "station":
            clinic_tells(house, 0.9)
        else:
            clinic_is_gone(house)
            told = house.keeper.clinic_boards
            told.heard(line(told.ask(), None))

    when_asked(house, other)
    result_after(house)
    view = house.screen.view
    assert view.team_now == view.team_before == before.fill
    assert "more by Sunday" in view.team_words or before.fill == 0.9
    assert house.evening.team_fill.source is not before.source


def test_the_result_says_that_the_lamps_are_this_stations(house):
    people(house, 3)
    house.keeper.clinic_boards.link()
    house.choose("person:P1")
    here_alone = BoardSource.STATION
    view = with_team(ResultView(), TeamFill(0.1, here_alone), TeamFill(0.3, here_alone))
    assert (view.team, view.team_words) == ("3 of 10 lamps lit here", "You lit a lamp.")


# ---------------------------------------------------------------- the boards while nobody is there


def test_the_boards_show_after_a_while_and_change_slowly(house):
    people(house)
    store = house.keeper.store
    for code in ("P1", "P2", "P3"):
        patient = store.patient(code)
        for n in range(4):
            ago = timedelta(days=20 - n) if n < 3 else timedelta()
            kept = play(
                n + 20, 40, patient_id=patient.id, started_at=here() - ago, hand="left", level=0.1
            )
            store.save_play(kept)
    store.set_board_hidden("P4", True)
    house.choose("who")
    assert house.run(9, lambda: isinstance(house.room, AttractRoom)) == pytest.approx(9)
    house.command(Command.MOVE_NEXT)
    assert house.run(20, lambda: isinstance(house.room, AttractRoom)) == pytest.approx(10, abs=0.1)
    boards = []
    for _ in range(3):
        assert "This week together" in house.words()
        assert "Quiet Otter" not in house.words()
        boards.append(house.screen.view.board)
        house.run(BOARD_S)
    assert len(set(boards)) == 3
    assert not house.screen.choices
    assert not house.screen.aloud


@pytest.mark.parametrize("how", ["pinch", "key", "point"])
def test_anything_wakes_the_boards(house, how):
    people(house)
    house.choose("who")
    house.run(11, lambda: isinstance(house.room, AttractRoom))
    assert isinstance(house.room, AttractRoom)
    if how == "pinch":
        house.pinch(Grip.LITTLE)
    else:
        events = {
            "key": pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F5, mod=0, unicode=""),
            "point": pygame.event.Event(pygame.MOUSEMOTION, pos=(5, 5), rel=(1, 1)),
        }
        command = keys.command_of(events[how], any_key=house.screen.any_key)
        assert command is not None
        house.command(command)
    assert isinstance(house.room, TurnsRoom)


def test_with_nobody_on_the_boards_the_list_stays(house):
    house.keeper.store.add_patient("P1")
    house.choose("who")
    house.run(25, lambda: not isinstance(house.room, TurnsRoom))
    assert isinstance(house.room, TurnsRoom)
