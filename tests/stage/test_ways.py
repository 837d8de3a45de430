"""Other ways of practising, exercises, tasks, tests, diary: kept as what they are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from game.cli.keeping import Keeper, now_here
from game.records.identifiers import new_identifier
from game.stage.commands import Typed
from game.stage.rooms.diary import LineRoom
from game.stage.rooms.exercises import LevelRoom, TasksRoom
from game.stage.rooms.guided import ExerciseRoom
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.plan import PlanRoom
from game.stage.rooms.playing import PlayingRoom
from game.stage.rooms.result import ResultRoom
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.prescription import changed, preset
from tests.records.examples import play
from tests.stage.hand_worked import Stage as House
from tests.stage.hand_worked import right

SONG = "fur-elise"
STATE = {**DifficultyState.first(Limits()).to_dict(), "x": -1.25}


@pytest.fixture
def keeper(tmp_path: Path):
    """P1 played three days ago with the right hand."""
    (tmp_path / "songs").mkdir()
    with Keeper.open(tmp_path) as keeper:
        patient = keeper.store.add_patient("P1")
        at = now_here() - timedelta(days=3)
        song = keeper.library.find(SONG)
        kept = replace(
            play(1),
            song_hash=song.content_hash,
            id=new_identifier(at),
            started_at=at,
            patient_id=patient.id,
            song_key=SONG,
            input_kind="keyboard",
        )
        keeper.store.save_play(kept, state=STATE)
        plan = changed(
            preset("middle", now_here().date()),
            tasks=["putty-squeeze", "coin-flips"],
            assessments=["tapping"],
        )
        keeper.store.prescribe("P1", plan, "a therapist")
        yield keeper


@pytest.fixture
def house(keeper: Keeper) -> House:
    house = House(keeper, "P1")
    house.evening.entry = keeper.library.find(SONG)
    house.pinches = right
    return house


def to(house: House, *actions: str) -> None:
    for action in actions:
        house.choose(action)


@pytest.mark.parametrize("way", ["mirror", "assisted"])
def test_mirror_and_help_are_kept_apart_and_move_no_difficulty(house, keeper, way):
    before = keeper.store.difficulty_state("P1", "right", "keyboard")
    to(house, "ways", "other-ways", f"way:{way}")
    house.until_in(PlayingRoom)
    house.play_for(25)
    house.act("pause")
    house.act("end")
    assert isinstance(house.room, ResultRoom)
    assert house.screen.view.score is None, "it is no record"
    keeper.writer.wait_until_written(10.0)
    (kept,) = [p for p in keeper.store.plays("P1") if p.mode == way]
    assert kept.hand == ("left" if way == "mirror" else "right")
    assert kept.counted > 3
    assert (kept.level, kept.x_after) == (None, None)
    assert keeper.store.difficulty_state("P1", "right", "keyboard") == before
    assert keeper.store.difficulty_state("P1", "left", "keyboard") is None
    # What the other hand did is no load for this one; help is.
    day_us = house.evening.sitting.session.day_us
    assert day_us == (0 if way == "mirror" else kept.duration_us)


def test_in_the_mind_the_hand_moves_by_itself_and_only_minutes_are_kept(house, keeper):
    plays = keeper.store.count_plays("P1")
    to(house, "ways", "other-ways", "way:mental")
    house.until_in(PlayingRoom)
    contacts = set()
    end_us = house.now() + 20_000_000
    while house.now() < end_us:
        house.step()
        contacts.add(house.screen.view.contacts)
    assert len(contacts) > 2, "the drawn hand pinches one grip after the other"
    assert house.flow.live.counted > 3
    house.act("pause")
    house.act("end")
    assert isinstance(house.room, PlanRoom)
    (done,) = keeper.store.activities("P1")
    assert (done.kind, done.name) == ("mental", SONG)
    assert 10 < done.seconds < 21
    assert keeper.store.count_plays("P1") == plays
    assert house.evening.sitting.session.day_us == 0


def test_the_other_hand_has_a_level_of_its_own(house, keeper):
    to(house, "ways", "other-ways")
    house.act("hand")
    assert house.evening.hand == "left"
    house.act("play")
    house.until_in(PlayingRoom)
    house.play_for(15)
    house.act("pause")
    house.act("end")
    keeper.writer.wait_until_written(10.0)
    kept = keeper.store.plays("P1", 1)[0]
    assert (kept.mode, kept.hand) == ("play", "left")
    assert keeper.store.difficulty_state("P1", "right", "keyboard") == STATE


def test_only_ways_that_are_prescribed_are_offered(house, keeper):
    kept = keeper.store.prescription("P1")
    plan = changed(kept.prescription, modes=["play", "mental"])
    keeper.store.prescribe("P1", plan, "a therapist")
    to(house, "ways", "other-ways")
    offered = {choice.action for choice in house.screen.choices}
    assert "way:mental" in offered
    assert not {"way:mirror", "way:assisted"} & offered


def test_an_exercise_is_guided_to_its_end_and_kept(house, keeper):
    to(house, "exercises", "level:2")
    assert isinstance(house.room, LevelRoom)
    to(house, "exercise:wrist-curl")
    assert isinstance(house.room, ExerciseRoom)
    counts, poses = set(), set()
    end_us = house.now() + 200_000_000
    while isinstance(house.room, ExerciseRoom) and house.now() < end_us:
        counts.add(house.screen.view.done)
        poses.add(house.screen.view.pose)
        house.step()
    assert counts >= set(range(10))
    assert len(poses) > 12, "the hand is seen moving"
    assert isinstance(house.room, LevelRoom)
    (done,) = keeper.store.activities("P1")
    assert (done.kind, done.name, done.amount, done.seconds) == ("exercise", "wrist-curl", 10, 50)


def test_tasks_are_ticked_off_in_the_form_that_suits(house, keeper):
    to(house, "exercises", "tasks", "task:putty-squeeze")
    assert house.screen.view.figure == "2 sets of 10"
    house.choose("form:harder")
    assert house.screen.view.figure == "3 sets of 10"
    house.choose("form:usual")
    house.choose("tick")
    assert house.screen.view.done == 1
    house.choose("tick")
    assert isinstance(house.room, TasksRoom), "all sets are done"
    done = keeper.store.activities("P1")
    assert [(d.kind, d.name, d.form, d.sets, d.amount) for d in done] == [
        ("task", "putty-squeeze", "usual", 1, 10)
    ] * 2
    again = House(keeper, "P1")
    to(again, "exercises")
    tasks = next(row for row in again.screen.view.rows if row.action == "tasks")
    assert tasks.below == "1 of 2 done today"


def test_a_line_in_the_diary_is_chosen_or_typed_or_left_out(house, keeper):
    to(house, "ways", "diary")
    assert isinstance(house.room, LineRoom)
    house.choose("name:Stiff")
    for letter in "Opened the jam":
        house.screen.handle(Typed(letter))
    house.choose("name:Opened the jam")
    assert isinstance(house.room, PlanRoom)
    (line,) = keeper.store.diary("P1")
    assert (line.felt, line.worked) == ("Stiff", "Opened the jam")
    to(house, "ways", "diary", "skip", "skip")
    assert isinstance(house.room, PlanRoom)
    assert len(keeper.store.diary("P1")) == 1


def test_the_goal_stands_on_today(house, keeper):
    to(house, "ways", "goal", "name:Turning a key")
    assert house.screen.view.goal == "Turning a key"
    (goal,) = keeper.store.goals("P1")
    assert goal.area == "key"


def test_a_test_is_due_kept_as_one_and_not_given_twice_a_day(house, keeper):
    before = keeper.store.difficulty_state("P1", "right", "keyboard")
    house.act("tests")
    house.choose("intro:tapping")
    house.choose("test:tapping")
    house.until_in(PlayingRoom)
    live = house.flow.live
    for i in range(40):
        at = live.conductor.host_us(4_000_000 + 250_000 * i)
        house.inputs.pinch(at, 0)
    house.pinches = lambda index, grip: None
    house.until_in(MessageRoom)
    assert house.screen.view.sentence == "Your therapist sees the result."
    (found,) = keeper.store.assessments("P1")
    assert (found.kind, found.hand, found.input_kind) == ("tapping", "right", "keyboard")
    assert found.result == pytest.approx(4.0, abs=0.2)
    keeper.writer.wait_until_written(10.0)
    assert keeper.store.plays("P1", 1)[0].mode == "test-tapping"
    assert keeper.store.difficulty_state("P1", "right", "keyboard") == before
    house.act("tests")
    assert "intro:tapping" not in {choice.action for choice in house.screen.choices}


def test_no_test_is_given_on_the_first_day(keeper):
    keeper.store.add_patient("P2")
    plan = changed(preset("middle", now_here().date()), assessments=["speed", "tapping"])
    keeper.store.prescribe("P2", plan, "a therapist")
    house = House(keeper, "P2")
    house.act("tests")
    assert house.screen.view.rows == ()


def test_a_therapist_changes_pace_and_grips_and_ends_the_song(house, keeper):
    house.act("play")
    house.until_in(PlayingRoom)
    plan = house.flow.live.prepared.plan
    x = plan.state.x
    assert house.flow.therapist_asks("quicker")
    assert house.flow.therapist_asks("grip:index")
    assert house.flow.live.told == "Index is left out."
    begun = len(house.flow.live.conductor.performance.targets)
    house.play_for(40)
    asked = house.flow.live.conductor.performance.targets
    late = asked[asked["time_us"] > asked["time_us"][min(begun, len(asked) - 1)] + 12_000_000]
    assert len(late) > 3
    assert not np.any(late["grip"] == 0), "what was left out is asked no more"
    assert house.flow.therapist_asks("assisted")
    assert house.flow.therapist_asks("end")
    assert isinstance(house.room, ResultRoom)
    assert plan.state.x <= x + 0.12


def test_without_a_therapist_nobody_has_their_keys(keeper):
    house = House(keeper, None)
    house.act("play")
    house.until_in(PlayingRoom)
    assert not house.flow.therapist_asks("end")
    assert isinstance(house.room, PlayingRoom)
