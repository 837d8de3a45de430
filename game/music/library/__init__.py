"""The songs that are there: folders of MIDI files, watched while the game runs.

Four parts: :mod:`~game.music.library.folders` looks what files there are,
:mod:`~game.music.library.index` keeps what was understood of them,
:mod:`~game.music.library.crew` reads many at once in processes of its own, and
:class:`~game.music.library.library.Library` brings them together. How a list of songs is searched
and sorted is in :mod:`~game.music.library.lists`.
"""

from game.music.library.entries import COVER_NOTES, Changes, Entry
from game.music.library.folders import SUFFIXES, bundled_folder
from game.music.library.library import Library

__all__ = ["COVER_NOTES", "SUFFIXES", "Changes", "Entry", "Library", "bundled_folder"]
