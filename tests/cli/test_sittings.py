"""Sittings of half an hour with a simulated patient, through every stage and gate."""

import json
from datetime import timedelta

import pytest

from game.cli.headless import play_headless
from game.cli.keeping import Keeper, now_here, play_options
from game.cli.settings import Settings
from game.records.judged import faults_of
from game.therapy import exercises
from game.therapy.check_in import CheckIn
from game.therapy.difficulty import Reason
from game.therapy.plan import DayDone, week_kept
from game.therapy.prescription import Mode
from game.therapy.session import MINUTE_US, Caps, Session, Stage, Why, keeps_the_day
from game.therapy.session_note import session_note
from tests.cli.sittings import Played, Sitting

WELL = CheckIn(1, 2)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A station where a moderate patient has played a first song: there is a level to begin at."""
    with Keeper.open(tmp_path_factory.mktemp("station")) as keeper:
        keeper.store.add_patient("ANNA")
        play_headless(
            keeper,
            "ode-to-joy",
            "ANNA",
            "virtual:patient?severity=moderate&seed=3",
            play_options(Settings()),
            fast=True,
        )
        assert keeper.writer.wait_until_written(30.0)
        yield keeper


def sitting(keeper: Keeper, answers, **about) -> tuple[Sitting, Session]:
    one = Sitting(keeper, "ANNA", answers, **about)
    return one, one.run()


def changes_of(played: Played):
    return [logged.change for logged in played.outcome.changes]


@pytest.fixture(scope="module")
def half_an_hour(known):
    return sitting(known, [WELL], caps=Caps(dose_us=22 * MINUTE_US))


def test_half_an_hour_goes_through_every_stage(half_an_hour):
    one, session = half_an_hour
    assert one.stages == [
        Stage.CHECK_IN,
        Stage.WARM_UP,
        Stage.EASY_SONG,
        Stage.WORK,
        Stage.CHECK,
        Stage.REST,
        Stage.WORK,
        Stage.CHECK,
        Stage.REST,
        Stage.COOL_DOWN,
        Stage.CHECK_OUT,
    ]
    assert None not in one.announced, "at every moment it is known what comes next"
    assert 28 * MINUTE_US < one.clock() < 34 * MINUTE_US
    assert (session.ended, session.flags) == (Why.DOSE, ())
    assert keeps_the_day(session)


def test_blocks_end_at_their_caps_and_the_dose_is_minutes_of_play(half_an_hour):
    one, session = half_an_hour
    assert session.blocks == 2
    assert 22 * MINUTE_US <= session.day_us < 24 * MINUTE_US
    assert session.day_us == sum(played.us for played in one.plays)
    for played in one.plays:
        assert played.us <= 12 * MINUTE_US
    assert session.day_repetitions < 1_500


def test_the_easy_song_is_played_at_seventy_per_cent_and_teaches_nothing(half_an_hour):
    one, _ = half_an_hour
    easy, first, *rest = one.plays
    assert easy.stage is Stage.EASY_SONG
    assert easy.before == easy.after
    assert easy.outcome.changes == []
    assert easy.outcome.rate == pytest.approx(0.7 * 2.0 ** easy.before["x"], rel=1e-6)
    assert all(played.stage is Stage.WORK for played in (first, *rest))
    assert all(played.before != played.after for played in (first, *rest))


def test_success_stays_near_what_is_aimed_for_and_steps_within_their_bounds(half_an_hour):
    one, _ = half_an_hour
    work = [played.document for played in one.plays[3:]]
    pooled = sum(d["hits"] for d in work) / sum(d["targets"] for d in work)
    assert 0.70 < pooled < 0.90
    for played in one.plays:
        for change in changes_of(played):
            assert 1 / 1.2 - 1e-9 <= change.rate_after / change.rate_before <= 1.08 + 1e-9


def test_everything_is_kept(known, half_an_hour):
    one, session = half_an_hour
    (kept,) = [k for k in known.store.sessions("ANNA") if k.id == one.kept_id]
    assert (kept.ended, kept.day_kept) == (Why.DOSE.value, True)
    assert kept.document == json.loads(json.dumps(session.document()))
    asked = [c for c in known.store.check_ins("ANNA") if c.session_id == one.kept_id]
    assert sorted(c.when for c in asked) == ["after", "before", "between", "between"]
    done = [a for a in known.store.activities("ANNA") if a.session_id == one.kept_id]
    assert len(done) == len(exercises.warm_up(2)) + len(exercises.cool_down())


def test_the_note_of_the_session_tells_what_was_played(known, half_an_hour):
    one, session = half_an_hour
    ids = {played.play_id for played in one.plays}
    plays = [p for p in reversed(known.store.plays("ANNA")) if p.id in ids]
    lines = session_note(day=now_here().date(), plays=plays, session=session)
    asked = sum(p.document["targets"] for p in one.plays[1:])
    hits = sum(p.document["hits"] for p in one.plays[1:])
    assert f"of 22 min, songs: {len(plays)}, blocks: 2, right hand" in lines[0]
    assert "Not scored: warm-up" in lines[1]
    assert f"Hits: {hits} of {asked} " in lines[2]
    assert lines[4] == "Pain 1 before, 1 after; fatigue 2 before, 2 after."


def test_a_rise_to_pain_five_stops_cools_down_flags_and_costs_no_day(known):
    one, session = sitting(known, [WELL, CheckIn(5, 3)], caps=Caps(block_us=4 * MINUTE_US))
    assert one.stages[-3:] == [Stage.CHECK, Stage.COOL_DOWN, Stage.CHECK_OUT]
    assert Stage.REST not in one.stages
    assert (session.ended, session.flags) == (Why.PAIN, (Why.PAIN,))
    assert not session.dose_done
    today = now_here().date()
    kept = next(k for k in known.store.sessions("ANNA") if k.id == one.kept_id)
    assert kept.day_kept
    week = week_kept(None, [DayDone(today, kept.play_us, kept.day_kept)], today)
    assert week.kept == 1


def test_pain_of_four_at_the_start_means_one_block_of_six_minutes_and_no_increase(known):
    one, session = sitting(known, [CheckIn(4, 2)], seed=5)
    assert session.blocks == 1
    assert session.block_us <= 6 * MINUTE_US + 60_000
    assert one.stages.count(Stage.WORK) == 1
    changes = [change for played in one.plays for change in changes_of(played)]
    assert changes
    assert all(c.after <= c.before for c in changes if c.reason is not Reason.SESSION_START)
    assert Reason.HELD_PAIN in {change.reason for change in changes}
    assert keeps_the_day(session)


def test_a_glove_that_is_unplugged_takes_no_targets_with_it(known):
    one, session = sitting(
        known,
        [WELL],
        caps=Caps(dose_us=4 * MINUTE_US),
        faults={1: "unplugged:20-45"},
    )
    assert session.ended is Why.DOSE
    hurt = one.plays[1]
    kept = known.store.load_play(hurt.play_id)
    (fault,) = faults_of(kept.events)
    assert 20_000_000 - 100_000 < fault[0] < fault[1] < 46_000_000
    inside = (kept.targets["time_us"] > fault[0]) & (kept.targets["time_us"] < fault[1])
    assert inside.sum() >= 4
    assert kept.asked == hurt.document["targets"] <= len(kept.targets) - inside.sum() + 1
    assert hurt.document["hits"] / hurt.document["targets"] > 0.6
    held = [change for change in changes_of(hurt) if change.reason is Reason.HELD_FAULT]
    lowered = [change for change in changes_of(hurt) if change.reason is Reason.LOWERED]
    assert held or lowered
    assert all(change.after <= change.before for change in held)


@pytest.mark.parametrize("mode", [Mode.MIRROR, Mode.MENTAL, Mode.ASSISTED, Mode.PRACTICE])
def test_other_ways_of_practising_leave_the_difficulty_exactly_as_it_was(known, half_an_hour, mode):
    one, _ = half_an_hour
    before = known.store.difficulty_state("ANNA", "right", "virtual")
    count = len(known.store.difficulty_changes("ANNA"))
    one.session = Session(Stage.WORK, half_an_hour[1].who)
    played = one.play("ode-to-joy", mode)
    one.plays.pop()
    assert played.document["targets"] > 10
    assert known.store.difficulty_state("ANNA", "right", "virtual") == before
    assert known.store.difficulty_state("ANNA", "left", "virtual") is None
    assert len(known.store.difficulty_changes("ANNA")) == count
    kept = next(p for p in known.store.plays("ANNA") if p.id == played.play_id)
    assert (kept.mode, kept.hand) == (mode.value, "left" if mode is Mode.MIRROR else "right")
    assert (played.us > 0) == (mode in (Mode.ASSISTED, Mode.PRACTICE))


def test_with_pain_of_seven_nobody_plays(known):
    one, session = sitting(known, [CheckIn(8, 2)])
    assert one.stages == [Stage.CHECK_IN, Stage.ASK_AGAIN]
    assert one.plays == []
    assert (session.stage, session.ended) == (Stage.NO_PLAY, Why.PAIN)
    assert keeps_the_day(session)
    assert timedelta(microseconds=one.clock()) < timedelta(minutes=5)
