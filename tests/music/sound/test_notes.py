"""Single notes, rendered and measured: pitch, envelope, release, controls, drums."""

import numpy as np
import pytest

from game.music.song import BEND, EXPRESSION, PAN, PEDAL, PROGRAM, VOLUME
from game.music.sound.kernels import BLOCK, modulation_at, volume_at
from game.music.sound.sharing import play_voices
from game.music.sound.soundfont import soundfont
from game.music.sound.voices import POLYPHONY, SAMPLE_RATE, score
from tests.music.sound.songs import controls, notes

#: Instruments a melody is given to: piano, e-piano, harpsichord, vibraphone, organ, accordion,
#: guitars, basses, violin, cello, trumpet, saxophones, oboe, clarinet, flutes, ocarina.
PITCHED = (0, 4, 6, 16, 19, 24, 25, 32, 33, 40, 42, 56, 57, 64, 66, 68, 71, 73, 74, 75, 79, 105)


def dry(sounding, control_rows=None, tempo=1.0, tail=3.0):
    """float64 (frames, 2) of notes with no room and no mastering."""
    font = soundfont()
    rows = controls() if control_rows is None else control_rows
    length = int((sounding["time_us"] + sounding["duration_us"]).max())
    whole = score(sounding, rows, length, tempo, font, tail_seconds=tail)
    out = np.zeros((3, whole.frames), np.float32)
    play_voices(whole.voices, font.samples, whole.curves, float(SAMPLE_RATE), 1.5e-4, out)
    return out[:2].T.astype(float)


def pitch_cents(sound, pitch, start_s=0.1, end_s=0.9):
    """How far the strongest of the first three partials is from where it should be."""
    part = sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)].mean(axis=1)
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    best = (0.0, 0.0)
    for partial in (1, 2, 3):
        due = 440 * 2 ** ((pitch - 69) / 12) * partial * size / SAMPLE_RATE
        low, high = int(due * 0.96), int(due * 1.04) + 2
        peak = low + int(np.argmax(spectrum[low:high]))
        a, b, c = np.log(spectrum[peak - 1 : peak + 2] + 1e-12)
        exact = peak + 0.5 * (a - c) / min(a - 2 * b + c, -1e-9)
        best = max(best, (spectrum[peak], 1_200 * np.log2(exact / due)))
    return best[1]


def level_db(sound, start_s, end_s):
    part = sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    return 10 * np.log10(np.mean(part**2) + 1e-20)


@pytest.mark.parametrize("program", PITCHED)
def test_the_pitch_is_right_within_5_cents(program):
    for pitch in (48, 60, 67, 76):
        off = pitch_cents(dry(notes((0, 1, pitch, 100, 0, program, False))), pitch)
        assert abs(off) <= 5, (pitch, off)


@pytest.mark.parametrize("program", PITCHED)
def test_a_note_let_go_takes_at_least_80_ms_to_fall_by_20_db_and_does_end(program):
    sound = dry(notes((0, 0.6, 64, 100, 0, program, False)), tail=6.0)
    held, after = level_db(sound, 0.55, 0.6), level_db(sound, 0.675, 0.685)
    assert after > held - 22
    assert not sound[round(5.5 * SAMPLE_RATE) :].any()


@pytest.mark.parametrize("program", PITCHED)
def test_no_click_where_a_note_starts_or_ends(program):
    sound = dry(notes((0.1, 0.6, 64, 110, 0, program, False)))
    held = dry(notes((0.1, 2.6, 64, 110, 0, program, False)))
    end = slice(round(0.69 * SAMPLE_RATE), round(2.5 * SAMPLE_RATE))
    steepest = np.abs(np.diff(sound[end], axis=0)).max()
    assert steepest <= 1.02 * np.abs(np.diff(held[end], axis=0)).max() + 1e-4
    assert np.abs(sound[round(0.1 * SAMPLE_RATE)]).max() < 0.02


def corners(sound, blocks=60):
    """How much sharper the sharpest corner at a block's edge is than those beside it."""
    bend = np.abs(np.diff(sound, 2, axis=0)).max(axis=1)
    floor = 2e-3 * np.abs(sound).max()
    worst = 0.0
    for edge in range(BLOCK, blocks * BLOCK, BLOCK):
        beside = np.concatenate([bend[edge - 30 : edge - 3], bend[edge + 3 : edge + 30]])
        worst = max(worst, bend[edge - 3 : edge + 3].max() / max(beside.max(), floor))
    return worst


def filtered_sweep(jump):
    """A tone with a corner in it where a block ends, or without."""
    time = np.arange(60 * BLOCK + 100) / SAMPLE_RATE
    sound = np.sin(2 * np.pi * 300 * time)
    sound[5 * BLOCK :] += jump
    return np.repeat(sound[:, None], 2, axis=1)


def test_no_instrument_clicks_where_a_block_ends():
    # Square and sawtooth waves have corners of their own.
    for program in sorted(set(range(112)) - {80, 81, 86, 87}):
        for pitch in (48, 67):
            sound = dry(notes((0, 0.3, pitch, 100, 0, program, False)), tail=0.2)
            assert corners(sound) < 4, (program, pitch)


