"""A sitting: its stages, its gates, its caps, and that nothing gets around them."""

import json
import math
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.therapy.check_in import CheckIn, Sign
from game.therapy.conditions import Conditions
from game.therapy.session import (
    MINUTE_US,
    Caps,
    Session,
    Stage,
    Who,
    Why,
    answer,
    begin,
    comes_next,
    cooled_down,
    keeps_the_day,
    more,
    played,
    read_session,
    rest,
    rested,
    stop,
    taken_up,
    warmed_up,
)
from game.therapy.totals import Flag

WELL = CheckIn(pain=0, fatigue=2)
SONG_US = 3 * MINUTE_US


def at_work(before: CheckIn = WELL, caps: Caps | None = None) -> Session:
    """A patient who has answered, warmed up and played the easy song."""
    session = warmed_up(answer(begin(Who.PATIENT, caps), before))
    return played(session, 2 * MINUTE_US, 40)


def after_a_block(before: CheckIn, then: CheckIn) -> Session:
    return answer(rest(played(at_work(before), SONG_US, 60)), then)


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        (CheckIn(0, 0), Stage.WARM_UP),
        (CheckIn(3, 6), Stage.WARM_UP),
        (CheckIn(4, 0), Stage.WARM_UP),
        (CheckIn(6, 0), Stage.WARM_UP),
        (CheckIn(7, 0), Stage.ASK_AGAIN),
        (CheckIn(0, 0, new_signs=(Sign.SWELLING,)), Stage.NO_PLAY),
        (CheckIn(2, 0, sharp=True), Stage.NO_PLAY),
    ],
)
def test_the_gate_before_play(given, stage):
    assert answer(begin(Who.PATIENT), given).stage is stage


def test_seven_is_asked_once_more_and_then_believed():
    asked = answer(begin(Who.PATIENT), CheckIn(7, 0))
    assert answer(asked, CheckIn(8, 0)).stage is Stage.NO_PLAY
    assert answer(asked, CheckIn(1, 0)).stage is Stage.WARM_UP
    refused = answer(asked, CheckIn(7, 0))
    assert refused.flags == (Why.PAIN,)
    assert keeps_the_day(refused)


def test_pain_of_four_to_six_means_one_block_of_six_minutes_and_no_increase():
    session = at_work(CheckIn(5, 0))
    assert session.left_us == 4 * MINUTE_US
    assert Flag.PAIN in session.difficulty_flags
    session = played(session, 4 * MINUTE_US, 50)
    assert session.stage is Stage.CHECK
    assert comes_next(session) is Stage.COOL_DOWN
    assert answer(session, CheckIn(5, 0)).stage is Stage.COOL_DOWN


@pytest.mark.parametrize(
    ("before", "then", "why"),
    [
        (CheckIn(0, 0), CheckIn(1, 0), None),
        (CheckIn(0, 0), CheckIn(2, 0), Why.PAIN),
        (CheckIn(3, 0), CheckIn(4, 0), None),
        (CheckIn(3, 0), CheckIn(5, 0), Why.PAIN),
        (CheckIn(5, 0), CheckIn(6, 0), Why.PAIN),
        (CheckIn(0, 0), CheckIn(0, 0, sharp=True), Why.SHARP_PAIN),
        (CheckIn(0, 0), CheckIn(0, 0, new_signs=(Sign.SWELLING,)), Why.NEW_SIGNS),
    ],
)
def test_the_gate_after_a_block(before, then, why):
    session = after_a_block(before, then)
    if why is None:
        assert session.stage is Stage.REST
        assert session.rest_us == MINUTE_US
    else:
        assert session.stage is Stage.COOL_DOWN
        assert why in session.flags
        assert keeps_the_day(session), "a stop ordered by the rules costs nothing"


def test_tired_means_three_minutes_of_rest_and_then_half_the_density():
    session = after_a_block(WELL, CheckIn(0, 7))
    assert session.rest_us == 3 * MINUTE_US
    assert session.half_density
    assert Flag.FATIGUE in session.difficulty_flags
    session = rested(session, 3 * MINUTE_US)
    assert session.stage is Stage.WORK
    assert session.half_density


