"""Choosing a song."""

from dataclasses import replace

from game.music.library import Entry
from game.music.library.lists import Order, listed, search
from game.stage import cards
from game.stage.evening import Evening, here
from game.stage.preview import Preview
from game.stage.rooms.base import Room
from game.stage.rooms.lists import ListsRoom
from game.stage.rooms.marks import toggle
from game.stage.rooms.message import tell_of_song
from game.stage.screens import ChooseScreen, ChooseView, Screen
from game.stage.theme import Scale


class ChoosingRoom(Room):
    """The songs of the evening's list, or those that a search found among all of them; the list
    follows the folders while one looks at it.

    The song in focus is heard softly, and made ready to be played.
    """

    actions = frozenset({"search", "favourite", "lists", "refused"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._search = ""
        self._focus = "" if evening.entry is None else evening.entry.key
        self._screen: ChooseScreen | None = None
        services = evening.services
        self._preview = Preview(
            services.audio, services.renderer, evening.now, sounds=services.previews
        )

    def screen(self, scale: Scale) -> ChooseScreen:
        """The list, with the song in focus that was last."""
        self._evening.draw_ahead()
        self._screen = ChooseScreen(scale, self._view(), self._focus)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Searches, marks a favourite, and leads to the other lists."""
        evening, screen = self._evening, self._screen
        if screen is None:
            return
        entry = self._entry(what)
        if name == "search":
            self._search = what
            screen.show(self._view())
        elif name == "lists":
            seen = [found for song in screen.shown if (found := self._entry(song.key)) is not None]
            evening.go(ListsRoom(evening, seen, self._return))
        elif name == "favourite" and entry is not None:
            toggle(evening, entry)
            # Every song stays where it is: what is marked must not slip away from the hand.
            who, shown = evening.listener(), screen.view.songs
            entries = [found for song in shown if (found := self._entry(song.key)) is not None]
            songs = tuple(cards.song_card(entry, who) for entry in entries)
            screen.show(replace(screen.view, songs=songs))
        elif name == "refused" and entry is not None:
            tell_of_song(evening, entry.reason)

    def _return(self, same: bool) -> None:
        """Back from the other lists: to the same page, or to the top of one."""
        songs = self._screen.shown if same and self._screen is not None else ()
        self._focus = songs[0].key if songs else ""
        self._search = self._search if same else ""
        self._evening.go(self)

    def step(self, screen: Screen) -> None:
        """Lets the song in focus be heard."""
        if not isinstance(screen, ChooseScreen):
            return
        song = screen.focused_song
        self._focus = self._focus if song is None else song.key
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

    def song_came(self, entry: Entry) -> None:
        """What somebody just brought is in focus, in the list that has it on top."""
        self._search, self._focus = "", entry.key
        self._evening.order = Order.FOR_YOU
        self._evening.go(self)

    def _view(self) -> ChooseView:
        evening, who = self._evening, self._evening.listener()
        songs, order = evening.services.desk.library.songs, evening.order
        if self._search:
            songs, order = tuple(search(songs, self._search)), Order.FOR_YOU
        return ChooseView(
            tuple(cards.song_card(entry, who) for entry in listed(songs, order, who, here())),
            previewing=self._preview.sounding,
            heading=cards.heading_of(order),
            search=self._search,
            empty=cards.why_empty(order, self._search),
        )
