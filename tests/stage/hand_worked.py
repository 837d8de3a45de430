"""The stage without a window, a sound card or a person: real rooms, records and plays, with time,
sound and pinches worked by the test."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from game.cli.keeping import Keeper
from game.core import EDGE
from game.music.sound import SAMPLE_RATE, Stems
from game.play.clock import ManualClock
from game.stage.commands import Command
from game.stage.evening import Evening
from game.stage.mixer import Mixer
from game.stage.navigation import follow
from game.stage.play_flow import PlayFlow
from game.stage.rooms.base import Room
from game.stage.rooms.today import day_room
from game.stage.rooms.waiting import WaitingRoom
from game.stage.screens import Screen
from game.stage.session_flow import Sitting
from game.stage.theme import Scale
from game.stage.view import Options
from game.therapy.session import Who

SCALE = Scale(480, 270)
STEP_US = 8_000
_LONG_STEP_US = 100_000
_FRAMES = STEP_US * SAMPLE_RATE // 1_000_000


class Card:
    """A sound card that takes what is due, and nothing of which is heard."""

    silent_reason = None
    latency_us = 0

    def __init__(self, now: ManualClock) -> None:
        self.mixer = Mixer()
        self._now = now
        self._seen: list[tuple[int, int, int]] = []
        self._out = np.zeros((_FRAMES, 2), np.float32)

    def take(self) -> None:
        """One step's frames."""
        mixer = self.mixer
        if mixer.run == mixer.run_asked and mixer.playing:
            self._seen.append((self._now(), mixer.run, mixer.run_frames))
        self._out[:] = 0
        mixer.fill(self._out)

    def observations(self) -> list[tuple[int, int]]:
        """Those of the present run, as a real card tells them."""
        seen, self._seen = self._seen, []
        return [(at, frames) for at, run, frames in seen if run == self.mixer.run_asked]


class Pinches:
    """Every way in at once: what the test pinches, told as soon as time has passed it."""

    kind = "keyboard"
    feels = ""
    notice = ""
    contacts = 0

    def __init__(self, now: ManualClock) -> None:
        self._now = now
        self._coming: list[tuple[int, int, bool]] = []

    def pinch(self, host_us: int, grip: int) -> None:
        self._coming += [(host_us, grip, True), (host_us + 60_000, grip, False)]
        self._coming.sort()

    def poll(self) -> tuple[np.ndarray, int]:
        now = self._now()
        ready = [edge for edge in self._coming if edge[0] < now]
        self._coming = [edge for edge in self._coming if edge[0] >= now]
        return np.array(ready, EDGE), now

    def poll_aside(self) -> np.ndarray:
        return np.zeros(0, EDGE)

    def begin(self, host_us: int) -> None: ...
    def cue(self, host_us: int, grip: int) -> None: ...
    def cancel_cues(self) -> None: ...
    def let_go_of_keys(self) -> None: ...
    def silent_since(self) -> None: ...

    def letters(self, hand: str) -> None:
        return None

    def expected(self, kind: str) -> Any:
        return SimpleNamespace(kind=kind, description="keyboard; resolution 8 ms")

    def play_ended(self) -> Any:
        return self.expected(self.kind)


class Renderer:
    """Silence, at once. ``tempos`` are those that were asked for."""

    def __init__(self) -> None:
        self.tempos: list[float] = []

    def kept(self, song: Any, tempo: float) -> None:
        return None

    def request(self, song: Any, tempo: float) -> Any:
        self.tempos.append(tempo)
        frames = int(song.length_us / tempo / 1e6 * SAMPLE_RATE) + 2 * SAMPLE_RATE
        nothing = np.zeros((frames, 2), np.float32)
        stems = Stems(nothing, nothing, nothing)
        return SimpleNamespace(done=True, progress=1.0, result=lambda: stems)


