"""The part of the store for sittings and what is said, done and measured around the plays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from game.records import audit, said_and_done, sessions
from game.records.audit import Audited
from game.records.moments import Moment
from game.records.patient_rows import patient_id_of
from game.records.patients import checked_hand
from game.records.said_and_done import (
    Activity,
    Assessed,
    CheckInKept,
    DiaryEntry,
    Fact,
    Goal,
    Note,
    OutcomeTest,
    kept_facts,
)
from game.records.sessions import KeptSession, SessionClosing
from game.records.store_base import StoreBase

F = TypeVar("F", bound=Fact)


class SessionStore(StoreBase):
    """Sittings, check-ins, activities, diary, goals, assessments, outcome tests, notes, audit.

    ``at`` is an aware time in the station's own zone, None the present on this computer; the local
    day is taken from it. Lists come with the latest first. ``since`` is a local day.
    """

    # Sittings

    def open_session(
        self,
        code: str,
        *,
        hand: str,
        who: str,
        document: Mapping[str, Any],
        at: datetime | None = None,
    ) -> KeptSession:
        """A sitting begins; ``document`` is :meth:`game.therapy.session.Session.document`'s."""
        moment = Moment.of(at, self.clock)
        with self.writing() as connection:
            patient_id = patient_id_of(connection, code)
            return sessions.open_session(
                connection, patient_id, moment, checked_hand(hand), who, document
            )

    def note_session(
        self, session_id: str, document: Mapping[str, Any], kind: str, *, at: datetime | None = None
    ) -> None:
        """The sitting as it stands after a change (``kind`` says which). Raises RecordsError if it
        is over."""
        moment = Moment.of(at, self.clock)
        with self.writing() as connection:
            sessions.note_session(connection, session_id, moment, document, kind)

    def close_session(
        self,
        session_id: str,
        *,
        document: Mapping[str, Any],
        ended: str,
        flags: Sequence[str] = (),
        play_us: int = 0,
        repetitions: int = 0,
        day_kept: bool = False,
        at: datetime | None = None,
    ) -> KeptSession:
        """The sitting is over. Raises RecordsError if it was already."""
        moment = Moment.of(at, self.clock)
        closing = SessionClosing(ended, tuple(flags), play_us, repetitions, day_kept, document)
        with self.writing() as connection:
            return sessions.close_session(connection, session_id, moment, closing)

    def open_session_of(self, code: str) -> KeptSession | None:
        """The sitting that a crash left open, with its latest document; None if there is none."""
        with self.reading() as connection:
            return sessions.open_session_of(connection, patient_id_of(connection, code))

    def sessions(
        self, code: str, since: date | None = None, limit: int | None = None
    ) -> list[KeptSession]:
        """The patient's sittings, the latest first."""
        with self.reading() as connection:
            patient_id = patient_id_of(connection, code)
            return sessions.sessions_of(connection, patient_id, since, limit)

    # What is said, done and measured

    def add_check_in(
        self, code: str, given: CheckInKept, *, at: datetime | None = None
    ) -> CheckInKept:
        """Keep the answers to a check-in."""
        return self._keep(code, given, at)

    def check_ins(self, code: str, since: date | None = None) -> list[CheckInKept]:
        """The patient's answers."""
        return self._kept(code, CheckInKept, since)

    def add_activity(self, code: str, done: Activity, *, at: datetime | None = None) -> Activity:
        """Keep something done beside the songs."""
        return self._keep(code, done, at)

    def activities(self, code: str, since: date | None = None) -> list[Activity]:
        """What was done beside the songs."""
        return self._kept(code, Activity, since)

    def add_diary(
        self, code: str, day: date, felt: str, worked: str, *, at: datetime | None = None
    ) -> DiaryEntry:
        """Keep what the patient says of ``day``."""
        return self._keep(code, DiaryEntry(felt=felt, worked=worked, day=day), at)

    def diary(self, code: str, since: date | None = None) -> list[DiaryEntry]:
        """The diary."""
        return self._kept(code, DiaryEntry, since)

    def add_goal(
        self, code: str, words: str, area: str = "", *, at: datetime | None = None
    ) -> Goal:
        """Keep something the patient wants to be able to do."""
        return self._keep(code, Goal(words=words, area=area), at)

    def close_goal(self, goal_id: str, reached: bool, *, at: datetime | None = None) -> None:
        """The goal is reached, or given up."""
        moment = Moment.of(at, self.clock)
        with self.writing() as connection:
            said_and_done.close_goal(connection, goal_id, reached, moment)

    def goals(self, code: str) -> list[Goal]:
        """All goals, open and closed."""
        return self._kept(code, Goal)

    def add_assessment(
        self, code: str, assessed: Assessed, *, at: datetime | None = None
    ) -> Assessed:
        """Keep the result of an assessment."""
        return self._keep(code, assessed, at)

    def assessments(
        self, code: str, kind: str | None = None, since: date | None = None
    ) -> list[Assessed]:
        """The patient's assessments, of one kind if asked for."""
        found = self._kept(code, Assessed, since)
        return [one for one in found if kind in (None, one.kind)]

    def add_outcome_test(
        self, code: str, test: OutcomeTest, *, at: datetime | None = None
    ) -> OutcomeTest:
        """Keep a test that staff did; its ``day`` is today if it has none."""
        return self._keep(code, test, at)

    def outcome_tests(self, code: str, since: date | None = None) -> list[OutcomeTest]:
        """The tests staff did."""
        return self._kept(code, OutcomeTest, since)

    def add_note(self, code: str, author: str, words: str, *, at: datetime | None = None) -> Note:
        """Keep a therapist's words."""
        return self._keep(code, Note(author=author, words=words), at)

    def notes(self, code: str, since: date | None = None) -> list[Note]:
        """The therapists' words."""
        return self._kept(code, Note, since)

    # Who looked

    def audit(self, actor: str, action: str, what: str, code: str | None = None) -> None:
        """Write into the log who viewed, exported or edited something (``view``, ``export``,
        ``edit``, …). ``what`` must not name the patient: it outlives them."""
        now = self.clock()
        with self.writing() as connection:
            patient_id = None if code is None else patient_id_of(connection, code)
            audit.write(connection, now, actor, action, what, patient_id)

    def audit_log(self, limit: int | None = None, code: str | None = None) -> list[Audited]:
        """The log, the latest first."""
        with self.reading() as connection:
            patient_id = None if code is None else patient_id_of(connection, code)
            return audit.read(connection, limit, patient_id)

    def _keep(self, code: str, fact: F, at: datetime | None) -> F:
        moment = Moment.of(at, self.clock)
        with self.writing() as connection:
            patient_id = patient_id_of(connection, code)
            return said_and_done.keep(connection, patient_id, fact, moment)

    def _kept(self, code: str, kind: type[F], since: date | None = None) -> list[F]:
        with self.reading() as connection:
            return kept_facts(connection, kind, patient_id_of(connection, code), since)
