"""Choosing a song."""

from dataclasses import replace

from game.music.library import Entry, bundled_folder
from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.preview import Preview
from game.stage.rooms.base import Room
from game.stage.screens import ChooseScreen, ChooseView, Screen
from game.stage.theme import Scale


class ChoosingRoom(Room):
    """All songs; the list follows the folders while one looks at it.

    The song in focus is heard softly, and made ready to be played.
    """

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        services = evening.services
        self._preview = Preview(
            services.audio, services.renderer, evening.now, sounds=services.previews
        )

    def screen(self, scale: Scale) -> ChooseScreen:
        """The list, with the song chosen last in focus."""
        entry = self._evening.entry
        self._evening.draw_ahead()
        return ChooseScreen(scale, self._view(), entry.key if entry is not None else "")

    def step(self, screen: Screen) -> None:
        """Lets the song in focus be heard."""
        if not isinstance(screen, ChooseScreen):
            return
        song = screen.focused_song
        self._preview.step(
            None if song is None else self._entry(song.key), self._evening.make_ready
        )
        if screen.view.previewing != self._preview.sounding:
            screen.show(replace(screen.view, previewing=self._preview.sounding))

    def leave(self) -> None:
        """Silence: a play may be about to begin."""
        self._preview.stop()

    def _entry(self, key: str) -> Entry | None:
        songs = self._evening.services.desk.library.songs
        return next((entry for entry in songs if entry.key == key), None)

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
        songs = tuple(cards.song_card(e, plays, today()) for e in entries)
        return ChooseView(songs, previewing=self._preview.sounding)
