"""What is heard, sample by sample: stems with their gains, single sounds on top, a soft ceiling.

No device here: :meth:`Mixer.fill` writes the next frames into any buffer, so that a test measures
exactly what a sound card would get. Every other method may be called from any thread; what it
asks for happens at the start of the next ``fill``.

All gains move: a change of gain is a ramp of some milliseconds, never a step, so nothing clicks.
"""

import math
from bisect import insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from game.music.sound import SAMPLE_RATE, Stems

#: A hit lifts its melody by 3 dB; a miss ducks it by a little less than the 6 dB it may.
LIFT: Final = 10 ** (3 / 20)
DUCK: Final = 10 ** (-5.5 / 20)

#: A lift ends with the next target, but after this many beats at most; a duck after one.
LIFT_BEATS: Final = 4
DUCK_BEATS: Final = 1

#: Time constant of the gains of melody, layer and volume; length of the fade of start and stop.
SMOOTH_SECONDS: Final = 0.012
FADE_FRAMES: Final = 441

#: The layer comes in this loud, slowly enough to be a swell.
LAYER_GAIN: Final = 1.0
LAYER_SECONDS: Final = 0.25

#: Up to here the output is untouched; above, it bends towards 1, which it never reaches.
KNEE: Final = 0.89

#: Single sounds at once; the oldest fades when one more comes.
MOST_SOUNDS: Final = 24

_MELODY, _LAYER, _MUSIC, _GATE = 0, 1, 2, 3
_NEVER: Final = -(1 << 60)

# The kernels keep the interpreter lock, unlike all others: a callback that gives it away must
# queue for it again, up to 5 ms behind a busy picture, and its whole work takes 0.1 ms.


@njit(cache=True)
def add_stems(
    out, melody, backing, layer, position, gains, lift_until, duck_until, wanted, smoothing, levels
):
    """Write music into ``out`` (frames × 2) from frame ``position`` of the stems; returns the next.

    ``gains`` (melody, layer, music, gate) are the present ones and are moved towards what is
    ``wanted`` (layer, music, gate) by ``smoothing`` (melody, layer, music) a frame, the gate by
    equal steps. ``levels`` are the melody's gain lifted and ducked. With the gate shut the
    position stands still. Frames outside the stems are silence.
    """
    length = melody.shape[0]
    gate_step = 1.0 / FADE_FRAMES
    for frame in range(out.shape[0]):
        if wanted[2] > 0.0:
            gains[3] = min(1.0, gains[3] + gate_step)
        elif gains[3] > 0.0:
            gains[3] = max(0.0, gains[3] - gate_step)
        if gains[3] <= 0.0:
            out[frame, 0] = 0.0
            out[frame, 1] = 0.0
            continue
        goal = 1.0
        if position < duck_until:
            goal = levels[1]
        elif position < lift_until:
            goal = levels[0]
        gains[0] += (goal - gains[0]) * smoothing[0]
        gains[1] += (wanted[0] - gains[1]) * smoothing[1]
        gains[2] += (wanted[1] - gains[2]) * smoothing[2]
        if 0 <= position < length:
            music = np.float32(gains[2] * gains[3])
            sung = np.float32(gains[0])
            more = np.float32(gains[1])
            for channel in range(2):
                level = melody[position, channel] * sung + backing[position, channel]
                out[frame, channel] = music * (level + layer[position, channel] * more)
        else:
            out[frame, 0] = 0.0
            out[frame, 1] = 0.0
        position += 1
    return position


@njit(cache=True)
def add_sound(out, offset, sound, index, gain, gain_step):
    """Add ``sound`` from its frame ``index`` on to ``out`` from ``offset`` on; returns its next.

    ``gain`` changes by ``gain_step`` a frame and ends the sound at 0 (then its length is
    returned).
    """
    count = min(out.shape[0] - offset, sound.shape[0] - index)
    for frame in range(count):
        if gain <= 0.0:
            return sound.shape[0]
        out[offset + frame, 0] += np.float32(gain) * sound[index + frame, 0]
        out[offset + frame, 1] += np.float32(gain) * sound[index + frame, 1]
        gain += gain_step
    return index + count


@njit(cache=True)
def soft_ceiling(out, knee):
    """Bend what is above ``knee`` so that nothing reaches 1; the curve has no corner."""
    room = 1.0 - knee
    for frame in range(out.shape[0]):
        for channel in range(2):
            level = out[frame, channel]
            size = abs(level)
            if size > knee:
                bent = knee + room * np.tanh((size - knee) / room)
                out[frame, channel] = np.float32(math.copysign(min(bent, 0.9999), level))


