"""What the play screen is told each frame: plain data, no clocks, no devices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from game.core.data import TARGET
from game.core.grips import Grip
from game.core.say import mark
from game.stage.lyrics import LyricLine

#: Who feels pinches, unless something else is played with.
GLOVE_FEELS = mark("Glove feels {what}")

EffectKind = Literal["hit", "near", "wrong", "miss"]

#: How targets come: towards the player on a road seen at an angle, or straight down or up.
Scroll = Literal["towards", "down", "up"]
SCROLLS: tuple[Scroll, ...] = ("towards", "down", "up")


@dataclass(frozen=True)
class Effect:
    """Something that just happened and is still seen.

    ``at_us`` is the song_us of the moment it is shown from; ``grip`` the lane it is shown in (the
    grip asked for, or pinched when nothing was asked); ``pinched`` the wrong grip of a ``wrong``;
    ``off_us`` press − target of a ``hit`` or ``near``, negative early.
    """

    kind: EffectKind
    at_us: int
    grip: Grip
    pinched: Grip | None = None
    off_us: int = 0


#: How long each kind is seen.
EFFECT_US: dict[str, int] = {"hit": 400_000, "near": 250_000, "wrong": 400_000, "miss": 300_000}


def _no_targets() -> "np.ndarray[Any, Any]":
    return np.zeros(0, TARGET)


def _no_states() -> "np.ndarray[Any, Any]":
    return np.zeros(0, np.uint8)


def _no_times() -> "np.ndarray[Any, Any]":
    return np.zeros(0, np.int64)


@dataclass(frozen=True)
class Options:
    """How the stage is drawn; fixed for a play.

    ``scale`` is how large letters and keys are, 1 to 2.

    ``place`` is where the group stands: left, centre, right (for people who neglect one side);
    ``anchor_bar`` a lamp stripe at the left edge; ``letters`` what to print on the strike shapes.
    ``early_late`` marks softly whether a pinch came before or after its target, ``error_bar`` shows
    the latest pinches on a scale of time, ``visual_beat`` the beat, for who does not hear it.
    """

    reduced_motion: bool = False
    high_contrast: bool = False
    scale: float = 1.0
    place: Literal["left", "centre", "right"] = "centre"
    anchor_bar: bool = False
    scroll: Scroll = "towards"
    early_late: bool = False
    error_bar: bool = False
    visual_beat: bool = False
    letters: dict[Grip, str] | None = None


@dataclass
class HighwayView:
    """One moment of a play. Times are song_us at the played tempo.

    ``targets`` (TARGET, sorted by time; may grow) with ``states`` (u1: ``WAITING``,
    ``WAS_HIT``, ``WAS_MISSED`` of :mod:`game.play.plan`), one per target. ``effects`` what
    happened in the last half second, oldest first. ``asked`` the grip asked for now and
    ``asked_index`` the number of its target, ``following`` the grip after it. ``contacts`` the
    mask of closed contacts (bit = grip) and ``contact_held_us`` how long the longest has been
    closed: over a second the drawn hand opens. ``count`` counted pinches so far. ``count_in`` the
    number of a counted bar, 0 for none. ``feels`` is the message that says who feels
    pinches; ``{what}`` in it is what is felt. ``errors_us`` are press − target of the latest hits,
    the latest last, and ``window_us`` how early and how late a hit may be.
    """

    song_us: int = 0
    look_ahead_us: int = 3_000_000
    length_us: int = 1
    targets: "np.ndarray[Any, Any]" = field(default_factory=_no_targets)
    states: "np.ndarray[Any, Any]" = field(default_factory=_no_states)
    effects: Sequence[Effect] = ()
    beats_us: "np.ndarray[Any, Any]" = field(default_factory=_no_times)
    bars_us: "np.ndarray[Any, Any]" = field(default_factory=_no_times)
    lyrics: Sequence[LyricLine] = ()
    sections: Sequence[tuple[int, str]] = ()
    title: str = ""
    count: int = 0
    asked: Grip | None = None
    asked_index: int = -1
    following: Grip | None = None
    contacts: int = 0
    contact_held_us: int = 0
    feels: str = GLOVE_FEELS
    errors_us: Sequence[int] = ()
    window_us: tuple[int, int] = (200_000, 200_000)
    notice: str = ""
    count_in: int = 0
    paused: bool = False

    @property
    def effects_seen(self) -> Sequence[Effect]:
        """The effects to draw: none while paused, so that the picture behind Pause is calm."""
        return () if self.paused else self.effects

    @property
    def beat(self) -> tuple[float, bool]:
        """How much of the present beat is over (0 to 1), and whether it is the first of a bar.

        Between beats that are not known it is over (1).
        """
        i = int(np.searchsorted(self.beats_us, self.song_us, side="right")) - 1
        if i < 0 or i + 1 >= len(self.beats_us):
            return 1.0, False
        start_us, end_us = int(self.beats_us[i]), int(self.beats_us[i + 1])
        over = min(1.0, (self.song_us - start_us) / max(1, end_us - start_us))
        bar = int(np.searchsorted(self.bars_us, start_us))
        return over, bar < len(self.bars_us) and int(self.bars_us[bar]) == start_us

    @property
    def pulse(self) -> float:
        """1 on a beat, falling to 0 before the next: what breathes with the music."""
        return float((1 - self.beat[0]) ** 2)
