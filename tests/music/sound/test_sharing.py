"""A wave that many notes share sounds as if each had its own."""

import numpy as np
import pytest

from game.music.song import BEND, VOLUME
from game.music.sound import sharing
from game.music.sound.kernels import BLOCK, mix_voices
from game.music.sound.sharing import CHOKE_SECONDS, play_voices, shared_waves
from game.music.sound.soundfont import soundfont
from game.music.sound.voices import SAMPLE_RATE, score
from tests.music.sound.songs import controls, notes

FLOOR = 1.5e-4

#: Piano, vibraphone, organ, nylon guitar, strings, bassoon, flute, pad with a slow filter, banjo.
PROGRAMS = (0, 11, 16, 24, 48, 70, 73, 92, 105)


def a_score(program=0, drum=False, rows=None, lengths=(0.31, 0.31, 0.31, 0.9, 1.7, 0.05)):
    channel = 9 if drum else 0
    keys = (42, 46, 38) if drum else (55, 55, 67)
    random = np.random.default_rng(program)
    loud = random.integers(30, 127, 24).tolist()
    sounding = notes(
        *(
            (k * 0.37, lengths[k % 6], keys[k % 3], loud[k], channel, program, drum)
            for k in range(24)
        )
    )
    return score(sounding, controls() if rows is None else rows, 9_000_000, 1.0, soundfont())


def each_by_itself(whole):
    """What the kernel makes with nothing shared."""
    out = np.zeros((3, whole.frames), np.float32)
    none = np.zeros(len(whole.voices), np.int64)
    mix_voices(
        *(whole.voices, none, none, np.zeros(0, np.float32), np.zeros((0, 11))),
        *(soundfont().samples, whole.curves, float(SAMPLE_RATE), CHOKE_SECONDS, FLOOR, out),
    )
    return out


def played(whole):
    out = np.zeros((3, whole.frames), np.float32)
    play_voices(whole.voices, soundfont().samples, whole.curves, float(SAMPLE_RATE), FLOOR, out)
    return out


def shared_of(whole):
    return shared_waves(
        *(whole.voices, soundfont().samples, whole.curves, float(SAMPLE_RATE), FLOOR, whole.frames)
    )


def difference_db(one, other):
    energy = np.square(one - other, dtype=float).sum() / np.square(other, dtype=float).sum()
    return 10 * np.log10(energy + 1e-30)


@pytest.mark.parametrize("program", PROGRAMS)
def test_notes_that_share_a_wave_sound_as_each_by_itself(program):
    whole = a_score(program)
    assert (shared_of(whole).shared > 0).mean() > 0.4, "nothing is tested if nothing is shared"
    # What is left is the gain, ramped over longer blocks where it moves slowly.
    assert difference_db(played(whole), each_by_itself(whole)) < -55


def test_drums_that_share_a_wave_ring_and_choke_as_each_by_itself():
    whole = a_score(drum=True)
    assert (shared_of(whole).shared > 0).all()
    assert difference_db(played(whole), each_by_itself(whole)) < -55


def test_a_bent_channel_shares_nothing_and_another_one_does():
    bends = controls((0.5, 0, BEND, 4_000), (0.5, 1, VOLUME, 60))
    assert not shared_of(a_score(rows=bends)).shared.any()
    elsewhere = controls((0.5, 1, BEND, 4_000), (0.5, 0, VOLUME, 60))
    assert shared_of(a_score(rows=elsewhere)).shared.any()


def test_a_voice_longer_than_was_foreseen_goes_on_by_itself(monkeypatch):
    whole = a_score(48)
    useful = sharing._useful_frames
    monkeypatch.setattr(sharing, "_useful_frames", lambda *a: useful(*a) // 3)
    waves = shared_of(whole)
    assert 0 < waves.shared.max() < 0.4 * SAMPLE_RATE * 3
    assert not (waves.shared % BLOCK).any()
    assert difference_db(played(whole), each_by_itself(whole)) < -55


def test_waves_keep_to_their_memory_and_the_most_useful_ones_stay(monkeypatch):
    whole = a_score(0)
    most = shared_of(whole)
    monkeypatch.setattr(sharing, "POOL_FRAMES", len(most.pool) // 2)
    fewer = shared_of(whole)
    assert 0 < len(fewer.pool) <= len(most.pool) // 2
    assert 0 < fewer.shared.sum() < most.shared.sum()
    assert difference_db(played(whole), each_by_itself(whole)) < -55


def test_no_voices_is_silence():
    whole = score(notes(), controls(), 1_000_000, 1.0, soundfont())
    assert not played(whole).any()
