"""Which file of a song's folder is which instrument.

The names are those of "Guitar Game Chart Formats", Audio Files. Crowd noise and previews are no
part of the music and are left out, and so are stems of explicit words, which the other stems of
the voice are without.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from game.music.importing.fretted import PARTS

SUFFIXES = (".ogg", ".opus", ".mp3", ".flac", ".wav")

#: Instruments with stems of their own, and the one stem that counts where those are not there.
_SPLIT = {
    "drums": ("drums_1", "drums_2", "drums_3", "drums_4"),
    "vocals": ("vocals_1", "vocals_2"),
}
_NAMES = ("song", "guitar", "rhythm", "bass", "keys")
_NOT_MUSIC = ("preview", "crowd", "vocals_explicit")
#: What a .chart calls them, for songs whose files have other names.
_STREAMS = {
    "musicstream": "song",
    "guitarstream": "guitar",
    "rhythmstream": "rhythm",
    "bassstream": "bass",
    "keysstream": "keys",
    "drumstream": "drums_1",
    "drum2stream": "drums_2",
    "drum3stream": "drums_3",
    "drum4stream": "drums_4",
    "vocalstream": "vocals",
}


@dataclass(frozen=True)
class StemFiles:
    """``lead`` is the instrument that is played, ``rest`` all other music; both begin together.

    Without a stem for that instrument ``lead`` is empty, and ``rest`` is never empty.
    """

    rest: tuple[Path, ...]
    lead: tuple[Path, ...] = ()


def stem_files(files: Sequence[Path], part: str, about: Mapping[str, str]) -> StemFiles | None:
    """The recording of a song among the ``files`` of its folder, None if there is none.

    ``part`` is what is played (:data:`~game.music.importing.fretted.PARTS`); ``about`` may name
    files as a ``.chart`` does.
    """
    sounds = {path.name.casefold(): path for path in files if path.suffix.lower() in SUFFIXES}
    found = _by_name(sounds) or _by_stream(sounds, about)
    if not found:
        music = [p for name, p in sounds.items() if not name.startswith(_NOT_MUSIC)]
        return StemFiles((music[0],)) if len(music) == 1 else None
    for whole, parts in _SPLIT.items():
        if any(part_name in found for part_name in parts):
            found.pop(whole, None)
    lead = next((name for name in PARTS[part] if name in found), None)
    if lead is None or len(found) == 1:
        return StemFiles(tuple(_unique(found.values())))
    rest = _unique(path for name, path in found.items() if name != lead)
    others = tuple(path for path in rest if path != found[lead])
    return StemFiles(others, (found[lead],)) if others else StemFiles((found[lead],))


def _by_name(sounds: Mapping[str, Path]) -> dict[str, Path]:
    found = {}
    for name in (*_NAMES, *_SPLIT, *(part for parts in _SPLIT.values() for part in parts)):
        for suffix in SUFFIXES:
            if name not in found and name + suffix in sounds:
                found[name] = sounds[name + suffix]
    return found


def _by_stream(sounds: Mapping[str, Path], about: Mapping[str, str]) -> dict[str, Path]:
    """The files that the chart names. Only their last part counts: what is not in the song's own
    folder is none of its business."""
    found = {}
    for key, name in _STREAMS.items():
        given = about.get(key, "")
        last = PurePosixPath(PureWindowsPath(given).name).name.casefold()
        if last in sounds:
            found[name] = sounds[last]
    return found


def _unique(paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(paths))
