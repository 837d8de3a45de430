"""One sitting, from the check-in to the check-out: what comes next, and what must not.

A session is a value; every function here takes one and returns the next. Time comes in as
microseconds of play and of rest, so that a session can be kept, killed, and taken up again, and so
that half an hour of it is tested in milliseconds. ``docs/therapy.md`` has the rules.

::

    check-in ─> warm-up ─> easy song ─> work ─> check ─> rest ─> work …
        │                                         │        │
        └─> no play                               └────────┴─> cool-down ─> check-out ─> over
"""

from dataclasses import replace

from game.therapy.check_in import CheckIn, Gates, Verdict, before_play, between_blocks
from game.therapy.session_state import (
    MINUTE_US,
    Caps,
    Session,
    Stage,
    Who,
    Why,
    read_session,
)

__all__ = [
    "MINUTE_US",
    "Caps",
    "Session",
    "Stage",
    "Who",
    "Why",
    "answer",
    "begin",
    "comes_next",
    "cooled_down",
    "keeps_the_day",
    "more",
    "played",
    "read_session",
    "rest",
    "rested",
    "stop",
    "taken_up",
    "warmed_up",
]


#: What is left of a block or a day and is less than this is no song any more: a rest comes.
LEAST_US, LEAST_REPETITIONS = 15_000_000, 5


def begin(
    who: Who,
    caps: Caps | None = None,
    gates: Gates | None = None,
    *,
    earlier_us: int = 0,
    earlier_repetitions: int = 0,
    sore: bool = False,
) -> Session:
    """Sit down. ``earlier_*`` is what was played today already, ``sore`` the answer to yesterday's
    soreness (longer than 24 h).

    A guest and a patient whose therapist is present begin to play at once.
    """
    session = Session(
        stage=Stage.CHECK_IN if who is Who.PATIENT else Stage.WORK,
        who=who,
        caps=caps or Caps(),
        gates=gates or Gates(),
        day_us=earlier_us,
        day_repetitions=earlier_repetitions,
        sore=sore,
        flags=(Why.SORE,) if sore else (),
    )
    if who is not Who.GUEST and _day_is_full(session):
        return replace(session, stage=Stage.OVER, ended=Why.CAP)
    return session


def answer(session: Session, given: CheckIn) -> Session:
    """The answers to the check-in that the session stands at.

    Raises ValueError if it stands at none.
    """
    stage = session.stage
    if stage in (Stage.CHECK_IN, Stage.ASK_AGAIN):
        return _answered_before(session, given)
    if stage is Stage.CHECK:
        return _answered_between(session, given)
    if stage is Stage.CHECK_OUT:
        ended = Why.EMERGENCY if given.is_emergency else session.ended
        flags = _flagged(session, given)
        return replace(session, after=given, stage=Stage.OVER, flags=flags, ended=ended)
    raise ValueError(f"nothing is asked at the {stage.value}")


def warmed_up(session: Session) -> Session:
    """The exercises of the warm-up are done: an easy song follows."""
    _expect(session, Stage.WARM_UP)
    return replace(session, stage=Stage.EASY_SONG)


def played(session: Session, us: int, repetitions: int) -> Session:
    """A song, or what there was of it, is over: ``us`` of play with so many presses.

    The block ends when its time or its presses are used up, or the day's plan or cap is. A guest
    has no day; their blocks and rests are the same.
    """
    if not session.may_play:
        raise ValueError(f"nothing is played at the {session.stage.value}")
    if us < 0 or repetitions < 0:
        raise ValueError("a song takes no negative time and no negative presses")
    dose_was_done = session.dose_done
    now = replace(
        session,
        stage=Stage.WORK,
        day_us=session.day_us + us,
        day_repetitions=session.day_repetitions + repetitions,
        block_us=session.block_us + us,
        block_repetitions=session.block_repetitions + repetitions,
    )
    dose_just_done = now.dose_done and not dose_was_done
    if now.left_us < LEAST_US or now.left_repetitions < LEAST_REPETITIONS or dose_just_done:
        return _block_over(now)
    return now


