"""Measuring the delays of sound, picture and glove, and keeping what was found."""

from dataclasses import dataclass
from typing import Final, Literal

from game.core.say import mark
from game.play.calibration import BEAT_US, BY_EAR, BY_EYE, Measured, Source, Taps, link_delay
from game.play.clock import Delays
from game.play.loopback import APART_US, CHIRPS, round_trip
from game.stage.evening import Evening, today
from game.stage.metronome import Metronome
from game.stage.microphone import SAMPLE_RATE, Microphone
from game.stage.rooms.base import Room
from game.stage.screens.base import Screen
from game.stage.screens.calibration import TapScreen, TapView
from game.stage.screens.help import HelpRow, HelpScreen, HelpView
from game.stage.screens.message import MessageKey, MessageScreen, MessageView
from game.stage.task import Task
from game.stage.theme import Scale
from game.words import plural, tr

#: What a key adds on average before the program sees it: half of the 8 ms in which a keyboard is
#: asked once (USB low speed), besides the wait for the next look at the window's events.
_KEYBOARD_US: Final = 4_000

#: After the last chirp this much more is recorded: the longest delay, and the chirp itself.
_TAIL_US: Final = 800_000

WayName = Literal["ear", "microphone", "eye", "pinches"]


@dataclass(frozen=True)
class Way:
    """A way to measure: the setting it gives, and what is said on the way (messages)."""

    name: WayName
    setting: str
    title: str
    what: str
    found: str
    source: Source
    heard: bool = True


WAYS: dict[str, Way] = {
    way.name: way
    for way in (
        Way(
            "ear",
            "audio",
            mark("Sound, by ear"),
            mark("Tap any key along with every loud click."),
            mark("The sound comes {ms} ms late, sure to {sure} ms."),
            Source.EAR,
        ),
        Way(
            "microphone",
            "audio",
            mark("Sound, by microphone"),
            mark("Hold the microphone near the loudspeaker, and be quiet."),
            mark("{ms} ms at most: the microphone's delay is in it."),
            Source.LOOPBACK,
        ),
        Way(
            "eye",
            "display",
            mark("Picture, by eye"),
            mark("Tap any key when the bead is at the top."),
            mark("The picture comes {ms} ms late, sure to {sure} ms."),
            Source.EYE,
            heard=False,
        ),
        Way(
            "pinches",
            "glove",
            mark("Glove, by pinches"),
            mark("First tap a key along with every loud click, then pinch."),
            mark("Pinches come {ms} ms later than keys, sure to {sure} ms."),
            Source.PINCHES,
        ),
    )
}

_WHO = mark("Better hand or helper, never the hand in therapy.")

#: What stands beside every measurement.
NEVER = mark("Never with the hand in therapy.")
_OWN_LAG = mark("A patient's own lag is never taken off.")
_PINCH = mark("Now pinch the glove along with every loud click.")


