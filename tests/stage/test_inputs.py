"""Keys, buttons and notes become a glove's edges; a play knows what it was played with."""

import sys
import types

import mido
import numpy as np
import pygame
import pytest

from firmware_bridge.edges import EDGE
from firmware_bridge.glove import Glove
from firmware_bridge.virtual import Contact
from game.core.grips import GRIPS, Grip
from game.play.clock import ManualClock
from game.stage.bindings import Bindings, keys_of, place_of
from game.stage.inputs import Inputs, MidiNotes, PumpWaits

MS = 1_000
START_US = 10_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START_US)


@pytest.fixture
def window():
    pygame.display.init()
    pygame.display.set_mode((64, 64))
    pygame.event.clear()
    yield
    pygame.display.quit()


class Hand:
    """Wears a virtual glove and pinches when it is told to; notes what it is cued."""

    def __init__(self) -> None:
        self.waiting: list[Contact] = []
        self.cued: list[tuple[int, int]] = []

    def cue(self, at_us: int, grip: int) -> None:
        self.cued.append((at_us, grip))

    def pinch(self, at_us: int, grip: int) -> None:
        self.waiting.append(Contact(at_us, at_us + 100 * MS, grip))

    def contacts(self, until_us: int) -> list[Contact]:
        told = [contact for contact in self.waiting if contact.start_us < until_us]
        self.waiting = [contact for contact in self.waiting if contact.start_us >= until_us]
        return told


def key(scancode: int, down: bool = True) -> pygame.event.Event:
    kind = pygame.KEYDOWN if down else pygame.KEYUP
    return pygame.event.Event(kind, key=pygame.K_z, scancode=scancode, mod=0)


def button(number: int, down: bool = True, device: int = 3) -> pygame.event.Event:
    kind = pygame.JOYBUTTONDOWN if down else pygame.JOYBUTTONUP
    return pygame.event.Event(kind, instance_id=device, button=number)


def settle(inputs: Inputs, clock: ManualClock, ms: int = 20) -> np.ndarray:
    clock.advance(ms * MS)
    return inputs.poll()[0]


def rows(edges: np.ndarray) -> list[tuple[int, int, bool]]:
    return [(int(t), int(g), bool(d)) for t, g, d in edges.tolist()]


def keyboard_inputs(clock: ManualClock, bindings: Bindings | None = None) -> Inputs:
    return Inputs(Glove.open("keyboard", clock=clock), clock, bindings or Bindings())


# -- keys -----------------------------------------------------------------------------------------


def test_a_key_is_an_edge_at_the_time_it_was_taken(clock):
    inputs = keyboard_inputs(clock)
    assert inputs.take(key(pygame.KSCAN_J), "right", keys_play=True)
    clock.advance(70 * MS)
    assert inputs.contacts == 1 << Grip.INDEX
    assert inputs.take(key(pygame.KSCAN_J, down=False), "right", keys_play=True)
    assert rows(settle(inputs, clock)) == [
        (START_US, Grip.INDEX, True),
        (START_US + 70 * MS, Grip.INDEX, False),
    ]
    assert inputs.contacts == 0


def test_in_the_menus_a_key_is_a_command_but_one_held_from_the_play_is_still_let_go(clock):
    inputs = keyboard_inputs(clock)
    assert not inputs.take(key(pygame.KSCAN_J), "right", keys_play=False)
    assert not inputs.take(key(pygame.KSCAN_J, down=False), "right", keys_play=False)
    assert inputs.take(key(pygame.KSCAN_K), "right", keys_play=True)
    assert inputs.take(key(pygame.KSCAN_K, down=False), "right", keys_play=False)
    assert [(g, d) for _, g, d in rows(settle(inputs, clock))] == [(1, True), (1, False)]


def test_keys_still_down_when_the_play_ends_are_let_go(clock):
    inputs = keyboard_inputs(clock)
    inputs.take(key(pygame.KSCAN_H), "right", keys_play=True)
    inputs.let_go_of_keys()
    assert inputs.contacts == 0
    assert [(g, d) for _, g, d in rows(settle(inputs, clock))] == [(4, True), (4, False)]


def test_a_key_that_repeats_is_one_press(clock):
    inputs = keyboard_inputs(clock)
    for _ in range(3):
        inputs.take(key(pygame.KSCAN_H), "right", keys_play=True)
    assert len(settle(inputs, clock)) == 1


