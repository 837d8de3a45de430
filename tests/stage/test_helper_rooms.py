"""The helper's page, worked by choosing and typing, with real records."""

import sys
import time
from pathlib import Path

import pytest

from game.core.grips import GRIPS, Grip
from game.records.backup import inspect
from game.records.patients import PICTURES
from game.stage.animals import NAMES, ready_nicknames
from game.stage.commands import ERASE, Command, Typed
from game.stage.evening import here
from game.stage.rooms.helper import HelperRoom
from game.stage.rooms.helper_grips import GripsRoom
from game.stage.rooms.helper_plan import PlanSettingsRoom
from game.stage.rooms.numbers import NumbersRoom
from game.stage.rooms.people import CodeRoom, NicknameRoom, PeopleRoom, PersonRoom
from game.stage.rooms.safety import SafetyRoom
from game.stage.screens.message import MessageScreen
from tests.records.examples import play
from tests.stage.test_help_rooms import House


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    yield made
    made.keeper.close()


def choose(house: House, action: str) -> None:
    """As a pinch would: only what the screen offers."""
    house.screen.focus = [c.action for c in house.screen.choices].index(action)
    house.command(Command.CHOOSE)


def type_word(house: House, word: str) -> None:
    for letter in word:
        house.command(Typed(letter))


def wait_for(house: House, room: type) -> None:
    end = time.monotonic() + 120
    while not isinstance(house.room, room):
        assert time.monotonic() < end
        house.room.step(house.screen)
        time.sleep(0.01)


def test_the_page_is_found_from_who_is_playing(house):
    house.choose("who")
    for action in ("help", "helper"):
        choose(house, action)
    assert isinstance(house.room, HelperRoom)
    assert "For the helper" in house.words()


def test_somebody_is_added_by_choosing_alone(house):
    house.choose("people")
    choose(house, "add")
    assert isinstance(house.room, CodeRoom)
    choose(house, "name:P1")
    assert isinstance(house.room, NicknameRoom)
    choose(house, "name:Heron")
    assert isinstance(house.room, PersonRoom)
    [patient] = house.keeper.people()
    assert (patient.code, patient.nickname, patient.picture) == ("P1", "Heron", "heron")


def test_code_and_nickname_are_typed_by_whoever_has_a_keyboard(house):
    house.choose("people")
    choose(house, "add")
    type_word(house, "rosa7x" + ERASE)
    house.command(Command.CHOOSE)
    type_word(house, "Rosa B")
    house.command(Command.CHOOSE)
    [patient] = house.keeper.people()
    assert (patient.code, patient.nickname) == ("rosa7", "Rosa B")


def test_a_code_that_is_taken_is_asked_for_again(house):
    house.keeper.store.add_patient("ROSA")
    house.choose("people")
    choose(house, "add")
    type_word(house, "rosa")
    house.command(Command.CHOOSE)
    assert isinstance(house.room, CodeRoom)
    assert "Please choose another code." in house.words()
    house.command(Command.BACK)
    assert isinstance(house.room, PeopleRoom)


def test_escape_takes_back_what_was_typed_and_then_leaves(house):
    house.choose("people")
    choose(house, "add")
    type_word(house, "x")
    assert house.screen.typing
    house.command(Command.BACK)
    assert not house.screen.typing
    house.command(Command.BACK)
    assert isinstance(house.room, PeopleRoom)
    assert house.keeper.people() == []


def test_hand_board_and_picture_change_at_once_also_for_who_plays_now(house):
    house.keeper.store.add_patient("P1", nickname="Rosa", picture=PICTURES[-1])
    house.choose("person:P1")
    house.choose("people")
    choose(house, "pick:P1")
    for action in ("hand", "board", "picture"):
        choose(house, action)
        assert house.screen.focused.action == action
    patient = house.keeper.store.patient("P1")
    assert (patient.hand, patient.on_board, patient.picture) == ("left", True, PICTURES[0])
    assert house.evening.who.patient == patient
    assert house.evening.hand == "left"


