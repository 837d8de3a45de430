"""Somebody's numbers of the last four weeks, for the helper: the place for percentages."""

from game.core.say import mark
from game.records.lately import GripNumbers
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.rooms.helper import PickRoom
from game.stage.rooms.report import write_report
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens.numbers import NumbersScreen, NumbersView
from game.stage.task import Task
from game.stage.theme import Scale
from game.words import tr

_ADDING_UP = mark("Adding up")


def pick_numbers(evening: Evening) -> PickRoom:
    """Whose numbers?"""
    return PickRoom(evening, tr("Whose numbers?"), lambda code: _add_up(evening, code))


def _add_up(evening: Evening, code: str) -> None:
    """Every play is read again, in a thread; then the table shows."""
    helper, day = evening.services.desk.helper, today()
    task = Task(lambda report: helper.numbers(code, day))
    evening.go(
        WaitingRoom(
            task,
            lambda numbers: evening.go(NumbersRoom(evening, code, numbers)),
            title=tr("Numbers"),
            words=lambda: _ADDING_UP,
        )
    )


class NumbersRoom(Room):
    """The table; from it the report can be written."""

    actions = frozenset({"write-report"})

    def __init__(self, evening: Evening, code: str, numbers: tuple[GripNumbers, ...]) -> None:
        patient = evening.services.desk.person(code).patient
        self._evening = evening
        self._code = code
        self._view = NumbersView(patient.shown_name, numbers)

    def screen(self, scale: Scale) -> NumbersScreen:
        """As it was added up."""
        return NumbersScreen(scale, self._view)

    def act(self, name: str, what: str) -> None:
        """Writes the report."""
        write_report(self._evening, self._code)
