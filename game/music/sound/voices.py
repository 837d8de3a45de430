"""From the notes and controls of a song to voices: what sounds when, how high, how loud, how long.

Controls are honoured as General MIDI 1 and the SoundFont specification 2.04 (section 8.4) put
them: velocity, volume and expression as gain (v ÷ 127)², pan, sustain pedal, pitch bend with its
range, modulation wheel as vibrato of at most 50 cents, reverb send, all sound off, all notes off,
reset. A key struck again lets go of its previous note. Drums ring out, but a note of the same
exclusive class (a closed hi-hat) stops an open one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from game.music.song import BEND, CONTROL, EXPRESSION, NOTE, PAN, PEDAL, PROGRAM, VOLUME
from game.music.sound import soundfont as sf
from game.music.sound.kernels import CURVE_STEP, VOICE

SAMPLE_RATE: Final = 44_100

#: Time a released note takes to fall by 100 dB, at least: 80 ms for the first 20 dB. Many fonts
#: cut shorter than any instrument does.
SHORTEST_RELEASE_SECONDS: Final = 0.4

#: An instrument holds at most this many notes at once; older ones are let go. A file that holds
#: its pedal for minutes would otherwise be slower to render than to hear.
POLYPHONY: Final = 40

#: A drum that loops (a whistle, an electronic one) is let go after this.
LONGEST_DRUM_SECONDS: Final = 4.0

_MODULATION, _BEND_RANGE, _DATA_FINE, _REVERB = 1, 6, 38, 91
_NRPN_FINE, _NRPN_COARSE, _RPN_FINE, _RPN_COARSE = 98, 99, 100, 101
_ALL_SOUND_OFF, _RESET, _ALL_NOTES_OFF = 120, 121, 123

#: Where controls stand before a file says anything.
_START: Final = {VOLUME: 100, EXPRESSION: 127, PAN: 64, _MODULATION: 0, _REVERB: 40, BEND: 0}
_RESETS: Final = (EXPRESSION, _MODULATION, BEND)
#: The same as the control curves have it: gain, pan, bend, vibrato, room send.
_STARTING_CURVES: Final = ((100 / 127) ** 2, 0.0, 0.0, 0.0, 40 / 127)
_CHANNELS: Final = 16


@dataclass(frozen=True, eq=False)
class Score:
    """Everything the kernels need for a song at a tempo, apart from the font's samples.

    ``voices`` are VOICE rows sorted by note, ``note`` the index of the note each belongs to,
    ``curves`` float32 (5, 16, points) as :func:`~game.music.sound.kernels.mix_voices` takes
    them, ``frames`` the length of the sound with its last tail.
    """

    voices: np.ndarray
    note: np.ndarray
    curves: np.ndarray
    frames: int


def score(
    notes: np.ndarray,
    controls: np.ndarray,
    length_us: int,
    tempo: float,
    font: sf.SoundFont,
    tail_seconds: float = 2.5,
) -> Score:
    """The voices of ``notes`` (NOTE, sorted by time) under ``controls`` (CONTROL) at ``tempo``.

    Times are divided by ``tempo``, sounds are not touched: a slower song has the same attacks.
    """
    scale = SAMPLE_RATE / (1e6 * tempo)
    notes = notes.copy()
    notes["channel"] &= _CHANNELS - 1  # rows of the control curves: never beyond them
    starts = np.rint(notes["time_us"] * scale).astype(np.int64)
    ends = np.rint((notes["time_us"] + notes["duration_us"]) * scale).astype(np.int64)
    last = max(int(ends.max(initial=0)), round(length_us * scale))
    frames = last + round(tail_seconds * SAMPLE_RATE)
    frames_of_controls = np.rint(controls["time_us"] * scale).astype(np.int64)
    ends = _held(notes, starts, np.maximum(ends, starts + 1), controls, frames_of_controls)
    kits = _kits(notes, controls)
    voices, owner = _layers(notes, kits, starts, ends, font)
    chokes = _choke(voices, owner, notes, kits, starts, font)
    voices["choke_frame"] = chokes
    curves = _curves(controls, frames_of_controls, frames)
    return Score(voices, owner, curves, frames)


def _held(
    notes: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    controls: np.ndarray,
    control_frames: np.ndarray,
) -> np.ndarray:
    """When each note is let go: its end, later under the pedal, sooner if struck again."""
    ends = ends.copy()
    for channel in range(_CHANNELS):
        mine = np.flatnonzero((notes["channel"] == channel) & ~notes["drum"])
        if not len(mine):
            continue
        own = controls["channel"] == channel
        pedal = own & (controls["kind"] == PEDAL)
        downs, ups = _intervals(control_frames[pedal], controls["value"][pedal] >= 64)
        if len(downs):
            under = np.searchsorted(downs, ends[mine], "right") - 1
            held = (under >= 0) & (ends[mine] < ups[np.maximum(under, 0)])
            ends[mine[held]] = ups[under[held]]
        off = control_frames[own & np.isin(controls["kind"], (_ALL_SOUND_OFF, _ALL_NOTES_OFF))]
        if len(off):
            after = np.searchsorted(off, starts[mine], "right")
            stops = np.append(off, np.iinfo(np.int64).max)[after]
            ends[mine] = np.minimum(ends[mine], stops)
        for pitch in np.unique(notes["pitch"][mine]):
            same = mine[notes["pitch"][mine] == pitch]
            ends[same[:-1]] = np.minimum(ends[same[:-1]], starts[same[1:]])
        if len(mine) > POLYPHONY:
            early = mine[:-POLYPHONY]
            ends[early] = np.minimum(ends[early], starts[mine[POLYPHONY:]])
    return np.maximum(ends, starts + 1)


def _intervals(times: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a pedal goes down and where it comes up again (or never: the largest int64)."""
    before = np.concatenate([[False], down[:-1]])
    downs, ups = times[down & ~before], times[~down & before]
    if len(ups) < len(downs):
        ups = np.append(ups, np.iinfo(np.int64).max)
    return downs, ups


