"""What every room has: a screen, actions of its own, and moments at which it may do something."""

from game.music.library import Entry
from game.stage.screens.base import Screen
from game.stage.theme import Scale


class Room:
    """A place in the game, from entering it to leaving it.

    Only :meth:`screen` has to be written; the rest does nothing unless a room needs it.
    ``actions`` names what :meth:`act` does; those come before the table of navigation.
    """

    actions: frozenset[str] = frozenset()

    @property
    def takes_pinches(self) -> bool:
        """Whether pinches are this room's own now, and not the menu's: :meth:`hear` polls them."""
        return False

    @property
    def keys_are_grips(self) -> bool:
        """Whether keys that are bound to grips are pinches here, as they are in a play."""
        return False

    def hear(self) -> None:
        """Called every few milliseconds while the room :attr:`takes_pinches`."""

    def screen(self, scale: Scale) -> Screen:
        """The screen that shows this room at ``scale``; called again when that changes."""
        raise NotImplementedError

    def act(self, name: str, what: str) -> None:
        """Does the action ``name`` (of ``what``), one of this room's own."""

    def step(self, screen: Screen) -> None:
        """Called once a frame, before ``screen`` (this room's own) is drawn."""

    def library_changed(self, screen: Screen) -> None:
        """Songs came or went."""

    def song_came(self, entry: Entry) -> None:
        """``entry`` was dropped on the window and is in the library now."""

    def resized(self) -> None:
        """The window has another size now; unless one goes elsewhere, the screen is made anew."""

    def leave(self) -> None:
        """Another room is entered: let go of what only this one needed."""
