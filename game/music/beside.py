"""What lies beside a MIDI file: its author's notes, and recorded audio, which file that is and what
tells one version from the next."""

import hashlib
import stat
from pathlib import Path

from game.music.song import Recorded

#: The endings a recording may have, the first that is there counts.
AUDIO_SUFFIXES = (".ogg", ".opus", ".mp3", ".flac", ".wav")
#: So much of both ends of an audio file stands for its content: reading all of a long recording
#: at every scan would take longer than reading the song.
END_BYTES = 64 * 1024
#: A longer ``.toml`` is none of an author's notes.
MOST_NOTES_BYTES = 100_000


def author_bytes(midi_path: Path) -> tuple[bytes, str]:
    """What stands in the ``.toml`` of ``midi_path`` (nothing if there is none), and why it was not
    read, as a sentence, or nothing. Raises OSError if it cannot be read."""
    path = midi_path.with_suffix(".toml")
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            # A pipe would keep the reader waiting for ever.
            return b"", f"{path.name} is no file and was not used"
        if about.st_size > MOST_NOTES_BYTES:
            return b"", f"{path.name} is longer than {MOST_NOTES_BYTES // 1000} kB and was not used"
        return path.read_bytes(), ""
    except FileNotFoundError:
        return b"", ""


def find_recorded(midi_path: Path, offset_s: float) -> Recorded | None:
    """The recording of ``midi_path``, if there is one; whether it can be decoded is not asked.

    ``NAME.ogg`` (or another of :data:`AUDIO_SUFFIXES`) is the recording of ``NAME.mid``,
    ``NAME.lead.ogg`` its lead stem.
    """
    stem = midi_path.stem
    path = _first(midi_path, stem)
    if path is None:
        return None
    return Recorded(path, _first(midi_path, f"{stem}.lead"), round(offset_s * 1_000_000))


def _first(midi_path: Path, stem: str) -> Path | None:
    for suffix in AUDIO_SUFFIXES:
        path = midi_path.with_name(stem + suffix)
        if path.is_file():
            return path
    return None


def audio_fingerprint(recorded: Recorded | None) -> bytes:
    """What changes when an audio file does: ending, size, and both ends of each file.

    A file that cannot be read counts as one without content.
    """
    digest = hashlib.sha256()
    for path in (recorded.path, recorded.lead) if recorded else ():
        if path is None:
            continue
        digest.update(f"\0{path.suffix.lower()}".encode())
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                head = file.read(END_BYTES)
                file.seek(max(0, size - END_BYTES))
                digest.update(size.to_bytes(8, "big") + head + file.read(END_BYTES))
        except OSError:
            digest.update(b"unreadable")
    return digest.digest()