def test_that_measure_sees_a_click():
    assert corners(filtered_sweep(0.0)) < 1.5
    assert corners(filtered_sweep(0.05)) > 4


def test_that_measure_sees_a_note_cut_off():
    sound = dry(notes((0.1, 0.6, 64, 110, 0, 73, False)))
    held = np.abs(np.diff(sound[round(0.3 * SAMPLE_RATE) : round(0.69 * SAMPLE_RATE)], axis=0))
    loud = int(np.argmax(np.abs(sound[: round(0.69 * SAMPLE_RATE), 0])))
    sound[loud + 1 :] = 0
    assert np.abs(np.diff(sound, axis=0)).max() > 1.02 * held.max() + 1e-4


def test_held_notes_of_looped_instruments_hold():
    for program in (16, 40, 73):
        sound = dry(notes((0, 8, 65, 100, 0, program, False)))
        assert abs(level_db(sound, 7, 8) - level_db(sound, 1, 2)) < 3


def test_a_struck_string_decays():
    sound = dry(notes((0, 4, 72, 100, 0, 0, False)))
    assert level_db(sound, 3.5, 4.0) < level_db(sound, 0.1, 0.5) - 15


@pytest.mark.parametrize("tempo", [0.5, 0.8, 1.25, 1.5])
def test_tempo_moves_notes_and_leaves_pitch_and_attack_alone(tempo):
    sounding = notes((0, 0.5, 72, 100, 0, 73, False), (2, 1.5, 72, 100, 0, 73, False))
    slow, plain = dry(sounding, tempo=tempo), dry(sounding)
    start, was = round(2 / tempo * SAMPLE_RATE), 2 * SAMPLE_RATE
    attack = round(0.3 * SAMPLE_RATE)
    assert np.allclose(slow[start : start + attack], plain[was : was + attack], atol=1e-3)
    assert not slow[start - 100 : start].any()
    assert abs(pitch_cents(slow[start:], 72)) < 5


@pytest.mark.parametrize(
    ("rows", "gain"),
    [
        (controls((0, 0, VOLUME, 127)), (127 / 100) ** 2),
        (controls((0, 0, VOLUME, 50)), 0.25),
        (controls((0, 0, EXPRESSION, 64)), (64 / 127) ** 2),
        (controls((0, 0, VOLUME, 0)), 0.0),
        (controls((0, 1, VOLUME, 0)), 1.0),  # of another channel
    ],
)
def test_volume_and_expression_are_gains_of_the_square(rows, gain):
    sounding = notes((0, 1, 69, 100, 0, 73, False))
    assert np.allclose(dry(sounding, rows), gain * dry(sounding), rtol=1e-6, atol=2e-3)


def test_a_volume_that_moves_under_a_note_moves_without_a_step():
    sounding = notes((0, 3, 69, 127, 0, 79, False))
    sound = dry(sounding, controls((0, 0, VOLUME, 127), (1.5, 0, VOLUME, 30)))
    assert level_db(sound, 1.6, 2.5) - level_db(sound, 0.9, 1.4) == pytest.approx(-25.1, abs=1)
    # The ramp is some milliseconds long: no step beyond what the note itself does.
    at_the_change = np.abs(np.diff(sound[round(1.48 * SAMPLE_RATE) : round(1.52 * SAMPLE_RATE), 0]))
    before = np.abs(np.diff(sound[round(1.0 * SAMPLE_RATE) : round(1.4 * SAMPLE_RATE), 0]))
    assert at_the_change.max() <= 1.05 * before.max()


def test_velocity_is_louder():
    def level(velocity):
        return level_db(dry(notes((0, 1, 69, velocity, 0, 73, False))), 0.2, 0.8)

    assert level(127) - level(64) == pytest.approx(40 * np.log10(127 / 64), abs=1.5)


@pytest.mark.parametrize(("value", "left", "right"), [(0, True, False), (127, False, True)])
def test_pan_puts_a_note_to_one_side(value, left, right):
    sound = dry(notes((0, 1, 69, 100, 0, 73, False)), controls((0, 0, PAN, value)))
    peaks = np.abs(sound).max(axis=0)
    assert (peaks[0] > 0.02, peaks[1] > 0.02) == (left, right)


def test_the_pedal_holds_a_note_until_it_comes_up():
    sounding = notes((0, 0.2, 69, 100, 0, 73, False))
    held = dry(sounding, controls((0.1, 0, PEDAL, 127), (1.5, 0, PEDAL, 0)))
    free = dry(sounding)
    assert level_db(held, 1.2, 1.4) > level_db(free, 0.1, 0.2) - 6
    assert level_db(free, 1.2, 1.4) < -100
    assert level_db(held, 2.8, 2.9) < -80


def test_a_key_struck_again_lets_its_held_note_go():
    pedal = controls((0, 0, PEDAL, 127))
    again = notes(*((k / 2, 0.1, 69, 100, 0, 19, False) for k in range(8)))
    once = notes((0, 0.1, 69, 100, 0, 19, False))
    assert level_db(dry(again, pedal), 3.0, 3.4) < level_db(dry(once, pedal), 0.5, 1.0) + 3


