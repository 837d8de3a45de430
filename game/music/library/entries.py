"""What a library knows of one file, how it is kept, and how a name finds it."""

import difflib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from game.music.errors import MusicError
from game.music.library.folders import SUFFIXES

#: So many notes of the melody make a song's picture.
COVER_NOTES = 15


@dataclass(frozen=True)
class Entry:
    """One file of the library.

    ``key`` is unique: the name of the file without its ending, with a number if two have the
    same. If ``ok`` is false, ``problem`` says why the file was refused, and ``title`` is its
    name. ``seconds`` is its length at tempo 1.0, ``pitches`` the first notes of
    its melody (its picture is drawn from them), ``meta`` what its ``.toml`` says.

    ``rates`` are the targets per second of the tiers of its arrangement for five equal grips at
    tempo 1.0, the sparsest first; empty until they were worked out. ``recorded`` says that a
    recording is played instead of the instruments, ``has_lyrics`` that it can be sung along.
    ``content_hash`` is :attr:`~game.music.song.Song.content_hash`. ``added_s`` is when the library
    first saw the file (seconds as the times of files), ``bundled`` that it came with Griptune.
    """

    key: str
    path: Path
    title: str
    ok: bool
    problem: str = ""
    seconds: float = 0.0
    pitches: tuple[int, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    rates: tuple[float, ...] = ()
    recorded: bool = False
    has_lyrics: bool = False
    content_hash: str = ""
    added_s: float = 0.0
    bundled: bool = False

    @property
    def mood(self) -> str:
        """What its ``.toml`` calls its mood, or nothing."""
        return str(self.meta.get("mood", ""))

    @property
    def composer(self) -> str:
        """Who wrote it, as its ``.toml`` says, or nothing."""
        return str(self.meta.get("composer", ""))

    @property
    def origin(self) -> str:
        """Where it comes from, as its ``.toml`` says, or nothing."""
        return str(self.meta.get("origin", ""))

    @property
    def reason(self) -> str:
        """Why the file was refused, as a sentence that does not name it."""
        sentence = self.problem.removeprefix(f"{self.path}: ")
        return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True)
