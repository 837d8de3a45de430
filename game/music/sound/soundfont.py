"""A SoundFont 2 file: presets, zones and the samples they play. Reading only, nothing sounds here.

The player is our own because every note of it can then be held to account. What was tried:
``symusic`` 0.5 (wheels for every platform) plays the same file up to 95 cents out of tune
(piano C3 +95, nylon guitar C4 +80, bass −90: measured against FluidSynth 2.3), has no decay, no
filter and no release, so that a bank of its notes would have kept all of that. ``libfluidsynth``
needs a system package on two of three platforms.

Format: SoundFont Technical Specification 2.04 (E-mu/Creative 2006). The numbers of generators
below are those of its section 8.1.2. The one departure is what all players do: an initial
attenuation counts 0.4 of what it says, as on the hardware the fonts were made on. Modulators
written in the file are not followed; the default ones that matter (velocity, volume, expression,
pan, bend, modulation wheel, reverb send) are, in :mod:`game.music.sound.voices`.
"""

import hashlib
import importlib.util
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from game.music.errors import MusicError

GENERATORS: Final = 61

# Generators by the number the format gives them.
(START, END, LOOP_START, LOOP_END, START_COARSE) = (0, 1, 2, 3, 4)
(MOD_LFO_PITCH, VIBRATO_PITCH, MOD_ENV_PITCH) = (5, 6, 7)
(FILTER_CUTOFF, FILTER_Q, MOD_LFO_CUTOFF, MOD_ENV_CUTOFF) = (8, 9, 10, 11)
(END_COARSE, MOD_LFO_VOLUME, REVERB_SEND, PAN) = (12, 13, 16, 17)
(MOD_LFO_DELAY, MOD_LFO_FREQUENCY, VIBRATO_DELAY, VIBRATO_FREQUENCY) = (21, 22, 23, 24)
(MOD_DELAY, MOD_ATTACK, MOD_HOLD, MOD_DECAY, MOD_SUSTAIN, MOD_RELEASE) = range(25, 31)
(MOD_KEY_HOLD, MOD_KEY_DECAY) = (31, 32)
(VOL_DELAY, VOL_ATTACK, VOL_HOLD, VOL_DECAY, VOL_SUSTAIN, VOL_RELEASE) = range(33, 39)
(VOL_KEY_HOLD, VOL_KEY_DECAY) = (39, 40)
(INSTRUMENT, KEY_RANGE, VELOCITY_RANGE, LOOP_START_COARSE) = (41, 43, 44, 45)
(FIXED_KEY, FIXED_VELOCITY, ATTENUATION, LOOP_END_COARSE) = (46, 47, 48, 50)
(COARSE_TUNE, FINE_TUNE, SAMPLE, SAMPLE_MODES) = (51, 52, 53, 54)
(SCALE_TUNING, EXCLUSIVE_CLASS, ROOT_KEY) = (56, 57, 58)

_DEFAULTS: Final[dict[int, int]] = {
    FILTER_CUTOFF: 13_500,
    SCALE_TUNING: 100,
    FIXED_KEY: -1,
    FIXED_VELOCITY: -1,
    ROOT_KEY: -1,
    **dict.fromkeys(
        (
            *(MOD_LFO_DELAY, VIBRATO_DELAY),
            *(MOD_DELAY, MOD_ATTACK, MOD_HOLD, MOD_DECAY, MOD_RELEASE),
            *(VOL_DELAY, VOL_ATTACK, VOL_HOLD, VOL_DECAY, VOL_RELEASE),
        ),
        -12_000,
    ),
}

#: Generators of which a preset may not shift what the instrument says (section 8.5).
_ABSOLUTE: Final = (
    *(START, END, LOOP_START, LOOP_END, START_COARSE, END_COARSE, LOOP_START_COARSE),
    *(LOOP_END_COARSE, FIXED_KEY, FIXED_VELOCITY, SAMPLE_MODES, EXCLUSIVE_CLASS, ROOT_KEY),
    *(INSTRUMENT, KEY_RANGE, VELOCITY_RANGE, SAMPLE),
)

#: Bank of the drum kits.
DRUM_BANK: Final = 128

#: A sample whose own pitch is further than this from what the file claims is left alone: it is
#: not a mistake of a few cents but a bell, a chord or an effect.
MAX_TUNING_CENTS: Final = 25.0

#: Programs from here on are struck things and effects (General MIDI); their pitch is no pitch.
_FIRST_UNPITCHED_PROGRAM: Final = 112


