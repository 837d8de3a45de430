"""Safety: backups, and the folders that a helper may want to see."""

from datetime import datetime
from pathlib import Path

from game.core.say import mark
from game.records.errors import RecordsError
from game.stage.evening import Evening, here
from game.stage.rooms.base import Room
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens.message import MessageKey, MessageView
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.task import Task
from game.stage.theme import Scale
from game.words import plural, tr

_BACKING_UP = mark("Making the backup")


class SafetyRoom(Room):
    """Backing up here or onto a drive, and opening folders."""

    actions = frozenset({"back-up", "drive", "show"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._drives: list[Path] = []

    def screen(self, scale: Scale) -> PickScreen:
        """With the last backup, and the drives that are there now."""
        helper = self._evening.services.desk.helper
        self._drives = helper.drives()
        names = [drive.name or str(drive) for drive in self._drives]
        failed = helper.backup_trouble is not None
        return PickScreen(scale, safety_view(helper.last_backup(), here(), names, failed))

    def act(self, name: str, what: str) -> None:
        """Backs up, or opens a folder."""
        if name == "show":
            self._show(what)
            return
        evening = self._evening
        drive = self._drives[int(what)] if name == "drive" else None
        helper = evening.services.desk.helper
        evening.go(
            WaitingRoom(
                Task(lambda report: helper.back_up(drive)),
                lambda file: evening.go(MessageRoom(backed_up(file.name))),
                title=tr("Backup"),
                words=lambda: _BACKING_UP,
                expected=(RecordsError,),
                failed=lambda error: evening.go(MessageRoom(not_backed_up(str(error)))),
            )
        )

    def _show(self, what: str) -> None:
        helper = self._evening.services.desk.helper
        try:
            folder = helper.songs_folder() if what == "songs" else helper.backups_folder()
        except RecordsError as error:
            self._evening.go(MessageRoom(not_shown(str(error))))
            return
        view = shown() if helper.show_folder(folder) else not_shown(str(folder))
        self._evening.go(MessageRoom(view))


def safety_view(
    last: datetime | None, now: datetime, drives: list[str], failed: bool = False
) -> PickView:
    """The page. ``failed`` says that today's own backup could not be made."""
    below = tr("Today's backup could not be made.") if failed else when(last, now)
    rows = [
        PickRow("back-up", tr("Make a backup now"), below, "check"),
        *(
            PickRow(f"drive:{i}", tr("Backup to a drive"), name, "plug")
            for i, name in enumerate(drives)
        ),
        PickRow("report", tr("Report"), tr("Two pages for the clinic."), "lists"),
        PickRow("show:songs", tr("Show the songs"), tr("Your own songs lie there."), "note"),
        PickRow("show:backups", tr("Show the backups"), tr("To copy them."), "lists"),
    ]
    return PickView(tr("Safety"), tuple(rows), note=below)


def when(last: datetime | None, now: datetime) -> str:
    """When the last backup was made, in days."""
    if last is None:
        return tr("No backup so far.")
    days = (now.date() - last.astimezone(now.tzinfo).date()).days
    if days <= 0:
        return tr("Last backup: today")
    return plural("Last backup: {n} day ago", "Last backup: {n} days ago", days)


def _back() -> tuple[MessageKey, ...]:
    return (MessageKey("safety", tr("OK"), "check"),)


def backed_up(file: str) -> MessageView:
    """The backup is there."""
    sentence = tr("It was counted and checked.")
    return MessageView(tr("The backup is made"), sentence, file, "check", _back())


def not_backed_up(why: str) -> MessageView:
    """It is not; ``why`` is a sentence for whoever knows computers."""
    return MessageView(
        tr("No backup was made"), why, tr("Please try another place."), "attention", _back()
    )


def shown() -> MessageView:
    """The folder is open."""
    return MessageView(
        tr("The folder is open"), tr("It may lie behind this window."), "", "onward", _back()
    )


def not_shown(folder: str) -> MessageView:
    """No program to show it: where it lies."""
    return MessageView(
        tr("The folder could not be opened"),
        folder,
        tr("You find it at this place."),
        "attention",
        _back(),
    )