@pytest.mark.parametrize(
    ("rows", "cents"),
    [
        ([(0, 0, BEND, 8_191)], 200),
        ([(0, 0, BEND, -4_096)], -100),
        ([(0, 0, 101, 0), (0, 0, 100, 0), (0, 0, 6, 12), (0, 0, BEND, 4_096)], 600),
        ([(0, 0, 101, 0), (0, 0, 100, 1), (0, 0, 6, 12), (0, 0, BEND, 4_096)], 100),
        ([(0, 0, BEND, 8_191), (0, 0, 121, 0)], 0),
    ],
)
def test_pitch_bends_bend_by_their_range(rows, cents):
    sound = dry(notes((0, 1, 60, 100, 0, 79, False)), controls(*rows))
    bent_to = 60 + round(cents / 100)
    assert abs(pitch_cents(sound, bent_to)) < 6


def test_all_sound_off_stops_what_sounds_and_not_what_follows():
    sounding = notes((0, 3, 69, 100, 0, 19, False), (2, 1, 72, 100, 0, 19, False))
    sound = dry(sounding, controls((1, 0, 120, 0)))
    assert level_db(sound, 1.7, 1.9) < level_db(sound, 0.5, 0.9) - 40
    assert level_db(sound, 2.5, 2.9) > level_db(sound, 0.5, 0.9) - 6


def test_drums_ring_out_however_short_their_note_is():
    for drum in (46, 49, 51, 38):
        short = dry(notes((0, 0.01, drum, 100, 9, 0, True)))
        long = dry(notes((0, 2.0, drum, 100, 9, 0, True)))
        assert np.allclose(short, long[: len(short)], rtol=0, atol=1e-6)
    crash = dry(notes((0, 0.01, 49, 100, 9, 0, True)))
    assert level_db(crash, 1.0, 1.5) > level_db(crash, 0.0, 0.3) - 40


def test_a_closed_hi_hat_stops_an_open_one():
    alone = dry(notes((0, 0.1, 46, 100, 9, 0, True)))
    closed = dry(notes((0, 0.1, 46, 100, 9, 0, True), (0.3, 0.1, 42, 1, 9, 0, True)))
    crash = dry(notes((0, 0.1, 46, 100, 9, 0, True), (0.3, 0.1, 51, 1, 9, 0, True)))
    assert level_db(alone, 0.4, 0.6) - level_db(closed, 0.4, 0.6) > 20
    assert abs(level_db(alone, 0.4, 0.6) - level_db(crash, 0.4, 0.6)) < 3


def test_the_kit_is_the_one_its_channel_asked_for():
    standard = dry(notes((0, 0.1, 38, 100, 9, 0, True)))
    brushes = dry(notes((0, 0.1, 38, 100, 9, 0, True)), controls((0, 9, PROGRAM, 40)))
    assert not np.allclose(standard, brushes[: len(standard)], atol=1e-2)


def test_an_instrument_holds_no_more_notes_than_it_may():
    sounding = notes(*((k / 100, 60.0, 40 + k % 60, 90, 0, 19, False) for k in range(200)))
    whole = score(sounding, controls(), 60_000_000, 1.0, soundfont())
    off, start = whole.voices["off_frame"], whole.voices["start_frame"]
    layers = len(whole.voices) / 200
    for moment in range(0, 10 * SAMPLE_RATE, SAMPLE_RATE // 4):
        assert ((start <= moment) & (off > moment)).sum() <= POLYPHONY * layers + layers


def test_the_same_notes_give_the_same_samples():
    sounding = notes((0, 1, 60), (0.2, 1, 64, 90, 1, 48, False), (0.3, 0.1, 49, 90, 9, 0, True))
    assert np.array_equal(dry(sounding), dry(sounding))


ENVELOPE = np.array([0.1, 0.1, 0.2, 1.0, 40.0, 0.5])


@pytest.mark.parametrize(
    ("time", "off", "gain_db"),
    [
        (0.15, 9.0, -6.02),  # half-way up, linear in amplitude
        (0.2, 9.0, 0.0),
        (0.39, 9.0, 0.0),  # held
        (0.6, 9.0, -20.0),  # a fifth of 100 dB
        (3.0, 9.0, -40.0),  # sustained
        (3.25, 3.0, -90.0),  # let go: half of 100 dB
        (0.3, 0.2, -20.0),
    ],
)
def test_the_volume_envelope_is_that_of_the_format(time, off, gain_db):
    assert 20 * np.log10(volume_at(ENVELOPE, time, off)) == pytest.approx(gain_db, abs=0.05)


def test_envelopes_are_silent_before_their_delay_and_end_at_nothing():
    assert volume_at(ENVELOPE, 0.1, 9.0) == 0
    modulation = np.array([0.1, 0.1, 0.0, 1.0, 0.25, 0.5])
    assert modulation_at(modulation, 0.1, 9.0) == 0
    assert modulation_at(modulation, 0.7, 9.0) == pytest.approx(0.5)
    assert modulation_at(modulation, 5.0, 9.0) == pytest.approx(0.25)
    assert modulation_at(modulation, 9.6, 9.0) == 0
