"""The guarded boundary: bytes of a MIDI file in, mido's messages out, or one MusicError.

``mido`` is pure Python, so a broken file cannot crash the process, but it answers one with a
dozen kinds of exception, and a hostile one with minutes of work. Here every track is parsed by
itself, so that a broken track costs only what comes after the damage, and the work is bounded.
"""

import io
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import mido

from game.music.errors import MusicError
from game.music.plain_track import TooLongError, plain_track

MAX_BYTES = 8_000_000
#: mido reads about 150 000 messages a second on an idle machine, and nothing may take 2 s; the
#: densest piano rolls in the wild have 60 000.
MAX_MESSAGES = 150_000
MAX_TRACKS = 512

#: How long the data of a channel message is, by the upper half of its status byte.
_DATA_LENGTH = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
#: Meta events a song is made of, with the shortest legal length. In a damaged track all others
#: are left out: they change nothing we play, and mido refuses whole tracks over them.
_META_LENGTH = {0x01: 0, 0x03: 0, 0x05: 0, 0x06: 0, 0x51: 3, 0x58: 4}
_END_OF_TRACK = b"\x00\xff\x2f\x00"
#: A number goes on while its bytes have the high bit, and mido reads it to its end: for one of
#: 200 kB that takes five seconds, for one of 8 MB two hours.
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{64}")


@dataclass(frozen=True)
class MidiTracks:
    """The tracks of one file: mido messages with delta ticks.

    ``division`` is ticks per quarter note if positive; if negative, the file counts SMPTE frames
    (upper byte: −frames per second, lower byte: ticks per frame).
    """

    tracks: list[mido.MidiTrack]
    division: int
    problems: list[str]


class _CountedBytes(io.BytesIO):
    """A track that can be read only so far: mido asks ``tell`` once for each message."""

    def __init__(self, data: bytes, budget: int) -> None:
        super().__init__(data)
        self.budget = budget

    def tell(self) -> int:
        self.budget -= 1
        if self.budget < 0:
            raise TooLongError
        return super().tell()


def read_tracks(path: Path, data: bytes) -> MidiTracks:
    """Parse the bytes of a MIDI file; ``path`` only names it in the errors.

    Type 0 and type 1, any division. Raises MusicError for what is not such a file.
    """
    if len(data) > MAX_BYTES:
        raise MusicError(
            f"{path}: {len(data) / 1e6:.0f} MB is no song; MIDI files up to 8 MB are read."
        )
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = data[20:]
    if data[:4] != b"MThd" or len(data) < 14:
        raise MusicError(f"{path}: this is not a MIDI file; it does not begin like one.")
    header_length, kind, _, division = struct.unpack(">LHHh", data[4:14])
    if kind == 2:
        raise MusicError(
            f"{path}: this is a type 2 MIDI file, a set of separate patterns without an order to "
            "play them in; save it as type 0 or 1."
        )
    if kind > 2 or header_length < 6:
        raise MusicError(f"{path}: the header of this MIDI file is broken.")
    if division == 0 or (division < 0 and (division & 0xFF) == 0):
        raise MusicError(f"{path}: the header gives no length of a beat; the file is broken.")

    problems: list[str] = []
    tracks: list[mido.MidiTrack] = []
    budget = MAX_MESSAGES
    for body in _track_chunks(path, data[8 + header_length :], problems):
        try:
            track, budget = _parse(body, budget)
        except TooLongError:
            raise _too_long(path) from None
        if track is None:
            problems.append(f"track {len(tracks) + 1} was damaged; what came before was kept")
            try:
                track, budget = _parse(_whole_events(body), budget)
            except TooLongError:
                raise _too_long(path) from None
        # A track that cannot be saved stays as an empty one, so that the numbers of the
        # others do not move.
        tracks.append(mido.MidiTrack() if track is None else track)
    if not tracks:
        raise MusicError(f"{path}: this MIDI file has no tracks; it was cut off or is broken.")
    return MidiTracks(tracks, division, problems)


def _too_long(path: Path) -> MusicError:
    return MusicError(
        f"{path}: more than {MAX_MESSAGES} messages; this is no song a hand can follow."
    )