@dataclass(frozen=True)
class Sample:
    """A stretch of the font's sample data; ``start`` … ``loop_end`` are indices into it."""

    name: str
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root_key: int
    correction_cents: int


@dataclass(frozen=True, eq=False)
class Zone:
    """One layer of a preset: where it sounds, what sample, and all generators with their sums.

    ``tuning_cents`` corrects the sample's own deviation from the pitch the file claims.
    """

    keys: tuple[int, int]
    velocities: tuple[int, int]
    generators: np.ndarray
    sample: Sample
    tuning_cents: float = 0.0


@dataclass(eq=False)
class SoundFont:
    """The presets of a ``.sf2`` file.

    ``samples`` is float32, mono, −1 … 1. ``digest`` identifies the file's content.
    """

    path: Path
    digest: str
    samples: np.ndarray
    _tables: dict[str, np.ndarray]
    _headers: list[Sample]
    _presets: dict[tuple[int, int], int]
    _zones: dict[tuple[int, int], list[Zone]] = field(default_factory=dict)
    _chosen: dict[tuple[bool, int, int, int], tuple[Zone, ...]] = field(default_factory=dict)
    _deviations: dict[tuple[Sample, int], float | None] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "SoundFont":
        """Read ``path``; raises MusicError if it is not a SoundFont 2 file."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise MusicError(
                f"{path}: the instrument sounds cannot be read ({error.strerror}); "
                "choose another SoundFont in the settings"
            ) from error
        try:
            return cls._parse(path, data)
        except (KeyError, ValueError, IndexError, struct.error) as error:
            raise MusicError(
                f"{path}: this is not a SoundFont 2 file (.sf2); choose another in the settings"
            ) from error

    @classmethod
    def _parse(cls, path: Path, data: bytes) -> "SoundFont":
        if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
            raise ValueError("no RIFF sfbk header")
        chunks: dict[bytes, bytes] = {}
        for name, start, size in _chunks(data, 12, len(data)):
            if name == b"LIST":
                for inner, inner_start, inner_size in _chunks(data, start + 4, start + size):
                    chunks[inner] = data[inner_start : inner_start + inner_size]
        samples = np.frombuffer(chunks[b"smpl"], "<i2").astype(np.float32) / np.float32(32_768)
        samples.flags.writeable = False
        tables = {
            "pbag": np.frombuffer(chunks[b"pbag"], "<u2").reshape(-1, 2),
            "ibag": np.frombuffer(chunks[b"ibag"], "<u2").reshape(-1, 2),
            "pgen": np.frombuffer(chunks[b"pgen"], [("number", "<u2"), ("amount", "<i2")]),
            "igen": np.frombuffer(chunks[b"igen"], [("number", "<u2"), ("amount", "<i2")]),
            "inst": np.frombuffer(chunks[b"inst"], [("name", "S20"), ("bag", "<u2")])["bag"],
        }
        headers = [
            Sample(_text(name), start, end, loop_start, loop_end, rate, root, correction)
            for name, start, end, loop_start, loop_end, rate, root, correction, _, _ in (
                struct.iter_unpack("<20sIIIIIBbHH", chunks[b"shdr"])
            )
        ]
        presets = list(struct.iter_unpack("<20sHHHIII", chunks[b"phdr"]))
        tables["phdr"] = np.array([row[3] for row in presets], np.int64)
        places = {(row[2], row[1]): index for index, row in enumerate(presets[:-1])}
        digest = hashlib.sha256(data).hexdigest()
        return cls(path, digest, samples, tables, headers, places)

    def zones(self, *, drum: bool, program: int, key: int, velocity: int) -> tuple[Zone, ...]:
        """The layers that sound for a note, tuned; empty for a drum that is not there.

        A program that the font lacks falls back to the first of its family of eight, then to
        program 0 (piano, standard kit). Raises MusicError if the font is broken there.
        """
        place = (drum, program, key, velocity)
        if place not in self._chosen:
            self._chosen[place] = self._choose(drum, program, key, velocity)
        return self._chosen[place]

    def _choose(self, drum: bool, program: int, key: int, velocity: int) -> tuple[Zone, ...]:
        bank = DRUM_BANK if drum else 0
        for candidate in (program, program & ~7, 0):
            if (bank, candidate) in self._presets:
                program = candidate
                break
        there = [
            zone
            for zone in self._preset(bank, program)
            if zone.velocities[0] <= velocity <= zone.velocities[1]
        ]
        found = [zone for zone in there if zone.keys[0] <= key <= zone.keys[1]]
        if there and not found and not drum:
            # Beyond the compass of the instrument: its outermost sample goes on.
            def distance(zone: Zone) -> int:
                return max(zone.keys[0] - key, key - zone.keys[1])

            nearest = min(map(distance, there))
            found = [zone for zone in there if distance(zone) == nearest]
        if drum or program >= _FIRST_UNPITCHED_PROGRAM:
            return tuple(found)
        return self._tuned(found)

    def _tuned(self, zones: list[Zone]) -> tuple[Zone, ...]:
        """The same zones, shifted together so that their mean pitch is what the key says.

        Together, because layers that beat against each other are meant to; and not at all if
        one of them has no clear pitch.
        """
        off = [self._deviation_cents(zone) for zone in zones]
        clear = [deviation for deviation in off if deviation is not None]
        mean = float(np.mean(clear)) if clear and len(clear) == len(off) else 0.0
        if abs(mean) > MAX_TUNING_CENTS:
            mean = 0.0
        return tuple(Zone(z.keys, z.velocities, z.generators, z.sample, -mean) for z in zones)

    def _deviation_cents(self, zone: Zone) -> float | None:
        """How far a zone sounds from its key; None if its sample has no clear pitch near it."""
        g = zone.generators
        if g[SCALE_TUNING] != 100:
            return None
        claimed = 100 * root_key(zone) - 100 * int(g[COARSE_TUNE]) - int(g[FINE_TUNE])
        claimed -= zone.sample.correction_cents
        place = (zone.sample, claimed)
        if place not in self._deviations:
            self._deviations[place] = measure_deviation(self.samples, zone.sample, claimed)
        return self._deviations[place]

    def _preset(self, bank: int, program: int) -> list[Zone]:
        if (bank, program) not in self._zones:
            preset = self._presets.get((bank, program))
            try:
                self._zones[bank, program] = [] if preset is None else self._build(preset)
            except (ValueError, IndexError, KeyError) as error:
                raise MusicError(
                    f"{self.path}: instrument {program} of this SoundFont is broken; "
                    "choose another in the settings"
                ) from error
        return self._zones[bank, program]

    def _build(self, preset: int) -> list[Zone]:
        zones: list[Zone] = []
        first, last = self._tables["phdr"][preset : preset + 2]
        shared: dict[int, int] = {}
        for number, bag in enumerate(range(first, last)):
            own = self._generators("p", bag)
            if INSTRUMENT not in own:
                shared = own if number == 0 else shared
                continue
            outer = {**shared, **own}
            outer_keys = _range(outer.get(KEY_RANGE))
            outer_velocities = _range(outer.get(VELOCITY_RANGE))
            for inner in self._instrument(own[INSTRUMENT]):
                keys = _overlap(outer_keys, _range(inner.get(KEY_RANGE)))
                velocities = _overlap(outer_velocities, _range(inner.get(VELOCITY_RANGE)))
                if keys is None or velocities is None:
                    continue
                amounts = np.zeros(GENERATORS, np.int32)
                for index, value in (_DEFAULTS | inner).items():
                    amounts[index] = value
                for index, value in outer.items():
                    if index not in _ABSOLUTE:
                        amounts[index] += value
                sample = self._sample(amounts, self._headers[inner[SAMPLE]])
                if sample is not None:
                    zones.append(Zone(keys, velocities, amounts, sample))
        return zones

    def _instrument(self, index: int) -> list[dict[int, int]]:
        first, last = self._tables["inst"][index : index + 2]
        zones: list[dict[int, int]] = []
        shared: dict[int, int] = {}
        for number, bag in enumerate(range(first, last)):
            own = self._generators("i", bag)
            if SAMPLE in own:
                zones.append({**shared, **own})
            elif number == 0:
                shared = own
        return zones

    def _generators(self, kind: str, bag: int) -> dict[int, int]:
        first, last = (int(row[0]) for row in self._tables[kind + "bag"][bag : bag + 2])
        rows = self._tables[kind + "gen"][first:last]
        return {int(r["number"]): int(r["amount"]) for r in rows if r["number"] < GENERATORS}

    def _sample(self, amounts: np.ndarray, header: Sample) -> Sample | None:
        """``header`` with the zone's offsets; None if it lies outside the data (a broken font)."""

        def moved(place: int, fine: int, coarse: int) -> int:
            return place + int(amounts[fine]) + 32_768 * int(amounts[coarse])

        start = max(0, moved(header.start, START, START_COARSE))
        end = min(len(self.samples), moved(header.end, END, END_COARSE))
        loop_start = max(start, moved(header.loop_start, LOOP_START, LOOP_START_COARSE))
        loop_end = min(end, moved(header.loop_end, LOOP_END, LOOP_END_COARSE))
        if end - start < 8 or header.rate <= 0:
            return None
        return Sample(
            *(header.name, start, end, loop_start, loop_end),
            *(header.rate, header.root_key, header.correction_cents),
        )


