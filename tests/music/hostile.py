"""Files made to cost a reader time or memory. Run as a program it reads them all within limits."""

import os
import random
import resource
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

END = b"\x00\xff\x2f\x00"
SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
#: What reading one file may take, in processor time, and the whole process with its libraries may
#: hold. Where other programs want the processor's caches too, its time is worth less.
SECONDS, BYTES = 2.0 if SOAK else 6.0, 200_000_000
#: As costly as another of them, in the same way.
ONLY_IN_THE_SOAK = (
    *("endless sysex", "all of them in 6 s", "too many notes", "chunks of another kind"),
    *(
        "damaged at the end",
        "markers",
        "lyrics in no known encoding",
        "notes that are never let go",
    ),
)


def header(kind: int = 1, tracks: int = 1, division: int = 480) -> bytes:
    return struct.pack(">4sLHHh", b"MThd", 6, kind, tracks, division)


def chunk(body: bytes, name: bytes = b"MTrk", size: int | None = None) -> bytes:
    return struct.pack(">4sL", name, len(body) if size is None else size) + body


def notes(count: int, step: int = 1) -> bytes:
    """Notes of random pitches on random channels, ``step`` ticks each."""
    draw = random.Random(1)
    body = bytearray()
    for _ in range(count):
        pitch, channel = draw.randrange(30, 100), draw.randrange(16)
        body += bytes([step, 0x90 | channel, pitch, 80, step, 0x80 | channel, pitch, 0])
    return bytes(body)


def files() -> Iterator[tuple[str, bytes]]:
    """The files with their names, in the soak all of them."""
    return ((name, data) for name, data in _files() if SOAK or name not in ONLY_IN_THE_SOAK)


def _files() -> Iterator[tuple[str, bytes]]:
    """Each is as large as a limit lets it be, or a little larger."""
    song = notes(100) + END
    one = header()
    yield "endless running status", one + chunk(b"\x00\x90" + b"\x40\x50\x00" * 2_600_000)
    yield "endless sysex", one + chunk(b"\x00\xf0\x00" * 2_600_000)
    yield "endless empty texts", one + chunk(b"\x00\xff\x01\x00" * 1_900_000)
    yield "one text of 7 MB", one + chunk(b"\x00\xff\x05\x83\xab\x9f\x00" + b"\xe1" * 7_000_000)
    open_notes = b"".join(bytes([i % 127, 80, 0]) for i in range(140_000))
    yield "notes that are never let go", one + chunk(b"\x00\x90" + open_notes)
    yield "as many notes as are read", one + chunk(notes(59_000) + END)
    yield "all of them in 6 s", header(division=9600) + chunk(notes(59_000) + END)
    yield "too many notes", one + chunk(notes(70_000) + END)
    yield "one note piled up", one + chunk(b"\x00\x90\x40\x50" + b"\x01\x40\x50" * 59_000 + END)
    yield "512 tracks", header(tracks=512) + chunk(notes(110) + END) * 512
    yield "too many tracks", header() + chunk(b"") * 900_000
    yield "chunks of another kind", header() + chunk(b"", b"XXXX") * 900_000 + chunk(song)
    yield "chunks without a name", header() + b"\x00" * 7_500_000
    yield "lengths that lie", header() + (b"MTrk\xff\xff\xff\xff" + b"\x80" * 30) * 200_000
    tempi = b"".join(b"\x01\xff\x51\x03" + bytes([1 + i % 200, 2, 3]) for i in range(60_000))
    yield "60 000 tempo changes", one + chunk(tempi + song)
    metres = b"".join(b"\x01\xff\x58\x04" + bytes([1 + i % 60, 2, 3, 3]) for i in range(60_000))
    yield "60 000 time signatures", one + chunk(metres + song)
    yield (
        "as many beats as are read",
        header(division=1) + chunk(b"\x00\xff\x51\x03\x01\x38\x80" + notes(2_490, 4) + END),
    )
    yield "damaged at the end", one + chunk(notes(37_000) + b"\xf4\xf4")
    yield "controllers", one + chunk(b"\x00\xb0\x07\x40" + b"\x01\x07\x50" * 140_000 + song)
    yield "lyrics", one + chunk(b"\x01\xff\x05\x02la" * 140_000 + song)
    yield "lyrics in no known encoding", one + chunk(b"\x01\xff\x05\x02\x81\x8d" * 140_000 + song)
    yield "markers", one + chunk(b"\x01\xff\x06\x02la" * 140_000 + song)
    yield (
        "a chart of 60 000 targets",
        one + chunk(b"\x00\xff\x03\x08griptune" + notes(59_000) + END),
    )


def main(folder: Path) -> int:
    """Read every file in ``folder``; print what it took, and return 1 if one took too much."""
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    from game.music.errors import MusicError
    from game.music.reading import read_song

    failed = 0
    for path in sorted(folder.iterdir()):
        began = time.process_time()
        try:
            song = read_song(path)
            outcome = f"{len(song.notes)} notes"
        except MusicError as refused:
            outcome = str(refused).replace(str(path), "")
        took = time.process_time() - began
        failed += took > SECONDS
        print(f"{path.stem:32} {took:6.2f} s {outcome}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