def test_keys_are_rebound_for_both_hands_or_one(clock):
    places = keys_of({Grip.INDEX: "Space"}, {"left": {Grip.INDEX: "keypad 5"}})
    bindings = Bindings(keys=places)
    inputs = keyboard_inputs(clock, bindings)
    assert not inputs.take(key(pygame.KSCAN_J), "right", keys_play=True)
    inputs.take(key(pygame.KSCAN_SPACE), "right", keys_play=True)
    inputs.take(key(pygame.KSCAN_KP5), "left", keys_play=True)
    inputs.take(key(pygame.KSCAN_D), "left", keys_play=True)
    assert [g for _, g, _ in rows(settle(inputs, clock))] == [0, 0, 1]
    assert inputs.letters("right") == dict(zip(GRIPS, ["Sp", "K", "L", ";", "H"], strict=True))


@pytest.mark.parametrize(
    ("name", "place", "scancode"),
    [
        ("j", "j", pygame.KSCAN_J),
        (" A ", "a", pygame.KSCAN_A),
        ("0", "0", pygame.KSCAN_0),
        ("1", "1", pygame.KSCAN_1),
        (";", "semicolon", pygame.KSCAN_SEMICOLON),
        ("quote", "quote", pygame.KSCAN_APOSTROPHE),
        ("`", "grave", pygame.KSCAN_GRAVE),
        ("/", "slash", pygame.KSCAN_SLASH),
        ("space", "space", pygame.KSCAN_SPACE),
        ("enter", "enter", pygame.KSCAN_RETURN),
        ("F12", "f12", pygame.KSCAN_F12),
        ("keypad 9", "keypad 9", pygame.KSCAN_KP9),
        ("keypad 0", "keypad 0", pygame.KSCAN_KP0),
        ("left", "left", pygame.KSCAN_LEFT),
        ("Right Shift", "right shift", pygame.KSCAN_RSHIFT),
        ("right alt", "right alt", pygame.KSCAN_RALT),
    ],
)
def test_a_key_is_named_by_its_place(name, place, scancode):
    assert place_of(name) == place
    bindings = Bindings(keys={"right": {Grip.RING: place}})
    assert bindings.scancodes("right") == {scancode: Grip.RING}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("semikolon", "did you mean “semicolon”?"),
        ("ö", "there is no key “ö”"),
        ("", "there is no key “”"),
        ("Escape", "pauses the play"),
    ],
)
def test_a_name_that_is_no_key_is_refused_in_a_sentence(name, says):
    with pytest.raises(ValueError) as refused:
        place_of(name)
    assert says in str(refused.value)


def test_a_key_cannot_be_two_grips():
    with pytest.raises(ValueError, match="“k” would be index and middle of the right hand"):
        keys_of({}, {"right": {Grip.INDEX: "k"}})


# -- gamepads and switches ------------------------------------------------------------------------


def test_buttons_come_through_the_windows_own_events(clock, window):
    inputs = keyboard_inputs(clock)
    pygame.event.post(button(0))
    pygame.event.post(button(4))
    pygame.event.post(button(9))  # not bound
    pygame.event.post(button(0, down=False))
    for event in pygame.event.get():
        inputs.take(event, "right", keys_play=False)
    assert [(g, d) for _, g, d in rows(settle(inputs, clock))] == [
        (Grip.INDEX, True), (Grip.KEY, True), (Grip.INDEX, False),
    ]  # fmt: skip
    inputs.close()


def test_an_unplugged_gamepad_lets_go_of_what_it_held(clock, window):
    inputs = keyboard_inputs(clock)
    inputs.take(button(2, device=5), "right", keys_play=True)
    inputs.take(button(1, device=6), "right", keys_play=True)
    gone = pygame.event.Event(pygame.JOYDEVICEREMOVED, instance_id=5)
    assert inputs.take(gone, "right", keys_play=True)
    assert inputs.contacts == 1 << Grip.MIDDLE
    assert [(g, d) for _, g, d in rows(settle(inputs, clock))] == [(2, True), (1, True), (2, False)]
    inputs.close()


def test_a_gamepad_that_is_gone_before_it_is_opened_is_no_trouble(clock, window):
    inputs = keyboard_inputs(clock)
    added = pygame.event.Event(pygame.JOYDEVICEADDED, device_index=7)
    assert inputs.take(added, "right", keys_play=False)
    inputs.close()


def test_without_gamepads_the_joystick_part_is_not_even_opened(clock):
    pygame.joystick.quit()
    inputs = keyboard_inputs(clock, Bindings(buttons=None))
    assert not pygame.joystick.get_init()
    inputs.take(button(0), "right", keys_play=True)
    assert not len(settle(inputs, clock))
    inputs.close()


# -- MIDI -----------------------------------------------------------------------------------------


