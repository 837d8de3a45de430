"""The helper's page, for the person who sets things up at home; and picking one of the people."""

from collections.abc import Callable

from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.rooms.help import glove_now
from game.stage.screens.help import HelpRow, HelpScreen, HelpView
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.theme import Scale
from game.words import tr


class HelperRoom(Room):
    """What a helper may do."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> HelpScreen:
        """As it is now."""
        evening = self._evening
        trouble = evening.services.desk.helper.backup_trouble
        return HelpScreen(scale, helper_view(glove_now(evening), trouble is not None))


def helper_view(glove: str, backup_failed: bool) -> HelpView:
    """The page; ``glove`` says how that is doing."""
    safety = tr("Backups, report, folders.")
    if backup_failed:
        safety = tr("Today's backup could not be made.")
    rows = (
        HelpRow("people", tr("People"), tr("Add somebody, or change them."), "people"),
        HelpRow("helper-plan", tr("Plan"), tr("Minutes, days, pace, grips."), "lists"),
        HelpRow("glove", tr("Glove"), glove, "plug"),
        HelpRow("numbers", tr("Numbers"), tr("The last 4 weeks."), "step"),
        HelpRow("safety", tr("Safety"), safety, "attention" if backup_failed else "check"),
    )
    return HelpView(tr("For the helper"), rows, "help")


class PickRoom(Room):
    """One of the people; ``then`` is told the code."""

    actions = frozenset({"pick"})

    def __init__(self, evening: Evening, title: str, then: Callable[[str], None]) -> None:
        self._evening = evening
        self._title = title
        self._then = then

    def screen(self, scale: Scale) -> PickScreen:
        """Everybody, whoever plays now first."""
        return PickScreen(scale, PickView(self._title, people_rows(self._evening)))

    def act(self, name: str, what: str) -> None:
        """Goes on with somebody."""
        self._then(what)


def people_rows(evening: Evening) -> tuple[PickRow, ...]:
    """A row for everybody, whoever plays now first."""
    playing = None if evening.who is None else evening.who.patient
    people = evening.services.desk.people()
    if playing is not None:
        people.sort(key=lambda patient: patient.code != playing.code)
    return tuple(
        PickRow(f"pick:{p.code}", p.shown_name, p.code, "person", p.picture) for p in people
    )