def rest(session: Session) -> Session:
    """The patient takes the rest that is offered after every song."""
    _expect(session, Stage.WORK)
    return _block_over(session)


def rested(session: Session, us: int) -> Session:
    """``us`` more of rest with the hand open; work goes on once it is long enough.

    After the day's plan comes the cool-down; :func:`more` goes on all the same.
    """
    _expect(session, Stage.REST)
    left_us = max(0, session.rest_us - us)
    if left_us:
        return replace(session, rest_us=left_us)
    fresh = replace(session, rest_us=0, block_us=0, block_repetitions=0)
    if session.who is not Who.GUEST and session.dose_done:
        return replace(fresh, stage=Stage.COOL_DOWN, ended=Why.DOSE)
    return replace(fresh, stage=Stage.WORK)


def more(session: Session) -> Session:
    """Go on beyond the day's plan, without points, as far as the day's cap."""
    _expect(session, Stage.COOL_DOWN)
    if session.ended is not Why.DOSE or _day_is_full(session):
        raise ValueError("there is no more play today")
    return replace(session, stage=Stage.WORK, ended=None)


_TOLD = (Why.PAIN, Why.SHARP_PAIN, Why.NEW_SIGNS, Why.EMERGENCY)


def stop(session: Session, why: Why = Why.WISH) -> Session:
    """Stop, at any moment. After play comes the cool-down; without any, nothing more is asked.

    Stopping because of pain or new signs is told to the therapist and costs nothing. With signs of
    an emergency there is no cool-down: one calls for help at once.
    """
    if session.stage in (Stage.OVER, Stage.NO_PLAY):
        return session
    flags = session.flags
    if why in _TOLD and why not in flags:
        flags = (*flags, why)
    if why is Why.EMERGENCY:
        return replace(session, stage=Stage.NO_PLAY, ended=why, flags=flags, rest_us=0)
    if session.stage in (Stage.COOL_DOWN, Stage.CHECK_OUT):
        # It is stopped already; why it was stays, but what hurts now is told.
        return replace(session, flags=flags)
    ended = replace(session, ended=why, flags=flags, rest_us=0)
    played_now = session.blocks > 0 or session.block_us > 0
    if session.who is Who.GUEST or not played_now:
        return replace(ended, stage=Stage.OVER)
    return replace(ended, stage=Stage.COOL_DOWN)


def cooled_down(session: Session) -> Session:
    """The stretches are done: pain and skin are asked about."""
    _expect(session, Stage.COOL_DOWN)
    return replace(session, stage=Stage.CHECK_OUT)


def taken_up(session: Session, away_us: int) -> Session:
    """The session as it stands after ``away_us`` away (a crash, a power cut, the telephone).

    A short while away counts as rest. After a long one the session is closed as it is: the
    warm-up is cold and the answers are old.
    """
    if session.stage in (Stage.OVER, Stage.NO_PLAY):
        return session
    if away_us > session.caps.taken_up_us:
        return replace(session, stage=Stage.OVER, ended=session.ended or Why.INTERRUPTED)
    if session.stage is Stage.REST:
        return rested(session, away_us)
    return session


#: What comes after each stage when all goes well: what the screen announces.
_NEXT = {
    Stage.CHECK_IN: Stage.WARM_UP,
    Stage.ASK_AGAIN: Stage.WARM_UP,
    Stage.WARM_UP: Stage.EASY_SONG,
    Stage.EASY_SONG: Stage.WORK,
    Stage.WORK: Stage.CHECK,
    Stage.CHECK: Stage.REST,
    Stage.REST: Stage.WORK,
    Stage.COOL_DOWN: Stage.CHECK_OUT,
    Stage.CHECK_OUT: Stage.OVER,
}


