"""Which key, button or note is which grip. Plain values: nothing here knows pygame or a device.

Keys are named by their place on a US keyboard, so that a setting means the same key on every
layout: "semicolon" is the key to the right of L, whatever is printed on it.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase

from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip

HANDS = ("right", "left")

#: The word of a place that is no letter or digit -> (its USB usage, which is its scancode; what to
#: print on the screen for it, at most two letters).
_WORDS: dict[str, tuple[int, str]] = {
    "enter": (40, "En"),
    "tab": (43, "Tb"),
    "space": (44, "Sp"),
    "minus": (45, "-"),
    "equals": (46, "="),
    "left bracket": (47, "["),
    "right bracket": (48, "]"),
    "backslash": (49, "\\"),
    "semicolon": (51, ";"),
    "quote": (52, "'"),
    "grave": (53, "`"),
    "comma": (54, ","),
    "period": (55, "."),
    "slash": (56, "/"),
    **{f"f{n}": (57 + n, f"F{n}" if n < 10 else str(n)) for n in range(1, 13)},
    "right": (79, "Ri"),
    "left": (80, "Le"),
    "down": (81, "Do"),
    "up": (82, "Up"),
    **{f"keypad {n}": (88 + n, str(n)) for n in range(1, 10)},
    "keypad 0": (98, "0"),
    "left ctrl": (224, "LC"),
    "left shift": (225, "LS"),
    "left alt": (226, "LA"),
    "right ctrl": (228, "RC"),
    "right shift": (229, "RS"),
    "right alt": (230, "RA"),
}

_PLACES: dict[str, tuple[int, str]] = {
    **{letter: (4 + n, letter.upper()) for n, letter in enumerate(ascii_lowercase)},
    **{str(n % 10): (29 + n, str(n % 10)) for n in range(1, 11)},
    **_WORDS,
}

#: A sign may be written for its word: ";" is "semicolon".
_SIGNS = {sign: word for word, (_, sign) in _WORDS.items() if not sign.isalnum()}

#: Escape pauses, and has to, whatever else is set.
_TAKEN = {"escape": "pauses the play", "esc": "pauses the play"}

_HOME_ROW: dict[str, tuple[str, ...]] = {
    "right": ("h", "j", "k", "l", "semicolon"),
    "left": ("g", "f", "d", "s", "a"),
}

#: Five notes under five fingers, C to G from middle C, the thumb's own for the key grip.
DEFAULT_NOTES: dict[Grip, int] = dict(zip(ACROSS_THE_HAND, (60, 62, 64, 65, 67), strict=True))

#: In code order: the four round buttons, then the left shoulder, as most gamepads number them.
DEFAULT_BUTTONS: dict[Grip, int] = {grip: int(grip) for grip in GRIPS}


def place_of(name: str) -> str:
    """The place that ``name`` means (``";"`` and ``"Semicolon"`` are ``"semicolon"``).

    Raises ValueError with a sentence for a name that is none, or a key that is taken.
    """
    asked = name.strip().lower()
    asked = _SIGNS.get(asked, asked)
    if asked in _PLACES:
        return asked
    if asked in _TAKEN:
        raise ValueError(f"the key “{name}” {_TAKEN[asked]} and cannot be a grip")
    near = difflib.get_close_matches(asked, _PLACES, 1, 0.6)
    meant = f"; did you mean “{near[0]}”?" if near else ""
    raise ValueError(
        f"there is no key “{name}”: keys are named by their place on a US keyboard, "
        f"such as “j”, “semicolon” or “space”{meant}"
    )


def _home_rows() -> dict[str, dict[Grip, str]]:
    return {
        hand: dict(zip(ACROSS_THE_HAND, places, strict=True)) for hand, places in _HOME_ROW.items()
    }


def keys_of(
    both: Mapping[Grip, str], by_hand: Mapping[str, Mapping[Grip, str]]
) -> dict[str, dict[Grip, str]]:
    """The place of each grip for each hand: the home row, then what is set for both, then for one.

    Raises ValueError with a sentence for a name that is none or a key with two grips.
    """
    found = _home_rows()
    for hand, places in found.items():
        named = {**both, **by_hand.get(hand, {})}
        places.update({grip: place_of(name) for grip, name in named.items()})
        refuse_doubles(places, "the key", f" of the {hand} hand")
    return found


def refuse_doubles(bound: Mapping[Grip, str | int], what: str, of: str = "") -> None:
    """Raise ValueError with a sentence if two grips share one key, button or note."""
    first: dict[str | int, Grip] = {}
    for grip, place in bound.items():
        if place in first:
            raise ValueError(
                f"{what} “{place}” would be {first[place].label} and {grip.label}{of}; "
                "give each grip its own"
            )
        first[place] = grip


@dataclass(frozen=True)
class Bindings:
    """What is bound to what. ``keys`` by hand, ``buttons`` None if gamepads are not wanted,
    ``midi_port`` a part of the port's name, "any", or empty if none is wanted.

    ``menus`` says whether a gamepad's cross, stick and first two buttons work the menus.
    """

    keys: Mapping[str, Mapping[Grip, str]] = field(default_factory=_home_rows)
    buttons: Mapping[Grip, int] | None = field(default_factory=lambda: dict(DEFAULT_BUTTONS))
    notes: Mapping[Grip, int] = field(default_factory=lambda: dict(DEFAULT_NOTES))
    midi_port: str = ""
    menus: bool = True

    def scancodes(self, hand: str) -> dict[int, Grip]:
        """The grip of each scancode for ``hand``."""
        return {_PLACES[place][0]: grip for grip, place in self.keys[hand].items()}

    def letters(self, hand: str) -> dict[Grip, str]:
        """What to print on the strike shapes: the sign at each place on a QWERTY keyboard."""
        return {grip: _PLACES[place][1] for grip, place in self.keys[hand].items()}


#: What is bound where the settings say nothing.
DEFAULT = Bindings()
