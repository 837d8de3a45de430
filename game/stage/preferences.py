"""What can be set in the game, page by page: as data, with the next value of each.

The names are the paths in ``settings.toml``. Choosing a setting takes its next value and, after the
last, the first: so one grip is enough for every one of them.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from game.core.grips import GRIP_LABELS, GRIPS
from game.core.say import mark
from game.stage.grip_words import grip_label
from game.stage.palettes import PALETTES
from game.words import LANGUAGES, decimal, percent, tr

Kind = Literal["switch", "amount", "choice"]

#: The languages by their own names: whoever is in the wrong one has to find theirs.
OWN_NAMES = {"en": "English", "es": "Español", "de": "Deutsch"}


@dataclass(frozen=True)
class Preference:
    """One setting. ``values`` go from the least to the most where it is an ``amount``.

    ``title``, ``about`` and the ``names`` of values are messages; ``shown`` writes a value that has
    none.
    """

    path: str
    title: str
    about: str
    kind: Kind
    values: tuple[Any, ...]
    names: Mapping[Any, str] = field(default_factory=dict)
    shown: Callable[[Any], str] = str

    def next(self, now: Any) -> Any:
        """The value after ``now``, which may lie between two of them; after the last, the first."""
        if self.kind == "amount":
            after = bisect_right(self.values, now)
            return self.values[after % len(self.values)]
        after = self.values.index(now) + 1 if now in self.values else 0
        return self.values[after % len(self.values)]

    def nearest(self, share: float) -> Any:
        """The value of an amount at this share (0 to 1) of the way from its least to its most."""
        return min(self.values, key=lambda value: abs(self.share(value) - share))

    def share(self, value: float) -> float:
        """How much of the way from the least to the most ``value`` is, 0 to 1."""
        least, most = self.values[0], self.values[-1]
        return min(1.0, max(0.0, (value - least) / (most - least)))

    def words(self, value: Any) -> str:
        """``value`` as it is written on the screen."""
        return tr(self.names[value]) if value in self.names else self.shown(value)


@dataclass(frozen=True)
class PreferencePage:
    """Settings of one subject: at most five at a time. Its words are messages."""

    name: str
    title: str
    about: str
    icon: str
    preferences: tuple[Preference, ...]

    def shown(self, value_of: Callable[[str], Any]) -> tuple[Preference, ...]:
        """The settings that mean something as the others are now."""
        if self.name != "menus":
            return self.preferences
        used = _MENU_NEEDS[value_of("input.menu.mode")]
        return tuple(p for p in self.preferences if p.path.removeprefix("input.menu.") in used)


def _seconds(value: float) -> str:
    return tr("{n} s", n=round(value) if value == round(value) else decimal(value))


def _whole_percent(value: int) -> str:
    return percent(value / 100)


def _language(value: str) -> str:
    return OWN_NAMES.get(value, value)


def _switch(path: str, title: str, about: str) -> Preference:
    names = {True: mark("On"), False: mark("Off")}
    return Preference(path, title, about, "switch", (False, True), names)


def _volume(path: str, title: str, about: str) -> Preference:
    values = tuple(n / 5 for n in range(6))
    return Preference(path, title, about, "amount", values, shown=percent)


def _grip(path: str, title: str, about: str) -> Preference:
    by_label = {grip.label: grip for grip in GRIPS}
    return Preference(
        path, title, about, "choice", GRIP_LABELS, shown=lambda label: grip_label(by_label[label])
    )


#: What each way of working the menus has to be told.
_MENU_NEEDS: dict[str, tuple[str, ...]] = {
    "hold": ("mode", "hold_s", "pause_s"),
    "two": ("mode", "move", "choose", "pause_s"),
    "scan": ("mode", "scan_s", "pause_s"),
}

PAGES: tuple[PreferencePage, ...] = (
    PreferencePage(
        "sound",
        mark("Sound"),
        mark("Volumes, and the voice."),
        "sound",
        (
            _volume("sound.music", mark("Music"), mark("How loud the song is.")),
            _volume("sound.notes", mark("Your notes"), mark("How loud your pinches are.")),
            _switch("sound.preview", mark("Preview"), mark("Hear a song before you choose it.")),
            _switch("sound.speak", mark("Read aloud"), mark("A voice reads the screens.")),
            _volume("sound.voice", mark("Voice"), mark("How loud the voice is.")),
        ),
    ),
    PreferencePage(
        "words",
        mark("Language and size"),
        mark("Words, letters, window."),
        "lists",
        (
            Preference(
                "display.language",
                mark("Language"),
                mark("Of all words on the screen."),
                "choice",
                ("", *LANGUAGES),
                {"": mark("As the computer")},
                _language,
            ),
            Preference(
                "display.scale",
                mark("Size"),
                mark("Of letters and keys."),
                "amount",
                (100, 125, 150, 175, 200),
                shown=_whole_percent,
            ),
            _switch(
                "stage.full_screen", mark("Full screen"), mark("F11 on the keyboard does the same.")
            ),
            _switch("stage.coach", mark("Coach"), mark("A word about your grips at rests.")),
        ),
    ),
    PreferencePage(
        "picture",
        mark("Picture"),
        mark("Contrast, colours, place."),
        "lamp",
        (
            _switch("stage.high_contrast", mark("High contrast"), mark("Lanes stand out more.")),
            _switch("stage.reduced_motion", mark("Less motion"), mark("Nothing swings or pulses.")),
            Preference(
                "stage.palette",
                mark("Colours"),
                mark("Of the five lanes."),
                "choice",
                tuple(PALETTES),
                {name: palette.title for name, palette in PALETTES.items()},
            ),
            Preference(
                "stage.place",
                mark("Place"),
                mark("Where the song comes down."),
                "choice",
                ("left", "centre", "right"),
                {"left": mark("Left"), "centre": mark("Centre"), "right": mark("Right")},
            ),
            _switch(
                "stage.anchor_bar", mark("Bright stripe"), mark("Shows where the screen begins.")
            ),
        ),
    ),
    PreferencePage(
        "song",
        mark("While you play"),
        mark("How shapes come, what is told."),
        "note",
        (
            Preference(
                "stage.scroll",
                mark("Shapes come"),
                mark("The way they take to the line."),
                "choice",
                ("towards", "down", "up"),
                {"towards": mark("Towards you"), "down": mark("Down"), "up": mark("Up")},
            ),
            Preference(
                "stage.look_ahead_s",
                mark("Seen ahead"),
                mark("From the next song on."),
                "amount",
                (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                shown=_seconds,
            ),
            _switch("stage.early_late", mark("Early or late"), mark("A soft mark at every pinch.")),
            _switch("stage.error_bar", mark("Timing scale"), mark("Your latest pinches on it.")),
            _switch("stage.visual_beat", mark("Lights on the beat"), mark("To see the rhythm.")),
        ),
    ),
    PreferencePage(
        "menus",
        mark("Pinching in menus"),
        mark("How a pinch moves and chooses."),
        "check",
        (
            Preference(
                "input.menu.mode",
                mark("Menus"),
                mark("How pinches work them."),
                "choice",
                ("hold", "two", "scan"),
                {
                    "hold": mark("Hold to choose"),
                    "two": mark("Two grips"),
                    "scan": mark("One pinch"),
                },
            ),
            Preference(
                "input.menu.hold_s",
                mark("Hold"),
                mark("So long, and it is chosen."),
                "amount",
                (0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0),
                shown=_seconds,
            ),
            _grip("input.menu.move", mark("Move on"), mark("The grip that moves on.")),
            _grip("input.menu.choose", mark("Choose"), mark("The grip that chooses.")),
            Preference(
                "input.menu.scan_s",
                mark("Each choice waits"),
                mark("The light moves by itself."),
                "amount",
                (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0),
                shown=_seconds,
            ),
            Preference(
                "input.menu.pause_s",
                mark("Hold to pause"),
                mark("Any grip, while you play."),
                "choice",
                (0.0, 3.0, 5.0, 8.0),
                {0.0: mark("Never")},
                _seconds,
            ),
        ),
    ),
)

#: Every setting that can be set in the game, by its path.
BY_PATH: dict[str, Preference] = {p.path: p for page in PAGES for p in page.preferences}


def page_named(name: str) -> PreferencePage:
    """The page of this name."""
    return next(page for page in PAGES if page.name == name)


def changes_for(path: str, value: Any, value_of: Callable[[str], Any]) -> dict[str, Any]:
    """What has to change for the setting to become ``value``: two grips stay two.

    Where the other of the two has it already, it gets what this one had.
    """
    changes = {path: value}
    pair = ("input.menu.move", "input.menu.choose")
    if path in pair:
        other = pair[1 - pair.index(path)]
        if value_of(other) == value:
            changes[other] = value_of(path)
    return changes


def paths(pages: Sequence[PreferencePage] = PAGES) -> tuple[str, ...]:
    """The paths of everything on ``pages``."""
    return tuple(p.path for page in pages for p in page.preferences)