@pytest.mark.parametrize(
    ("minutes", "repetitions", "over"),
    [(9, 355, False), (10, 0, True), (1, 360, True), (1, 356, True)],
)
def test_a_block_ends_at_twelve_minutes_or_four_hundred_presses(minutes, repetitions, over):
    """The easy song before it took two minutes and forty presses."""
    session = played(at_work(), minutes * MINUTE_US, repetitions)
    assert (session.stage is Stage.CHECK) is over


def test_a_rest_is_not_cut_short_and_may_be_taken_in_pieces():
    session = after_a_block(WELL, WELL)
    session = rested(session, 20_000_000)
    assert (session.stage, session.rest_us) == (Stage.REST, 40_000_000)
    with pytest.raises(ValueError, match="not at the work"):
        rest(session)
    session = rested(session, 40_000_000)
    assert session.stage is Stage.WORK
    assert session.block_us == 0


def test_the_plan_of_the_day_leads_to_the_cool_down_and_more_is_possible():
    session = played(at_work(caps=Caps(dose_us=5 * MINUTE_US)), SONG_US, 80)
    assert session.dose_done
    session = rested(answer(session, WELL), MINUTE_US)
    assert (session.stage, session.ended) == (Stage.COOL_DOWN, Why.DOSE)
    assert more(session).stage is Stage.WORK
    over = answer(cooled_down(session), WELL)
    assert over.stage is Stage.OVER
    assert keeps_the_day(over)


def test_the_days_cap_holds_over_several_sittings():
    session = begin(Who.PATIENT, earlier_us=44 * MINUTE_US, earlier_repetitions=200)
    session = warmed_up(answer(session, WELL))
    assert session.left_us == MINUTE_US
    session = answer(played(session, MINUTE_US, 20), WELL)
    assert (session.stage, session.ended) == (Stage.COOL_DOWN, Why.CAP)
    with pytest.raises(ValueError, match="no more play"):
        more(session)
    again = begin(Who.PATIENT, earlier_us=45 * MINUTE_US)
    assert (again.stage, again.ended) == (Stage.OVER, Why.CAP)


def test_the_easy_song_is_easy_and_not_scored():
    session = warmed_up(answer(begin(Who.PATIENT), WELL))
    assert (session.rate_share, session.scored) == (0.7, False)
    assert (at_work().rate_share, at_work().scored) == (1.0, True)
    sore = warmed_up(answer(begin(Who.PATIENT, sore=True), WELL))
    assert sore.rate_share == pytest.approx(0.56)


def test_a_guest_plays_at_once_and_nothing_of_health_is_asked_or_kept():
    session = begin(Who.GUEST)
    assert session.stage is Stage.WORK
    for _ in range(30):
        session = played(session, SONG_US, 100)
        if session.stage is Stage.REST:
            session = rested(session, MINUTE_US)
        assert session.stage is Stage.WORK
    assert session.flags == ()
    assert stop(session).stage is Stage.OVER


def test_with_the_therapist_present_there_is_no_check_in_and_no_warm_up():
    session = begin(Who.THERAPIST)
    assert session.stage is Stage.WORK
    assert rest(played(session, SONG_US, 60)).stage is Stage.CHECK


def test_stopping_before_anything_was_played_asks_nothing_more():
    assert stop(begin(Who.PATIENT)).stage is Stage.OVER
    assert stop(at_work()).stage is Stage.COOL_DOWN
    assert stop(at_work(), Why.SHARP_PAIN).flags == (Why.SHARP_PAIN,)


def test_a_short_while_away_is_a_rest_and_a_long_one_ends_the_session():
    resting = after_a_block(WELL, WELL)
    assert taken_up(resting, 2 * MINUTE_US).stage is Stage.WORK
    gone = taken_up(resting, 31 * MINUTE_US)
    assert (gone.stage, gone.ended) == (Stage.OVER, Why.INTERRUPTED)
    assert taken_up(at_work(), 5 * MINUTE_US) == at_work()


def test_pain_at_the_end_is_told_even_if_all_went_well_before():
    session = cooled_down(stop(at_work()))
    assert answer(session, CheckIn(6, 3)).flags == (Why.PAIN,)


