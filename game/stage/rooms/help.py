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
        health = self._evening.services.glove.health
        glove = tr("The keyboard plays.") if health.link == "none" else tr("All is well.")
        if health.findings:
            glove = said(health.findings[0])[0]
        rows = (
            HelpRow("tutorial", tr("Show me the grips"), tr("It takes a minute."), "play"),
            HelpRow("glove", tr("Glove help"), glove, "plug"),
            HelpRow("delays", tr("Delays of the devices"), tr("Sound, picture and glove."), "step"),
        )
        return HelpScreen(scale, HelpView(tr("Help"), rows))
