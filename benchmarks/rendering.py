"""Whether the picture stalls while a song is rendered.

The real game at 1080p: the highway of a play, and the list of songs with its focus on the move. Of
each the time from frame to frame, in turn while nothing else happens and while the renderer's
process makes one song of three minutes after the other (and this process reads what it made).
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.evening import Evening, pygame
from benchmarks.measure import Figure, percentiles
from game.music.library import bundled_folder
from game.music.reading import read_song
from game.music.song import Song
from game.music.sound import RenderJob

_SIZE = (1920, 1080)
_PLAYED = "the-entertainer"
_SONG_S = 180.0
#: So long each state is looked at in turn, and so often.
_TURN_S, _TURNS = 5.0, 3
#: Nothing is counted for so long after a change: the first frames of a room are drawn at leisure.
_SETTLES_S = 1.0
_MOVES_EVERY_S = 0.22  # the focus rests too shortly for a song to be made ready of itself


class Looks:
    """Looks at a room of the game, in turn while nothing is rendered and while ``song`` is.

    ``frames_s`` are the times from frame to frame, by whether something was rendered;
    ``rendered_s`` how long each rendering took, from being asked for to having been read back.
    """

    def __init__(self, action: str, song: Song) -> None:
        self.frames_s: dict[bool, list[float]] = {False: [], True: []}
        self.rendered_s: list[float] = []
        self._action = action
        self._song = song
        self._tempo = song.length_us / 1e6 / _SONG_S
        self._job: RenderJob | None = None
        self._asked_s = self._last_s = self._until_s = self._settled_s = self._moved_s = 0.0
        self._turn = -1

    def __call__(self, evening: Evening) -> bool:
        now = time.perf_counter()
        if self._turn < 0:
            evening.rooms.draw_ahead().wait()
            evening.choose(self._action)
            self._next_turn()
            return False
        if self._action.startswith("play:") and not evening.playing:
            self._turn = -1
            self._next_turn()
            return False
        rendering = self._turn % 2 == 1
        if now > self._settled_s:
            self.frames_s[rendering].append(now - self._last_s)
        self._last_s = now
        if not self._action.startswith("play:") and now - self._moved_s > _MOVES_EVERY_S:
            self._moved_s = now
            for kind in (pygame.KEYDOWN, pygame.KEYUP):
                event = pygame.event.Event(kind, key=pygame.K_DOWN, scancode=81, mod=0, unicode="")
                pygame.event.post(event)
        if rendering and not self._goes_on(evening, now):
            return False
        if now > self._until_s:
            self._next_turn()
        return self._turn == 2 * _TURNS

    def _goes_on(self, evening: Evening, now: float) -> bool:
        """Renders; whether this turn may end, as nothing is under way."""
        job = self._job
        if job is not None and job.done and job.result().whole.is_set():
            self.rendered_s.append(now - self._asked_s)
            self._job = job = None
        if job is None and now <= self._until_s:
            self._tempo += 0.0001  # another sound each time: nothing of it is kept
            self._asked_s = now
            self._job = evening.renderer.request(self._song, self._tempo)
        return self._job is None

    def _next_turn(self) -> None:
        now = time.perf_counter()
        self._turn += 1
        self._settled_s, self._until_s = now + _SETTLES_S, now + _SETTLES_S + _TURN_S


def _three_minutes() -> Song:
    """The bundled song that comes nearest to three minutes, if it is played a little slower."""
    songs = [read_song(path) for path in sorted(bundled_folder().glob("*.mid"))]
    return min(songs, key=lambda song: abs(song.length_us / 1e6 - _SONG_S))


def figures() -> Iterator[Figure]:
    song = _three_minutes()
    rendered_s: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for action, what in ((f"play:{_PLAYED}", "a play"), ("songs", "the list of songs")):
            evening = Evening(Path(folder), _SIZE)
            person = Looks(action, song)
            evening.run(person)
            evening.close()
            rendered_s += person.rendered_s
            for rendering, when in ((False, "at rest"), (True, "beside rendering")):
                frames_ms = [s * 1e3 for s in person.frames_s[rendering]]
                middle, late, worst = percentiles(frames_ms, 50, 99, 100)
                yield Figure(f"{what}, frame to frame {when}, p50", middle, "ms", False)
                yield Figure(f"{what}, frame to frame {when}, p99", late, "ms", False)
                yield Figure(f"{what}, frame to frame {when}, worst", worst, "ms", False)
    speed = _SONG_S / percentiles(rendered_s, 50)[0]
    yield Figure("3 minutes of song rendered and kept beside the picture", speed, "x real time")
