"""Every way in as one glove, and what a play was played with.

A glove is always there (the keyboard's does nothing of its own). Keys, gamepad and switch buttons
and MIDI notes are small adapters that push edges into it, each with its own time and a stated
resolution:

- the glove samples its electrodes at 1 kHz or faster: 1 ms;
- keys and buttons are stamped when the window's events are pumped. Their resolution is what the
  device itself takes (a USB keyboard or gamepad is asked every 8 ms) and the longest wait between
  two pumps, which is measured while the play runs;
- MIDI notes are stamped by the driver's own thread when they arrive: 2 ms.

What a play was played with is decided by its presses, when it is over. Presses of one kind make
the play one of that kind. Presses of several kinds make it *mixed*, however few they are: its
timing is that of the coarsest, and nobody's difficulty follows from it.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pygame

from firmware_bridge.glove import Glove
from firmware_bridge.health import Health
from game.core.grips import Grip
from game.core.say import Say, mark
from game.stage import keys
from game.stage.bindings import DEFAULT, Bindings
from game.stage.pad_menu import MENU_BUTTONS
from game.stage.view import GLOVE_FEELS

KEYBOARD, GAMEPAD, MIDI, MIXED = "keyboard", "gamepad", "midi", "mixed"

_GLOVE_RESOLUTION_US = 1_000
_MIDI_RESOLUTION_US = 2_000
_USB_DEVICE_US = 8_000

#: Taken for the wait between two pumps until it has been measured: a frame.
_PUMP_UNMEASURED_US = 17_000

#: Waits are measured in steps of this, up to a second.
_STEP_US = 250
_STEPS = 4_000

_NAMES = {KEYBOARD: "keyboard", GAMEPAD: "gamepad or switches", MIDI: "MIDI controller"}


@dataclass(frozen=True)
class PlayedWith:
    """What a play was played with, as the records keep it.

    ``description`` ends in ``; resolution N ms``: the coarsest of all that gave presses.
    """

    kind: str
    description: str
    resolution_us: int


class PumpWaits:
    """How long the window's events wait to be looked at, at most: the time between two looks."""

    def __init__(self) -> None:
        self._counts = np.zeros(_STEPS, np.int64)
        self._last_us: int | None = None

    def note(self, host_us: int) -> None:
        """The events were looked at now."""
        if self._last_us is not None:
            step = (host_us - self._last_us) // _STEP_US
            self._counts[min(max(step, 0), _STEPS - 1)] += 1
        self._last_us = host_us

    def percentile_us(self, percent: float) -> int | None:
        """The wait that ``percent`` % of all waits were below; None before the first."""
        total = int(self._counts.sum())
        if not total:
            return None
        upto = np.searchsorted(np.cumsum(self._counts), percent / 100 * total)
        return (int(upto) + 1) * _STEP_US

    def forget(self) -> None:
        """Begin anew: another play."""
        self._counts[:] = 0


class Gamepads:
    """Gamepads and switch boxes, each opened when it is plugged in.

    Make it after the first frame has been shown: the joystick part of SDL looks through devices.
    """

    def __init__(self) -> None:
        self._open: dict[int, Any] = {}
        pygame.joystick.init()
        for index in range(pygame.joystick.get_count()):
            self._add(index)

    def plugged(self, event: pygame.event.Event) -> int | None:
        """Take in that one was plugged or unplugged; returns the number of one that is gone."""
        if event.type == pygame.JOYDEVICEADDED:
            self._add(event.device_index)
        elif event.type == pygame.JOYDEVICEREMOVED:
            self._open.pop(event.instance_id, None)
            return int(event.instance_id)
        return None

    def steers(self, instance_id: int) -> bool:
        """Whether it is a gamepad, with a cross or a stick; a switch box has neither."""
        pad = self._open.get(instance_id)
        return pad is not None and (pad.get_numhats() > 0 or pad.get_numaxes() >= 2)

    def close(self) -> None:
        """Let go of them."""
        self._open.clear()
        pygame.joystick.quit()

    def _add(self, index: int) -> None:
        try:
            pad = pygame.joystick.Joystick(index)
        except pygame.error:
            return  # gone again, or not ours to open: it is simply not played with
        self._open[pad.get_instance_id()] = pad


