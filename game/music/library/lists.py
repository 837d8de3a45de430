"""Which songs a list shows, and in which order. Pure: entries and what is known of a person in,
entries out.

*For you*, the order of the chooser, is: files that were dropped within a day and not played yet,
the latest first, refused ones as well (whoever drops a file wants to see what became of it); then
songs that fit today; then the others, nearest to the person's level first; refused files last.
Among those that fit, songs that were not played today come first, and every day deals them anew, so
that it is not always the same song that stands on top. Favourites and the person's own files are
dealt into the front half.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import inf, log2
from typing import Protocol, TypeVar

from game.music.library.entries import Entry

#: A song fits today if one of its tiers is so near the person's level.
NEAR = 0.15
#: A file is new for so long, until it was played.
NEW_S = 24 * 3600.0

#: Letters that accents cannot be taken from, and what people type for them.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class Order(StrEnum):
    """The orders that a list can have."""

    FOR_YOU = "for-you"
    TITLE = "title"
    FAVOURITES = "favourites"
    RECENT = "recent"
    RATE = "rate"
    FITS = "fits"


class NamedSong(Protocol):
    """A song as the records name it: the key and the hash of its content, as they were then."""

    @property
    def song_key(self) -> str:
        """Its key."""

    @property
    def song_hash(self) -> str:
        """The hash of its content."""


class PlayedSong(NamedSong, Protocol):
    """The part of :class:`game.records.songs.PlayedSong` that lists need."""

    @property
    def plays(self) -> int:
        """How often."""

    @property
    def last_at(self) -> datetime:
        """When last."""

    @property
    def last_date(self) -> date:
        """The day of that, where it was played."""

    @property
    def best(self) -> int | None:
        """The best score of the time that is asked about."""


@dataclass(frozen=True)
class Played:
    """What a person did with a song: how often, when last, and the best score of late."""

    plays: int
    last_at: datetime
    last_date: date
    best: int | None


@dataclass(frozen=True)
class Listener:
    """What lists know of a person.

    ``level`` in targets per second, None while there is none; ``played`` and ``favourites`` by the
    keys of the library (see :func:`played_by_key` and :func:`keys_of`). ``name`` tells one person's
    shuffle from another's; it is not shown.
    """

    name: str = ""
    level: float | None = None
    played: Mapping[str, Played] = field(default_factory=dict)
    favourites: frozenset[str] = frozenset()


NOBODY = Listener()


def fits(entry: Entry, level: float | None) -> bool:
    """Whether ``entry`` has a tier within 15 % of ``level``.

    Where the level or the rates are not known yet, nothing speaks against a song.
    """
    if not entry.ok:
        return False
    if level is None or not entry.rates:
        return True
    near = (NEAR + 1e-9) * level  # a rate of exactly 0.85 × the level fits, however it is rounded
    return any(abs(rate - level) <= near for rate in entry.rates)


def search(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Those whose title, composer, origin, mood or key hold every word of ``text``, in their
    order. Capitals and accents make no difference.

    A word is looked for where words begin; only if that finds nothing, anywhere ("lied" finds
    "Lied" before "Wiegenlied").
    """
    words = re.sub(r"[\W_]+", " ", folded(text)).split()
    said = [(entry, _searched(entry)) for entry in entries]
    begins = [entry for entry, here in said if all(f" {word}" in here for word in words)]
    return begins or [entry for entry, here in said if all(word in here for word in words)]