def _track_chunks(path: Path, data: bytes, problems: list[str]) -> list[bytes]:
    """The bodies of the track chunks, skipping chunks of other kinds.

    A chunk that says a wrong length is followed by rubbish: the next track is then looked for.
    """
    bodies: list[bytes] = []
    position = 0
    while position + 8 <= len(data):
        name, size = struct.unpack(">4sL", data[position : position + 8])
        start, end = position + 8, position + 8 + size
        if end > len(data) or not _is_chunk(data, end):
            following = data.find(b"MTrk", start)
            if following >= 0:
                end = following
                problems.append(f"the length of track {len(bodies) + 1} is wrong")
            else:
                if end > len(data) and name == b"MTrk":
                    problems.append("the end of the file is missing")
                data = data[:end]  # without another track, what follows is not looked at
        if name == b"MTrk":
            bodies.append(data[start:end])
            if len(bodies) > MAX_TRACKS:
                raise MusicError(f"{path}: more than {MAX_TRACKS} tracks; this is no song.")
        position = end
    return bodies


def _is_chunk(data: bytes, position: int) -> bool:
    """Whether a chunk can begin here: four letters, or the end (some files end in a few zeros)."""
    name = data[position : position + 4]
    return len(name) < 4 or (name.isascii() and name.decode("ascii").isprintable())


def _parse(body: bytes, budget: int) -> tuple[mido.MidiTrack | None, int]:
    """One track: its messages (None if mido refuses it) and the budget that is left."""
    track = plain_track(body, budget)
    if track is not None:
        return track, budget - len(track)
    if _ENDLESS_NUMBER.search(body):
        return None, budget
    header = struct.pack(">4sLHHH", b"MThd", 6, 1, 1, 480)
    file = _CountedBytes(header + struct.pack(">4sL", b"MTrk", len(body)) + body, budget)
    try:
        # clip: a data byte above 127 is a scratch on the disk, not a reason to lose the song.
        parsed = mido.MidiFile(file=file, clip=True)
    except TooLongError:
        raise
    except Exception:
        # mido raised OSError, EOFError, ValueError, KeySignatureError, IndexError, KeyError and
        # TypeError on 30 000 mutated files; any exception of its parser means the same: broken.
        return None, file.budget
    return parsed.tracks[0], file.budget


def _whole_events(body: bytes) -> bytes:
    """The leading events of a damaged track that are whole and of a known kind, and an end."""
    kept = bytearray()
    position = 0
    # A data byte goes with the status of the last channel message, also after a meta event:
    # the format forbids that, and many files do it.
    running = 0
    delta = 0
    while True:
        step, position = _variable_length(body, position)
        if step < 0 or position >= len(body):
            break
        delta += step
        status = running
        if body[position] >= 0x80:
            status = body[position]
            position += 1
        kind = status >> 4
        if kind in _DATA_LENGTH:
            end = position + _DATA_LENGTH[kind]
            if end > len(body):
                break
            kept += _encode_variable_length(delta) + bytes([status]) + body[position:end]
            running, delta = status, 0
        elif status in (0xF0, 0xF7):
            size, position = _variable_length(body, position)
            end = position + size
            if size < 0 or end > len(body):
                break
        elif status == 0xFF and position < len(body):
            meta = body[position]
            size, start = _variable_length(body, position + 1)
            end = start + size
            if size < 0 or end > len(body) or meta == 0x2F:
                break
            if meta in _META_LENGTH and size >= _META_LENGTH[meta]:
                kept += _encode_variable_length(delta) + b"\xff" + bytes([meta])
                kept += _encode_variable_length(size) + body[start:end]
                delta = 0
        else:
            break
        position = end
    return bytes(kept) + _END_OF_TRACK


def _variable_length(body: bytes, position: int) -> tuple[int, int]:
    """A variable-length number of at most four bytes and the position after it; −1 if broken."""
    value = 0
    for place in range(4):
        if position + place >= len(body):
            return -1, position
        byte = body[position + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + place + 1
    return -1, position


def _encode_variable_length(value: int) -> bytes:
    value = min(value, 0x0FFFFFFF)
    encoded = [value & 0x7F]
    while value := value >> 7:
        encoded.append(0x80 | value & 0x7F)
    return bytes(reversed(encoded))
