"""``settings.toml`` in the data folder: read in one place, checked, and passed down.

Every setting has a default, so the file need not exist::

    [stage]
    full_screen = true
    reduced_motion = false
    high_contrast = false
    look_ahead_s = 3.0        # 1 to 6
    scroll = "towards"        # or "down" or "up": how targets come
    place = "centre"          # or "left" or "right": where the highway stands
    anchor_bar = false        # a bright stripe at the left edge
    palette = "standard"      # or "blue-yellow" or "steps": colours of the lanes
    early_late = false        # mark softly what was early or late
    error_bar = false         # the latest pinches on a scale of time
    visual_beat = false       # lights that show the beat

    [display]
    language = "de"           # de, en or es; without it the computer's own
    scale = 100               # percent, 100 to 200: how large letters and keys are

    [sound]
    music = 0.8               # 0 to 1
    notes = 1.0
    speak = false             # read the screens aloud

    [songs]
    folders = ["D:/my midi files"]

    [delays]                  # milliseconds, taken off every press when it is judged
    audio_ms = 0
    display_ms = 0
    glove_ms = 0
    audio_from = ""           # where a figure comes from; display_from and glove_from as well

    [glove]
    cues = true               # a real glove lights or buzzes when a target is due

    [input.keys]              # keys by their place on a US keyboard; what is not named stays as it
    index = "j"               # is: H J K L ; for key, index, middle, ring, little of a right hand
    key = "space"             # and G F D S A of a left one
    left = { index = "f" }    # for one hand alone; right as well

    [input.gamepad]           # gamepads and switch boxes, as they are plugged in
    enabled = true
    index = 0                 # numbers of buttons, from 0
    middle = 1
    ring = 2
    little = 3
    key = 4
    menus = true              # in menus a gamepad's cross and stick move, A chooses, B goes back

    [input.menu]              # how pinches work the menus
    mode = "hold"             # short moves, held chooses; "two": one grip moves, one chooses;
    hold_s = 0.8              # "scan": the focus moves by itself, any pinch chooses; 0.4 to 2
    scan_s = 3.0              # 2 to 5
    move = "index"            # the two grips of "two"
    choose = "middle"
    pause_s = 3.0             # in play: holding any grip so long pauses; 2 to 10, 0 for never

    [input.midi]              # needs the extra “midi”; plug it in before the game is opened
    port = ""                 # a part of the port's name, "any" for the first, empty for none
    key = 60                  # notes, 60 is middle C
    index = 62
    middle = 64
    ring = 65
    little = 67

    [records]
    url = ""                  # postgresql://user@host/name; empty, the default: a file in here

    [clinic]
    station = true            # patients take turns here; without it: if it is paired with a server
    idle_s = 90               # then the boards show, 10 to 3600

    [markers]                 # for a clinic's stimulator or amplifier; docs/glove-protocol.md
    port = "/dev/ttyUSB1"     # empty, the default: none
    baud = 115200
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from game.cli.common import UserError
from game.core.fields import plain_mistake
from game.core.grips import GRIPS, Grip
from game.play.clock import Delay, Delays
from game.stage.bindings import (
    DEFAULT_BUTTONS,
    DEFAULT_NOTES,
    Bindings,
    keys_of,
    refuse_doubles,
)
from game.stage.menu_grip import MenuMode, MenuRules
from game.stage.view import Options, Scroll
from game.words import LANGUAGES, PSEUDO, best_language


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _by_grip(section: BaseModel) -> dict[Grip, Any]:
    """The fields of ``section`` that are named after grips and set."""
    found = {grip: getattr(section, grip.label) for grip in GRIPS}
    return {grip: value for grip, value in found.items() if value is not None}


class StageSettings(_Section):
    """How the picture is shown: see :class:`game.stage.view.Options`, and palettes there; and
    whether the ``coach`` says a sentence at rests and after songs."""

    full_screen: bool = True
    reduced_motion: bool = False
    high_contrast: bool = False
    look_ahead_s: float = Field(default=3.0, ge=1.0, le=6.0)
    scroll: Scroll = "towards"
    place: Literal["left", "centre", "right"] = "centre"
    anchor_bar: bool = False
    palette: Literal["standard", "blue-yellow", "steps"] = "standard"
    early_late: bool = False
    error_bar: bool = False
    visual_beat: bool = False
    coach: bool = True


class DisplaySettings(_Section):
    """The words on the screen: ``language`` (empty: the computer's own) and size in percent."""

    language: str = ""
    scale: int = Field(default=100, ge=100, le=200)

    @field_validator("language")
    @classmethod
    def _can_be_spoken(cls, language: str) -> str:
        if language not in ("", PSEUDO) and best_language([language, PSEUDO]) == PSEUDO:
            raise ValueError(f"there is no language “{language}”; there are {', '.join(LANGUAGES)}")
        return language


class SoundSettings(_Section):
    """Volumes, 0 to 1; whether the song in focus is heard before it is chosen (``preview``) and
    whether screens are read aloud (``speak``)."""

    music: float = Field(default=0.8, ge=0.0, le=1.0)
    notes: float = Field(default=1.0, ge=0.0, le=1.0)
    voice: float = Field(default=1.0, ge=0.0, le=1.0)
    preview: bool = True
    speak: bool = False


class SongSettings(_Section):
    """Folders looked through for songs besides the bundled one and the user's own."""

    folders: tuple[Path, ...] = ()


class DelaySettings(_Section):
    """Known delays of the devices, milliseconds, and where each figure comes from (``_from``).

    Whoever changes a figure says anew where it comes from: it is kept with every play.
    """

    audio_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    audio_from: str = ""
    display_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    display_from: str = ""
    glove_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    glove_from: str = ""

    def known(self) -> Delays:
        """As a play takes them, each with where it comes from."""

        def delay(milliseconds: float, found: str) -> Delay:
            source = found or ("settings" if milliseconds else "not measured")
            return Delay(round(milliseconds * 1000), source)

        return Delays(
            audio=delay(self.audio_ms, self.audio_from),
            display=delay(self.display_ms, self.display_from),
            link=delay(self.glove_ms, self.glove_from),
        )


class GloveSettings(_Section):
    """What a real glove is told."""

    cues: bool = True


class HandKeys(_Section):
    """The key of each grip, by its place on a US keyboard; None where it stays as it is."""

    index: str | None = None
    middle: str | None = None
    ring: str | None = None
    little: str | None = None
    key: str | None = None


class KeySettings(HandKeys):
    """The keys of both hands, and what one hand has otherwise."""

    left: HandKeys = HandKeys()
    right: HandKeys = HandKeys()

    @model_validator(mode="after")
    def _check(self) -> "KeySettings":
        self.places()
        return self

    def places(self) -> Mapping[str, Mapping[Grip, str]]:
        """The place of each grip's key, by hand. Raises ValueError for what cannot be."""
        by_hand = {"left": _by_grip(self.left), "right": _by_grip(self.right)}
        return keys_of(_by_grip(self), by_hand)


class GamepadSettings(_Section):
    """The button of each grip, on every gamepad and switch box."""

    enabled: bool = True
    index: int = Field(default=DEFAULT_BUTTONS[Grip.INDEX], ge=0, le=127)
    middle: int = Field(default=DEFAULT_BUTTONS[Grip.MIDDLE], ge=0, le=127)
    ring: int = Field(default=DEFAULT_BUTTONS[Grip.RING], ge=0, le=127)
    little: int = Field(default=DEFAULT_BUTTONS[Grip.LITTLE], ge=0, le=127)
    key: int = Field(default=DEFAULT_BUTTONS[Grip.KEY], ge=0, le=127)
    menus: bool = True

    @model_validator(mode="after")
    def _check(self) -> "GamepadSettings":
        refuse_doubles(_by_grip(self), "the button")
        return self


class MidiSettings(_Section):
    """The note of each grip, and the port they come from; an empty port is none."""

    port: str = ""
    index: int = Field(default=DEFAULT_NOTES[Grip.INDEX], ge=0, le=127)
    middle: int = Field(default=DEFAULT_NOTES[Grip.MIDDLE], ge=0, le=127)
    ring: int = Field(default=DEFAULT_NOTES[Grip.RING], ge=0, le=127)
    little: int = Field(default=DEFAULT_NOTES[Grip.LITTLE], ge=0, le=127)
    key: int = Field(default=DEFAULT_NOTES[Grip.KEY], ge=0, le=127)

    @model_validator(mode="after")
    def _check(self) -> "MidiSettings":
        refuse_doubles(_by_grip(self), "the note")
        return self


GripName = Literal["index", "middle", "ring", "little", "key"]


class MenuSettings(_Section):
    """How pinches work the menus, see :class:`game.stage.menu_grip.MenuRules`; and ``pause_s``, how
    long a grip is held in play to pause it (0: never)."""

    mode: MenuMode = "hold"
    hold_s: float = Field(default=0.8, ge=0.4, le=2.0)
    scan_s: float = Field(default=3.0, ge=2.0, le=5.0)
    move: GripName = "index"
    choose: GripName = "middle"
    pause_s: float = Field(default=3.0, ge=0.0, le=10.0)

    @model_validator(mode="after")
    def _check(self) -> "MenuSettings":
        if self.move == self.choose:
            raise ValueError("move and choose have to be two grips")
        if 0 < self.pause_s < 2:
            raise ValueError("pause_s is 2 to 10, or 0 for never")
        return self


class InputSettings(_Section):
    """Ways in besides the glove, and how the menus are worked."""

    keys: KeySettings = KeySettings()
    gamepad: GamepadSettings = GamepadSettings()
    midi: MidiSettings = MidiSettings()
    menu: MenuSettings = MenuSettings()

    def bindings(self) -> Bindings:
        """What is bound to what, as the stage takes it."""
        return Bindings(
            keys=self.keys.places(),
            buttons=_by_grip(self.gamepad) if self.gamepad.enabled else None,
            notes=_by_grip(self.midi),
            midi_port=self.midi.port.strip(),
            menus=self.gamepad.menus,
        )

    def rules(self) -> MenuRules:
        """What a pinch means in menus, as the stage takes it."""
        menu = self.menu
        return MenuRules(
            mode=menu.mode,
            hold_us=round(menu.hold_s * 1e6),
            scan_us=round(menu.scan_s * 1e6),
            move=Grip.from_label(menu.move),
            choose=Grip.from_label(menu.choose),
        )


class RecordSettings(_Section):
    """Where records are, if not in the data folder: see :mod:`game.records.place`."""

    url: str = ""


class ClinicSettings(_Section):
    """Whether patients take turns here (``station``; None: if this computer is paired with a
    clinic's server), and after how many idle seconds their list shows the boards."""

    station: bool | None = None
    idle_s: float = Field(default=90.0, ge=10.0, le=3600.0)


class MarkerSettings(_Section):
    """Where markers go; an empty port is nowhere."""

    port: str = ""
    baud: int = Field(default=115_200, ge=300, le=4_000_000)


class Settings(_Section):
    """Everything ``settings.toml`` may say."""

    stage: StageSettings = StageSettings()
    display: DisplaySettings = DisplaySettings()
    sound: SoundSettings = SoundSettings()
    songs: SongSettings = SongSettings()
    delays: DelaySettings = DelaySettings()
    glove: GloveSettings = GloveSettings()
    input: InputSettings = InputSettings()
    records: RecordSettings = RecordSettings()
    clinic: ClinicSettings = ClinicSettings()
    markers: MarkerSettings = MarkerSettings()

    def look(self) -> Options:
        """How a play is drawn, as the stage takes it; the palette is not in it."""
        stage = self.stage
        return Options(
            reduced_motion=stage.reduced_motion,
            high_contrast=stage.high_contrast,
            scale=self.display.scale / 100,
            place=stage.place,
            anchor_bar=stage.anchor_bar,
            scroll=stage.scroll,
            early_late=stage.early_late,
            error_bar=stage.error_bar,
            visual_beat=stage.visual_beat,
        )


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
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML: {error}") from error
    return checked_settings(document, path)


def checked_settings(document: Mapping[str, Any], path: Path) -> Settings:
    """The settings that ``document``, read from ``path``, holds.

    Raises UserError, naming the first setting that does not exist or cannot have its value.
    """
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(piece) for piece in first["loc"])
        what = plain_mistake(first["type"], first["msg"])
        raise UserError(f"{path}: {where}: {what}") from error