def test_half_an_hour_with_a_well_patient_goes_through_every_stage():
    session, seen, played_us, presses = begin(Who.PATIENT), [], 0, 0
    while session.stage is not Stage.OVER:
        if not seen or seen[-1] is not session.stage:
            seen.append(session.stage)
        announced = comes_next(session)
        before = session
        match session.stage:
            case Stage.CHECK_IN | Stage.CHECK | Stage.CHECK_OUT:
                session = answer(session, WELL)
            case Stage.WARM_UP:
                session = warmed_up(session)
            case Stage.EASY_SONG | Stage.WORK:
                us = min(SONG_US, session.left_us)
                session, played_us, presses = played(session, us, 60), played_us + us, presses + 60
            case Stage.REST:
                session = rested(session, session.rest_us)
            case Stage.COOL_DOWN:
                session = cooled_down(session)
        assert session.stage in (before.stage, announced)
    assert seen == [
        Stage.CHECK_IN,
        Stage.WARM_UP,
        Stage.EASY_SONG,
        Stage.WORK,
        Stage.CHECK,
        Stage.REST,
        Stage.WORK,
        Stage.CHECK,
        Stage.REST,
        Stage.WORK,
        Stage.CHECK,
        Stage.REST,
        Stage.COOL_DOWN,
        Stage.CHECK_OUT,
    ]
    assert 25 * MINUTE_US <= played_us <= 28 * MINUTE_US


answers = st.builds(
    CheckIn,
    pain=st.integers(0, 10),
    fatigue=st.integers(0, 10),
    new_signs=st.lists(st.sampled_from(Sign), max_size=3).map(tuple),
    sharp=st.booleans(),
)
mild_answers = st.builds(CheckIn, pain=st.integers(0, 3), fatigue=st.integers(0, 8))
events = st.lists(
    st.tuples(
        st.sampled_from(["go", "go", "go", "go", "stop", "rest", "more", "away"]),
        st.one_of(mild_answers, answers),
        st.integers(1, 20 * MINUTE_US),
        st.integers(0, 600),
    ),
    max_size=60,
)


def after(session: Session, event: tuple[str, CheckIn, int, int]) -> Session:
    """What the game does: never more play than the session leaves."""
    kind, given_answer, us, presses = event
    stage = session.stage
    if kind == "stop":
        return stop(session)
    if kind == "away":
        return taken_up(session, us)
    if kind == "rest" and stage is Stage.WORK:
        return rest(session)
    if kind == "more" and stage is Stage.COOL_DOWN:
        try:
            return more(session)
        except ValueError:
            return session
    if stage in (Stage.CHECK_IN, Stage.ASK_AGAIN, Stage.CHECK, Stage.CHECK_OUT):
        return answer(session, given_answer)
    if stage is Stage.WARM_UP:
        return warmed_up(session)
    if session.may_play:
        return played(session, min(us, session.left_us), min(presses, session.left_repetitions))
    if stage is Stage.REST:
        return rested(session, us)
    if stage is Stage.COOL_DOWN:
        return cooled_down(session)
    return session


@settings(max_examples=3_000 if os.environ.get("GRIPTUNE_SOAK") else 300, deadline=None)
@given(events, st.integers(0, 50 * MINUTE_US), st.integers(0, 1_600))
def test_whatever_happens_no_cap_is_crossed_and_no_gate_is_passed(happened, us, presses):
    session = begin(Who.PATIENT, earlier_us=us, earlier_repetitions=presses)
    caps = session.caps
    held = False
    for event in happened:
        before = session
        session = after(session, event)
        assert session.day_us <= max(us, caps.day_us)
        assert session.day_repetitions <= max(presses, caps.day_repetitions)
        assert session.block_us <= caps.block_us
        assert session.block_repetitions <= caps.block_repetitions
        if session.spared:
            assert session.blocks <= 1
            assert session.block_us <= caps.spared_block_us
        if session.may_play and session.blocks:
            assert before.stage in (Stage.WORK, Stage.REST, Stage.COOL_DOWN)
            assert session.rest_us == 0
        held = held or bool(session.difficulty_flags - {Flag.COOL_DOWN})
        if held:
            assert session.difficulty_flags, "what holds the difficulty holds to the end"
        if before.stage in (Stage.NO_PLAY, Stage.OVER):
            assert session == before
        assert read_session(json.loads(json.dumps(session.document()))) == session
        if session.stage is not Stage.OVER and session.stage is not Stage.NO_PLAY:
            assert comes_next(session) is not None