def root_key(zone: Zone) -> int:
    """The key at which the zone's sample plays at its own speed."""
    own = int(zone.generators[ROOT_KEY])
    return own if own >= 0 else zone.sample.root_key


def measure_deviation(samples: np.ndarray, sample: Sample, claimed_cents: int) -> float | None:
    """How far a sample at its own rate is from the pitch claimed for it, or None if unclear.

    Both in cents, the pitch above MIDI key 0.

    The sample is laid out as a held note plays it, loop after loop, from 50 ms on (past the
    attack), and the strongest of the first six partials near the claimed pitch
    is read from the spectrum. Unclear is what beats: a partial that is not one line. (Measuring
    the loop alone was tried: some fonts tune a sample to its long attack, which is then heard.)
    """
    size = 1 << 15
    wave = samples[sample.start : sample.end]
    if sample.loop_end - sample.loop_start >= 8:
        loop = samples[sample.loop_start : sample.loop_end]
        before = samples[sample.start : sample.loop_start]
        wave = np.concatenate([before, np.resize(loop, size)])
    skipped = min(sample.rate // 20, len(wave) // 4)
    wave = wave[skipped : skipped + size]
    if len(wave) < 4_096:
        return None
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 2 * size))
    claimed_hz = 440.0 * 2 ** ((claimed_cents - 6_900) / 1_200)
    best: tuple[float, float] | None = None
    for partial in range(1, 7):
        middle = claimed_hz * partial / sample.rate * 2 * size
        low, high = int(middle * 2 ** (-60 / 1_200)), int(middle * 2 ** (60 / 1_200)) + 2
        if low < 2 or high >= len(spectrum) - 1:
            continue
        peak = low + int(np.argmax(spectrum[low:high]))
        level = spectrum[peak]
        if peak in (low, high - 1) or level <= 0 or (best is not None and level <= best[0]):
            continue
        line = 2 * round(2 * size / len(wave))
        near = spectrum[max(low, peak - line) : peak + line + 1]
        if np.square(near).sum() < 0.9 * np.square(spectrum[low:high]).sum():
            continue
        left, here, right = np.log(spectrum[peak - 1 : peak + 2] + 1e-12)
        curve = left - 2 * here + right
        exact = peak + (0.5 * (left - right) / curve if curve < 0 else 0.0)
        best = (float(level), 1_200 * float(np.log2(exact / middle)))
    if best is None or best[0] < 0.05 * float(spectrum.max()):
        return None
    return best[1]


