"""Choosing a song."""

from game.music.library import bundled_folder
from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.screens import ChooseScreen, ChooseView, Screen
from game.stage.theme import Scale


class ChoosingRoom(Room):
    """All songs; the list follows the folders while one looks at it."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> ChooseScreen:
        """The list, with the song chosen last in focus."""
        entry = self._evening.entry
        return ChooseScreen(scale, self._view(), entry.key if entry is not None else "")

    def library_changed(self, screen: Screen) -> None:
        """Shows what came; the focus stays on its song."""
        if isinstance(screen, ChooseScreen):
            screen.show(self._view())

    def _view(self) -> ChooseView:
        plays = self._evening.plays()
        # Whoever drops a file wants to see it: their own songs come before the bundled ones.
        bundled = bundled_folder()
        entries = sorted(
            self._evening.services.desk.library.songs,
            key=lambda e: e.path.is_relative_to(bundled),
        )
        return ChooseView(tuple(cards.song_card(e, plays, today()) for e in entries))
