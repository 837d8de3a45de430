"""The song that the focus rests on, heard softly before it is chosen.

While somebody looks at a song it is made ready to be played, rendered ahead of being needed, and
its most telling ten seconds sound. All of it gives way: the preview stops as soon as the focus
moves, and a play never waits for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from game.music.errors import MusicError
from game.music.library import Entry
from game.music.song import Song
from game.music.sound import RenderJob, RenderWorker, Stems
from game.play.setup import PreparedPlay
from game.stage.ahead import Making
from game.stage.audio import AudioOut

#: The focus has come to rest after this, and the song is made ready …
READY_US: Final = 250_000
#: … and begins to sound after this, or when it is rendered.
REST_US: Final = 600_000

#: What is heard: so much, this much softer than in a play (−5 dB), faded in and out.
HEARD_US: Final = 10_000_000
GAIN: Final = 0.56
FADE_IN_US: Final = 300_000
FADE_OUT_US: Final = 1_500_000

#: Shorter than this a part tells nothing: the next telling one is taken.
_SHORTEST_US: Final = 5_000_000

#: What the part that everybody knows is called.
_KNOWN_BY: Final = ("chorus", "refrain", "hook", "estribillo", "ritornello", "kehrvers")


def telling_part(song: Song) -> tuple[int, int]:
    """From when to when (µs at tempo 1.0) ``song`` tells best what it is.

    The first section named chorus or refrain, else the first phrase of the melody, each with the
    notes that lead into it; 10 s at most.
    """
    last_us = int(song.length_us)
    starts = [at for at, name in song.sections if any(k in name.casefold() for k in _KNOWN_BY)]
    starts = [at for at in starts if last_us - at >= _SHORTEST_US]
    sung = song.notes["time_us"][song.melody]
    if starts:
        from_us = _with_its_upbeat(song, starts[0])
    elif len(sung):
        from_us = int(sung[0])
    else:
        from_us = 0
    from_us = max(0, min(from_us, last_us - _SHORTEST_US))
    return from_us, min(from_us + HEARD_US, last_us)


def _with_its_upbeat(song: Song, start_us: int) -> int:
    """The first of the melody's notes that lead into ``start_us``, at most half a bar before."""
    bars_us = song.bars_us
    bar = int(np.searchsorted(bars_us, start_us, side="right")) - 1
    bar = max(0, min(bar, len(bars_us) - 2))
    earliest_us = start_us - int(bars_us[bar + 1] - bars_us[bar]) // 2
    notes = song.notes[song.melody]
    leading = notes[(notes["time_us"] >= earliest_us) & (notes["time_us"] < start_us)]
    return min(start_us, int(leading["time_us"].min(initial=start_us)))


def clip(stems: Stems, from_us: int, until_us: int) -> Stems:
    """The part of ``stems`` between two times, softly and faded, as a song of its own."""
    scale = stems.sample_rate / 1e6
    part = slice(round(from_us * scale), round(until_us * scale))
    sound = (stems.melody[part] + stems.backing[part]) * np.float32(GAIN)
    rise, fall = (min(len(sound), round(us * scale)) for us in (FADE_IN_US, FADE_OUT_US))
    sound[:rise] *= _slope(rise)[:, None]
    sound[len(sound) - fall :] *= _slope(fall)[::-1, None]
    nothing = np.zeros_like(sound)
    return Stems(nothing, sound, nothing, stems.sample_rate)


def _slope(frames: int) -> np.ndarray:
    return np.asarray(0.5 - 0.5 * np.cos(np.linspace(0, np.pi, frames)), np.float32)


@dataclass
class _Rest:
    """The focus on one song, from when it came there."""

    entry: Entry
    since_us: int
    making: Making | None = None
    job: RenderJob | None = None
    until_us: int = 0
    over: bool = False


class Preview:
    """Call :meth:`step` in every frame with the song in focus, and :meth:`stop` when leaving.

    ``sounds`` says whether it may be heard (the settings' word); where there is no sound device
    nothing is. Songs are made ready and rendered ahead all the same.
    """

    def __init__(
        self,
        audio: AudioOut,
        renderer: RenderWorker,
        now: Callable[[], int],
        *,
        sounds: bool = True,
    ) -> None:
        self._audio = audio
        self._renderer = renderer
        self._now = now
        self._sounds = sounds
        self._rest: _Rest | None = None

    @property
    def sounding(self) -> bool:
        """Whether a song is heard now."""
        return self._rest is not None and self._now() < self._rest.until_us

    def step(self, entry: Entry | None, make: Callable[[Entry], Making]) -> None:
        """``entry`` is in focus (None: no song that can be played); ``make`` makes it ready."""
        rest = self._rest
        if entry is None or not entry.ok:
            self.stop()
        elif rest is None or (rest.entry.key, rest.entry.path) != (entry.key, entry.path):
            self.stop()
            self._rest = _Rest(entry, self._now())
        elif not rest.over:
            try:
                self._go_on(rest, make)
            except MusicError:
                rest.over = True  # whoever chooses the song is told why

    def stop(self) -> None:
        """Silence at once."""
        if self.sounding:
            self._audio.mixer.load(None)
        self._rest = None

    def _go_on(self, rest: _Rest, make: Callable[[Entry], Making]) -> None:
        rested_us = self._now() - rest.since_us
        if rested_us < READY_US:
            return
        if rest.making is None:
            rest.making = make(rest.entry)
        if not rest.making.play.done:
            return
        prepared: PreparedPlay = rest.making.play.result()
        if rest.job is None:
            rest.job = self._renderer.request(prepared.song, prepared.tempo, ahead=True)
        if rest.job.done and rested_us >= REST_US:
            self._sound(rest, prepared, rest.job.result())

    def _sound(self, rest: _Rest, prepared: PreparedPlay, stems: Stems) -> None:
        if not self._sounds or self._audio.silent_reason is not None:
            rest.over = True
        elif stems.whole.is_set():
            from_us, until_us = (round(us / prepared.tempo) for us in telling_part(prepared.song))
            until_us = min(until_us, from_us + HEARD_US)
            mixer = self._audio.mixer
            mixer.load(clip(stems, from_us, until_us))
            mixer.play(0)
            rest.until_us = self._now() + until_us - from_us
            rest.over = True
