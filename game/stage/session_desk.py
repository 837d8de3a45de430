"""What a session needs of the records; a part of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from game.core.say import Say
from game.records.said_and_done import Activity, Assessed, Goal
from game.therapy.assessment import AssessmentKind
from game.therapy.check_in import CheckIn
from game.therapy.coach import Remark
from game.therapy.plan import DayDone
from game.therapy.prescription import Prescription
from game.therapy.session import Session, Who
from game.therapy.tasks import Ticked


@dataclass(frozen=True)
class Sat:
    """A session with its identifier in the records and the patient's code; a guest's has none."""

    session: Session
    id: str = ""
    code: str = ""


class SessionDesk(Protocol):
    """Sessions, answers, activities, the plan and the diary of the person who plays.

    Of a guest nothing is kept. What cannot be done raises RecordsError.
    """

    def begin(self, who: Any, how: Who, sore_hours: float | None = None) -> Sat:
        """Sit down, with what is prescribed and what was played today already."""

    def left_open(self, who: Any) -> Sat | None:
        """The session that a crash left open, as it is to be taken up; None if there is none, or
        if it was closed now because it is too old."""

    def changed(self, sat: Sat, kind: str) -> None:
        """Keep the session as it stands now; it is closed with the stage *over* or *no play*."""

    def answered(self, who: Any, sat: Sat, when: Any, given: CheckIn) -> None:
        """Keep the answers to a check-in."""

    def sore(self, who: Any, hours: float) -> None:
        """Keep for how long the hand was sore after the last session."""

    def asks_soreness(self, who: Any, today: date) -> bool:
        """Whether there was a session on an earlier day that was not asked about yet."""

    def did(self, who: Any, activity: Activity) -> None:
        """Keep something done beside the songs."""

    def prescription(self, who: Any) -> Prescription | None:
        """The plan; None for a guest and where there is none."""

    def days(self, who: Any, since: date) -> Sequence[DayDone]:
        """What was done on each day from ``since`` on."""

    def ticked(self, who: Any, day: date) -> Sequence[Ticked]:
        """The sets of tasks that were ticked off on ``day``."""

    def goal(self, who: Any) -> Goal | None:
        """The goal that was set last and is still open."""

    def add_goal(self, who: Any, words: str, area: str) -> None:
        """Another goal; the open one is closed, reached or not said."""

    def wrote(self, who: Any, day: date) -> tuple[str, str] | None:
        """What the diary says of ``day``: felt, worked."""

    def write(self, who: Any, day: date, felt: str, worked: str) -> None:
        """A line in the diary."""

    def remark(self, who: Any, input_kind: str, said: Remark | None) -> Remark | None:
        """What the coach has to say after the last play."""

    def note(self, who: Any, sat: Sat) -> Sequence[Say]:
        """The six lines of a session."""

    def assessed(self, who: Any, found: Assessed) -> None:
        """Keep the result of a test."""

    def tests_due(self, who: Any, input_kind: str, today: date) -> tuple[AssessmentKind, ...]:
        """The prescribed tests that are due; none on the first day."""

    def now(self) -> datetime:
        """The present, aware."""
