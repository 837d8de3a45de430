"""Practising and slowing down, with the real rooms, plays and records."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from game.cli.keeping import Keeper, now_here
from game.core.grips import GRIPS
from game.play.practice import SPEEDS
from game.records.boards import Week
from game.records.identifiers import new_identifier
from game.stage.commands import Command
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.pause import PauseRoom
from game.stage.rooms.plan import PlanRoom
from game.stage.rooms.playing import PlayingRoom
from game.stage.rooms.practice import BETWEEN_US, BetweenRoom, PracticeRoom
from game.stage.rooms.result import ResultRoom
from game.stage.rooms.today import TodayRoom
from game.stage.screens import BetweenScreen, PauseScreen, PracticeScreen, ResultScreen
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.prescription import changed, preset
from tests.records.examples import play
from tests.stage.hand_worked import Stage, right

SONG = "fur-elise"

#: P1's level: .42 pinches a second.
STATE = {**DifficultyState.first(Limits()).to_dict(), "x": -1.25}


@pytest.fixture
def keeper(tmp_path: Path):
    """P1 has played once, an hour ago, at a level of .42 a second."""
    (tmp_path / "songs").mkdir()
    with Keeper.open(tmp_path) as keeper:
        patient = keeper.store.add_patient("P1")
        at = now_here()
        song = keeper.library.find(SONG)
        kept = replace(
            play(1),
            song_hash=song.content_hash,
            id=new_identifier(at),
            started_at=at,
            patient_id=patient.id,
            song_key=SONG,
            input_kind="keyboard",
            score=5_000,
        )
        keeper.store.save_play(kept, state=STATE)
        yield keeper


@pytest.fixture
def stage(keeper: Keeper) -> Stage:
    made = Stage(keeper, "P1")
    made.evening.entry = keeper.library.find(SONG)
    return made


def set_up(stage: Stage, **wanted: str) -> PracticeScreen:
    """Goes to practice from Today, and sets what is ``wanted`` by choosing until it is there."""
    stage.act("practice")
    stage.until_in(PracticeRoom)
    for action, value in wanted.items():
        for _ in range(8):
            shown = next(c for c in stage.screen.choices if c.action == action)
            if shown.value == value:
                break
            stage.choose(action)
        else:
            pytest.fail(f"{action} has no value {value}")
    assert isinstance(stage.screen, PracticeScreen)
    return stage.screen


def kept(keeper: Keeper):
    keeper.writer.wait_until_written(10.0)
    return [p for p in keeper.store.plays("P1") if p.mode != "play"]


def test_what_and_how_is_set_by_choosing_and_start_is_in_focus(stage):
    screen = set_up(stage)
    assert screen.focused.action == "start"
    assert len([c for c in screen.choices if c.box.y > 150]) == 5
    parts = []
    for _ in range(6):
        parts.append((stage.screen.view.part, stage.screen.view.about_part))
        stage.choose("part")
    assert parts == [
        ("Theme", "Part 1 of 5"),
        ("Theme, repeat", "Part 2 of 5"),
        ("Answer", "Part 3 of 5"),
        ("Answer, repeat", "Part 4 of 5"),
        ("Theme, last time", "Part 5 of 5"),
        ("Whole song", "5 parts"),
    ]
    speeds = []
    for _ in SPEEDS:
        stage.choose("speed")
        speeds.append(stage.screen.view.speed)
    assert sorted(speeds) == list(SPEEDS)
    assert speeds[-1] == 0.75
    stage.choose("wait")
    stage.choose("finger")
    assert (stage.screen.view.wait, stage.screen.view.any_finger) == (True, True)
    assert stage.screen.focused.action == "finger", "the focus stays where it is"
    stage.choose("stop")
    assert isinstance(stage.room, PlanRoom)


def test_a_passage_goes_round_until_it_is_left_and_moves_nothing_but_the_repetitions(stage, keeper):
    week = Week.of(now_here().date()).first_day
    before = keeper.store.difficulty_state("P1", "right", "keyboard")
    changes = len(keeper.store.difficulty_changes("P1"))
    counted = sum(p.counted for p in keeper.store.plays("P1"))
    stage.pinches = lambda index, grip: grip if index % 2 else None
    set_up(stage, part="Answer", speed="100%")
    stage.choose("start")
    for passes in (1, 2):
        stage.until_in(BetweenRoom)
        assert isinstance(stage.screen, BetweenScreen)
        view = stage.screen.view
        assert (view.passes, view.faster, view.goes_on) == (passes, None, True)
        stage.until_in(PlayingRoom, BETWEEN_US / 1e6 + 1)
    stage.play_for(9)
    stage.act("pause")
    stage.choose("end")
    assert isinstance(stage.screen, ResultScreen)
    told = stage.screen.view
    assert told.practised
    assert told.score is None
    assert told.good == "2 times through"
    passes = kept(keeper)
    assert [p.mode for p in passes] == ["practice"] * 3
    assert [p.interrupted for p in passes] == [True, False, False]
    assert {(p.tempo, p.level, p.x_after) for p in passes} == {(1.0, None, None)}
    assert told.pinches == sum(p.counted for p in passes) > 8
    times_us = keeper.store.load_play(passes[1].id).targets["time_us"]
    assert 24e6 < times_us.min() < times_us.max() < 45e6
    assert keeper.store.difficulty_state("P1", "right", "keyboard") == before == STATE
    assert len(keeper.store.difficulty_changes("P1")) == changes
    best = {song.song_key: song.best for song in keeper.store.played_songs("P1", week)}
    assert best == {SONG: 5_000}
    plays = keeper.plays_since(stage.evening.who, week)
    assert sum(p.counted for p in plays) == counted + told.pinches


def test_after_a_good_pass_faster_is_offered_once_for_a_speed_and_waits_for_an_answer(stage):
    stage.pinches = right
    set_up(stage, part="Answer", speed="75%")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    assert stage.screen.view.faster == 0.9
    stage.play_for(2 * BETWEEN_US / 1e6)
    assert isinstance(stage.room, BetweenRoom), "a question has no end of its own"
    stage.choose("again")
    assert isinstance(stage.room, PlayingRoom)
    stage.until_in(BetweenRoom)
    assert stage.screen.view.faster is None
    stage.choose("change")
    assert isinstance(stage.screen, PracticeScreen)
    assert stage.screen.view.speed == 0.75
    stage.choose("speed")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    assert stage.screen.view.faster == 1.0
    stage.choose("faster")
    stage.until_in(BetweenRoom)
    assert stage.screen.view.faster is None, "there is nothing faster"
    assert stage.renderer.tempos == [0.75, 0.9, 1.0]


def test_where_nobody_pinches_it_does_not_go_round_by_itself(stage):
    set_up(stage, part="Theme")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    assert not stage.screen.view.goes_on
    stage.play_for(2 * BETWEEN_US / 1e6)
    assert isinstance(stage.room, BetweenRoom)


def test_whoever_moves_between_two_passes_is_not_hurried(stage):
    stage.pinches = lambda index, grip: grip if index % 2 else None
    set_up(stage, part="Theme")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    stage.screen.handle(Command.MOVE_NEXT)
    stage.play_for(2 * BETWEEN_US / 1e6)
    assert isinstance(stage.room, BetweenRoom)
    stage.choose("end")
    assert isinstance(stage.room, ResultRoom)


def test_waiting_for_a_slow_hand_hits_every_target_and_no_target_is_missed(stage, keeper):
    waited = []

    def slow(index: int, grip: int) -> int | None:
        waited.append(stage.flow.live.standing)
        return grip if stage.flow.live.standing else None

    stage.pinches = slow
    set_up(stage, part="Theme", wait="Yes")
    stage.choose("start")
    stage.until_in(PlayingRoom)
    live = stage.flow.live
    for _ in range(3):
        stage.until(lambda: live.standing)
        stage.play_for(2)
        assert live.standing, "it waits as long as it takes"
        target = live.conductor.performance.targets
        waiting = int(np.flatnonzero(live.conductor.performance.states == 0)[0])
        stage.inputs.pinch(stage.now(), int(target["grip"][waiting]))
        stage.play_for(0.2)
        assert not live.standing
    stage.act("pause")
    stage.choose("end")
    [practised] = kept(keeper)
    assert practised.hits == 3 == practised.asked


def test_any_finger_counts_as_the_one_that_is_asked_and_what_was_pinched_is_kept(stage, keeper):
    stage.pinches = lambda index, grip: 2
    set_up(stage, part="Theme", finger="Yes")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    stage.choose("end")
    [practised] = kept(keeper)
    assert practised.hits == practised.asked > 3
    record = keeper.store.load_play(practised.id)
    assert len(np.unique(record.targets["grip"])) > 1
    assert set(record.raw_edges["grip"].tolist()) == {2}


def test_practice_is_reached_from_pause_with_the_part_that_was_played_in_focus(stage, keeper):
    stage.pinches = right
    stage.act("play")
    stage.until(lambda: stage.flow.live is not None and stage.flow.live.song_us > 30_000_000)
    stage.act("pause")
    stage.choose("practice")
    assert isinstance(stage.screen, PracticeScreen)
    assert stage.screen.view.part == "Answer"
    assert stage.flow.live is None
    keeper.writer.wait_until_written(10.0)
    assert keeper.store.plays("P1", 1)[0].mode == "play", "what was played is kept"
    stage.choose("start")
    stage.until_in(PlayingRoom)
    stage.act("pause")
    stage.choose("practice")
    assert isinstance(stage.room, PracticeRoom), "and again from a pass"


def test_slower_in_pause_begins_the_phrase_again_at_nine_tenths_and_counts_in(stage, keeper):
    stage.pinches = right
    stage.act("play")
    stage.until(lambda: stage.flow.live is not None and stage.flow.live.song_us > 30_000_000)
    first = stage.flow.live
    stage.act("pause")
    stood_us = first.song_us
    stage.choose("slower")
    stage.until_in(PlayingRoom)
    live = stage.flow.live
    tempo = first.prepared.tempo
    assert live.prepared.tempo == pytest.approx(0.9 * tempo)
    starts = first.prepared.chart.phrases[:, 0]
    phrase = int(np.searchsorted(starts, stood_us, side="right")) - 1
    asked_from = int(live.prepared.chart.phrases[phrase, 0])
    assert asked_from * 0.9 == pytest.approx(int(starts[phrase]), abs=5)
    assert live.song_us < asked_from
    counted = {live.view(0).count_in}
    stage.until(lambda: counted.add(live.view(0).count_in) or live.song_us >= asked_from)
    assert max(counted) >= 2, "the bar before it is counted"
    stage.until_in(ResultRoom)
    first_part, second = keeper_plays(keeper)
    assert (first_part.mode, second.mode) == ("play", "practice")
    times_us = keeper.store.load_play(second.id).targets["time_us"]
    assert times_us.min() >= asked_from
    told = stage.screen.view
    assert told.pinches == first_part.counted + second.counted
    assert told.score is None
    assert told.counts == {
        g: first_part.of_grip(g).counted + second.of_grip(g).counted for g in GRIPS
    }
    stage.choose("again")
    stage.until_in(PlayingRoom)
    assert stage.flow.live.prepared.tempo == tempo
    assert stage.flow.course.manner.mode == "play"


def keeper_plays(keeper: Keeper):
    keeper.writer.wait_until_written(10.0)
    return sorted(keeper.store.plays("P1", 2), key=lambda p: p.started_at)


def test_slower_again_and_again_ends_with_a_reason_and_the_play_goes_on(stage):
    stage.pinches = right
    stage.act("play")
    stage.until_in(PlayingRoom)
    stage.play_for(2)
    tempos = []
    for _ in range(9):
        stage.act("pause")
        stage.choose("slower")
        if isinstance(stage.room, PauseRoom):
            break
        stage.until_in(PlayingRoom)
        tempos.append(stage.flow.live.prepared.tempo)
    assert isinstance(stage.screen, PauseScreen)
    assert stage.screen.view.reason == "It is as slow as it can be."
    assert 0.5 <= tempos[-1] < 0.56
    live = stage.flow.live
    stage.choose("continue")
    assert not live.paused


def test_practice_before_the_first_song_of_a_day_opens_no_sitting(stage, keeper, monkeypatch):
    stage.pinches = right
    set_up(stage, part="Theme", speed="60%")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    stage.choose("end")
    kept(keeper)
    later = now_here() + timedelta(hours=3)
    monkeypatch.setattr("game.cli.keeping.now_here", lambda: later)
    entry = keeper.library.find(SONG)
    prepared = keeper.prepare(entry, stage.evening.who, "keyboard", keeper.options())
    assert prepared.session_start is not None
    assert prepared.tempo >= 0.8, "the speed of practice is no tempo to go on from"


def test_what_is_not_prescribed_is_not_practised(stage, keeper):
    today = now_here().date()
    plan = changed(preset("middle", today), modes=["play"])
    keeper.store.prescribe("P1", plan, "Dr. A")
    stage.act("practice")
    assert isinstance(stage.room, MessageRoom)
    assert stage.screen.view.title == "Practice is not in your plan"
    stage.act("songs")
    keeper.store.prescribe("P1", changed(plan, modes=["play", "practice"]), "Dr. A")
    stage.act("practice:" + SONG)
    stage.until_in(PracticeRoom)


def test_a_guest_practises_too(keeper):
    stage = Stage(keeper, None)
    stage.evening.entry = keeper.library.find(SONG)
    stage.pinches = right
    set_up(stage, part="Theme")
    stage.choose("start")
    stage.until_in(BetweenRoom)
    stage.choose("end")
    assert isinstance(stage.room, ResultRoom)
    assert keeper._guest_states == {}
    stage.choose("stop")
    assert isinstance(stage.room, TodayRoom)