@pytest.fixture
def midi(monkeypatch):
    """A MIDI backend whose one port is played from here: ``midi.play(message, …)``."""
    backend = types.ModuleType("a_midi_backend")
    opened = []

    class Input(mido.ports.BaseInput):
        def __init__(self, name="", **options):
            self._callback = options.pop("callback", None)
            super().__init__(name)
            opened.append(self)

        def _open(self, **options):
            pass

        def hear(self, message):
            assert self._callback is not None
            self._callback(message)

    def devices(**_):
        names = ("Midi Through Port-0", "Launchkey Mini 24:0")
        return [{"name": name, "is_input": True, "is_output": False} for name in names]

    monkeypatch.setitem(vars(backend), "Input", Input)
    monkeypatch.setitem(vars(backend), "get_devices", devices)
    monkeypatch.setitem(sys.modules, "a_midi_backend", backend)
    before = mido.backend
    mido.set_backend("a_midi_backend")
    yield types.SimpleNamespace(opened=opened)
    mido.set_backend(before)


def note(number: int, velocity: int = 90) -> mido.Message:
    return mido.Message("note_on", note=number, velocity=velocity)


def test_notes_are_stamped_when_they_arrive_not_when_they_are_looked_at(clock, midi):
    inputs = keyboard_inputs(clock, Bindings(midi_port="any"))
    assert inputs.notice == ""
    assert midi.opened[0].name == "Launchkey Mini 24:0"
    midi.opened[0].hear(note(62))
    clock.advance(30 * MS)
    midi.opened[0].hear(note(62, velocity=0))
    midi.opened[0].hear(note(61))  # not bound
    midi.opened[0].hear(mido.Message("control_change", control=1, value=3))
    clock.advance(9 * MS)
    inputs.pumped()
    assert rows(settle(inputs, clock)) == [
        (START_US, Grip.INDEX, True),
        (START_US + 30 * MS, Grip.INDEX, False),
    ]
    inputs.close()
    assert midi.opened[0].closed


@pytest.mark.parametrize(
    ("port", "says"),
    [("through", ""), ("LAUNCHKEY", ""), ("Casio", "“Casio” is not there. Plugged in: Midi")],
)
def test_a_midi_port_is_found_by_part_of_its_name(clock, midi, port, says):
    notes = MidiNotes(port, clock)
    assert notes.trouble.startswith("The MIDI controller " + says if says else "")
    assert bool(notes.trouble) == bool(says)
    assert len(midi.opened) == (0 if says else 1)
    notes.close()


def test_without_the_extra_the_person_is_told_and_nothing_else_happens(clock, monkeypatch):
    monkeypatch.setitem(sys.modules, "rtmidi", None)  # import raises ImportError
    before = mido.backend
    mido.set_backend("mido.backends.rtmidi")
    try:
        inputs = keyboard_inputs(clock, Bindings(midi_port="any"))
        assert "pip install 'griptune[midi]'" in inputs.notice
        inputs.pumped()
        inputs.close()
    finally:
        mido.set_backend(before)


# -- what a play was played with ------------------------------------------------------------------


@pytest.fixture
def worn(clock):
    """A virtual glove in lockstep, and the hand in it."""
    hand = Hand()
    with Glove.open("virtual:steady", hand, clock=clock, lockstep=True) as glove:
        inputs = Inputs(glove, clock)
        clock.advance(500 * MS)
        inputs.poll()
        yield inputs, hand
        inputs.close()


def test_a_play_of_the_glove_alone_is_the_gloves(clock, worn):
    inputs, hand = worn
    inputs.begin(clock())
    hand.pinch(clock() + 50 * MS, 0)
    settle(inputs, clock, 300)
    played = inputs.play_ended()
    assert (played.kind, played.resolution_us) == ("virtual", 1_000)
    assert played.description == "virtual glove, steady; resolution 1 ms"


def test_one_key_makes_a_play_of_the_glove_a_mixed_one(clock, worn):
    inputs, hand = worn
    inputs.begin(clock())
    for n in range(3):
        hand.pinch(clock() + (50 + 300 * n) * MS, n)
    settle(inputs, clock, 1_000)
    inputs.take(key(pygame.KSCAN_J), "right", keys_play=True)
    settle(inputs, clock, 100)
    played = inputs.play_ended()
    assert played.kind == "mixed"
    assert played.description.startswith(
        "virtual glove, steady (3 presses), keyboard (1 press); resolution "
    )
    assert played.resolution_us >= 8_000
    assert inputs.kind == "virtual"  # what most of it was played with is what comes next