@dataclass(eq=False)
class _Sounding:
    sound: np.ndarray
    offset: int
    gain: float
    index: int = 0
    gain_step: float = 0.0


class Mixer:
    """Stems, gains and single sounds, mixed on demand. Times of the song are in microseconds."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self.sample_rate = sample_rate
        #: Frames written since the mixer was made, music or not.
        self.frames_handed = 0
        #: Frame of the song the next fill begins with; negative while counting in.
        self.position = 0
        #: Number of the run (see :meth:`play`), and frames of it handed over.
        self.run = 0
        self.run_frames = 0
        self._commands: deque[Callable[[], None]] = deque()
        nothing = np.zeros((0, 2), np.float32)
        self._stems = (nothing, nothing, nothing)
        self._gains = np.array([1.0, 0.0, 1.0, 0.0])
        self._wanted = np.array([0.0, 1.0, 0.0])
        self._smoothing = np.array(
            [
                1 - math.exp(-1 / (seconds * sample_rate))
                for seconds in (SMOOTH_SECONDS, LAYER_SECONDS, SMOOTH_SECONDS)
            ]
        )
        self._levels = np.array([LIFT, DUCK])
        self._lift_until = self._duck_until = _NEVER
        #: What happens once the music has faded: other stems, another run and its first frame.
        self._next_stems: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._next: tuple[int, int] | None = None
        self._notes_volume = 1.0
        self._music_volume = self._faded = 1.0
        self._sounds: list[_Sounding] = []
        self._due: list[tuple[int, int, np.ndarray, float]] = []
        self._due_count = 0
        #: Number of the run asked for last; :attr:`run` follows when it begins.
        self.run_asked = 0

    # What the game asks for, from its own thread.

    def load(self, stems: Stems | None) -> None:
        """Put a song in (None: take it out); stops what plays and forgets what was scheduled."""
        nothing = np.zeros((0, 2), np.float32)
        parts = (nothing, nothing, nothing)
        if stems is not None:
            parts = (_plain(stems.melody), _plain(stems.backing), _plain(stems.layer))

        def do() -> None:
            self._next_stems, self._next = parts, None
            self._faded, self._wanted[1] = 1.0, self._music_volume
            self._wanted[0] = self._wanted[2] = 0.0
            self._lift_until = self._duck_until = _NEVER
            self._due.clear()

        self._commands.append(do)

    def play(self, song_us: int) -> int:
        """Play from ``song_us``; before 0 is silence, in which a bar can be counted in.

        While something plays this is a jump, with a fade of 10 ms. Returns the number of the run
        that begins.
        """
        self.run_asked += 1
        run, frame = self.run_asked, self._frame(song_us)

        def do() -> None:
            self._next = (run, frame)

        self._commands.append(do)
        return run

    def pause(self) -> None:
        """Fade out and stand still; single sounds still play."""

        def do() -> None:
            self._next = None
            self._wanted[2] = 0.0

        self._commands.append(do)

    def resume(self) -> int:
        """Go on where the music stands; a new run."""
        self.run_asked += 1
        run = self.run_asked

        def do() -> None:
            self._next = (run, self.position)

        self._commands.append(do)
        return run

    def hit(self, song_us: int, next_target_us: int | None, beat_us: int) -> None:
        """Lift the melody by 3 dB until the next target, for four beats at most."""
        until = song_us + LIFT_BEATS * beat_us
        if next_target_us is not None:
            until = min(until, next_target_us)
        frame = self._frame(until)

        def do() -> None:
            self._lift_until, self._duck_until = frame, _NEVER

        self._commands.append(do)

    def miss(self, song_us: int, beat_us: int) -> None:
        """Duck the melody for a beat."""
        frame = self._frame(song_us + DUCK_BEATS * beat_us)

        def do() -> None:
            self._duck_until, self._lift_until = frame, _NEVER

        self._commands.append(do)

    def layer(self, on: bool) -> None:
        """Bring in the extra layer, or take it out; it swells over a quarter of a second."""

        def do() -> None:
            self._wanted[0] = LAYER_GAIN if on else 0.0

        self._commands.append(do)

    def volumes(self, music: float, notes: float) -> None:
        """Linear gains of the music and of the sounds of presses, 0 to 1."""
        music, notes = min(1.0, max(0.0, music)), min(1.0, max(0.0, notes))

        def do() -> None:
            self._music_volume, self._notes_volume = music, notes
            self._wanted[1] = music * self._faded

        self._commands.append(do)

    def fade(self, share: float) -> None:
        """So much of the music is left, 0 to 1, until another song is put in: how a song ends
        before its end."""

        def do() -> None:
            self._faded = share
            self._wanted[1] = self._music_volume * share

        self._commands.append(do)

    def sound(self, sound: np.ndarray, gain: float = 1.0) -> None:
        """Play ``sound`` (float32, frames × 2) now, over whatever plays."""
        plain = _plain(sound)
        self._commands.append(lambda: self._begin(plain, 0, gain))

    def schedule(self, song_us: int, sound: np.ndarray, gain: float = 1.0) -> None:
        """Play ``sound`` when the music gets to ``song_us``; dropped if it is past it by then."""
        plain, frame = _plain(sound), self._frame(song_us)

        def do() -> None:
            self._due_count += 1  # keeps equal times in order and arrays from being compared
            insort(self._due, (frame, self._due_count, plain, gain), key=lambda row: row[:2])

        self._commands.append(do)

    def clear_schedule(self) -> None:
        """Forget everything scheduled: sounds to come, and how long the melody is lifted."""

        def do() -> None:
            self._due.clear()
            self._lift_until = self._duck_until = _NEVER

        self._commands.append(do)

    def warm(self) -> None:
        """Compile the kernels (cached on disk), so that no callback has to."""
        other = Mixer(self.sample_rate)
        two = np.zeros((64, 2), np.float32)
        other.load(Stems(two, two.copy(), two.copy()))
        other.play(0)
        other.sound(two)
        other.fill(np.zeros((64, 2), np.float32))

    # What the sound card's thread does.

    @property
    def playing(self) -> bool:
        """Whether the music moves, or will with the next fill."""
        return bool(self._next is not None or self._gains[_GATE] > 0 or self._wanted[2] > 0)

    def settle(self) -> None:
        """Do what was asked since the last fill; a change needs no fade if nothing sounds."""
        while self._commands:
            self._commands.popleft()()
        if self._gains[_GATE] <= 0.0:
            self._change()

    def fill(self, out: np.ndarray) -> None:
        """Write the next ``len(out)`` frames into ``out`` (float32, frames × 2, contiguous)."""
        self.settle()
        done = 0
        if self._next is not None or self._next_stems is not None:
            # Something sounds: let it fade in this buffer, then change within it. What is
            # scheduled belongs to the run to come.
            self._wanted[2] = 0.0
            done = min(len(out), math.ceil(self._gains[_GATE] * FADE_FRAMES))
            self._music(out[:done])
            if self._gains[_GATE] <= 0.0:
                self._change()
        begun = self.position
        self._music(out[done:])
        while self.position > begun and self._due and self._due[0][0] < self.position:
            frame, _, sound, gain = self._due.pop(0)
            if frame >= begun:
                self._begin(sound, done + frame - begun, gain)
        for sounding in self._sounds:
            sounding.index = self._mix(out, sounding)
            sounding.gain += sounding.gain_step * (len(out) - sounding.offset)
            sounding.offset = 0
        self._sounds = [s for s in self._sounds if s.index < len(s.sound)]
        soft_ceiling(out, KNEE)
        self.frames_handed += len(out)

    def _change(self) -> None:
        """Put in the next stems and begin the next run, if they are asked for."""
        if self._next_stems is not None:
            self._stems, self._next_stems = self._next_stems, None
            self._gains[_LAYER] = 0.0
        if self._next is not None:
            self.run, self.position = self._next
            self.run_frames = 0
            self._next = None
            self._wanted[2] = 1.0

    def _music(self, out: np.ndarray) -> None:
        begun = self.position
        melody, backing, layer = self._stems
        self.position = add_stems(
            *(out, melody, backing, layer, begun, self._gains, self._lift_until),
            *(self._duck_until, self._wanted, self._smoothing, self._levels),
        )
        self.run_frames += self.position - begun

    def _mix(self, out: np.ndarray, sounding: _Sounding) -> int:
        gain = sounding.gain * self._notes_volume
        return int(
            add_sound(
                *(out, sounding.offset, sounding.sound, sounding.index),
                *(gain, sounding.gain_step * self._notes_volume),
            )
        )

    def _begin(self, sound: np.ndarray, offset: int, gain: float) -> None:
        steady = [s for s in self._sounds if s.gain_step == 0.0]
        if len(steady) >= MOST_SOUNDS:
            steady[0].gain_step = -steady[0].gain / FADE_FRAMES
        self._sounds.append(_Sounding(sound, offset, gain))

    def _frame(self, song_us: int) -> int:
        return round(song_us * self.sample_rate / 1e6)


def _plain(sound: np.ndarray) -> np.ndarray:
    """The one kind of array the kernels are compiled for: another would be compiled mid-song."""
    return np.require(sound, np.float32, ["C", "W"])
