"""The sung words of a MIDI file, and the title that a karaoke file gives.

Words stand in one of two places. Lyric events are what the MIDI association recommends (RP-017: a
space ends a word, a carriage return a line, a line feed a verse). Soft Karaoke files (``.kar``) put
them into text events instead, with ``/`` for a new line, ``\\`` for a new verse, and texts that
begin with ``@`` about the song, of which the first ``@T`` is its title. Files in the wild mix both,
and often hold the same words twice.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence

#: One text event: its tick, its text, its track.
Text = tuple[int, str, int]

#: Tags of RP-026 at the beginning of a lyric event: an encoding or a fact about the song.
_TAG = re.compile(r"\{[@#][^}]*\}")
_TITLE_TAG = re.compile(r"\{#Title=([^}]*)\}", re.IGNORECASE)
#: So many timed texts, some of which begin a line, are words even if nothing says karaoke.
_ENOUGH_TEXTS = 8


def sung_words(
    lyrics: Sequence[Text], texts: Sequence[Text], *, karaoke: bool, apart_ticks: int
) -> list[tuple[int, str]]:
    """The words as (tick, syllable), in order; a line break stands as ``\\n`` in its syllable.

    The track with the most words counts; other tracks add theirs where it is silent, more than
    ``apart_ticks`` from its words (a duet), but not the same words again (a choir). ``karaoke``
    says that text events are words whatever they look like (a ``.kar`` file).
    """
    tagged = any(text.startswith(("@K", "@L", "@T")) for _, text, _ in texts)
    timed = [row for row in texts if row[0] > 0 and not row[1].startswith("@")]
    lined = sum(text.startswith(("/", "\\")) for _, text, _ in timed)
    if not (karaoke or tagged or (len(timed) >= _ENOUGH_TEXTS and lined > 1)):
        timed = []
    places: dict[tuple[bool, int], list[tuple[int, str]]] = defaultdict(list)
    for is_lyric, rows in ((True, lyrics), (False, timed)):
        for tick, text, track in rows:
            word = _syllable(text)
            if word and not word.startswith("@"):
                places[is_lyric, track].append((tick, word))
    words: list[tuple[int, str]] = []
    # Of two places with as many words the lyric events and the earlier track go first.
    for _, syllables in sorted(places.items(), key=lambda item: (-len(item[1]), not item[0][0])):
        taken = [tick for tick, _ in words]
        for tick, word in sorted(syllables, key=lambda row: row[0]):
            at = bisect_left(taken, tick - apart_ticks)
            if at == len(taken) or taken[at] > tick + apart_ticks:
                insort(words, (tick, word), key=lambda row: row[0])
    return words


def karaoke_title(lyrics: Sequence[Text], texts: Sequence[Text]) -> str:
    """The title that a karaoke file gives its song, or nothing."""
    for _, text, _ in texts:
        if text.startswith("@T") and text[2:].strip():
            return text[2:].strip()
    for _, text, _ in lyrics:
        tag = _TITLE_TAG.search(text)
        if tag and tag[1].strip():
            return tag[1].strip()
    return ""


def _syllable(text: str) -> str:
    """One event as a syllable: tags taken out, every kind of line break as one ``\\n``."""
    text = _TAG.sub("", text)
    text = re.sub(r"^[/\\]+", "\n", text)
    return re.sub(r"[\r\n]+", "\n", text)