class Stage:
    """One person at the game. ``hits`` says which of the targets they pinch: the n-th of a play
    gets ``hits(n)``, the grip to pinch or None; without it they pinch nothing.

    With ``present`` their therapist sits beside a patient, so that no question comes before a song.
    """

    def __init__(self, keeper: Keeper, code: str | None, *, present: bool = True) -> None:
        self.now = ManualClock(5_000_000)
        self.card, self.inputs = Card(self.now), Pinches(self.now)
        self.renderer = Renderer()
        glove = SimpleNamespace(health=SimpleNamespace(link="up", findings=()))
        services = SimpleNamespace(
            desk=keeper,
            glove=glove,
            audio=self.card,
            renderer=self.renderer,
            notice="",
            previews=False,
        )
        self.left = False
        self.room: Room = Room()
        self.screen = Screen(SCALE)
        self.visited: list[str] = []
        self.evening = Evening(
            services,  # type: ignore[arg-type]
            self.inputs,  # type: ignore[arg-type]
            self._go,
            self._leave,
            self.now,
            Options(),
            lambda: SCALE,
            who=keeper.person(code),
        )
        self.flow = PlayFlow(self.evening)
        self.pinches: Callable[[int, int], int | None] = lambda index, grip: None
        self._answered = 0
        self._live: Any = None
        if code is not None and present:
            sat = keeper.sessions.begin(self.evening.who, Who.THERAPIST)
            self.evening.sitting = Sitting(self.evening, self.flow, sat)
        self._go(day_room(self.evening))

    def _go(self, room: Room) -> None:
        if room is not self.room:
            self.room.leave()
        self.room = room
        self.screen = room.screen(SCALE)
        self.visited.append(type(room).__name__)

    def _leave(self) -> None:
        self.left = True

    def act(self, action: str) -> None:
        """What a key of this action does."""
        follow(action, self.room, self.evening, self.flow)

    def choose(self, action: str) -> None:
        """Moves to the choice of this action and chooses it, as one grip does."""
        for _ in self.screen.choices:
            if self.screen.focused is not None and self.screen.focused.action == action:
                break
            self.screen.handle(Command.MOVE_NEXT)
        assert self.screen.focused is not None
        assert self.screen.focused.action == action, "there is no such choice"
        chosen = self.screen.handle(Command.CHOOSE)
        if chosen is not None:
            self.act(chosen)

    def step(self) -> None:
        """A little time; what is done in threads meanwhile takes none of it."""
        if isinstance(self.room, WaitingRoom):
            time.sleep(0.002)
            self.room.step(self.screen)
            return
        # Where no song plays, time may pass in longer steps.
        self.now.advance(STEP_US if self.flow.live is not None else _LONG_STEP_US)
        self.card.take()
        self.flow.step()
        self._answer()
        self.room.step(self.screen)

    def _answer(self) -> None:
        live = self.flow.live
        if live is not self._live:
            self._live, self._answered = live, 0
        if live is None or live.paused:
            return
        performance = live.conductor.performance
        targets = performance.targets
        while self._answered < len(targets):
            target = targets[self._answered]
            due_us = live.conductor.host_us(int(target["time_us"]))
            if not live.standing and due_us > self.now() + STEP_US:
                return
            grip = self.pinches(self._answered, int(target["grip"]))
            if grip is not None:
                self.inputs.pinch(max(due_us, self.now()), grip)
            self._answered += 1
            if live.standing:
                return

    def until(self, what: Callable[[], bool], seconds: float = 90.0) -> None:
        """Let time pass until ``what`` holds."""
        end_us = self.now() + round(seconds * 1e6)
        while not what():
            assert self.now() < end_us, f"still {self.visited[-4:]}"
            self.step()

    def until_in(self, room: type[Room], seconds: float = 90.0) -> None:
        """Until somebody is in a room of this kind."""
        self.until(lambda: isinstance(self.room, room), seconds)

    def play_for(self, seconds: float) -> None:
        """So much time."""
        end_us = self.now() + round(seconds * 1e6)
        self.until(lambda: self.now() >= end_us, seconds + 1)


def right(index: int, grip: int) -> int:
    """Who pinches everything that is asked."""
    return grip
