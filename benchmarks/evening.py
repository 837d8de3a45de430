"""The real game on a display that shows nothing and a sound card that drops its frames."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

# Only a window needs a display, and this is run where there may be none.
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
import pygame

from firmware_bridge.glove import Glove
from game.cli.keeping import Keeper
from game.core.judge import warm_up
from game.music.sound import RenderWorker
from game.stage.app import App
from game.stage.audio import AudioOut
from game.stage.desk import Services
from game.stage.evening import Evening as InTheGame
from game.stage.navigation import follow
from game.stage.view import Options


class Evening:
    """A guest at the real game. ``heard_s`` is when the device last took the first sound asked for.

    Everything is real: the loop, the rooms, the records, the renderer's process, miniaudio's null
    device. Only the person is not: :meth:`choose` stands for their key.
    """

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        warm_up()
        pygame.display.init()
        self.keeper = Keeper.open(folder / "data")
        self.renderer = RenderWorker(folder / "cache")
        self.renderer.start()
        self.audio = AudioOut(backend="null")
        self.audio.open()
        self.audio.silent_reason = None
        self.heard_s = float("inf")
        self._listening = False
        self._fill = self.audio.mixer.fill
        self.audio.mixer.fill = self._listen
        services = Services(self.keeper, Glove.open("keyboard"), self.audio, self.renderer)
        self.app = App(pygame.display.set_mode(size), lambda report: services, Options())

    def _listen(self, out: np.ndarray) -> None:
        self._fill(out)
        if self._listening and np.abs(out).max() > 1e-3:
            self.heard_s, self._listening = time.perf_counter(), False

    def listen(self) -> None:
        """Note when something is heard next."""
        self.heard_s, self._listening = float("inf"), True

    @property
    def playing(self) -> bool:
        """Whether a song is played."""
        return self.app._flow is not None and self.app._flow.live is not None

    @property
    def rooms(self) -> InTheGame:
        """What the rooms of the game are handed."""
        assert self.app._evening is not None
        return self.app._evening

    def choose(self, action: str) -> None:
        """What a key on the screen does."""
        assert self.app._flow is not None
        follow(action, self.app._room, self.rooms, self.app._flow)

    def end_play(self) -> None:
        """Stop the song that is played."""
        assert self.app._flow is not None
        self.app._flow.end(interrupted=True)

    def run(self, person: Callable[["Evening"], bool]) -> None:
        """The loop, with ``person`` asked after every frame until they have enough."""
        frame = self.app._frame

        def framed() -> None:
            frame()
            if self.app._evening is not None and person(self):
                self.app._done = True

        self.app._frame = framed
        self.app.run()

    def close(self) -> None:
        """Let go of everything."""
        self.keeper.close()
        pygame.display.quit()
