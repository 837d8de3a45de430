"""Lyrics as lines and words, from the syllables of a song."""

from collections.abc import Sequence
from dataclasses import dataclass

#: A line is at most this long; a longer one is broken at a word.
MOST_WORDS, MOST_LETTERS = 8, 34
#: A silence of this length begins a new line.
GAP_US = 3_000_000


@dataclass(frozen=True)
class LyricLine:
    """One line: when it begins (song_us), its words, and when each word begins."""

    start_us: int
    end_us: int
    words: tuple[str, ...]
    times_us: tuple[int, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(self.words)


def lyric_lines(
    syllables: Sequence[tuple[int, str]], length_us: int | None = None
) -> tuple[LyricLine, ...]:
    r"""Lines from ``(song_us, text)`` syllables, as karaoke MIDI files have them.

    "/" and "\\" at a syllable's start, and line breaks, begin a new line; a space at either end of
    a syllable ends a word, and so does "-" not (it joins). A file without a single space gives
    every syllable as a word of its own. Texts that begin with "@" are notes on the file.
    """
    told = [(t, s) for t, s in syllables if s.strip() and not s.startswith("@")]
    spaced = any(" " in s.strip("\r\n/\\") for _, s in told)
    rows: list[list[tuple[int, str]]] = [[]]
    joined = False
    last = None
    for time_us, syllable in told:
        fresh = syllable[:1] in "/\\\r\n" or (last is not None and time_us - last > GAP_US)
        last = time_us
        text = syllable.lstrip("/\\\r\n")
        row = rows[-1]
        if fresh and row:
            rows.append([])
            row, joined = rows[-1], False
        bare = text.strip()
        if bare:
            hyphen = bare.endswith("-") and len(bare) > 1
            part = bare[:-1] if hyphen else bare
            if joined and row and not text.startswith(" "):
                row[-1] = (row[-1][0], row[-1][1] + part)
            else:
                row.append((time_us, part))
            joined = hyphen or (spaced and text[-1:] not in (" ", "\r", "\n"))
        if text[-1:] in ("\r", "\n"):
            rows.append([])
            joined = False
    lines = [piece for row in rows if row for piece in _broken(row)]
    if not lines:
        return ()
    starts = [piece[0][0] for piece in lines]
    ends = [*starts[1:], length_us if length_us is not None else 2**62]
    return tuple(
        LyricLine(
            piece[0][0],
            min(end, piece[-1][0] + 2 * GAP_US),
            tuple(word for _, word in piece),
            tuple(time for time, _ in piece),
        )
        for piece, end in zip(lines, ends, strict=True)
    )


def _broken(row: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    pieces: list[list[tuple[int, str]]] = [[]]
    letters = 0
    for time_us, word in row:
        if pieces[-1] and (len(pieces[-1]) >= MOST_WORDS or letters + 1 + len(word) > MOST_LETTERS):
            pieces.append([])
            letters = 0
        pieces[-1].append((time_us, word))
        letters += len(word) + 1
    return pieces
