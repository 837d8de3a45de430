"""A session on the stage: which room comes now, and what the rules are told.

The rules are :mod:`game.therapy.session`'s; here is only who is asked what, and where. Whatever
changes is kept at once, so that a killed game is taken up where it was.
"""

from collections.abc import Callable
from dataclasses import replace

from game.play.outcome import PlayOutcome
from game.play.setup import PlayOptions
from game.records.said_and_done import Activity
from game.stage.evening import Evening, today
from game.stage.play_flow import PlayFlow
from game.stage.rooms.check_in import CheckInRoom, SignsRoom, ask_again, soreness
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.guided import ExerciseRoom, RestRoom
from game.stage.rooms.session_end import NoPlayRoom, over_room
from game.stage.screens import ResultView
from game.stage.session_desk import Sat
from game.stage.session_words import remark_words, stage_words
from game.therapy import exercises, ways
from game.therapy import session as rules
from game.therapy.check_in import CheckIn
from game.therapy.coach import Remark
from game.therapy.prescription import Mode
from game.therapy.session import Session, Stage, Who, Why
from game.words import tr

#: What is kept of a check-in at each stage.
_WHEN = {Stage.CHECK_IN: "before", Stage.CHECK: "between", Stage.CHECK_OUT: "after"}


class Sitting:
    """The session of whoever plays in ``evening``. ``wanted`` is what was chosen before it could be
    played."""

    def __init__(self, evening: Evening, plays: PlayFlow, sat: Sat) -> None:
        self._evening = evening
        self._plays = plays
        self._sat = sat
        self.who = evening.who
        self.wanted: Callable[[], None] | None = None
        self.said: Remark | None = None
        self._asked_again = False
        self._unsaid = False

    @property
    def session(self) -> Session:
        """As it stands."""
        return self._sat.session

    @property
    def id(self) -> str:
        """In the records; empty for a guest."""
        return self._sat.id

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.session.stage in (Stage.OVER, Stage.NO_PLAY)

    @property
    def comes_next(self) -> str:
        """What the screen announces: what comes after what is now."""
        after = rules.comes_next(self.session)
        return "" if after is None else stage_words(after)

    @property
    def now_words(self) -> str:
        """What is to be done now."""
        return stage_words(self.session.stage)

    def options(self, asked: PlayOptions) -> PlayOptions:
        """``asked`` within what is left of the block and the day, and under the session's
        conditions."""
        session = self.session
        if not session.may_play:
            return asked
        return replace(
            asked,
            # What is not scored by itself is not scored in a session either.
            conditions=replace(
                session.conditions, adapts=session.scored and asked.conditions.adapts
            ),
            most_us=max(1, session.left_us),
            most_presses=max(1, session.left_repetitions),
        )

    def played(self, outcome: PlayOutcome, mode: str) -> None:
        """A play of this ``mode``, or what there was of it, is over. What another hand did is no
        load for this one; a test is."""
        if not self.session.may_play:
            return
        us, presses = outcome.duration_us, int(outcome.totals.repetitions.sum())
        if mode in {way.value for way in Mode}:
            done = ways.logged(Mode(mode), self._evening.hand, us, presses)
            us, presses = done.load_us, done.load_repetitions
        self._unsaid = self.session.scored and mode == Mode.PLAY
        if us or presses:
            self._become(rules.played(self.session, us, presses))

    def _become(self, session: Session, kind: str = "") -> None:
        self._sat = replace(self._sat, session=session)
        self._evening.services.desk.sessions.changed(self._sat, kind or session.stage.value)

    # ------------------------------------------------------------------ from stage to stage

    def go(self) -> None:
        """Enter the room of what is to be done now."""
        {
            Stage.CHECK_IN: self._check_in,
            Stage.ASK_AGAIN: self._ask_again,
            Stage.NO_PLAY: self._no_play,
            Stage.WARM_UP: self._warm_up,
            Stage.EASY_SONG: self._easy_song,
            Stage.WORK: self._work,
            Stage.CHECK: self._check_in,
            Stage.REST: self._rest,
            Stage.COOL_DOWN: self._cool_down,
            Stage.CHECK_OUT: self._check_in,
            Stage.OVER: self._over,
        }[self.session.stage]()

    def stop(self, why: Why = Why.WISH) -> None:
        """Stop, and go where that leads: to the cool-down, or out."""
        self._become(rules.stop(self.session, why))
        self.go()

    def rest(self) -> None:
        """The rest that is offered after every song."""
        if self.session.stage is Stage.WORK:
            self._become(rules.rest(self.session))
        self.go()

    def more(self) -> None:
        """Beyond the day's plan, without points."""
        self._become(rules.more(self.session))
        self.go()

    @property
    def may_do_more(self) -> bool:
        """Whether there may be more play after the day's plan."""
        session = self.session
        caps = session.caps
        full = session.day_us >= caps.day_us or session.day_repetitions >= caps.day_repetitions
        return session.stage is Stage.COOL_DOWN and session.ended is Why.DOSE and not full

    def _check_in(self) -> None:
        evening = self._evening
        stage, after = self.session.stage, self.comes_next
        evening.go(CheckInRoom(evening, stage, after, self._answers, self._leave))

    def _answers(self, given: CheckIn, anything_new: bool) -> None:
        """What was answered; what is new is asked about before anything follows from it."""
        if anything_new:
            self._evening.go(SignsRoom(self._evening, given, self._answered, self._check_in))
        else:
            self._answered(given)

    def _answered(self, given: CheckIn) -> None:
        stage = self.session.stage
        when = _WHEN.get(stage, "before")
        desk = self._evening.services.desk.sessions
        session = rules.answer(self.session, given)
        if session.stage is Stage.ASK_AGAIN:
            self._become(session)
            self._evening.go(ask_again(self._evening, given, self._answered, self._check_in))
            return
        desk.answered(self.who, self._sat, when, given)
        self._become(session)
        self.go()

    def _ask_again(self) -> None:
        """Taken up here: the page is asked anew."""
        self._check_in()

    def _no_play(self) -> None:
        urgent = self.session.ended is Why.EMERGENCY
        self._evening.sitting = None
        self._evening.go(NoPlayRoom(urgent=urgent))

    def _warm_up(self) -> None:
        evening = self._evening
        level = exercises.level_for(evening.listener().level)
        evening.go(
            ExerciseRoom(
                evening,
                exercises.warm_up(level),
                Stage.WARM_UP,
                stage_words(Stage.EASY_SONG),
                self._warm,
                self.stop,
                music=True,
            )
        )

    def _warm(self, done: Activity) -> None:
        self._did(done)
        self._become(rules.warmed_up(self.session))
        self.go()

    def _easy_song(self) -> None:
        """A song like any other, but easy; the one that was chosen comes when the hand is warm."""
        self._plays.prepare(self._evening.suggested())

    def _work(self) -> None:
        wanted, self.wanted = self.wanted, None
        if wanted is not None:
            wanted()
        else:
            self._evening.go(ChoosingRoom(self._evening))

    def _rest(self) -> None:
        evening = self._evening
        evening.go(
            RestRoom(
                evening,
                self.session.rest_us,
                self.comes_next,
                self.remark(),
                self._rested,
                self.stop,
            )
        )

    def _rested(self, us: int) -> None:
        self._become(rules.rested(self.session, us))
        self.go()

    def _cool_down(self) -> None:
        evening = self._evening
        evening.go(
            ExerciseRoom(
                evening,
                exercises.cool_down(),
                Stage.COOL_DOWN,
                stage_words(Stage.CHECK_OUT),
                self._cooled,
                self._skip_stretches,
                more=self.more if self.may_do_more else None,
            )
        )

    def _cooled(self, done: Activity) -> None:
        self._did(done)
        self._become(rules.cooled_down(self.session))
        self.go()

    def _skip_stretches(self) -> None:
        """Pain and skin are asked about all the same."""
        self._become(rules.cooled_down(self.session))
        self.go()

    def _leave(self) -> None:
        """Stop at a check-in: before any play one leaves; later the questions are not answered."""
        if self.session.stage is Stage.CHECK_OUT:
            self._become(replace(self.session, stage=Stage.OVER))
            self.go()
        else:
            self.stop()

    def _over(self) -> None:
        evening = self._evening
        evening.sitting = None
        evening.go(over_room(evening, self.who, self._sat, self.remark()))

    # ------------------------------------------------------------------ what is said and kept

    def result(self, view: ResultView) -> ResultView:
        """What a song came to, with what comes next in the session."""
        after = tr("Next: {what}", what=self.now_words)
        if not self.session.may_play:
            return replace(view, session=after, onward=after)
        remark = self.remark()
        words = () if remark is None else (remark_words(remark), "")
        view = replace(view, session=after)
        return replace(view, step=words[0], step_words=words[1]) if words else view

    def remark(self) -> Remark | None:
        """What the coach has to say of the last song, once; None where that is nothing."""
        evening = self._evening
        if not self._unsaid or evening.services.desk.setting("stage.coach") is False:
            return None
        self._unsaid = False
        desk = evening.services.desk.sessions
        found = desk.remark(self.who, evening.inputs.kind, self.said)
        self.said = found or self.said
        return found

    def within(self, done: Activity) -> Activity:
        """``done`` as a part of this session."""
        return replace(done, session_id=self.id or None)

    def _did(self, done: Activity) -> None:
        self._evening.services.desk.sessions.did(self.who, self.within(done))


def sit_down(
    evening: Evening,
    plays: PlayFlow,
    how: Who = Who.PATIENT,
    wanted: Callable[[], None] | None = None,
) -> None:
    """Begin a session of whoever plays; a guest's begins with the song. After an earlier day it is
    asked first whether the hand was sore."""
    desk = evening.services.desk.sessions

    def begin(hours: float | None = None) -> None:
        if hours is not None:
            desk.sore(evening.who, hours)
        kind = Who.GUEST if evening.who.patient is None else how
        sitting = Sitting(evening, plays, desk.begin(evening.who, kind, hours))
        sitting.wanted = wanted
        evening.sitting = sitting
        sitting.go()

    if how is Who.PATIENT and desk.asks_soreness(evening.who, today()):
        evening.go(soreness(evening, begin))
    else:
        begin()


def take_up(evening: Evening, plays: PlayFlow) -> None:
    """If a crash left a session of whoever plays open, it goes on from Today."""
    sat = evening.services.desk.sessions.left_open(evening.who)
    evening.sitting = None if sat is None else Sitting(evening, plays, sat)
