"""Stems of a band as one recording, or two."""

import numpy as np
import pytest

from game.music.audio_file import stereo_blocks
from game.music.errors import MusicError
from game.music.importing.mixing import SAMPLE_RATE, write_recording
from game.music.importing.stems import StemFiles
from tests.music.importing.foreign import clicks, tone, write_sound


def decoded(path):
    return np.concatenate(list(stereo_blocks(path, SAMPLE_RATE, 60.0)))


def level(sound, hertz):
    """The height of one tone in the first three seconds of ``sound``."""
    part = sound[: 3 * SAMPLE_RATE, 0] * np.hanning(3 * SAMPLE_RATE)
    return float(np.abs(np.fft.rfft(part)[3 * hertz]) / (3 * SAMPLE_RATE / 4))


def test_one_file_of_each_is_copied_as_it_is(tmp_path):
    song = write_sound(tmp_path / "song.opus", tone(3, 300, 48_000), 48_000)
    guitar = write_sound(tmp_path / "guitar.mp3", tone(4, 300))
    made = write_recording(StemFiles((song,), (guitar,)), tmp_path, "name")
    assert made.files == ("name.opus", "name.lead.mp3")
    assert made.seconds == pytest.approx(4, abs=0.001)
    assert (tmp_path / "name.opus").read_bytes() == song.read_bytes()
    assert (tmp_path / "name.lead.mp3").read_bytes() == guitar.read_bytes()


def test_many_are_mixed_at_equal_shares_however_long_and_fast_they_are(tmp_path):
    tones = {300: 44_100, 500: 48_000, 700: 22_050}
    rest = tuple(
        write_sound(tmp_path / f"{hertz}.flac", tone(3 + hertz / 1000, hertz, rate, 0.8), rate)
        for hertz, rate in tones.items()
    )
    guitar = write_sound(tmp_path / "guitar.flac", tone(3, 900, level=0.4))
    made = write_recording(StemFiles(rest, (guitar,)), tmp_path, "name")
    assert made.files == ("name.ogg", "name.lead.ogg")
    assert made.seconds == pytest.approx(3.7, abs=0.001)
    band, lead = (decoded(tmp_path / name) for name in made.files)
    for hertz in tones:
        assert level(band, hertz) == pytest.approx(0.4, rel=0.05)
        assert level(lead, hertz) < 0.001
    assert level(lead, 900) == pytest.approx(0.2, rel=0.05)
    assert len(band) == pytest.approx(3.7 * SAMPLE_RATE, abs=2)


def test_what_is_mixed_stays_in_time(tmp_path):
    rest = tuple(
        write_sound(tmp_path / f"{rate}.flac", clicks(9, (at,), rate), rate)
        for at, rate in ((1.0, 44_100), (4.0, 48_000), (7.5, 32_000))
    )
    write_recording(StemFiles(rest), tmp_path, "name")
    sound = np.abs(decoded(tmp_path / "name.ogg")).max(axis=1)
    for at in (1.0, 4.0, 7.5):
        first = round((at - 0.5) * SAMPLE_RATE)
        peak = first + int(sound[first : first + SAMPLE_RATE].argmax())
        assert peak / SAMPLE_RATE == pytest.approx(at, abs=0.001)


def test_minutes_are_written_as_well(tmp_path):
    rest = (
        write_sound(tmp_path / "a.flac", tone(100, 300)),
        write_sound(tmp_path / "b.flac", tone(1, 500)),
    )
    assert write_recording(StemFiles(rest), tmp_path, "name").seconds == pytest.approx(100)


def test_no_sound_is_refused(tmp_path):
    short = write_sound(tmp_path / "song.flac", tone(0.1, 300))
    with pytest.raises(MusicError, match=r"song\.flac: there is no sound in it"):
        write_recording(StemFiles((short,)), tmp_path, "name")
