"""More: other ways of practising, the diary, the goal, the therapist at the table, help."""

from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens.help import HelpRow, HelpScreen, HelpView
from game.stage.theme import Scale
from game.words import tr


class MoreRoom(Room):
    """What stands not on Today itself."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> HelpScreen:
        """Five rows."""
        return HelpScreen(scale, more_view())


def more_view() -> HelpView:
    """The page."""
    rows = (
        HelpRow("other-ways", tr("Other ways"), tr("Mirror, mind, with help."), "mirror"),
        HelpRow("diary", tr("Diary"), tr("A line about today."), "lists"),
        HelpRow("goal", tr("My goal"), tr("What you want to do again."), "heart"),
        HelpRow(
            "start:therapist",
            tr("With the therapist"),
            tr("Songs at once, a note at the end."),
            "people",
        ),
        HelpRow("help", tr("Help"), tr("Grips, glove, settings."), "attention"),
    )
    return HelpView(tr("More"), rows, "today")
