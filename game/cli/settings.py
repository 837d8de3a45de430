"""``settings.toml`` in the data folder: read in one place, checked, and passed down.

Every setting has a default, so the file need not exist::

    [stage]
    full_screen = true
    reduced_motion = false
    high_contrast = false
    look_ahead_s = 3.0        # 1 to 6

    [sound]
    music = 0.8               # 0 to 1
    notes = 1.0

    [songs]
    folders = ["D:/my midi files"]

    [delays]                  # milliseconds, taken off every press when it is judged
    audio_ms = 0
    display_ms = 0
    glove_ms = 0
"""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from game.cli.common import UserError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StageSettings(_Section):
    """How the picture is shown."""

    full_screen: bool = True
    reduced_motion: bool = False
    high_contrast: bool = False
    look_ahead_s: float = Field(default=3.0, ge=1.0, le=6.0)


class SoundSettings(_Section):
    """Volumes, 0 to 1."""

    music: float = Field(default=0.8, ge=0.0, le=1.0)
    notes: float = Field(default=1.0, ge=0.0, le=1.0)


class SongSettings(_Section):
    """Folders looked through for songs besides the bundled one and the user's own."""

    folders: tuple[Path, ...] = ()


class DelaySettings(_Section):
    """Known delays of the devices, milliseconds."""

    audio_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    display_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    glove_ms: float = Field(default=0.0, ge=0.0, le=500.0)


class Settings(_Section):
    """Everything ``settings.toml`` may say."""

    stage: StageSettings = StageSettings()
    sound: SoundSettings = SoundSettings()
    songs: SongSettings = SongSettings()
    delays: DelaySettings = DelaySettings()


def read_settings(data: Path) -> Settings:
    """The settings in ``data``/settings.toml; the defaults where there is no such file."""
    path = data / "settings.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except NotADirectoryError:
        return Settings()  # the records will say what is wrong with the folder
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(piece) for piece in first["loc"])
        raise UserError(f"{path}: {where}: {first['msg']}") from error
