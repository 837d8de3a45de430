"""An uploaded song, looked at in a process of its own: it may take long, or die, and nobody else
notices.

The child knows no database and no secret. Where the system can, it is held to a processor's time
and a memory, and may open no file but to read.
"""

import contextlib
import json
import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from game.music.midi_file import MAX_BYTES
from game.music.processes import start

#: Starting a cold child from a slow disk takes some of it; reading takes a second at most.
PATIENCE_S = 60.0
_PROCESSOR_S = 40
_MEMORY = 4 << 30
_MOST_ANSWER = 2_000_000


def checked_song(data: bytes, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """The document of :func:`game.music.checking.check` for the bytes of a MIDI file.

    Never raises for what ``data`` holds: a file that kills or stalls its reader is refused with a
    reason like any other. The file's own name is not used anywhere.
    """
    if len(data) > MAX_BYTES:
        return _refused(f"{len(data) / 1e6:.0f} MB is no song; MIDI files up to 8 MB are read.")
    with tempfile.TemporaryDirectory(prefix="griptune-song-") as folder:
        path = Path(folder) / "song.mid"
        path.write_bytes(data)
        document = _in_a_process(path, patience_s)
        prefix = f"{path}: "
        document["problems"] = [p.removeprefix(prefix) for p in document["problems"]]
    document.pop("path", None)
    return document


def _in_a_process(path: Path, patience_s: float) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_look, args=(str(path), theirs), daemon=True)
    start(process)
    theirs.close()
    try:
        if not ours.poll(patience_s):
            return _refused("reading it took too long; it is no song that can be played")
        return dict(json.loads(ours.recv_bytes(_MOST_ANSWER)))
    except (EOFError, OSError, ValueError):
        return _refused("it brought its reader down; it is broken")
    finally:
        ours.close()
        process.kill()
        process.join()
        process.close()


def _look(path: str, pipe: Connection) -> None:
    """In the child."""
    _hold_back()
    from game.music.checking import check

    pipe.send_bytes(json.dumps(check(path), allow_nan=False).encode())


def _hold_back() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(10)


def _refused(why: str) -> dict[str, Any]:
    return {"ok": False, "title": "", "seconds": 0.0, "notes": 0, "tiers": [], "problems": [why]}