def default_soundfont() -> Path:
    """The General MIDI font that the ``pretty_midi`` wheel carries; it is not imported for it."""
    spec = importlib.util.find_spec("pretty_midi")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).with_name("TimGM6mb.sf2")
        if path.is_file():
            return path
    raise MusicError(
        "the instrument sounds are missing (TimGM6mb.sf2 of the package pretty_midi); "
        "reinstall Griptune or choose a SoundFont in the settings"
    )


_loaded: dict[Path, SoundFont] = {}


def soundfont(path: Path | None = None) -> SoundFont:
    """The font at ``path`` (default: General MIDI), read once in a process; raises MusicError."""
    place = default_soundfont() if path is None else path
    if place not in _loaded:
        _loaded[place] = SoundFont.read(place)
    return _loaded[place]


def _chunks(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    found = []
    while start + 8 <= end:
        name = data[start : start + 4]
        (size,) = struct.unpack_from("<I", data, start + 4)
        if start + 8 + size > end:
            raise ValueError("a chunk is longer than its file")
        found.append((name, start + 8, size))
        start += 8 + size + (size & 1)
    return found


def _text(name: bytes) -> str:
    return name.split(b"\0")[0].decode("latin-1")


def _range(amount: int | None) -> tuple[int, int]:
    if amount is None:
        return 0, 127
    return amount & 0x7F, (amount >> 8) & 0x7F


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int] | None:
    low, high = max(a[0], b[0]), min(a[1], b[1])
    return (low, high) if low <= high else None
