"""Help: the tutorial, the glove, the delays."""

from game.stage.evening import Evening
from game.stage.glove_words import said
from game.stage.rooms.base import Room
from game.stage.screens.help import HelpRow, HelpScreen, HelpView
from game.stage.theme import Scale
from game.words import tr


class HelpRoom(Room):
    """What helps, with how the glove is doing."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> HelpScreen:
        """As it is now."""
        back = "who" if self._evening.who is None else "today"
        return HelpScreen(scale, help_view(glove_now(self._evening), back))


def glove_now(evening: Evening) -> str:
    """How the glove is doing, as a sentence."""
    health = evening.services.glove.health
    if health.findings:
        return said(health.findings[0])[0]
    return tr("The keyboard plays.") if health.link == "none" else tr("All is well.")


def help_view(glove: str, back: str) -> HelpView:
    """What helps; ``glove`` says how that is doing, ``back`` leads to where one came from."""
    delays = tr("Sound, picture and glove.")
    rows = (
        HelpRow("tutorial", tr("Show me the grips"), tr("It takes a minute."), "play"),
        HelpRow("glove", tr("Glove help"), glove, "plug"),
        HelpRow("delays", tr("Delays of the devices"), delays, "step"),
        HelpRow("settings", tr("Settings"), tr("Sound, language, size, picture."), "lists"),
        HelpRow("helper", tr("For the helper"), tr("People, grips, numbers, backups."), "people"),
    )
    return HelpView(tr("Help"), rows, back)
