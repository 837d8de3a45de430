"""What the commands share: where data live, how numbers are checked, how answers are printed."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import platformdirs
import typer

from game.words import LANGUAGES, PSEUDO


class UserError(Exception):
    """Bad input from the command line; the message is the one sentence that is shown."""


class ProgramError(Exception):
    """A fault of ours; the message is the one sentence that is shown. Ends with exit code 1."""


def bad_input_errors() -> tuple[type[Exception], ...]:
    """The errors that mean: what came from outside was wrong, and the message says how."""
    from firmware_bridge.errors import GloveError
    from game.music.errors import MusicError
    from game.records.errors import RecordsError

    # The stage is not imported here: it brings pygame, which most commands never need.
    return (UserError, GloveError, MusicError, RecordsError)


DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Where records, settings and own songs live (or GRIPTUNE_DATA).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


def data_folder(given: Path | None) -> Path:
    """The folder for records and settings: ``--data``, ``GRIPTUNE_DATA``, or the platform's own."""
    if given is not None:
        return given
    from_environment = os.environ.get("GRIPTUNE_DATA")
    if from_environment:
        return Path(from_environment)
    return Path(platformdirs.user_data_dir("griptune", appauthor=False))


def records_url(data: Path) -> str | None:
    """The PostgreSQL database that holds the records: ``GRIPTUNE_DATABASE``, or ``[records] url``
    in the settings; None where they are a file in ``data``.

    Raises UserError if the settings are not valid.
    """
    from_environment = os.environ.get("GRIPTUNE_DATABASE", "").strip()
    if from_environment:
        return from_environment
    try:
        if b"records" not in (data / "settings.toml").read_bytes():
            return None  # without the time it takes to read all settings
    except OSError:
        return None  # whoever needs the settings will say what is wrong
    from game.cli.settings import read_settings

    return read_settings(data).records.url.strip() or None


def own_songs_folder(data: Path) -> Path:
    """Where a user drops MIDI files; made when the game first looks there."""
    return data / "songs"


def cache_folder(data: Path) -> Path:
    """Rendered sound and other things that can be made again."""
    return data / "cache"


def within(name: str, value: float | None, low: float, high: float, unit: str = "") -> None:
    """Refuse ``value`` outside ``low`` … ``high`` (both allowed; None passes)."""
    if value is not None and not low <= value <= high:
        raise UserError(f"{name} must lie between {low:g} and {high:g}{unit}, not {value:g}")


def known_language(name: str | None) -> None:
    """Refuse a language that the screens do not speak (None passes)."""
    if name is not None and name not in (*LANGUAGES, PSEUDO):
        raise UserError(f"there is no language “{name}”; there are {', '.join(LANGUAGES)}")


#: A line this long says enough, whatever was typed.
_LONGEST_LINE = 600


def one_line(text: str) -> str:
    """``text`` in one line that does nothing to a terminal: control characters are shown as �."""
    line = "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """Print exactly one JSON document on standard output, whatever the console's encoding."""
    sys.stdout.write(json.dumps(document, ensure_ascii=True, indent=2, allow_nan=False) + "\n")
