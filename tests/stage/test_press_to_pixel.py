"""A press that the game knows of is seen in the picture of the next frame, or the one after it."""

import threading
import time

import numpy as np
import pygame
import pytest

from benchmarks.evening import Evening
from game.core.grips import Grip, lanes
from game.stage.highway.perspective import LANE_WIDTH, Road
from game.stage.highway.places import places
from game.stage.screens import PlayScreen
from game.stage.theme import Scale
from tests.stage.scenes import luminances

SIZE = (960, 540)
PRESSES = 5
#: The key of the index finger of a right hand, by its place.
J = 13


class _Seen:
    """Presses a key while a song is counted in, and looks at every picture that is shown.

    ``frames`` are the pictures from each press being known to its being seen: 1 is the next one.
    """

    def __init__(self, evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
        self.frames: list[int] = []
        self._evening = evening
        self._shown = 0
        self._known_at: int | None = None
        self._chosen = False
        road = Road(places("right").road.middle[0])
        lane = lanes("right").index(Grip.INDEX) - 2
        scale = Scale(*SIZE)
        # In the hollow shape, left and right of its finger picture.
        x, y = scale.x(road.centre + lane * LANE_WIDTH), scale.y(road.strike_y + 20)
        self._spot = (slice(x - 12, x + 12), slice(y - 3, y + 3))
        self._resting = 0.0
        update = pygame.display.update

        def updated(*rects: object) -> None:
            update(*rects)
            self._shown += 1
            self._look()

        monkeypatch.setattr(pygame.display, "update", updated)

    def _brightness(self) -> float:
        window = pygame.display.get_surface()
        return float(luminances(pygame.surfarray.array3d(window)[self._spot]).mean())

    def _look(self) -> None:
        if not isinstance(self._evening.app._screen, PlayScreen):
            return
        light = self._brightness()
        if self._known_at is None:
            self._resting = light
        elif light > self._resting * 1.3:
            self.frames.append(self._shown - self._known_at)
            self._known_at = None

    def press(self, done: threading.Event) -> None:
        """Another thread: a key, at times that have nothing to do with frames."""
        rng = np.random.default_rng(5)
        while not done.wait(0.08 + float(rng.random()) * 0.05):
            if not self._evening.playing:
                continue
            for kind in (pygame.KEYDOWN, pygame.KEYUP):
                event = pygame.event.Event(kind, key=pygame.K_j, scancode=J, mod=0, unicode="")
                pygame.event.post(event)
                time.sleep(0.06)

    def __call__(self, evening: Evening) -> bool:
        if not self._chosen:
            self._chosen = True
            evening.rooms.draw_ahead().wait()
            inputs = evening.rooms.inputs
            take = inputs.take

            def taken(event: pygame.event.Event, *args: object, **more: object) -> bool:
                if event.type == pygame.KEYDOWN:
                    self._known_at = self._shown
                return take(event, *args, **more)  # type: ignore[arg-type]

            inputs.take = taken  # type: ignore[method-assign]
            evening.choose("play:ode-to-joy")
        return len(self.frames) >= PRESSES


def test_a_known_press_is_seen_within_two_frames(tmp_path, monkeypatch) -> None:
    evening = Evening(tmp_path, SIZE)
    seen = _Seen(evening, monkeypatch)
    done = threading.Event()
    finger = threading.Thread(target=seen.press, args=(done,), daemon=True)
    finger.start()
    try:
        evening.run(seen)
    finally:
        done.set()
        finger.join()
        evening.close()
    print("pictures from known to seen:", seen.frames)
    assert max(seen.frames) <= 2