class MidiNotes:
    """Notes of a MIDI controller, stamped as they arrive.

    ``port`` is a part of the port's name, or ``any`` for the first. Raises nothing: what is wrong
    is a sentence in :attr:`trouble`. The controller has to be there when the game is opened.
    """

    def __init__(self, port: str, now: Callable[[], int]) -> None:
        self.trouble = ""
        self._now = now
        self._heard: deque[tuple[int, int, bool]] = deque()
        self._port: Any = None
        import mido

        try:
            names = mido.get_input_names()
            found = [n for n in names if port == "any" or port.casefold() in n.casefold()]
            # A loop of the system's own, on which nobody plays unless they name it.
            found.sort(key=lambda name: "midi through" in name.casefold())
            if found:
                self._port = mido.open_input(found[0], callback=self._hear)
        except ImportError:
            self.trouble = mark(
                "MIDI controllers need one more package: pip install 'griptune[midi]'."
            )
            return
        except Exception as error:  # what a MIDI backend raises is its own affair
            self.trouble = Say("The MIDI controller cannot be opened: {error}", error=error)
            return
        if self._port is None:
            there = ", ".join(names) or "none"
            self.trouble = Say(
                "The MIDI controller “{port}” is not there. Plugged in: {there}.",
                port=port,
                there=there,
            )

    def take(self) -> list[tuple[int, int, bool]]:
        """The notes since the last call: (host_us, note, whether it began)."""
        taken = []
        while self._heard:
            taken.append(self._heard.popleft())
        return taken

    def close(self) -> None:
        """Let go of the port."""
        if self._port is not None:
            self._port.close()

    def _hear(self, message: Any) -> None:
        # In the driver's thread: only a stamp, and a deque that needs no lock.
        if message.type in ("note_on", "note_off"):
            began = message.type == "note_on" and message.velocity > 0
            self._heard.append((self._now(), message.note, began))


def _presses(count: int) -> str:
    return "1 press" if count == 1 else f"{count} presses"