def test_grips_are_kept_as_one_version_when_the_helper_is_done(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    choose(house, "grips")
    for action in ("grip:ring", "grip:little", "grip:key"):
        choose(house, action)
    assert house.keeper.store.prescription("P1") is None
    choose(house, "kept")
    assert isinstance(house.room, HelperRoom)
    kept = house.keeper.store.prescription("P1")
    assert kept is not None
    assert (kept.version, kept.author) == (1, "helper at home")
    assert house.keeper.grips(house.keeper.person("P1")) == (Grip.INDEX, Grip.MIDDLE)


def test_looking_at_the_grips_prescribes_nothing(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    choose(house, "grips")
    house.command(Command.BACK)
    assert house.keeper.store.prescription("P1") is None


def test_the_last_grip_cannot_be_taken_away(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    choose(house, "grips")
    for grip in GRIPS:
        choose(house, f"grip:{grip.label}")
    choose(house, "kept")
    assert house.keeper.grips(house.keeper.person("P1")) == (GRIPS[-1],)


def test_minutes_days_and_pace_of_a_plan_are_kept_as_one_version(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    assert isinstance(house.room, PlanSettingsRoom)
    for action in ("minutes", "days", "days", "fastest"):
        choose(house, action)
    shown = house.screen.view
    assert (shown.minutes, shown.days, shown.fastest) == (30, 7, 0.5)
    choose(house, "kept")
    kept = house.keeper.store.prescription("P1")
    assert (kept.version, kept.author) == (1, "helper at home")
    plan = kept.prescription
    assert (plan.minutes, plan.days, plan.rate_max) == (30, 7, 0.5)


def test_a_preset_sets_the_others_and_leaves_the_grips(house):
    house.keeper.store.add_patient("P1")
    house.keeper.helper.ask_grips("P1", [Grip.INDEX, Grip.KEY], 0)
    house.choose("helper-plan")
    choose(house, "pick:P1")
    for _ in range(4):
        choose(house, "preset")
    assert house.screen.view.preset == "Upkeep"
    choose(house, "kept")
    plan = house.keeper.store.prescription("P1").prescription
    assert plan.days == 3
    assert set(plan.grips) == {"index", "key"}


def test_looking_at_a_plan_prescribes_nothing(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    house.command(Command.BACK)
    assert house.keeper.store.prescription("P1") is None


def test_a_plan_that_was_changed_meanwhile_is_not_written_over(house):
    house.keeper.store.add_patient("P1")
    house.choose("helper-plan")
    choose(house, "pick:P1")
    choose(house, "grips")
    house.keeper.helper.ask_grips("P1", [Grip.INDEX], 0)
    choose(house, "grip:key")
    choose(house, "kept")
    assert isinstance(house.screen, MessageScreen)
    assert house.keeper.grips(house.keeper.person("P1")) == (Grip.INDEX,)
    house.command(Command.CHOOSE)
    choose(house, "pick:P1")
    assert isinstance(house.room, GripsRoom)
    assert house.screen.view.asked == {Grip.INDEX}


def test_numbers_are_those_of_the_last_four_weeks(house):
    store = house.keeper.store
    patient = store.add_patient("P1", nickname="Rosa")
    store.save_play(play(1, targets=40, patient_id=patient.id))  # long ago
    house.choose("numbers")
    choose(house, "pick:P1")
    wait_for(house, NumbersRoom)
    assert "Nothing was played" in house.words()
    recent = play(2, targets=40, patient_id=patient.id, started_at=here())
    store.save_play(recent)
    for other in ({"mode": "practice"}, {"hand": "left"}):
        store.save_play(play(3, targets=40, patient_id=patient.id, started_at=here(), **other))
    house.choose("numbers")
    choose(house, "pick:P1")
    wait_for(house, NumbersRoom)
    figures = recent.of_grip(Grip.INDEX)
    assert f"{figures.hits} of {figures.presented}" in house.words()
    assert "%" in house.words()


def test_a_backup_is_made_and_told_of(house):
    house.keeper.store.add_patient("P1")
    house.choose("safety")
    assert "No backup so far." in house.words()
    choose(house, "back-up")
    end = time.monotonic() + 120
    while not isinstance(house.screen, MessageScreen):
        assert time.monotonic() < end
        house.room.step(house.screen)
        time.sleep(0.01)
    assert "The backup is made" in house.words()
    [file] = (house.keeper.data / "backups").iterdir()
    assert inspect(file).patients == 1
    house.command(Command.CHOOSE)
    assert isinstance(house.room, SafetyRoom)
    assert "Last backup: today" in house.words()


def test_a_folder_that_cannot_be_opened_is_named(house, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    house.choose("safety")
    choose(house, "show:songs")
    assert str(house.keeper.data / "songs") in house.words()


def test_a_backup_that_failed_by_itself_is_told_here_and_nowhere_else(house):
    house.choose("guest")
    house.keeper._daily_backup.trouble = "the disk is full"
    house.choose("today")
    assert "backup" not in house.words()
    house.choose("helper")
    assert "Today's backup could not be made." in house.words()


def test_every_picture_has_a_name_and_names_do_not_run_out():
    assert set(NAMES) == set(PICTURES)
    taken = [name for _, name in ready_nicknames([])]
    assert len(set(taken)) == len(PICTURES)
    assert all(name.endswith(" 2") for _, name in ready_nicknames(taken))


def test_the_report_is_written_by_another_process_and_the_place_is_told(
    house, monkeypatch, tmp_path
):
    """From the page of numbers and from safety; the game itself never loads what draws it."""
    monkeypatch.setattr("game.cli.helping.documents_folder", lambda: tmp_path / "Documents")
    patient = house.keeper.store.add_patient("P1", nickname="Rosa")
    house.keeper.store.save_play(
        play(2, targets=40, patient_id=patient.id, started_at=here(), input_kind="glove")
    )
    loaded = "matplotlib" in sys.modules
    house.choose("safety")
    choose(house, "report")
    choose(house, "pick:P1")
    wait_for_message(house)
    assert "The report is written" in house.words()
    [file] = (tmp_path / "Documents").iterdir()
    assert file.name.startswith("Griptune P1 ")
    assert file.name in house.words()
    assert file.read_bytes().startswith(b"%PDF")
    assert ("matplotlib" in sys.modules) == loaded
    [entry] = house.keeper.store.audit_log(code="P1")
    assert entry.action == "export"
    file.unlink()
    file.mkdir()  # nothing can be written there
    house.choose("numbers")
    choose(house, "pick:P1")
    wait_for(house, NumbersRoom)
    choose(house, "write-report")
    wait_for_message(house)
    assert "No report was written" in house.words()
    choose(house, "helper")
    assert isinstance(house.room, HelperRoom)


def wait_for_message(house: House) -> None:
    end = time.monotonic() + 240
    while not isinstance(house.screen, MessageScreen):
        assert time.monotonic() < end
        house.room.step(house.screen)
        time.sleep(0.05)
