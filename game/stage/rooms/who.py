"""Who is playing."""

from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import Person, WhoScreen, WhoView
from game.stage.theme import Scale


class WhoRoom(Room):
    """Everybody who plays here, and Guest."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> WhoScreen:
        """Nicknames and pictures."""
        people = self._evening.services.desk.people()
        return WhoScreen(
            scale, WhoView(tuple(Person(p.code, p.shown_name, p.picture) for p in people))
        )