def folded(text: str) -> str:
    """``text`` without capitals and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return bare.casefold()


def _searched(entry: Entry) -> str:
    """All that is searched, with one space before every word."""
    said = (entry.title, entry.composer, entry.origin, entry.mood, entry.key)
    return " " + re.sub(r"[\W_]+", " ", folded(" ".join(said)))


_Named = TypeVar("_Named", bound=NamedSong)


def keys_of(entries: Sequence[Entry], songs: Iterable[_Named]) -> dict[str, list[_Named]]:
    """By the key of each entry, the rows of the records that mean it.

    The content counts first: a renamed file is still the same song. If no entry has the content
    any more, the file was edited, and the key says which one it is.
    """
    by_hash: dict[str, list[str]] = {}
    for entry in entries:
        if entry.content_hash:
            by_hash.setdefault(entry.content_hash, []).append(entry.key)
    keys = {entry.key for entry in entries}
    found: dict[str, list[_Named]] = {}
    for song in songs:
        meant = by_hash.get(song.song_hash) or [key for key in (song.song_key,) if key in keys]
        for key in meant:
            found.setdefault(key, []).append(song)
    return found


def played_by_key(entries: Sequence[Entry], songs: Iterable[PlayedSong]) -> dict[str, Played]:
    """What the records tell of each song that was played, by the keys of the library."""
    found: dict[str, Played] = {}
    for key, rows in keys_of(entries, songs).items():
        found[key] = Played(
            sum(row.plays for row in rows),
            max(row.last_at for row in rows),
            max(row.last_date for row in rows),
            max((row.best for row in rows if row.best is not None), default=None),
        )
    return found


def ordered(entries: Iterable[Entry], order: Order, who: Listener, now: datetime) -> list[Entry]:
    """All of ``entries`` in this order; ``now`` is aware, in the local time zone.

    Refused files come last, except new ones in *For you*.
    """

    def place(entry: Entry) -> tuple[object, ...]:
        by_title = (folded(entry.title), entry.key)
        if order is Order.FOR_YOU and _is_new(entry, who, now):
            return (0, -entry.added_s, *by_title)
        if not entry.ok:
            return (9, *by_title)
        return (1, *_place(entry, order, who, now.date()), *by_title)

    return sorted(entries, key=place)


def listed(entries: Iterable[Entry], order: Order, who: Listener, now: datetime) -> list[Entry]:
    """As :func:`ordered`; *Favourites* and *Recently played* hold only what they are called
    after."""
    found = ordered(entries, order, who, now)
    if order is Order.FAVOURITES:
        return [entry for entry in found if entry.key in who.favourites]
    if order is Order.RECENT:
        return [entry for entry in found if entry.key in who.played]
    return found


def _place(entry: Entry, order: Order, who: Listener, today: date) -> tuple[float, ...]:
    """What comes before the title."""
    played = who.played.get(entry.key)
    if order is Order.FAVOURITES:
        return (entry.key not in who.favourites,)
    if order is Order.RECENT:
        return (inf,) if played is None else (-played.last_at.timestamp(),)
    if order is Order.RATE:
        return (entry.rates[-1] if entry.rates else inf,)
    if order is Order.FITS:
        return (_distance(entry, who.level),)
    if order is Order.FOR_YOU:
        if not fits(entry, who.level):
            return (2, _distance(entry, who.level))
        played_today = played is not None and played.last_date >= today
        dealt = _dealt(entry.key, who.name, today)
        if not entry.bundled or entry.key in who.favourites:
            dealt /= 2
        return (int(played_today), dealt)
    return ()


def _is_new(entry: Entry, who: Listener, now: datetime) -> bool:
    age_s = now.timestamp() - entry.added_s
    return not entry.bundled and age_s < NEW_S and entry.key not in who.played


def _distance(entry: Entry, level: float | None) -> float:
    """How far the nearest tier is from ``level``, octaves; 0 if it is near enough to fit."""
    if fits(entry, level) or level is None:
        return 0.0
    return min(abs(log2(rate / level)) for rate in entry.rates)


def _dealt(key: str, name: str, today: date) -> float:
    """A number from 0 to 1 that is another every day."""
    digest = hashlib.sha256(f"{today.isoformat()}\0{name}\0{key}".encode("utf-8", "replace"))
    return int.from_bytes(digest.digest()[:8], "big") / 2**64
