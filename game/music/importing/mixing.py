"""The recording of a song as one file, or two: what is played, and the rest.

One file of a format that Griptune plays is copied as it is. Several are mixed and written as OGG
Vorbis, block by block: libsndfile overflows its stack if it is given minutes at once
(python-soundfile issues 396 and 426).

Everything here runs in a process of its own (:mod:`game.music.importing.apart`), because what is
decoded comes from outside.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from game.music.audio_file import stereo_blocks
from game.music.errors import MusicError
from game.music.importing.stems import StemFiles

#: What songs are played at.
SAMPLE_RATE = 44_100
#: A recording that goes on for longer is cut there; no song that can be played is so long.
LONGEST_SECONDS = 30 * 60
_BLOCK = 16_384
#: Stems that are mixed are halved, all of them: their sum may stand higher than a file can hold,
#: and playing brings every song to the same loudness.
_GAIN = 0.5


@dataclass(frozen=True)
class Recording:
    """What was written: the names of the files, and how long the longer one is."""

    files: tuple[str, ...]
    seconds: float


def write_recording(stems: StemFiles, folder: Path, name: str) -> Recording:
    """Write ``NAME.ogg`` (or another ending) and, with a lead, ``NAME.lead.ogg`` to ``folder``.

    Raises MusicError, one sentence, if a file cannot be decoded or is empty.
    """
    as_they_are = len(stems.rest) == 1 and len(stems.lead) <= 1
    files = []
    seconds = 0.0
    for paths, stem in ((stems.rest, name), (stems.lead, f"{name}.lead")):
        if not paths:
            continue
        if as_they_are:
            file = f"{stem}{paths[0].suffix.lower()}"
            lasts = _length(paths[0])
            shutil.copyfile(paths[0], folder / file)
        else:
            file = f"{stem}.ogg"
            lasts = _mix(paths, folder / file)
        files.append(file)
        seconds = max(seconds, lasts)
    if seconds < 1:
        raise MusicError(f"{stems.rest[0]}: there is no sound in it.")
    return Recording(tuple(files), seconds)


def _length(path: Path) -> float:
    """How many seconds of ``path`` can be decoded."""
    return sum(map(len, stereo_blocks(path, SAMPLE_RATE, LONGEST_SECONDS))) / SAMPLE_RATE


class _Stem:
    """A file that is read in blocks of any size; silence after its end."""

    def __init__(self, path: Path) -> None:
        self._blocks = stereo_blocks(path, SAMPLE_RATE, LONGEST_SECONDS)
        self._held = np.zeros((0, 2), np.float32)
        self.over = False

    def add_to(self, out: np.ndarray) -> int:
        """Add the next frames to ``out``; returns how many there were."""
        while len(self._held) < len(out) and not self.over:
            block = next(self._blocks, None)
            if block is None:
                self.over = True
            else:
                self._held = np.concatenate([self._held, block])
        count = min(len(out), len(self._held))
        out[:count] += self._held[:count]
        self._held = self._held[count:]
        return count


def _mix(paths: Sequence[Path], target: Path) -> float:
    """Write the sum of ``paths`` to ``target``; returns its seconds."""
    import soundfile

    stems = [_Stem(path) for path in paths]
    frames = 0
    with soundfile.SoundFile(target, "w", SAMPLE_RATE, 2, format="OGG", subtype="VORBIS") as file:
        while True:
            block = np.zeros((_BLOCK, 2), np.float32)
            count = max(stem.add_to(block) for stem in stems)
            if not count:
                return frames / SAMPLE_RATE
            file.write(block[:count] * np.float32(_GAIN))
            frames += count