class Changes:
    """Keys that were added, changed or removed; false if nothing was.

    ``rated`` are those of which only the rates are new: nothing to redraw a list for.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rated: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def read_entry(path: Path) -> Entry:
    """Read ``path``: an entry whatever is in it."""
    # Numpy, mido and pydantic are not needed to list songs that were read before.
    from game.music.reading import read_song

    try:
        song = read_song(path)
    except MusicError as error:
        return refused(path, str(error))
    except Exception as error:
        # Whatever is in one file, the others are still there to be played.
        return refused(path, f"{path}: it cannot be understood ({error or type(error).__name__}).")
    return Entry(
        key=path.stem,
        path=path,
        title=song.title,
        ok=True,
        seconds=song.length_us / 1e6,
        pitches=tuple(int(pitch) for pitch in song.melody_notes["pitch"][:COVER_NOTES]),
        # As it comes back from the index: a date in the .toml becomes text.
        meta=json.loads(json.dumps(dict(song.meta), default=str)),
        recorded=song.recorded is not None,
        has_lyrics=bool(song.lyrics),
        content_hash=song.content_hash,
    )


def read_rates(path: Path) -> tuple[float, ...]:
    """The rates of the tiers of ``path`` as it is arranged by default; none if it is refused."""
    from game.music.arranging import arrange
    from game.music.reading import read_song

    try:
        return arrange(read_song(path)).rates
    except Exception:
        return ()  # what is wrong with it is said when it is chosen


def refused(path: Path, problem: str) -> Entry:
    """The entry of a file that is no song."""
    return Entry(key=path.stem, path=path, title=path.stem, ok=False, problem=problem)


def to_document(entry: Entry) -> dict[str, Any]:
    """What was understood of the file, wherever it lies: the index keeps it as JSON."""
    document: dict[str, Any] = {"title": entry.title, "ok": entry.ok}
    if not entry.ok:
        return document | {"problem": entry.problem.removeprefix(f"{entry.path}: ")}
    return document | {
        "seconds": entry.seconds,
        "pitches": list(entry.pitches),
        "meta": entry.meta,
        "recorded": entry.recorded,
        "has_lyrics": entry.has_lyrics,
        "content_hash": entry.content_hash,
    }


def from_document(
    path: Path, document: Mapping[str, Any], rates: Sequence[float] | None = None
) -> Entry:
    """The entry of ``path`` from what :func:`to_document` gave for the same content.

    Raises KeyError, TypeError or ValueError if ``document`` is something else.
    """
    title, ok = document["title"], document["ok"]
    if not isinstance(title, str) or not isinstance(ok, bool):
        raise TypeError("a title is text, and ok is true or false")
    if not ok:
        return refused(path, f"{path}: {document['problem']}")
    return Entry(
        key=path.stem,
        path=path,
        title=title,
        ok=True,
        seconds=float(document["seconds"]),
        pitches=tuple(int(pitch) for pitch in document["pitches"]),
        meta=dict(document["meta"]),
        rates=tuple(float(rate) for rate in rates or ()),
        recorded=bool(document["recorded"]),
        has_lyrics=bool(document["has_lyrics"]),
        content_hash=str(document["content_hash"]),
    )


def with_keys(entries: Sequence[Entry]) -> list[Entry]:
    """``entries`` with a key for each that no other has, in capitals or not; the first come
    first served."""
    used: set[str] = set()
    named = []
    for entry in entries:
        key, number = entry.path.stem, 1
        while key.casefold() in used:
            number += 1
            key = f"{entry.path.stem}-{number}"
        used.add(key.casefold())
        named.append(entry if entry.key == key else replace(entry, key=key))
    return named


def changes_between(before: Sequence[Entry], after: Sequence[Entry]) -> Changes:
    """What became of ``before``."""
    old = {entry.key: entry for entry in before}
    new = {entry.key: entry for entry in after}
    both = [(old[key], entry) for key, entry in new.items() if key in old]
    different = [(was, now) for was, now in both if was is not now and was != now]
    rated = [now.key for was, now in different if replace(now, rates=was.rates) == was]
    return Changes(
        added=tuple(key for key in new if key not in old),
        changed=tuple(now.key for _, now in different if now.key not in rated),
        removed=tuple(key for key in old if key not in new),
        rated=tuple(rated),
    )


def find(
    entries: Sequence[Entry], name: str | Path, read: Callable[[Path], Entry] = read_entry
) -> Entry:
    """The song called ``name``: its key, its title or a path, without regard to case.

    A path to another file is given to ``read``. Raises MusicError if there is no such song, with
    the names that come near.
    """
    text = str(name).strip()
    wanted = text.casefold()
    for entry in entries:
        if entry.key.casefold() == wanted:
            return entry
    for entry in entries:
        if entry.title.casefold() == wanted:
            return entry
    path = Path(text)
    if path.suffix.lower() in SUFFIXES or os.sep in text:
        for entry in entries:
            if entry.path == path or _same_file(entry.path, path):
                return entry
        if path.is_file():
            found = read(path)
            if not found.ok:
                raise MusicError(found.problem)
            return found
        if path.suffix.lower() in SUFFIXES:
            wanted = path.stem.casefold()
            for entry in entries:
                if entry.key.casefold() == wanted:
                    return entry
    near = _near(entries, wanted)
    if near:
        advice = f"did you mean {' or '.join(near)}?"
    else:
        advice = "`griptune songs list` shows what there is."
    raise MusicError(f"There is no song “{text}”; {advice}")


def _near(entries: Sequence[Entry], wanted: str) -> list[str]:
    names = {entry.key.casefold(): entry.key for entry in entries}
    names |= {entry.title.casefold(): entry.key for entry in entries}
    inside = [key for name, key in names.items() if wanted and wanted in name]
    close = difflib.get_close_matches(wanted, names, n=6, cutoff=0.55)
    return list(dict.fromkeys([*inside, *(names[match] for match in close)]))[:3]


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
