"""Which list to choose from, and the way to marking favourites."""

from collections.abc import Callable, Sequence

from game.music.library import Entry
from game.music.library.lists import Listener, Order, listed
from game.stage.cards import song_list
from game.stage.evening import Evening, here
from game.stage.rooms.base import Room
from game.stage.rooms.marks import MarksRoom
from game.stage.screens import ListsScreen, ListsView
from game.stage.theme import Scale
from game.words import plural, tr

#: The lists of the chooser, in the order in which they are offered.
ORDERS = (Order.FOR_YOU, Order.FAVOURITES, Order.RECENT, Order.TITLE, Order.RATE)


class ListsRoom(Room):
    """The lists besides the present one. ``entries`` are the songs of the page that was shown.

    ``back`` returns to the songs: to that page (True), or to the top of a list (False).
    """

    actions = frozenset({"list", "songs", "mark"})

    def __init__(
        self, evening: Evening, entries: Sequence[Entry], back: Callable[[bool], None]
    ) -> None:
        self._evening = evening
        self._entries = [entry for entry in entries if entry.ok]
        self._back = back

    def screen(self, scale: Scale) -> ListsScreen:
        """As the records are now."""
        evening, who = self._evening, self._evening.listener()
        lists = tuple(
            song_list(order, self._about(order, who))
            for order in ORDERS
            if order is not evening.order
        )
        return ListsScreen(scale, ListsView(lists, bool(self._entries)))

    def act(self, name: str, what: str) -> None:
        """Goes back to the songs, perhaps with another list, or on to marking."""
        evening = self._evening
        if name == "list":
            evening.order = Order(what)
            self._back(False)
        elif name == "songs":
            self._back(True)
        elif name == "mark":
            evening.go(MarksRoom(evening, self._entries, lambda: self._back(True)))

    def _about(self, order: Order, who: Listener) -> str:
        if order is Order.FOR_YOU:
            return tr("Fresh every day")
        songs = listed(self._evening.services.desk.library.songs, order, who, here())
        return plural("{n} song", "{n} songs", len(songs)) if songs else tr("None so far")
