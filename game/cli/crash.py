"""What is kept of a fault of the program: where it happened, and nothing of whom."""

import platform
import sys
import traceback
from datetime import datetime
from pathlib import Path

from game import __version__
from game.cli.common import ProgramError

#: So many reports are kept; older ones go.
_KEPT = 20


def report(error: BaseException, data: Path, now: datetime) -> ProgramError:
    """Write what happened to a file in ``data``; returns the error that tells the person.

    The report holds file names, line numbers and the kind of error. What the error says is left
    out: it may quote a nickname or a code.
    """
    folder = data / "faults"
    path = folder / f"fault-{now:%Y-%m-%d-%H%M%S}.txt"
    lines = [
        f"Griptune {__version__}, Python {platform.python_version()}, {sys.platform}",
        f"{now:%Y-%m-%d %H:%M:%S}",
        "",
        *_frames(error),
    ]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for old in sorted(folder.glob("fault-*.txt"))[:-_KEPT]:
            old.unlink()
    except OSError:
        return ProgramError("the game had a fault and closed; what was played is kept")
    return ProgramError(f"the game had a fault and closed; what was played is kept; see {path}")


def _frames(error: BaseException) -> list[str]:
    lines = []
    while True:
        lines.append(type(error).__name__)
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}")
        cause = error.__cause__ or error.__context__
        if cause is None:
            return lines
        error = cause
        lines.append("caused by")


def _short(filename: str) -> str:
    """The file below its package: where it is installed says whose computer it is."""
    parts = Path(filename).parts
    for name in ("game", "firmware_bridge", "songs", "site-packages"):
        if name in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(name) :])
    return Path(filename).name