@pytest.mark.parametrize("sign", [sign for sign in Sign if sign.is_emergency])
def test_signs_of_an_emergency_end_everything_at_once(sign):
    """Nobody stretches fingers while an ambulance is needed."""
    before = answer(begin(Who.PATIENT), CheckIn(0, 0, (sign,)))
    between = answer(rest(played(at_work(), SONG_US, 60)), CheckIn(0, 0, (sign,)))
    by_hand = stop(at_work(), Why.EMERGENCY)
    for session in (before, between, by_hand):
        assert (session.stage, session.ended) == (Stage.NO_PLAY, Why.EMERGENCY)
        assert session.flags == (Why.EMERGENCY,)
        assert keeps_the_day(session)
    at_the_end = answer(cooled_down(stop(at_work())), CheckIn(0, 0, (sign,)))
    assert (at_the_end.stage, at_the_end.ended) == (Stage.OVER, Why.EMERGENCY)


def test_skin_that_does_not_look_well_is_told():
    session = cooled_down(stop(at_work()))
    assert answer(session, CheckIn(0, 0, skin_ok=True)).flags == ()
    assert answer(session, CheckIn(0, 0, skin_ok=False)).flags == (Why.SKIN,)


def test_a_hand_that_was_sore_is_spared_for_the_whole_session():
    session = warmed_up(answer(begin(Who.PATIENT, sore=True), WELL))
    session = played(session, 2 * MINUTE_US, 40)
    assert session.conditions == Conditions(frozenset({Flag.SORE}), 0.8)


def test_the_conditions_of_the_next_song_follow_from_the_session():
    easy = warmed_up(answer(begin(Who.PATIENT), WELL))
    assert easy.conditions == Conditions(rate_share=0.7, adapts=False)
    assert at_work().conditions == Conditions()
    tired = rested(after_a_block(WELL, CheckIn(0, 8)), 3 * MINUTE_US)
    assert tired.conditions == Conditions(frozenset({Flag.FATIGUE}), 0.5)
    assert begin(Who.GUEST).conditions == Conditions()
    for share in (0.0, -1.0, 1.01, math.nan):
        with pytest.raises(ValueError, match="share of the rate"):
            Conditions(rate_share=share)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("stage",), "lunch"),
        (("who",), None),
        (("day_us",), -1),
        (("day_us",), True),
        (("day_us",), 1.5),
        (("blocks",), "3"),
        (("spared",), 1),
        (("flags",), ["happy"]),
        (("flags",), "pain"),
        (("ended",), "boredom"),
        (("checks",), {}),
        (("before", "pain"), 11),
        (("before", "pain"), True),
        (("before", "new_signs"), ["hunger"]),
        (("before", "new_signs"), "wound"),
        (("before", "sharp"), None),
        (("before",), {"pain": 1}),
        (("caps", "day_us"), None),
        (("caps",), {}),
        (("gates",), []),
        (("more",), 1),
    ],
)
def test_a_kept_session_that_cannot_be_is_refused_in_one_sentence(path, value):
    document = json.loads(json.dumps(at_work().document()))
    *outer, last = path
    part = document
    for name in outer:
        part = part[name]
    part[last] = value
    with pytest.raises(ValueError) as caught:
        read_session(document)
    assert "\n" not in str(caught.value)
    assert type(caught.value) is ValueError


def test_a_kept_session_that_lacks_something_is_refused():
    for name in at_work().document():
        document = at_work().document()
        del document[name]
        with pytest.raises(ValueError, match=f"lacks {name}"):
            read_session(document)


def test_what_is_not_on_the_scale_is_refused():
    with pytest.raises(ValueError, match="0 to 10"):
        CheckIn(11, 0)
    with pytest.raises(ValueError, match="nothing is asked"):
        answer(at_work(), WELL)


def test_a_few_seconds_that_are_left_of_a_block_or_a_day_are_no_song():
    nearly = played(at_work(), 10 * MINUTE_US - 10_000_000, 20)
    assert nearly.stage is Stage.CHECK
    enough = played(at_work(), 10 * MINUTE_US - 15_000_000, 20)
    assert (enough.stage, enough.left_us) == (Stage.WORK, 15_000_000)
    assert begin(Who.PATIENT, earlier_us=45 * MINUTE_US - 10_000_000).ended is Why.CAP