class DelaysRoom(Room):
    """Which delay to measure, and what they are now."""

    actions = frozenset({"measure"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> HelpScreen:
        """Four ways, with what is known."""
        return HelpScreen(scale, delays_view(self._evening.services.desk.delays))

    def act(self, name: str, what: str) -> None:
        """Goes on to the way that was chosen, if it can be gone."""
        evening, way = self._evening, WAYS[what]
        silent = evening.services.audio.silent_reason
        if way.heard and silent:
            evening.go(_Told(tr("This cannot be measured now"), tr(silent)))
        elif way.name == "pinches" and evening.services.glove.health.link not in ("ok", "degraded"):
            evening.go(_Told(tr("This cannot be measured now"), tr("No glove is there.")))
        else:
            evening.go(IntroRoom(evening, way))


def delays_view(delays: Delays) -> HelpView:
    """The ways to measure, each with what is known."""
    now = {"audio": delays.audio, "display": delays.display, "glove": delays.link}
    icons = {"ear": "sound", "microphone": "sound", "eye": "lamp", "pinches": "plug"}
    rows = []
    for way in WAYS.values():
        known = now[way.setting]
        below = tr("Not measured")
        if known.measured:
            below = tr("Now {ms} ms", ms=round(known.us / 1000))
        rows.append(HelpRow(f"measure:{way.name}", tr(way.title), below, icons[way.name]))
    return HelpView(tr("Delays of the devices"), tuple(rows), "help")


class _Told(Room):
    """Something that has to be said first, with a key back to the ways."""

    def __init__(self, title: str, sentence: str) -> None:
        self._view = MessageView(title, sentence, keys=(MessageKey("delays", tr("Back"), "back"),))

    def screen(self, scale: Scale) -> MessageScreen:
        """The message."""
        return MessageScreen(scale, self._view)


class IntroRoom(Room):
    """What is going to happen, and with which hand."""

    actions = frozenset({"begin"})

    def __init__(self, evening: Evening, way: Way) -> None:
        self._evening = evening
        self._way = way

    def screen(self, scale: Scale) -> MessageScreen:
        """The instruction, and Start."""
        return MessageScreen(scale, intro_view(self._way))

    def act(self, name: str, what: str) -> None:
        """Begins."""
        if self._way.name == "microphone":
            self._evening.go(ListeningRoom(self._evening, self._way))
        else:
            self._evening.go(TappingRoom(self._evening, self._way))


def intro_view(way: Way) -> MessageView:
    """What is said before a measurement."""
    return MessageView(
        tr(way.title),
        tr(way.what),
        tr(_OWN_LAG if way.name == "microphone" else _WHO),
        "lamp" if way.name == "eye" else "sound",
        (MessageKey("begin", tr("Start"), "play"), MessageKey("delays", tr("Back"), "back")),
    )


class TappingRoom(Room):
    """Somebody taps along until it is enough.

    For the glove it is gone through twice: with keys, then (``keyed``, what the keys came to) with
    pinches. Pinches and the keys that stand for grips are taps there, and commands nowhere here.
    """

    actions = frozenset({"tap", "stop"})
    takes_pinches = True

    def __init__(self, evening: Evening, way: Way, keyed: Measured | None = None) -> None:
        self._evening = evening
        self._way = way
        self._keyed = keyed
        self._pinching = keyed is not None
        self._taps = Taps(BY_EYE if way.name == "eye" else BY_EAR)
        audio = evening.services.audio if way.heard else None
        self._metronome = Metronome(evening.now, audio)
        self._began = False
        self._over = False

    def screen(self, scale: Scale) -> TapScreen:
        """The dial and the words; the beat begins with it."""
        if not self._began:
            self._began = True
            self._evening.inputs.poll()  # what was pinched to get here is no tap
            self._metronome.begin()
        return TapScreen(scale, self._view())

    def act(self, name: str, what: str) -> None:
        """A key was tapped, or it is enough of it."""
        if name == "stop":
            self._evening.go(DelaysRoom(self._evening))
        elif not self._pinching:
            self._tap(self._evening.now())

    def hear(self) -> None:
        """Follows the sound, and takes pinches where they are what is measured."""
        self._metronome.step()
        edges, _ = self._evening.inputs.poll()
        if self._pinching:
            for time_us in edges["time_us"][edges["down"]]:
                self._tap(int(time_us))

    def step(self, screen: Screen) -> None:
        """Moves the bead; goes on once it is enough."""
        if isinstance(screen, TapScreen):
            screen.show(self._view())
        if self._taps.enough and not self._over:
            self._over = True
            self._finish(self._taps.measured())

    def leave(self) -> None:
        """Silence."""
        self._metronome.stop()

    def _tap(self, host_us: int) -> None:
        if not self._taps.enough:
            self._taps.tap(self._metronome.time_us(host_us))

    def _finish(self, measured: Measured) -> None:
        evening, way = self._evening, self._way
        if self._keyed is not None:
            measured = link_delay(measured, self._keyed, self._keys_add_us())
        elif way.name == "pinches" and not measured.trouble:
            evening.go(TappingRoom(evening, way, measured))
            return
        known_us = 0 if way.name == "pinches" else self._keys_add_us()
        evening.go(FoundRoom(evening, way, measured, measured.delay_us(known_us)))

    def _keys_add_us(self) -> int:
        """What keyboard and window are known to add to a tap, on average."""
        wait_us = self._evening.inputs.waits.percentile_us(50) or 0
        return _KEYBOARD_US + wait_us // 2

    def _view(self) -> TapView:
        way, taps = self._way, self._taps
        words = tr(_PINCH) if self._pinching else tr(way.what)
        if way.name == "pinches" and not self._pinching:
            words = tr(WAYS["ear"].what)
        turn = 0.0
        if way.name == "eye":
            turn = self._metronome.time_us(self._evening.now()) % BEAT_US / BEAT_US
        return TapView(
            "eye" if way.name == "eye" else "ear",
            tr(way.title),
            words,
            tr(NEVER),
            plural("{n} tap", "{n} taps", taps.counted),
            min(1.0, taps.counted / taps.rules.most),
            turn,
        )


class ListeningRoom(Room):
    """Chirps are played, and a microphone listens."""

    actions = frozenset({"tap", "stop"})

    def __init__(self, evening: Evening, way: Way) -> None:
        self._evening = evening
        self._way = way
        self._microphone: Microphone | None = None
        self._metronome = Metronome(evening.now, evening.services.audio)
        self._played: tuple[int, ...] = ()
        self._work: Task | None = None

    def screen(self, scale: Scale) -> TapScreen:
        """What is going on; it begins with it."""
        if self._microphone is None:
            self._microphone = Microphone(self._evening.now)
            if not self._microphone.trouble:
                self._played = self._metronome.begin_chirps()
        return TapScreen(scale, self._view())

    def act(self, name: str, what: str) -> None:
        """Only stopping does something."""
        if name == "stop":
            self._evening.go(DelaysRoom(self._evening))

    def step(self, screen: Screen) -> None:
        """Follows the sound; compares once all was played."""
        evening, microphone = self._evening, self._microphone
        if microphone is None:
            return
        if microphone.trouble:
            evening.go(_Told(tr("This cannot be measured now"), tr(microphone.trouble)))
            return
        self._metronome.step()
        if isinstance(screen, TapScreen):
            screen.show(self._view())
        if self._work is None and self._time_us() >= self._played[-1] + _TAIL_US:
            recording, came_us = microphone.heard()
            at_us = [self._metronome.host_us(time_us) for time_us in self._played]
            self._work = Task(lambda report: round_trip(recording, SAMPLE_RATE, at_us, came_us))
        if self._work is not None and self._work.done:
            measured: Measured = self._work.result()
            evening.go(FoundRoom(evening, self._way, measured, measured.delay_us()))

    def leave(self) -> None:
        """Silence, and the microphone is let go."""
        self._metronome.stop()
        if self._microphone is not None:
            self._microphone.close()

    def _time_us(self) -> int:
        return self._metronome.time_us(self._evening.now())

    def _view(self) -> TapView:
        whole_us = CHIRPS * APART_US + _TAIL_US + BEAT_US
        share = 0.0 if not self._played else (self._time_us() + BEAT_US) / whole_us
        way = self._way
        # In steps: a page that changes all the time would keep the processor from the sound.
        return TapView(
            "microphone", tr(way.title), tr(way.what), share=round(min(1.0, share) * 20) / 20
        )


class FoundRoom(Room):
    """What was found; it is kept if that is wanted."""

    actions = frozenset({"keep", "measure"})

    def __init__(self, evening: Evening, way: Way, measured: Measured, delay_us: int) -> None:
        self._evening = evening
        self._way = way
        self._measured = measured
        self._delay_ms = round(delay_us / 1000)

    def screen(self, scale: Scale) -> MessageScreen:
        """The figure and how sure it is, or why there is none."""
        return MessageScreen(scale, found_view(self._way, self._measured, self._delay_ms))

    def act(self, name: str, what: str) -> None:
        """Keeps it, or goes back to measure once more."""
        evening, way = self._evening, self._way
        if name == "measure":
            evening.go(IntroRoom(evening, way))
            return
        about = way.source.about(self._measured, today().isoformat())
        changes = {
            f"delays.{way.setting}_ms": self._delay_ms,
            f"delays.{way.setting}_from": about,
        }
        trouble = evening.services.desk.change_settings(changes)
        if trouble:
            evening.go(_Told(tr("The setting could not be kept"), trouble))
        else:
            evening.go(DelaysRoom(evening))


def found_view(way: Way, measured: Measured, delay_ms: int) -> MessageView:
    """What a measurement came to, and the keys that follow."""
    once_more = MessageKey("measure", tr("Once more"), "again")
    leave = MessageKey("delays", tr("Back"), "back")
    if measured.trouble:
        return MessageView(
            tr("That did not work yet"),
            tr(measured.trouble),
            tr(_OWN_LAG),
            "attention",
            (once_more, leave),
        )
    sure_ms = max(1, round(measured.sure_us / 1000))
    sentence = tr("There is no delay worth taking off.")
    if delay_ms:
        sentence = tr(way.found, ms=delay_ms, sure=sure_ms)
    return MessageView(
        tr("{ms} ms", ms=delay_ms),
        sentence,
        tr(_OWN_LAG),
        "check",
        (MessageKey("keep", tr("Keep it"), "check"), once_more, leave),
    )