def test_a_press_while_the_play_is_paused_is_not_played_with_but_is_kept(clock, worn):
    inputs, hand = worn
    inputs.begin(clock())
    hand.pinch(clock() + 50 * MS, 0)
    settle(inputs, clock, 300)
    inputs.take(button(1), "right", keys_play=False)
    clock.advance(20 * MS)
    aside = inputs.poll_aside()
    assert [(g, d) for _, g, d in rows(aside)] == [(1, True)]
    assert rows(inputs.poll()[0])[: len(aside)] == rows(aside)
    assert inputs.play_ended().kind == "virtual"


def test_what_pinches_in_the_menus_is_what_the_next_play_is_made_for(clock, worn):
    inputs, hand = worn
    assert inputs.kind == "virtual"
    inputs.take(button(0), "right", keys_play=False)
    settle(inputs, clock, 100)
    assert inputs.kind == "gamepad"
    assert inputs.feels == "Buttons feel {what}"
    hand.pinch(clock() + 50 * MS, 2)
    settle(inputs, clock, 300)
    assert inputs.kind == "virtual"
    assert inputs.letters("right") is None


def test_a_play_without_a_press_is_what_it_was_made_for(clock):
    inputs = keyboard_inputs(clock)
    inputs.begin(clock())
    assert inputs.play_ended().kind == "keyboard"


def test_the_resolution_of_keys_is_the_devices_and_the_longest_wait_that_was_measured(clock):
    inputs = keyboard_inputs(clock)
    assert inputs.expected("keyboard").description == "keyboard; resolution 25 ms"
    inputs.begin(clock())
    for n in range(600):
        clock.advance((11 if n % 5 == 0 else 3) * MS)  # drawing takes 11 ms
        inputs.pumped()
    inputs.take(key(pygame.KSCAN_J), "right", keys_play=True)
    settle(inputs, clock)
    assert inputs.played_with().description == "keyboard; resolution 19 ms"


def test_waits_are_counted_between_looks():
    waits = PumpWaits()
    assert waits.percentile_us(99) is None
    for us in (0, 3_000, 6_000, 9_000, 20_000_000):
        waits.note(us)
    assert waits.percentile_us(50) == 3_250
    assert waits.percentile_us(100) == 1_000_000
    waits.forget()
    assert waits.percentile_us(50) is None


# -- cues -----------------------------------------------------------------------------------------


class Lamp:
    """A real glove's cues, noted: only these can be switched off."""

    kind, description = "glove", "glove X"

    def __init__(self) -> None:
        self.cued: list[tuple[int, int]] = []

    def cue(self, host_us: int, grip: int) -> None:
        self.cued.append((host_us, grip))

    def poll(self):
        return np.zeros(0, EDGE), 0


@pytest.mark.parametrize(("cues", "told"), [(True, [(5, 1)]), (False, [])])
def test_a_real_glove_shows_targets_unless_it_is_told_not_to(clock, cues, told):
    lamp = Lamp()
    Inputs(lamp, clock, Bindings(buttons=None), cues=cues).cue(5, 1)
    assert lamp.cued == told


def test_a_virtual_glove_always_hears_of_targets(clock):
    hand = Hand()
    with Glove.open("virtual:steady", hand, clock=clock, lockstep=True) as glove:
        Inputs(glove, clock, Bindings(buttons=None), cues=False).cue(5, 1)
    assert hand.cued == [(5, 1)]


# -- a gamepad in the menus -----------------------------------------------------------------------


class Plugged:
    """A device in the place of SDL's: a gamepad has axes, a switch box none."""

    def __init__(self, axes: int) -> None:
        self._axes = axes

    def get_numhats(self) -> int:
        return 0

    def get_numaxes(self) -> int:
        return self._axes


@pytest.mark.parametrize(
    ("axes", "playing", "menus", "grip"),
    [
        (6, False, True, False),
        (6, True, True, True),
        (0, False, True, True),
        (6, False, False, True),
    ],
)
def test_a_gamepads_buttons_steer_menus_and_play_songs(clock, window, axes, playing, menus, grip):
    inputs = keyboard_inputs(clock, Bindings(menus=menus))
    assert inputs._gamepads is not None
    inputs._gamepads._open[3] = Plugged(axes)
    assert inputs.take(button(0), "right", keys_play=playing) is grip
    assert len(settle(inputs, clock)) == int(grip)


def test_a_button_that_steered_a_menu_is_let_go_without_a_trace(clock, window):
    inputs = keyboard_inputs(clock)
    assert inputs._gamepads is not None
    inputs._gamepads._open[3] = Plugged(6)
    inputs.take(button(0), "right", keys_play=False)
    inputs.take(button(0, down=False), "right", keys_play=True)
    assert len(settle(inputs, clock)) == 0
