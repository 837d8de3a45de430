"""What the author of a song says about it, in a ``.toml`` beside the MIDI file."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from game.core.fields import plain_mistake
from game.music.beside import author_bytes


class MelodyPlace(BaseModel):
    """Where the melody is: a track by its name or by its number (from 1), a channel (1 to 16)."""

    model_config = ConfigDict(extra="forbid")

    track: str | int | None = None
    channel: int | None = Field(default=None, ge=1, le=16)


class AudioPlace(BaseModel):
    """How the recorded audio lies beside the notes."""

    model_config = ConfigDict(extra="forbid")

    #: Song time 0 is at this second of the recording.
    offset_s: float = Field(default=0.0, ge=-600, le=600, allow_inf_nan=False)


class AuthorNotes(BaseModel):
    """The fields Griptune knows; others are kept as they are."""

    model_config = ConfigDict(extra="allow")

    title: str | None = Field(default=None, max_length=200)
    composer: str | None = Field(default=None, max_length=200)
    origin: str | None = Field(default=None, max_length=200)
    mood: str | None = Field(default=None, max_length=100)
    melody: MelodyPlace | None = None
    audio: AudioPlace | None = None

    @field_validator("melody", mode="before")
    @classmethod
    def _a_name_is_a_track(cls, value: object) -> object:
        """``melody = "Fiddle"`` is short for a table with ``track = "Fiddle"``."""
        return {"track": value} if isinstance(value, str) else value

    #: Beats before the first full bar, if the MIDI file does not show them.
    pickup_beats: int | None = Field(default=None, ge=0, le=12)


def read_author_notes(midi_path: Path) -> tuple[AuthorNotes, bytes, str]:
    """The notes beside ``midi_path``, their raw bytes, and what is wrong with them.

    A broken file does not keep the song from playing: the notes are then empty and the last
    value is a sentence that names the file and the field. Without a file all are empty.
    """
    path = midi_path.with_suffix(".toml")
    try:
        raw, problem = author_bytes(midi_path)
    except OSError as error:
        raw, problem = b"", f"{path.name} cannot be read ({error.strerror})"
    if problem:
        return AuthorNotes(), b"", problem
    try:
        return AuthorNotes.model_validate(tomllib.loads(raw.decode("utf-8-sig"))), raw, ""
    except UnicodeDecodeError:
        return AuthorNotes(), raw, f"{path.name} is not UTF-8 text and was not used"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return AuthorNotes(), raw, f"{path.name} is not valid TOML and was not used: {error}"
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        what = plain_mistake(first["type"], first["msg"].lower())
        return AuthorNotes(), raw, f"{path.name} was not used: {field}: {what}"