def comes_next(session: Session) -> Stage | None:
    """What comes after the present stage; None when the session is over."""
    last_block = session.who is not Who.GUEST and (session.dose_done or session.spared)
    if session.stage is Stage.REST and last_block:
        return Stage.COOL_DOWN
    if session.stage is Stage.CHECK and session.spared:
        return Stage.COOL_DOWN
    if session.stage is Stage.WORK and session.who is Who.GUEST:
        return Stage.REST
    return _NEXT.get(session.stage)


def keeps_the_day(session: Session) -> bool:
    """Whether the day counts as kept: the plan was done, or the rules ordered the stop."""
    ordered = session.ended in (*_TOLD, Why.TIRED, Why.CAP)
    return session.dose_done or ordered or session.stage is Stage.NO_PLAY


def _answered_before(session: Session, given: CheckIn) -> Session:
    again = session.stage is Stage.ASK_AGAIN
    verdict = before_play(given, asked_again=again, gates=session.gates)
    if verdict is Verdict.ASK_AGAIN:
        return replace(session, stage=Stage.ASK_AGAIN)
    known = replace(session, before=given)
    if verdict in (Verdict.NO_PLAY, Verdict.EMERGENCY):
        why = _worst(given)
        return replace(known, stage=Stage.NO_PLAY, ended=why, flags=(*session.flags, why))
    if verdict is Verdict.SPARE:
        known = replace(known, spared=True, flags=(*session.flags, Why.PAIN))
    if given.fatigue >= session.gates.tired:
        known = replace(known, half_density=True)
    return replace(known, stage=Stage.WARM_UP)


def _answered_between(session: Session, given: CheckIn) -> Session:
    verdict = between_blocks(session.before, given, gates=session.gates)
    known = replace(session, checks=(*session.checks, given))
    if verdict in (Verdict.STOP, Verdict.EMERGENCY):
        return stop(known, _worst(given))
    if session.spared:
        return replace(known, stage=Stage.COOL_DOWN, ended=Why.PAIN)
    if session.who is not Who.GUEST and _day_is_full(session):
        return replace(known, stage=Stage.COOL_DOWN, ended=Why.CAP)
    if verdict is Verdict.TIRED:
        flags = known.flags if Why.TIRED in known.flags else (*known.flags, Why.TIRED)
        return replace(
            known,
            stage=Stage.REST,
            rest_us=session.caps.long_rest_us,
            half_density=True,
            flags=flags,
        )
    return replace(known, stage=Stage.REST, rest_us=session.caps.rest_us)


def _block_over(session: Session) -> Session:
    """To the check-in between blocks; a guest is not asked and only rests."""
    over = replace(session, blocks=session.blocks + 1)
    if session.who is Who.GUEST:
        # Nothing of a guest is kept, and so no day adds up: each block stands for itself.
        return replace(
            over, stage=Stage.REST, rest_us=session.caps.rest_us, day_us=0, day_repetitions=0
        )
    return replace(over, stage=Stage.CHECK)


def _flagged(session: Session, given: CheckIn) -> tuple[Why, ...]:
    verdict = between_blocks(session.before, given, gates=session.gates)
    flags = session.flags
    told = [_worst(given)] if verdict in (Verdict.STOP, Verdict.EMERGENCY) else []
    told += [Why.SKIN] if given.skin_ok is False else []
    for why in told:
        flags = flags if why in flags else (*flags, why)
    return flags


def _worst(given: CheckIn) -> Why:
    """What of these answers weighs most."""
    if given.is_emergency:
        return Why.EMERGENCY
    return Why.SHARP_PAIN if given.sharp else Why.NEW_SIGNS if given.new_signs else Why.PAIN


def _day_is_full(session: Session) -> bool:
    caps = session.caps
    left_us = caps.day_us - session.day_us
    return left_us < LEAST_US or session.day_repetitions >= caps.day_repetitions


def _expect(session: Session, stage: Stage) -> None:
    if session.stage is not stage:
        raise ValueError(f"the session is at the {session.stage.value}, not at the {stage.value}")
