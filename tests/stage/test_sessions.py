"""A whole session with the real rooms, plays and records: check-in to check-out."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from game.cli.keeping import Keeper, now_here
from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.stage.commands import Typed
from game.stage.rooms.check_in import AskRoom, CheckInRoom, SignsRoom
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.guided import ExerciseRoom, RestRoom
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.plan import PlanRoom
from game.stage.rooms.playing import PlayingRoom
from game.stage.rooms.result import ResultRoom
from game.stage.rooms.session_end import NoPlayRoom, NoteRoom
from game.stage.rooms.today import TodayRoom
from game.stage.session_flow import take_up
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.prescription import changed, preset
from game.therapy.session import MINUTE_US, Caps, Stage, Who, begin
from tests.records.examples import play
from tests.stage.hand_worked import Stage as House
from tests.stage.hand_worked import right

SONG = "fur-elise"

#: P1's level: .42 pinches a second.
STATE = {**DifficultyState.first(Limits()).to_dict(), "x": -1.25}


@pytest.fixture
def keeper(tmp_path: Path):
    """P1 played once, some weeks ago, and has a plan of one minute a day."""
    (tmp_path / "songs").mkdir()
    with Keeper.open(tmp_path) as keeper:
        patient = keeper.store.add_patient("P1")
        at = now_here().replace(day=1) if now_here().day > 2 else now_here()
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
        plan = changed(preset("middle", now_here().date()), minutes=2)
        keeper.store.prescribe("P1", plan, "a therapist")
        yield keeper


@pytest.fixture
def house(keeper: Keeper) -> House:
    return moved_in(keeper)


def moved_in(keeper: Keeper, code: str | None = "P1") -> House:
    house = House(keeper, code, present=False)
    house.evening.entry = keeper.library.find(SONG)
    house.pinches = right
    return house


def say(house: House, pain: int, tired: int, third: str = "no") -> None:
    """Answers the page of questions by typing, as one does at a keyboard."""
    assert isinstance(house.room, CheckInRoom)
    for value in (pain, tired):
        for digit in str(value):
            house.screen.handle(Typed(digit))
        house.choose(house.screen.focused.action)
    house.choose(f"wrong:{third}")
    house.choose("answered")


def play_the_song(house: House) -> None:
    house.until_in(PlayingRoom)
    house.until_in(ResultRoom, 200)


def stage_of(house: House) -> Stage:
    return house.evening.sitting.session.stage


def test_a_session_goes_through_every_stage_and_is_kept(house, keeper):
    before = keeper.store.difficulty_state("P1", "right", "keyboard")
    house.choose("start")
    say(house, 1, 2)
    assert isinstance(house.room, ExerciseRoom)
    house.until(lambda: stage_of(house) is Stage.EASY_SONG, 300)
    # The easy song: no faster than .70 of the own pace, and it leaves the difficulty alone.
    play_the_song(house)
    assert keeper.store.difficulty_state("P1", "right", "keyboard") == before
    assert stage_of(house) is Stage.WORK
    house.choose("again")
    play_the_song(house)
    # Two minutes are planned: the song ended when they were over, at a phrase's end.
    while stage_of(house) is Stage.WORK:
        house.choose("again")
        play_the_song(house)
    house.choose("onward")
    say(house, 1, 3)
    assert isinstance(house.room, RestRoom)
    house.play_for(61)
    house.choose("go")
    assert stage_of(house) is Stage.COOL_DOWN
    house.until_in(CheckInRoom, 300)
    say(house, 1, 3)
    assert isinstance(house.room, MessageRoom)
    assert house.evening.sitting is None
    (kept,) = keeper.store.sessions("P1")
    plays = [p for p in keeper.store.plays("P1") if p.session_id == kept.id]
    assert (kept.ended, kept.flags, kept.day_kept) == ("the day's plan is done", (), True)
    assert kept.play_us == sum(p.duration_us for p in plays) >= 2 * MINUTE_US
    assert kept.repetitions == sum(p.repetitions for p in plays)
    easy, *scored = reversed(plays)
    assert not easy.rate_fixed
    assert easy.level is None
    assert easy.rate_asked == pytest.approx(0.7 * 2**-1.25, rel=0.12)
    assert all(p.level is not None for p in scored)
    asked = [(c.when, c.pain, c.fatigue, c.skin_ok) for c in reversed(keeper.store.check_ins("P1"))]
    assert asked == [("before", 1, 2, None), ("between", 1, 3, None), ("after", 1, 3, True)]
    done = {a.kind: a for a in keeper.store.activities("P1")}
    assert set(done) == {"warm-up", "cool-down"}
    assert done["warm-up"].seconds > 90
    house.choose("today")
    assert isinstance(house.room, PlanRoom)
    assert house.screen.view.title == "Today is done"
    assert house.screen.view.kept == "1 of 5 days"


def test_pain_that_rises_to_5_stops_and_costs_no_day(house, keeper):
    house.choose("start")
    say(house, 1, 2)
    house.choose("skip")
    house.choose("skip")
    house.choose("skip")
    house.choose("skip")
    play_the_song(house)
    house.choose("rest")
    say(house, 5, 4)
    assert stage_of(house) is Stage.COOL_DOWN, "no rest, no further song"
    house.choose("stop")
    say(house, 4, 4, "yes")
    view = house.screen.view
    assert (view.title, view.sentence) == (
        "Good that you stopped",
        "Your therapist is told. The day counts.",
    )
    (kept,) = keeper.store.sessions("P1")
    assert kept.ended == "pain"
    assert kept.flags == ("pain", "the skin under the glove")
    assert kept.day_kept
    assert keeper.store.check_ins("P1")[0].skin_ok is False


def test_a_killed_game_goes_on_where_it_was(keeper, house, tmp_path):
    house.choose("start")
    say(house, 3, 2)
    for _ in range(4):
        house.choose("skip")
    play_the_song(house)
    house.choose("again")
    house.until_in(PlayingRoom)
    house.play_for(20)
    day_us = house.evening.sitting.session.day_us
    house.flow._recording.flush()
    keeper.writer.wait_until_written(10.0)
    # What lies on the disk at this moment is all that a killed game leaves.
    left = tmp_path / "left"
    shutil.copytree(keeper.data, left, ignore=shutil.ignore_patterns("left"))
    again = Keeper.open(left)
    try:
        later = moved_in(again)
        take_up(later.evening, later.flow)
        session = later.evening.sitting.session
        assert session.stage is Stage.WORK
        assert session.before.pain == 3
        # The song that was cut short counts for what was played of it.
        assert session.day_us > day_us + 10_000_000
        later._go(PlanRoom(later.evening))
        assert later.screen.view.start == "Go on"
        later.choose("start")
        assert isinstance(later.room, ChoosingRoom)
    finally:
        again.close()


def test_a_guest_plays_at_once_and_nothing_is_kept_of_the_session(keeper):
    house = moved_in(keeper, None)
    assert isinstance(house.room, TodayRoom)
    began = house.now()
    house.choose("play")
    house.until_in(PlayingRoom, 10)
    assert house.now() - began < 60_000_000
    house.play_for(15)
    house.act("pause")
    house.act("end")
    assert isinstance(house.room, ResultRoom)
    assert keeper.store.check_ins("P1") == []
    assert keeper.store.sessions("P1") == []
    house.choose("rest")
    assert isinstance(house.room, RestRoom), "a guest is not asked how the hand is"


def test_with_the_therapist_present_music_comes_at_once_and_a_note_at_the_end(keeper):
    house = moved_in(keeper)
    house.act("start:therapist")
    assert isinstance(house.room, ChoosingRoom)
    began = house.now()
    house.act(f"play:{SONG}")
    house.until_in(PlayingRoom, 10)
    assert house.now() - began < 60_000_000
    house.play_for(20)
    house.act("pause")
    house.act("end")
    house.choose("finish")
    house.act("stop")
    say(house, 2, 2)
    assert isinstance(house.room, NoteRoom)
    assert len(house.screen.view.lines) == 6
    assert house.screen.view.lines[0].endswith("therapist present.")
    (kept,) = keeper.store.sessions("P1")
    assert kept.who == "therapist present"


def test_high_pain_is_asked_once_more_and_then_nobody_plays(house, keeper):
    house.choose("start")
    say(house, 8, 3)
    assert isinstance(house.room, AskRoom)
    house.choose("say:again")
    say(house, 7, 3)
    assert isinstance(house.room, NoPlayRoom)
    (kept,) = keeper.store.sessions("P1")
    assert (kept.ended, kept.day_kept) == ("pain", True)
    house.choose("home")
    assert isinstance(house.room, PlanRoom)


@pytest.mark.parametrize(
    ("new", "ended", "urgent"),
    [
        ("sharp", "sharp pain", False),
        ("numb", "new signs", False),
        ("urgent", "signs of an emergency", True),
    ],
)
def test_what_is_new_means_no_play_and_whom_to_call(house, keeper, new, ended, urgent):
    house.choose("start")
    say(house, 2, 3, "yes")
    assert isinstance(house.room, SignsRoom)
    house.choose(f"new:{new}")
    assert isinstance(house.room, NoPlayRoom)
    assert house.screen.view.urgent is urgent
    assert keeper.store.sessions("P1")[0].ended == ended


def test_nothing_new_after_all_goes_on(house):
    house.choose("start")
    say(house, 2, 3, "yes")
    house.choose("new:none")
    assert stage_of(house) is Stage.WARM_UP


def test_a_song_chosen_before_the_check_in_comes_when_the_hand_is_warm(house, keeper):
    house.choose("songs")
    house.act("play:greensleeves")
    say(house, 0, 0)
    for _ in range(4):
        house.choose("skip")
    play_the_song(house)
    assert stage_of(house) is Stage.WORK
    house.choose("onward") if house.screen.view.onward else house.act("onward")
    house.until_in(PlayingRoom)
    assert house.flow.live.prepared.song_key == "greensleeves"


def test_the_day_after_it_is_asked_once_whether_the_hand_was_sore(keeper):
    yesterday = now_here() - timedelta(days=1)
    document = begin(Who.PATIENT).document()
    kept = keeper.store.open_session(
        "P1", hand="right", who="patient", document=document, at=yesterday
    )
    keeper.store.close_session(
        kept.id, document=document, ended="the patient's wish", play_us=90_000_000, at=yesterday
    )
    house = moved_in(keeper)
    house.choose("start")
    assert isinstance(house.room, AskRoom)
    house.choose("say:days")
    assert isinstance(house.room, CheckInRoom)
    session = house.evening.sitting.session
    assert session.sore
    assert session.conditions.rate_share <= 0.8
    assert keeper.store.check_ins("P1")[0].sore_hours == 36
    house.choose("stop")
    again = moved_in(keeper)
    again.choose("start")
    assert isinstance(again.room, CheckInRoom), "it was asked already"


def test_music_plays_softly_while_the_hand_warms_up_and_no_longer(house):
    house.choose("start")
    say(house, 0, 0)
    house.until(lambda: house.card.mixer.playing, 10)
    for _ in range(4):
        house.choose("skip")
    house.until_in(PlayingRoom)
    assert house.flow.live is not None


def test_a_disk_that_takes_nothing_ends_no_session(house, keeper, monkeypatch):
    def full(*args, **more):
        raise RecordsError("The disk is full.")

    for name in ("open_session", "note_session", "add_check_in", "add_activity"):
        monkeypatch.setattr(keeper.store, name, full)
    house.choose("start")
    say(house, 1, 2)
    for _ in range(4):
        house.choose("skip")
    house.until_in(PlayingRoom)
    assert keeper.trouble == "The disk is full."


def test_stopping_before_any_play_asks_nothing_more(house, keeper):
    house.choose("start")
    house.choose("stop")
    assert isinstance(house.room, MessageRoom)
    assert keeper.store.sessions("P1")[0].ended == "the patient's wish"


def test_a_block_of_presses_ends_a_song_and_a_tired_hand_rests_longer(house, keeper):
    house.choose("start")
    say(house, 0, 0)
    for _ in range(4):
        house.choose("skip")
    sitting = house.evening.sitting
    few = replace(sitting.session, caps=replace(Caps(), block_repetitions=12, dose_us=600_000_000))
    sitting._become(few)
    play_the_song(house)
    assert stage_of(house) is Stage.CHECK
    assert sitting.session.block_repetitions == 12
    house.choose("onward")
    say(house, 1, 8)
    assert isinstance(house.room, RestRoom)
    assert sitting.session.rest_us == 3 * MINUTE_US
    house.play_for(60)
    assert house.screen.choices[0].action == "stop", "the rest is not over"
    house.play_for(121)
    house.choose("go")
    assert sitting.session.conditions.rate_share == 0.5