class Inputs:
    """``glove`` and all that is pushed into it. Polled like a glove.

    ``cues`` says whether a real glove is told of targets by its lamp or vibration. Virtual gloves
    always are: without it they would not know the song.
    """

    def __init__(
        self,
        glove: Glove,
        now: Callable[[], int],
        bindings: Bindings = DEFAULT,
        *,
        cues: bool = True,
    ) -> None:
        self.glove = glove
        self.waits = PumpWaits()
        self._now = now
        self._bindings = bindings
        self._wants_cues = cues
        self._cues = cues or glove.kind != "glove"
        self._gamepads = None if bindings.buttons is None else Gamepads()
        self._midi = MidiNotes(bindings.midi_port, now) if bindings.midi_port else None
        self._grip_of_button = {b: g for g, b in (bindings.buttons or {}).items()}
        self._grip_of_note = {note: grip for grip, note in bindings.notes.items()}
        #: What is held down, by where it comes from: (kind, device, number) -> grip.
        self._down: dict[tuple[str, int, int], Grip] = {}
        self._settled_us = 0
        #: Presses pushed but not polled yet: (time, grip) -> the kind they came from.
        self._coming: dict[tuple[int, int], str] = {}
        self._aside: list[np.ndarray] = []
        self._began_us = now()
        self._playing = False
        self._presses: Counter[str] = Counter()
        self._kind = glove.kind

    def use(self, glove: Glove) -> None:
        """Another glove from now on, between plays; the one before is closed by whoever opened it.

        What is held down stays down: it is let go in the new glove.
        """
        self.glove = glove
        self._cues = self._wants_cues or glove.kind != "glove"
        self._kind = glove.kind
        self._coming.clear()
        self._settled_us = 0

    # ------------------------------------------------------------------ what it is

    @property
    def kind(self) -> str:
        """What a play that begins now is made for: what was last played with or pinched."""
        return self._kind

    @property
    def notice(self) -> str:
        """What is wrong with a way in, as a sentence; empty if all is well."""
        return "" if self._midi is None else self._midi.trouble

    def silent_since(self) -> int | None:
        """Since when (host time) a glove that is lost has told nothing; None while it is heard, and
        while something else is played with."""
        return self.glove.silent_since_us if self._kind == self.glove.kind else None

    @property
    def health(self) -> Health:
        """How the glove is doing."""
        return self.glove.health

    @property
    def contacts(self) -> int:
        """The mask of all grips that are closed now."""
        mask = self.glove.health.contacts
        for grip in self._down.values():
            mask |= 1 << grip
        return mask

    def letters(self, hand: str) -> dict[Grip, str] | None:
        """What to print on the strike shapes, if it is keys that are played."""
        return keys.letters(hand, self._bindings) if self._kind == KEYBOARD else None

    @property
    def feels(self) -> str:
        """Who feels the pinches: a message whose ``{what}`` is what is felt."""
        keys_feel = mark("Keys feel {what}")
        return {
            KEYBOARD: keys_feel,
            GAMEPAD: mark("Buttons feel {what}"),
            MIDI: keys_feel,
        }.get(self._kind, GLOVE_FEELS)

    # ------------------------------------------------------------------ events come in

    def pumped(self) -> None:
        """The window's events have just been taken: bring in what does not come as events."""
        self.waits.note(self._now())
        if self._midi is None:
            return
        for host_us, note, began in self._midi.take():
            grip = self._grip_of_note.get(note)
            if grip is not None:
                self._push((MIDI, 0, note), grip, began, host_us)

    def take(self, event: pygame.event.Event, hand: str, *, keys_play: bool) -> bool:
        """Take ``event`` if it is a grip; False if it is none.

        Keys are grips while a play runs (``keys_play``) and commands otherwise; what was pressed
        in play is let go at any time. Buttons are grips always: they work the menus as a pinch
        does. Only those with which a gamepad steers the menus are none there.
        """
        if event.type in (pygame.JOYDEVICEADDED, pygame.JOYDEVICEREMOVED):
            gone = None if self._gamepads is None else self._gamepads.plugged(event)
            if gone is not None:
                self._let_go(GAMEPAD, gone)
            return True
        if event.type in (pygame.JOYBUTTONDOWN, pygame.JOYBUTTONUP):
            grip = self._grip_of_button.get(event.button)
            if event.type == pygame.JOYBUTTONDOWN and not keys_play and self._steers(event):
                return False
            if grip is not None:
                source = (GAMEPAD, int(event.instance_id), int(event.button))
                self._push(source, grip, event.type == pygame.JOYBUTTONDOWN, self._now())
            return True
        pinch = keys.grip_of(event, hand, self._bindings)
        if pinch is None:
            return False
        grip, down = pinch
        source = (KEYBOARD, 0, int(event.scancode))
        if not (keys_play if down else source in self._down):
            return False
        self._push(source, grip, down, self._now())
        return True

    def _steers(self, event: pygame.event.Event) -> bool:
        """Whether a button that went down is for the menus."""
        return (
            self._bindings.menus
            and self._gamepads is not None
            and event.button in MENU_BUTTONS
            and self._gamepads.steers(int(event.instance_id))
        )

    def let_go_of_keys(self) -> None:
        """The play is over: keys that are still down are no contacts of the next one."""
        self._let_go(KEYBOARD, 0)

    def _let_go(self, kind: str, device: int) -> None:
        for source in [s for s in self._down if s[:2] == (kind, device)]:
            self._push(source, self._down[source], False, self._now())

    def _push(self, source: tuple[str, int, int], grip: Grip, down: bool, host_us: int) -> None:
        if down == (source in self._down):
            return  # a repeat, or the end of something that began before we looked
        if down:
            self._down[source] = grip
            # The glove moves up what comes too late, and so must we to know it again.
            self._coming[max(host_us, self._settled_us), int(grip)] = source[0]
        else:
            grip = self._down.pop(source)  # as it was pressed, whichever hand it is now
        self.glove.push((host_us, int(grip), down))

    # ------------------------------------------------------------------ polled like a glove

    def begin(self, host_us: int) -> None:
        """A play begins; song time 0 is at ``host_us``."""
        self._began_us = self._now()
        self._playing = True
        self._presses.clear()
        self.waits.forget()
        self.glove.begin(host_us)

    def poll(self) -> tuple[np.ndarray, int]:
        """The edges that are settled, from every way in, and up to when."""
        edges, settled_us = self._polled(self._playing)
        if self._aside:
            edges = np.concatenate([*self._aside, edges])
            self._aside = []
        return edges, settled_us

    def poll_aside(self) -> np.ndarray:
        """What is pinched while a play is paused; the next :meth:`poll` gives it once more.

        So a pinch works the pause screen, and the play still keeps every edge. It was not played
        with, though.
        """
        edges, _ = self._polled(False)
        if len(edges):
            self._aside.append(edges)
        return edges

    def cue(self, host_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``host_us``."""
        if self._cues:
            self.glove.cue(host_us, grip)

    def cancel_cues(self) -> None:
        """Cues that have not been given yet are not wanted any more."""
        self.glove.cancel_cues()

    def _polled(self, in_play: bool) -> tuple[np.ndarray, int]:
        edges, self._settled_us = self.glove.poll()
        for edge in edges[edges["down"]]:
            time_us = int(edge["time_us"])
            kind = self._coming.pop((time_us, int(edge["grip"])), self.glove.kind)
            if in_play and time_us >= self._began_us:
                self._presses[kind] += 1
            elif not self._playing:
                self._kind = kind
        return edges, self._settled_us

    # ------------------------------------------------------------------ what it was played with

    def expected(self, kind: str) -> PlayedWith:
        """What a play would be played with if all its presses came from ``kind``."""
        return self._played([kind])

    def played_with(self) -> PlayedWith:
        """What the play since :meth:`begin` was played with so far."""
        return self._played([kind for kind, _ in self._presses.most_common()] or [self._kind])

    def _played(self, used: list[str]) -> PlayedWith:
        resolution_us = max(self._resolution_us(kind) for kind in used)
        names = [self._name(kind) for kind in used]
        if len(used) > 1:
            names = [
                f"{name} ({_presses(self._presses[kind])})"
                for name, kind in zip(names, used, strict=True)
            ]
        return PlayedWith(
            used[0] if len(used) == 1 else MIXED,
            f"{', '.join(names)}; resolution {resolution_us / 1000:.0f} ms",
            resolution_us,
        )

    def play_ended(self) -> PlayedWith:
        """What the play was played with. What gave most of its presses is what comes next."""
        played = self.played_with()
        self._playing = False
        if self._presses:
            self._kind = self._presses.most_common(1)[0][0]
        return played

    def _name(self, kind: str) -> str:
        if kind == self.glove.kind:
            return self.glove.description
        return _NAMES.get(kind, kind)

    def _resolution_us(self, kind: str) -> int:
        if kind == MIDI:
            return _MIDI_RESOLUTION_US
        if kind in (KEYBOARD, GAMEPAD):
            waited = self.waits.percentile_us(99)
            return _USB_DEVICE_US + (_PUMP_UNMEASURED_US if waited is None else waited)
        return _GLOVE_RESOLUTION_US

    def close(self) -> None:
        """Let go of gamepads and MIDI ports. The glove is closed by whoever opened it."""
        if self._gamepads is not None:
            self._gamepads.close()
        if self._midi is not None:
            self._midi.close()
