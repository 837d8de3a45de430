"""Sessions of patients, between the rules and the records; see ``game/stage/session_desk.py``."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from game.cli.planning import days_done, loads
from game.core.say import Say
from game.records.errors import RecordsError
from game.records.plays import PlaySummary
from game.records.said_and_done import Activity, Assessed, CheckInKept, Goal
from game.records.sessions import KeptSession
from game.records.store import Store
from game.stage.session_desk import Sat
from game.therapy import session as rules
from game.therapy.assessment import AssessmentKind, due
from game.therapy.check_in import CheckIn
from game.therapy.coach import Remark, remark
from game.therapy.feedback import PlayFacts
from game.therapy.plan import DayDone
from game.therapy.prescription import Prescription, Task
from game.therapy.session import Caps, Session, Stage, Who, Why, keeps_the_day
from game.therapy.session_note import session_note
from game.therapy.tasks import Form, Ticked

#: Soreness of longer than a day lowers the pace.
SORE_HOURS = 24.0

#: A session of longer ago than this is not asked about any more.
_ASKED_WITHIN = timedelta(days=3)

#: The coach looks at so many plays.
_PLAYS_SEEN = 12


class Sittings:
    """The part of the desk that sessions need. ``clock`` tells the present, aware, here; ``facts``
    says of a play what the coach looks at; ``settle`` waits until every play is written."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        facts: Callable[[Any], PlayFacts],
        settle: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._facts = facts
        self._settle = settle
        #: Why something was not kept, as a sentence; None if all is well.
        self.trouble: str | None = None

    def _keep(self, write: Callable[[], Any]) -> Any:
        """Do what ``write`` does. A disk that takes nothing must not end a session: it is told
        (:attr:`trouble`), and what comes later is tried anew."""
        try:
            written = write()
        except RecordsError as error:
            self.trouble = str(error)
            return None
        self.trouble = None
        return written

    def now(self) -> datetime:
        """The present, aware, in the station's own zone."""
        return self._clock()

    # One session

    def begin(self, who: Any, how: Who, sore_hours: float | None = None) -> Sat:
        """Sit down, with the minutes that are prescribed and what was played today already."""
        if who.patient is None:
            return Sat(rules.begin(Who.GUEST))
        code, today = who.patient.code, self._clock().date()
        plan = self.prescription(who)
        caps = Caps() if plan is None else Caps(dose_us=plan.minutes * rules.MINUTE_US)
        plays = [play for play in self._store.plays(code, since=today) if loads(play)]
        session = rules.begin(
            how,
            caps,
            earlier_us=sum(play.duration_us for play in plays),
            earlier_repetitions=sum(play.repetitions for play in plays),
            sore=sore_hours is not None and sore_hours > SORE_HOURS,
        )
        kept = self._keep(
            lambda: self._store.open_session(
                code, hand=who.hand, who=how.value, document=session.document(), at=self._clock()
            )
        )
        sat = Sat(session, "" if kept is None else kept.id, code)
        if session.stage is Stage.OVER:
            self.changed(sat, session.stage.value)
        return sat

    def left_open(self, who: Any) -> Sat | None:
        """What a crash left open: taken up, or closed if it was too long ago."""
        if who.patient is None:
            return None
        code = who.patient.code
        kept = self._store.open_session_of(code)
        if kept is None:
            return None
        try:
            session = rules.read_session(kept.document)
        except ValueError:
            # Written by another version: what it counted is in the plays, and it is closed.
            session = Session(Stage.OVER, Who.PATIENT, ended=Why.INTERRUPTED)
        session = self._with_what_was_cut_short(code, kept, session)
        away = self._clock() - self._last_moment(code, kept)
        session = rules.taken_up(session, max(0, round(away.total_seconds() * 1e6)))
        sat = Sat(session, kept.id, code)
        self.changed(sat, "taken up")
        return None if _is_over(session) else sat

    def _with_what_was_cut_short(self, code: str, kept: KeptSession, session: Session) -> Session:
        """A play that a crash cut short was kept with what it counted: it is part of the block."""
        if not session.may_play:
            return session
        plays = self._store.plays(code, since=kept.local_date)
        today = [p for p in plays if p.local_date == kept.local_date and loads(p)]
        us = sum(play.duration_us for play in today) - session.day_us
        presses = sum(play.repetitions for play in today) - session.day_repetitions
        if us > 0 or presses > 0:
            return rules.played(session, max(0, us), max(0, presses))
        return session

    def _last_moment(self, code: str, kept: KeptSession) -> datetime:
        """When something of the session was kept last."""
        moments = [kept.started_at]
        for play in self._store.plays(code, since=kept.local_date):
            if play.session_id == kept.id:
                moments.append(play.started_at + timedelta(microseconds=play.duration_us))
        given = self._store.check_ins(code, since=kept.local_date)
        done = self._store.activities(code, since=kept.local_date)
        moments += [one.at for one in given if one.session_id == kept.id and one.at is not None]
        moments += [one.at for one in done if one.session_id == kept.id and one.at is not None]
        return max(moments)

    def changed(self, sat: Sat, kind: str) -> None:
        """Keep the session as it stands; close it with its last stage."""
        if not sat.id:
            return
        session = sat.session
        if not _is_over(session):
            self._keep(
                lambda: self._store.note_session(sat.id, session.document(), kind, at=self._clock())
            )
            return
        self._keep(
            lambda: self._store.close_session(
                sat.id,
                document=session.document(),
                ended=(session.ended or Why.WISH).value,
                flags=[flag.value for flag in session.flags],
                **self._played_in(sat),
                day_kept=keeps_the_day(session),
                at=self._clock(),
            )
        )

    def _played_in(self, sat: Sat) -> dict[str, int]:
        plays = self._plays_in(sat)
        return {
            "play_us": sum(play.duration_us for play in plays),
            "repetitions": sum(play.repetitions for play in plays),
        }

    def _plays_in(self, sat: Sat) -> list[PlaySummary]:
        """The plays of a session, the latest first."""
        if not sat.id:
            return []
        self._settle()
        # One that began before midnight is not over at once.
        since = self._clock().date() - timedelta(days=1)
        return [p for p in self._store.plays(sat.code, since=since) if p.session_id == sat.id]

    # What is said

    def answered(self, who: Any, sat: Sat, when: Any, given: CheckIn) -> None:
        """Keep the answers to a check-in; a guest's are nobody's."""
        if who.patient is None:
            return
        answers = given.document()
        kept = CheckInKept(
            when=when,
            pain=given.pain,
            fatigue=given.fatigue,
            sharp=given.sharp,
            new_signs=tuple(answers["new_signs"]),
            skin_ok=given.skin_ok,
            session_id=sat.id or None,
        )
        self._keep(lambda: self._store.add_check_in(who.patient.code, kept, at=self._clock()))

    def sore(self, who: Any, hours: float) -> None:
        """Keep for how long the hand was sore."""
        kept = CheckInKept(when="next day", sore_hours=hours)
        self._keep(lambda: self._store.add_check_in(who.patient.code, kept, at=self._clock()))

    def asks_soreness(self, who: Any, today: date) -> bool:
        """Whether the last session, of an earlier day but not long ago, was not asked about yet."""
        if who.patient is None:
            return False
        code = who.patient.code
        since = today - _ASKED_WITHIN
        sessions = self._store.sessions(code, since)
        earlier = [s for s in sessions if s.local_date < today and s.play_us]
        if not earlier:
            return False
        asked = [c for c in self._store.check_ins(code, since) if c.when == "next day"]
        last = max(session.started_at for session in earlier)
        return not any(c.at is not None and c.at > last for c in asked)

    # What is done

    def did(self, who: Any, activity: Activity) -> None:
        """Keep something done beside the songs."""
        if who.patient is not None:
            self._keep(
                lambda: self._store.add_activity(who.patient.code, activity, at=self._clock())
            )

    def assessed(self, who: Any, found: Assessed) -> None:
        """Keep the result of a test, once the play is kept that it is the result of."""
        if who.patient is not None:
            self._settle()
            self._keep(
                lambda: self._store.add_assessment(who.patient.code, found, at=self._clock())
            )

    def tests_due(self, who: Any, input_kind: str, today: date) -> tuple[AssessmentKind, ...]:
        """The prescribed tests that are due for this hand and kind of input."""
        plan = self.prescription(who)
        if plan is None or not plan.assessments:
            return ()
        code = who.patient.code
        plays = self._store.plays(code, hand=who.hand)
        first_day = min((play.local_date for play in plays), default=None)
        given: dict[AssessmentKind, list[date]] = {}
        for found in self._store.assessments(code):
            if (found.hand, found.input_kind) == (who.hand, input_kind) and found.day is not None:
                given.setdefault(AssessmentKind(found.kind), []).append(found.day)
        return due(plan, first_day, given, today)

    # The plan

    def prescription(self, who: Any) -> Prescription | None:
        """The plan that holds."""
        kept = None if who.patient is None else self._store.prescription(who.patient.code)
        return None if kept is None else kept.prescription

    def days(self, who: Any, since: date) -> Sequence[DayDone]:
        """Minutes of play, and whether a session said that the day was kept."""
        if who.patient is None:
            return []
        return days_done(self._store, who.patient.code, since)

    def ticked(self, who: Any, day: date) -> Sequence[Ticked]:
        """The tasks of ``day``, each as often as it was ticked off."""
        if who.patient is None:
            return []
        sets: dict[tuple[Task, Form], int] = {}
        for done in self._store.activities(who.patient.code, since=day):
            if done.kind == "task" and done.day == day:
                with suppress(ValueError):  # a task of another version
                    key = Task(done.name), Form(done.form)
                    sets[key] = sets.get(key, 0) + done.sets
        found = []
        for (task, form), count in sets.items():
            with suppress(ValueError):
                found.append(Ticked(task, form, count))
        return found

    def goal(self, who: Any) -> Goal | None:
        """The goal that was set last and is still open."""
        if who.patient is None:
            return None
        goals = self._store.goals(who.patient.code)
        return next((goal for goal in goals if goal.closed_at is None), None)

    def add_goal(self, who: Any, words: str, area: str) -> None:
        """Another goal; the one before is no longer the goal."""
        before = self.goal(who)
        if before is not None:
            self._keep(lambda: self._store.close_goal(before.id, False, at=self._clock()))
        self._keep(lambda: self._store.add_goal(who.patient.code, words, area, at=self._clock()))

    def wrote(self, who: Any, day: date) -> tuple[str, str] | None:
        """What the diary says of ``day``."""
        if who.patient is None:
            return None
        own = [line for line in self._store.diary(who.patient.code, day) if line.day == day]
        return (own[0].felt, own[0].worked) if own else None

    def write(self, who: Any, day: date, felt: str, worked: str) -> None:
        """A line in the diary."""
        self._keep(
            lambda: self._store.add_diary(who.patient.code, day, felt, worked, at=self._clock())
        )

    # What is told

    def remark(self, who: Any, input_kind: str, said: Remark | None) -> Remark | None:
        """What the coach has to say after the last play of this hand on this kind of input."""
        if who.patient is None:
            return None
        self._settle()
        plays = self._store.plays(
            who.patient.code, _PLAYS_SEEN, hand=who.hand, input_kind=input_kind, mode="play"
        )
        return remark([self._facts(play) for play in reversed(plays)], said)

    def note(self, who: Any, sat: Sat) -> Sequence[Say]:
        """The six lines of a session."""
        day = self._clock().date()
        plays = [p for p in reversed(self._plays_in(sat)) if p.hand == who.hand]
        return session_note(day=day, plays=plays, session=sat.session)


def _is_over(session: Session) -> bool:
    return session.stage in (Stage.OVER, Stage.NO_PLAY)
