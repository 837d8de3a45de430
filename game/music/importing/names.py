"""What an imported song is called among the user's own songs, and how it is known again."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from game.music.importing.convert import About

#: Names that Windows keeps for devices.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST = 60


def identity(about: About) -> str:
    """The same for the same song by the same charter, wherever its folder lies."""
    told = "\0".join(text.casefold() for text in (about.title, about.artist, about.charter))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def free_name(about: About, taken: Iterable[str]) -> str:
    """A name for the song's files that nothing in ``taken`` (names in lower case) has.

    The title, with the artist or a number after it where that is needed; letters and digits of
    any script, and hyphens.
    """
    used = set(taken)
    title = _slug(about.title) or "song"
    candidates = [title]
    artist = _slug(about.artist)
    if artist:
        candidates.append(f"{title}-{artist}"[: 2 * _LONGEST])
    for name in candidates:
        if name not in used:
            return name
    number = 2
    while f"{candidates[-1]}-{number}" in used:
        number += 1
    return f"{candidates[-1]}-{number}"


def _slug(text: str) -> str:
    slug = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:_LONGEST].strip("-")
    return f"{slug}-song" if _DEVICES.fullmatch(slug) else slug


def former_imports(own_folder: Path) -> Mapping[str, Path]:
    """The folders that earlier imports made, by the identity of their songs."""
    found: dict[str, Path] = {}
    try:
        folders = sorted(path for path in own_folder.iterdir() if path.is_dir())
    except OSError:
        return found
    for folder in folders:
        try:
            document = tomllib.loads((folder / f"{folder.name}.toml").read_text("utf-8"))
            found.setdefault(str(document["imported"]["identity"]), folder)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
