"""One sitting, from the check-in to the check-out: what comes next, and what must not.

A session is a value; every function here takes one and returns the next. Time comes in as
microseconds of play and of rest, so that a session can be kept, killed, and taken up again, and so
that half an hour of it is tested in milliseconds. ``docs/therapy.md`` has the rules.

::

    check-in ─> warm-up ─> easy song ─> work ─> check ─> rest ─> work …
        │                                         │        │
        └─> no play                               └────────┴─> cool-down ─> check-out ─> over
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from game.therapy.check_in import (
    CheckIn,
    Gates,
    Verdict,
    before_play,
    between_blocks,
    holds,
)
from game.therapy.totals import Flag

MINUTE_US = 60_000_000


class Stage(StrEnum):
    """Where a session stands."""

    CHECK_IN = "check-in"
    ASK_AGAIN = "ask again"
    NO_PLAY = "no play"
    WARM_UP = "warm-up"
    EASY_SONG = "easy song"
    WORK = "work"
    CHECK = "check"
    REST = "rest"
    COOL_DOWN = "cool-down"
    CHECK_OUT = "check-out"
    OVER = "over"


class Who(StrEnum):
    """Whose session it is. A guest's changes nobody's records of health."""

    PATIENT = "patient"
    GUEST = "guest"
    THERAPIST = "therapist present"


class Why(StrEnum):
    """Why a session stopped, or what the therapist should know."""

    DOSE = "the day's plan is done"
    CAP = "the day's cap is reached"
    PAIN = "pain"
    NEW_SIGNS = "new signs"
    SHARP_PAIN = "sharp pain"
    TIRED = "tired"
    WISH = "the patient's wish"
    INTERRUPTED = "interrupted"
    SORE = "sore for more than a day"


@dataclass(frozen=True)
class Caps:
    """How much there may be. Defaults of ours; the therapist sets them.

    ``dose_us`` is the plan's minutes of play for the day. Repetitions are presses of any kind.
    """

    dose_us: int = 25 * MINUTE_US
    block_us: int = 12 * MINUTE_US
    block_repetitions: int = 400
    spared_block_us: int = 6 * MINUTE_US
    day_us: int = 45 * MINUTE_US
    day_repetitions: int = 1_500
    rest_us: int = MINUTE_US
    long_rest_us: int = 3 * MINUTE_US
    #: A session that was left for longer than this is closed and not taken up again.
    taken_up_us: int = 30 * MINUTE_US


#: The easy song of the warm-up is played at this share of the last rate.
EASY_SHARE = 0.70

#: A hand that was sore for more than a day begins so much lower.
SORE_SHARE = 0.80


@dataclass(frozen=True)
class Session:
    """A sitting as it stands.

    ``day_us`` and ``day_repetitions`` count the whole day, earlier sittings included; ``block_us``
    and ``block_repetitions`` the present block. ``rest_us`` is how long one must rest before the
    next block. ``spared``: one short block and no more. ``half_density`` holds from when it was set
    to the end. ``flags`` are for the therapist, in order.
    """

    stage: Stage
    who: Who
    caps: Caps = field(default_factory=Caps)
    gates: Gates = field(default_factory=Gates)
    before: CheckIn | None = None
    checks: tuple[CheckIn, ...] = ()
    after: CheckIn | None = None
    day_us: int = 0
    day_repetitions: int = 0
    block_us: int = 0
    block_repetitions: int = 0
    blocks: int = 0
    rest_us: int = 0
    spared: bool = False
    half_density: bool = False
    sore: bool = False
    flags: tuple[Why, ...] = ()
    ended: Why | None = None

    @property
    def may_play(self) -> bool:
        """Whether a song may begin now."""
        return self.stage in (Stage.EASY_SONG, Stage.WORK)

    @property
    def left_us(self) -> int:
        """How much play is left in this block and this day, µs; a play ends there at the latest."""
        if not self.may_play:
            return 0
        block_us = self.caps.spared_block_us if self.spared else self.caps.block_us
        return max(0, min(block_us - self.block_us, self.caps.day_us - self.day_us))

    @property
    def left_repetitions(self) -> int:
        """How many presses are left in this block and this day."""
        if not self.may_play:
            return 0
        block = self.caps.block_repetitions - self.block_repetitions
        return max(0, min(block, self.caps.day_repetitions - self.day_repetitions))

    @property
    def dose_done(self) -> bool:
        """Whether the day's plan is done; beyond it there are no points."""
        return self.day_us >= self.caps.dose_us

    @property
    def rate_share(self) -> float:
        """What the patient's own rate is multiplied with in the next song."""
        share = SORE_SHARE if self.sore else 1.0
        return share * EASY_SHARE if self.stage is Stage.EASY_SONG else share

    @property
    def scored(self) -> bool:
        """Whether the next song counts for the difficulty; the easy song does not."""
        return self.stage is Stage.WORK

    @property
    def difficulty_flags(self) -> frozenset[Flag]:
        """Why the difficulty may only hold or fall: what was answered, or the cool-down."""
        flags = {Flag.COOL_DOWN} if self.stage is Stage.COOL_DOWN else set()
        for given in (self.before, *self.checks):
            if given is not None:
                flags |= holds(self.before, given, gates=self.gates)
        return frozenset(flags)


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
        return replace(session, after=given, stage=Stage.OVER, flags=_flagged(session, given))
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
    if now.left_us == 0 or now.left_repetitions == 0 or dose_just_done:
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