def _kits(notes: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """The program of each note; for drums the kit its channel last asked for."""
    programs = notes["program"].copy()
    asked = controls[controls["kind"] == PROGRAM]
    for channel in np.unique(notes["channel"][notes["drum"]]):
        mine = np.flatnonzero(notes["drum"] & (notes["channel"] == channel))
        own = asked[asked["channel"] == channel]
        which = np.searchsorted(own["time_us"], notes["time_us"][mine], "right")
        programs[mine] = np.concatenate([[0], own["value"]])[which]
    return programs


def _layers(
    notes: np.ndarray,
    programs: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    font: sf.SoundFont,
) -> tuple[np.ndarray, np.ndarray]:
    """A VOICE row per layer of each note, in the order of the notes, and whose each is."""
    kinds = np.stack([notes["drum"], programs, notes["pitch"], notes["velocity"]], axis=1).astype(
        np.int64
    )
    different, which = np.unique(kinds, axis=0, return_inverse=True)
    which = which.reshape(-1)
    patterns = [voice_pattern(font, bool(d), int(p), int(k), int(v)) for d, p, k, v in different]
    counts = np.array([len(pattern) for pattern in patterns], np.int64)[which]
    owner = np.repeat(np.arange(len(notes)), counts)
    voices = np.zeros(len(owner), VOICE)
    if len(voices):
        offsets = np.cumsum([0] + [len(pattern) for pattern in patterns[:-1]])
        first = np.cumsum(counts) - counts
        layer = np.arange(len(owner)) - first[owner]
        voices[:] = np.concatenate(patterns)[offsets[which[owner]] + layer]
        voices["start_frame"] = starts[owner]
        voices["channel"] = notes["channel"][owner]
        drums = notes["drum"][owner]
        rings = np.where(voices["loop"] == 0, np.iinfo(np.int64).max // 4, 0)
        longest = voices["start_frame"] + round(LONGEST_DRUM_SECONDS * SAMPLE_RATE)
        voices["off_frame"] = np.where(
            drums, np.where(rings > 0, rings, np.maximum(longest, ends[owner])), ends[owner]
        )
    return voices, owner


def voice_pattern(
    font: sf.SoundFont, drum: bool, program: int, key: int, velocity: int
) -> np.ndarray:
    """The VOICE rows of one note at frame 0, a row per layer; empty if the font has none."""
    zones = font.zones(drum=drum, program=program, key=key, velocity=velocity)
    rows = np.zeros(len(zones), VOICE)
    for row, zone in zip(rows, zones, strict=True):
        _fill(row, zone, drum, key, velocity)
    return rows


def _fill(row: np.void, zone: sf.Zone, drum: bool, key: int, velocity: int) -> None:
    g = zone.generators
    sample = zone.sample
    key = int(g[sf.FIXED_KEY]) if g[sf.FIXED_KEY] >= 0 else key
    velocity = int(g[sf.FIXED_VELOCITY]) if g[sf.FIXED_VELOCITY] > 0 else velocity
    row["choke_frame"] = np.iinfo(np.int64).max // 4
    row["sample_start"], row["sample_end"] = sample.start, sample.end
    row["loop_start"], row["loop_end"] = sample.loop_start, sample.loop_end
    row["loop"] = int(g[sf.SAMPLE_MODES]) & 3 if sample.loop_end - sample.loop_start >= 8 else 0
    if row["loop"] == 2:  # unused by the format, and to be read as no loop
        row["loop"] = 0
    row["pitch_cents"] = (
        (key - sf.root_key(zone)) * int(g[sf.SCALE_TUNING])
        + int(g[sf.COARSE_TUNE]) * 100
        + int(g[sf.FINE_TUNE])
        + sample.correction_cents
        + zone.tuning_cents
        + 1_200 * np.log2(sample.rate / SAMPLE_RATE)
    )
    attenuation_db = 0.4 * max(0, min(1_440, int(g[sf.ATTENUATION]))) / 10
    row["gain"] = (velocity / 127) ** 2 * 10 ** (-attenuation_db / 20)
    row["pan"] = max(-500, min(500, int(g[sf.PAN])))
    row["cutoff_cents"] = max(1_500, min(13_500, int(g[sf.FILTER_CUTOFF])))
    row["q_cb"] = max(0, min(960, int(g[sf.FILTER_Q])))
    hold = _seconds(int(g[sf.VOL_HOLD]) + (60 - key) * int(g[sf.VOL_KEY_HOLD]))
    decay = _seconds(int(g[sf.VOL_DECAY]) + (60 - key) * int(g[sf.VOL_KEY_DECAY]))
    release = _seconds(int(g[sf.VOL_RELEASE]))
    row["volume_envelope"] = (
        _seconds(int(g[sf.VOL_DELAY])),
        max(0.001, _seconds(int(g[sf.VOL_ATTACK]))),
        hold,
        max(0.001, decay),
        max(0, min(1_440, int(g[sf.VOL_SUSTAIN]))) / 10,
        release if drum else max(SHORTEST_RELEASE_SECONDS, release),
    )
    hold = _seconds(int(g[sf.MOD_HOLD]) + (60 - key) * int(g[sf.MOD_KEY_HOLD]))
    decay = _seconds(int(g[sf.MOD_DECAY]) + (60 - key) * int(g[sf.MOD_KEY_DECAY]))
    row["mod_envelope"] = (
        _seconds(int(g[sf.MOD_DELAY])),
        max(0.001, _seconds(int(g[sf.MOD_ATTACK]))),
        hold,
        max(0.001, decay),
        1 - max(0, min(1_000, int(g[sf.MOD_SUSTAIN]))) / 1_000,
        max(0.001, _seconds(int(g[sf.MOD_RELEASE]))),
    )
    row["mod_to_pitch"], row["mod_to_cutoff"] = g[sf.MOD_ENV_PITCH], g[sf.MOD_ENV_CUTOFF]
    row["lfo"] = (
        _seconds(int(g[sf.MOD_LFO_DELAY])),
        _hertz(int(g[sf.MOD_LFO_FREQUENCY])),
        g[sf.MOD_LFO_PITCH],
        g[sf.MOD_LFO_CUTOFF],
        g[sf.MOD_LFO_VOLUME] / 10,
    )
    row["vibrato"] = (
        _seconds(int(g[sf.VIBRATO_DELAY])),
        _hertz(int(g[sf.VIBRATO_FREQUENCY])),
        g[sf.VIBRATO_PITCH],
    )


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12_000 else float(2 ** (min(timecents, 8_000) / 1_200))


def _hertz(cents: int) -> float:
    return 8.175798915643707 * float(2 ** (max(-16_000, min(4_500, cents)) / 1_200))


def _choke(
    voices: np.ndarray,
    owner: np.ndarray,
    notes: np.ndarray,
    programs: np.ndarray,
    starts: np.ndarray,
    font: sf.SoundFont,
) -> np.ndarray:
    """For each voice the frame at which a later drum of its exclusive class stops it."""
    chokes = np.full(len(voices), np.iinfo(np.int64).max // 4)
    drums = np.flatnonzero(notes["drum"])
    classes = np.zeros(len(notes), np.int64)
    for place in drums:
        zones = font.zones(
            drum=True,
            program=int(programs[place]),
            key=int(notes["pitch"][place]),
            velocity=int(notes["velocity"][place]),
        )
        if zones:
            classes[place] = zones[0].generators[sf.EXCLUSIVE_CLASS]
    for number in np.unique(classes[classes > 0]):
        for channel in np.unique(notes["channel"][classes == number]):
            mine = np.flatnonzero((classes == number) & (notes["channel"] == channel))
            following = np.searchsorted(starts[mine], starts[mine], "right")
            stops = np.append(starts[mine], np.iinfo(np.int64).max // 4)[following]
            until = np.full(len(notes), np.iinfo(np.int64).max // 4)
            until[mine] = stops
            affected = np.isin(owner, mine)
            chokes[affected] = until[owner[affected]]
    return chokes


def _curves(controls: np.ndarray, times: np.ndarray, frames: int) -> np.ndarray:
    """Gain, pan, bend, vibrato and room send of every channel, a point every CURVE_STEP frames."""
    points = frames // CURVE_STEP + 2
    curves = np.empty((5, _CHANNELS, points), np.float32)
    # Most channels of most songs are told nothing: they stay as they start.
    curves[:] = np.array(_STARTING_CURVES, np.float32)[:, None, None]
    for channel in np.unique(controls["channel"][controls["channel"] < _CHANNELS]):
        own = controls["channel"] == channel
        kinds, values, when = controls["kind"][own], controls["value"][own], times[own]
        where = -(-when // CURVE_STEP)
        steps = {
            kind: _steps(kinds, values, where, kind, start, points)
            for kind, start in _START.items()
        }
        volume = (steps[VOLUME] / 127) ** 2 * (steps[EXPRESSION] / 127) ** 2
        curves[0, channel] = volume
        curves[1, channel] = (np.clip(steps[PAN], 1, 127) - 64) / 63 * 500
        curves[2, channel] = steps[BEND] / 8_192 * _bend_range(kinds, values, where, points)
        curves[3, channel] = steps[_MODULATION] / 127 * 50
        curves[4, channel] = steps[_REVERB] / 127
    return curves


def _steps(
    kinds: np.ndarray, values: np.ndarray, where: np.ndarray, kind: int, start: int, points: int
) -> np.ndarray:
    """A control as a staircase over the points of a curve. The kernel joins points by lines."""
    rows = kinds == kind
    if kind in _RESETS:
        rows = rows | (kinds == _RESET)
    if not rows.any():
        return np.full(points, float(start))
    levels = np.where(kinds[rows] == _RESET, start, values[rows]).astype(float)
    places = np.searchsorted(where[rows], np.arange(points), "right")
    return np.concatenate([[float(start)], levels])[places]


def _bend_range(
    kinds: np.ndarray, values: np.ndarray, where: np.ndarray, points: int
) -> np.ndarray:
    """Cents of a full bend at every point: 200 until registered parameter 0 says otherwise."""
    chosen = [127, 127]
    cents = 200.0
    places, levels = [], [cents]
    wanted = (_BEND_RANGE, _DATA_FINE, _RPN_FINE, _RPN_COARSE, _NRPN_FINE, _NRPN_COARSE)
    for row in np.flatnonzero(np.isin(kinds, wanted)):
        kind, value = int(kinds[row]), int(values[row])
        if kind in (_NRPN_FINE, _NRPN_COARSE):
            chosen = [127, 127]
        elif kind == _RPN_COARSE:
            chosen[0] = value
        elif kind == _RPN_FINE:
            chosen[1] = value
        elif chosen == [0, 0]:
            whole, part = divmod(cents, 100)
            cents = value * 100 + part if kind == _BEND_RANGE else whole * 100 + min(value, 99)
            cents = min(cents, 2_400.0)
            places.append(int(where[row]))
            levels.append(cents)
    if not places:
        return np.full(points, cents)
    return np.array(levels)[np.searchsorted(places, np.arange(points), "right")]


def one_note(
    program: int, pitch: int, velocity: int, seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """``(notes, controls)`` of a single note on channel 0, for sounds outside a song."""
    notes = np.zeros(1, NOTE)
    notes[0] = (0, round(seconds * 1e6), pitch, velocity, 0, program, 0, False)
    controls = np.zeros(1, CONTROL)
    controls[0] = (0, 0, VOLUME, 127)
    return notes, controls
