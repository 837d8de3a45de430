"""The report for the clinic: whose, writing it, and where it lies."""

from game.core.say import mark
from game.records.errors import RecordsError
from game.stage.evening import Evening
from game.stage.rooms.helper import PickRoom
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens.message import MessageKey, MessageView
from game.stage.task import Task
from game.words import tr

_WRITING = mark("Writing the report")


def pick_report(evening: Evening) -> PickRoom:
    """Whose report?"""
    return PickRoom(evening, tr("Whose report?"), lambda code: write_report(evening, code))


def write_report(evening: Evening, code: str) -> None:
    """Another process draws it; then the page says where it is."""
    helper = evening.services.desk.helper
    evening.go(
        WaitingRoom(
            Task(lambda report: helper.write_report(code)),
            lambda file: evening.go(MessageRoom(written(str(file)))),
            title=tr("Report"),
            words=lambda: _WRITING,
            expected=(RecordsError,),
            failed=lambda error: evening.go(MessageRoom(not_written(str(error)))),
        )
    )


def _back() -> tuple[MessageKey, ...]:
    return (MessageKey("helper", tr("OK"), "check"),)


def written(file: str) -> MessageView:
    """It is there."""
    return MessageView(
        tr("The report is written"), file, tr("You find it at this place."), "check", _back()
    )


def not_written(why: str) -> MessageView:
    """It is not; ``why`` is a sentence for whoever knows computers."""
    return MessageView(
        tr("No report was written"), why, tr("Please ask for help."), "attention", _back()
    )
