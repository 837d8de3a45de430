"""Sung words from syllables with the markup that Rock Band gave them.

Symbols and what to do with them where words are shown as text: "Guitar Game Chart Formats",
Vocals and Lyrics, "Displaying as Plain Text".
"""

from collections.abc import Iterable

from game.music.importing.text import plain

#: Pitch and range marks of the singer's part; they say nothing of the words.
_MARKS = str.maketrans(dict.fromkeys('#^*%$/"+', "") | {"_": " ", "§": " "})


def words(
    syllables: Iterable[tuple[int, str]], line_starts: Iterable[int]
) -> list[tuple[int, str]]:
    """(tick, text) of every sung syllable, as :class:`~game.music.importing.fretted.FretSong` has
    them; ``line_starts`` are the ticks at which a new line of the words begins.
    """
    starts = sorted(set(line_starts))
    made: list[tuple[int, str]] = []
    line = 0
    told = sorted(syllables, key=lambda row: row[0])
    for tick, raw in told:
        text = plain(raw.translate(_MARKS), 80)
        if not text or (made and made[-1][0] == tick):
            continue  # "+" holds the syllable before it; one said twice at once is one
        joined = text.endswith(("-", "="))
        if joined:
            text = text[:-1] + ("-" if text.endswith("=") else "")
        if not text:
            continue
        begins = False
        while line < len(starts) and starts[line] <= tick:
            line += 1
            begins = True
        made.append((tick, ("\n" if begins and made else "") + text + ("" if joined else " ")))
    return made
