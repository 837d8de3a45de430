"""Marking favourites."""

from collections.abc import Callable, Sequence

from game.music.library import Entry
from game.stage.cards import breakable
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import MarkedSong, MarksScreen
from game.stage.theme import Scale


class MarksRoom(Room):
    """``entries`` are the songs of the page that was shown; ``back`` returns to them."""

    actions = frozenset({"songs", "favourite"})

    def __init__(
        self, evening: Evening, entries: Sequence[Entry], back: Callable[[], None]
    ) -> None:
        self._evening = evening
        self._entries = {entry.key: entry for entry in entries}
        self._back = back
        self._screen: MarksScreen | None = None

    def screen(self, scale: Scale) -> MarksScreen:
        """As they are marked now."""
        self._screen = MarksScreen(scale, self._songs())
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Marks a song, or takes the mark away; goes back."""
        if name == "songs":
            self._back()
        elif name == "favourite" and self._screen is not None:
            toggle(self._evening, self._entries[what])
            self._screen.show(self._songs())

    def _songs(self) -> tuple[MarkedSong, ...]:
        marked = self._evening.listener().favourites
        return tuple(
            MarkedSong(key, breakable(entry.title), key in marked)
            for key, entry in self._entries.items()
        )


def toggle(evening: Evening, entry: Entry) -> None:
    """Marks ``entry`` as a favourite of whoever plays, or takes the mark away."""
    marked = entry.key in evening.listener().favourites
    evening.services.desk.set_favourite(evening.who, entry, not marked)
