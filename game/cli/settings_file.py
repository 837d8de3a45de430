"""Changing ``settings.toml`` from the game: what somebody wrote in it by hand stays as it is.

The file is theirs as much as ours. So it is not written anew from the settings but changed in
place: comments, order and spacing are kept (tomlkit), and what has not changed is not touched.
"""

import os
import tomllib
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from game.cli.common import UserError
from game.cli.settings import Settings, checked_settings

#: What a setting may be set to; None takes it out of the file, so that its default holds.
Value = str | int | float | bool | list[str] | None


def change(data: Path, changes: Mapping[str, Value]) -> Settings:
    """Change settings in ``data``/settings.toml, made if need be; returns all as they are now.

    ``changes`` goes by the path of a setting: ``{"delays.audio_ms": 40, "display.scale": None}``.
    All are made or none. The file is whole at every moment: it is written beside itself and put
    in its place at once.

    Raises UserError, in one sentence, if the file is not valid, a setting does not exist or cannot
    have this value, or the file cannot be written.
    """
    path = data / "settings.toml"
    text = _read(path)
    try:
        document = tomlkit.parse(text)
        for name, value in changes.items():
            if not _set(document, name.split("."), value):
                raise UserError(f"{path}: {name} is no setting")
        changed = tomlkit.dumps(document)
        settings = checked_settings(tomllib.loads(changed), path)
    except (TOMLKitError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}") from error
    if changed != text:
        _write(path, changed)
    return settings


def _read(path: Path) -> str:
    try:
        # Bytes, because reading text would turn the ends of lines into one kind.
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error


def _set(document: MutableMapping[str, Any], pieces: list[str], value: Value) -> bool:
    """Set the value at the path ``pieces``, making tables on the way where they are missing.

    False if the path leads through something that is no table.
    """
    table, name = document, pieces[-1]
    for piece in pieces[:-1]:
        if piece not in table:
            if value is None:
                return True
            table[piece] = tomlkit.table()
        inner = table[piece]
        if not isinstance(inner, MutableMapping):
            return False
        table = inner
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value
    return True


def _write(path: Path, text: str) -> None:
    """Put ``text`` in the place of ``path``; a link to a file elsewhere stays a link."""
    place = path.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            os.chmod(beside, place.stat().st_mode & 0o7777)
        os.replace(beside, place)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UserError(f"{path} cannot be written: {error.strerror}") from error
