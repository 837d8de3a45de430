"""A message: what happened, and what to do about it."""

from game.music.errors import MusicError
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import MessageKey, MessageScreen, MessageView
from game.stage.theme import Scale
from game.words import tr


class MessageRoom(Room):
    """Shows ``view``; its keys' actions are found in the table like any other."""

    def __init__(self, view: MessageView) -> None:
        self._view = view

    def screen(self, scale: Scale) -> MessageScreen:
        """Picture, words and keys."""
        return MessageScreen(scale, self._view)


def tell_of_song(evening: Evening, sentence: str) -> None:
    """Says why a song cannot be played.

    Raises MusicError where the game was opened for this one song: there is no other to choose.
    """
    if evening.one_song is not None:
        raise MusicError(sentence)
    view = MessageView(
        title=tr("This song cannot be played"),
        sentence=sentence,
        to_do=tr("Please choose another one."),
        keys=(MessageKey("songs", tr("Songs"), "note"),),
    )
    evening.go(MessageRoom(view))