def stop(session: Session, why: Why = Why.WISH) -> Session:
    """Stop, at any moment. After play comes the cool-down; without any, nothing more is asked.

    Stopping because of pain or new signs is told to the therapist and costs nothing.
    """
    if session.stage in (Stage.OVER, Stage.NO_PLAY, Stage.COOL_DOWN, Stage.CHECK_OUT):
        return session
    flags = session.flags
    if why in (Why.PAIN, Why.SHARP_PAIN, Why.NEW_SIGNS) and why not in flags:
        flags = (*flags, why)
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
    ordered = session.ended in (Why.PAIN, Why.SHARP_PAIN, Why.NEW_SIGNS, Why.TIRED, Why.CAP)
    return session.dose_done or ordered or session.stage is Stage.NO_PLAY


def _answered_before(session: Session, given: CheckIn) -> Session:
    again = session.stage is Stage.ASK_AGAIN
    verdict = before_play(given, asked_again=again, gates=session.gates)
    if verdict is Verdict.ASK_AGAIN:
        return replace(session, stage=Stage.ASK_AGAIN)
    known = replace(session, before=given)
    if verdict is Verdict.NO_PLAY:
        why = Why.SHARP_PAIN if given.sharp else Why.NEW_SIGNS if given.new_signs else Why.PAIN
        return replace(known, stage=Stage.NO_PLAY, ended=why, flags=(*session.flags, why))
    if verdict is Verdict.SPARE:
        known = replace(known, spared=True, flags=(*session.flags, Why.PAIN))
    if given.fatigue >= session.gates.tired:
        known = replace(known, half_density=True)
    return replace(known, stage=Stage.WARM_UP)


def _answered_between(session: Session, given: CheckIn) -> Session:
    verdict = between_blocks(session.before, given, gates=session.gates)
    known = replace(session, checks=(*session.checks, given))
    if verdict is Verdict.STOP:
        why = Why.SHARP_PAIN if given.sharp else Why.NEW_SIGNS if given.new_signs else Why.PAIN
        return stop(known, why)
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
    if verdict is not Verdict.STOP:
        return session.flags
    why = Why.SHARP_PAIN if given.sharp else Why.NEW_SIGNS if given.new_signs else Why.PAIN
    return session.flags if why in session.flags else (*session.flags, why)


def _day_is_full(session: Session) -> bool:
    caps = session.caps
    return session.day_us >= caps.day_us or session.day_repetitions >= caps.day_repetitions


def _expect(session: Session, stage: Stage) -> None:
    if session.stage is not stage:
        raise ValueError(f"the session is at the {session.stage.value}, not at the {stage.value}")
