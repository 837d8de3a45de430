"""A recording beside a song: laid onto song time exactly, as loud as every song, never a crash."""

import os
import random
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from game.music.audio_file import stereo_blocks
from game.music.errors import MusicError
from game.music.song import Recorded
from game.music.sound import SAMPLE_RATE
from game.music.sound.loudness import loudness_lufs, true_peak
from game.music.sound.recorded import recorded_stems
from tests.music.importing.foreign import clicks, tone, write_sound
from tests.music.sound.songs import notes, song

MUTATIONS = 3_000 if os.environ.get("GRIPTUNE_SOAK") == "1" else 40
CLICKS = (1.0, 2.5, 6.0)


def decoded(path, longest_s=60.0):
    return np.concatenate(list(stereo_blocks(path, SAMPLE_RATE, longest_s)))


def stems(path, seconds=8.0, lead=None, offset_s=0.0):
    """Melody, backing and layer as float, of a song of so many seconds."""
    made = replace(song(notes(), seconds), recorded=Recorded(path, lead, round(offset_s * 1e6)))
    quantised = recorded_stems(made, made.recorded, 20 * 60, lambda _: None)
    return quantised.astype(np.float32) / 32_767


def onsets(sound):
    """When clicks are loudest, in seconds; that is where they begin."""
    level = np.abs(sound).max(axis=1)
    found = []
    for at in np.flatnonzero(level > 0.5 * level.max()):
        if not found or at - found[-1] > 0.2 * SAMPLE_RATE:
            found.append(int(at + level[at : at + SAMPLE_RATE // 100].argmax()))
    return [at / SAMPLE_RATE for at in found]


@pytest.mark.parametrize(
    ("ending", "rate"),
    [(e, r) for e in ("ogg", "flac", "wav") for r in (22_050, 44_100, 48_000, 96_000)]
    + [("opus", 48_000), ("mp3", 44_100), ("mp3", 48_000)],
)
def test_every_format_is_heard_in_time(tmp_path, ending, rate):
    path = write_sound(tmp_path / f"song.{ending}", clicks(8, CLICKS, rate), rate)
    assert onsets(decoded(path)) == pytest.approx(CLICKS, abs=0.0005)
    assert len(decoded(path)) == pytest.approx(8 * SAMPLE_RATE, abs=10)


@pytest.mark.parametrize("offset_s", [0.0, 0.75, -1.25, 0.123456])
def test_song_time_nought_is_where_the_author_says(tmp_path, offset_s):
    path = write_sound(tmp_path / "song.ogg", clicks(8, CLICKS))
    backing = stems(path, offset_s=offset_s)[1]
    assert onsets(backing) == pytest.approx([at - offset_s for at in CLICKS], abs=0.0005)


def test_the_lead_is_the_melody_and_both_are_of_one_length(tmp_path):
    path = write_sound(tmp_path / "song.ogg", clicks(8, CLICKS))
    lead = write_sound(tmp_path / "song.lead.opus", clicks(4, (3.0,), 48_000), 48_000)
    melody, backing, layer = stems(path, lead=lead, offset_s=0.5)
    assert onsets(melody) == pytest.approx([2.5], abs=0.0005)
    assert onsets(backing) == pytest.approx([at - 0.5 for at in CLICKS], abs=0.0005)
    assert not layer.any()


def test_without_a_lead_all_is_backing(tmp_path):
    melody, backing, layer = stems(write_sound(tmp_path / "song.ogg", tone(8, 440)))
    assert not melody.any()
    assert not layer.any()
    assert np.abs(backing).max() > 0.1


@pytest.mark.parametrize("level", [0.003, 0.05, 0.9])
def test_a_recording_is_as_loud_as_every_song(tmp_path, level):
    noise = np.random.default_rng(1).normal(0, level / 3, (8 * SAMPLE_RATE, 2))
    sound = np.clip(noise, -1, 1).astype(np.float32)
    path = write_sound(tmp_path / "song.flac", sound)
    lead = write_sound(tmp_path / "song.lead.flac", tone(8, 500, level=level / 4))
    melody, backing, _ = stems(path, lead=lead, seconds=6)
    assert loudness_lufs(melody, SAMPLE_RATE, backing) == pytest.approx(-16, abs=1)
    assert true_peak(melody, backing) <= 10 ** (-1 / 20) + 0.01


def test_the_balance_of_the_record_stays_as_it_is(tmp_path):
    path = write_sound(tmp_path / "song.flac", tone(8, 300, level=0.4))
    lead = write_sound(tmp_path / "song.lead.flac", tone(8, 500, level=0.04))
    melody, backing, _ = stems(path, lead=lead)
    middle = slice(2 * SAMPLE_RATE, 6 * SAMPLE_RATE)
    ratio = np.abs(backing[middle]).max() / np.abs(melody[middle]).max()
    assert ratio == pytest.approx(10, rel=0.02)


def test_what_goes_on_after_the_song_fades_out(tmp_path):
    backing = stems(write_sound(tmp_path / "song.flac", tone(30, 440)), seconds=8)[1]
    assert len(backing) == 10 * SAMPLE_RATE
    level = np.abs(backing).reshape(100, -1).max(axis=1)
    assert level[80] == pytest.approx(level[40], rel=0.02)
    assert level[-1] < 0.1 * level[40]


def test_one_channel_is_heard_on_both_sides_and_many_are_mixed_to_one(tmp_path):
    sound = tone(2, 440, level=0.4)[:, :1]
    one = decoded(write_sound(tmp_path / "one.flac", sound))
    assert np.array_equal(one[:, 0], one[:, 1])
    assert np.allclose(one[:, :1], sound, atol=1e-4)
    six = decoded(write_sound(tmp_path / "six.flac", np.repeat(sound, 6, axis=1)))
    assert np.allclose(six, one, atol=1e-4)


def test_only_so_much_is_decoded_as_is_asked_for(tmp_path):
    path = write_sound(tmp_path / "song.flac", tone(30, 440))
    assert len(decoded(path, 3.0)) == 3 * SAMPLE_RATE


def test_samples_that_are_no_numbers_are_silence(tmp_path):
    sound = tone(2, 440)
    sound[100] = np.nan
    sound[200] = np.inf
    sound[300] = 1e30
    soundfile.write(tmp_path / "odd.wav", sound, SAMPLE_RATE, subtype="FLOAT")
    made = decoded(tmp_path / "odd.wav")
    assert np.isfinite(made).all()
    assert not made[[100, 200, 300]].any()
    assert np.array_equal(made[400:], sound[400:])


def test_a_file_that_is_not_there_or_no_sound_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "words.ogg").write_text("These are words.")
    (tmp_path / "empty.ogg").write_bytes(b"")
    for name in ("nowhere.ogg", "words.ogg", "empty.ogg"):
        with pytest.raises(MusicError, match=name) as caught:
            stems(tmp_path / name)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("rate", "channels"), [(1_000, 1), (44_100, 40)])
def test_a_sound_that_nobody_can_play_is_refused(tmp_path, rate, channels):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros((100, channels)), rate)
    with pytest.raises(MusicError, match="cannot be played"):
        decoded(path)


def test_a_recording_that_is_over_before_the_song_begins_is_refused(tmp_path):
    path = write_sound(tmp_path / "song.ogg", tone(3, 440))
    with pytest.raises(MusicError, match="over before the song begins"):
        stems(path, offset_s=5)


def test_a_song_that_is_too_long_is_refused_before_anything_is_decoded(tmp_path):
    with pytest.raises(MusicError, match="too long"):
        stems(tmp_path / "nowhere.ogg", seconds=25 * 60)


@pytest.mark.parametrize("ending", ["ogg", "mp3", "flac"])
def test_damaged_recordings_are_decoded_or_refused(tmp_path, ending):
    whole = write_sound(tmp_path / f"whole.{ending}", tone(1, 440)).read_bytes()
    dice = random.Random(3)
    path = tmp_path / f"damaged.{ending}"
    for _ in range(MUTATIONS):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 20)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path.write_bytes(data[: dice.randint(20, len(data))])
        try:
            made = list(stereo_blocks(path, SAMPLE_RATE, 10.0))
        except MusicError:
            continue
        assert all(np.isfinite(block).all() for block in made)
        assert sum(map(len, made)) <= 10 * SAMPLE_RATE + 1
