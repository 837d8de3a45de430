"""Reading SoundFonts: the one that is there, and broken ones."""

import contextlib
import subprocess
import sys

import numpy as np
import pytest

from game.music.errors import MusicError
from game.music.sound.soundfont import (
    EXCLUSIVE_CLASS,
    FILTER_CUTOFF,
    SoundFont,
    default_soundfont,
    root_key,
    soundfont,
)


def test_every_general_midi_program_has_a_sound_for_every_key_of_a_piano():
    font = soundfont()
    for program in range(128):
        for key in range(21, 109, 8):
            zones = font.zones(drum=False, program=program, key=key, velocity=90)
            assert zones, (program, key)
            for zone in zones:
                sample = zone.sample
                assert 0 <= sample.start < sample.end <= len(font.samples)
                assert sample.start <= sample.loop_start <= sample.loop_end <= sample.end
                assert 0 <= root_key(zone) <= 127
                assert zone.generators[FILTER_CUTOFF] > 0


def test_every_drum_of_general_midi_sounds_and_hats_share_a_class():
    font = soundfont()
    classes = {}
    for key in range(35, 82):
        zones = font.zones(drum=True, program=0, key=key, velocity=90)
        assert zones, key
        classes[key] = int(zones[0].generators[EXCLUSIVE_CLASS])
    assert classes[42] == classes[44] == classes[46] > 0
    assert classes[38] == 0


def test_beyond_its_compass_an_instrument_goes_on_with_its_outermost_sample():
    font = soundfont()
    highest = font.zones(drum=False, program=67, key=84, velocity=90)
    beyond = font.zones(drum=False, program=67, key=90, velocity=90)
    assert [z.sample for z in beyond] == [z.sample for z in highest] != []


def test_a_program_that_is_missing_falls_back_to_its_family():
    font = soundfont()
    missing = font.zones(drum=True, program=13, key=38, velocity=90)  # no such kit; 8 is Room
    family = font.zones(drum=True, program=8, key=38, velocity=90)
    assert [z.sample for z in missing] == [z.sample for z in family]


def test_the_font_is_found_without_importing_what_carries_it_nor_the_stage():
    program = (
        "import sys, game.music.sound as s\n"
        "from game.music.sound.soundfont import soundfont\n"
        "soundfont()\n"
        "print(sorted({'pretty_midi', 'pygame', 'mido', 'symusic'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"RIFF\0\0\0\0sfbk", b"MThd" * 10, bytes(1_000)], ids=len
)
def test_what_is_no_soundfont_is_refused_in_one_sentence(tmp_path, data):
    path = tmp_path / "font.sf2"
    path.write_bytes(data)
    with pytest.raises(MusicError, match=r"font\.sf2.*SoundFont") as caught:
        SoundFont.read(path)
    assert "\n" not in str(caught.value)


def test_a_font_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MusicError, match=r"gone\.sf2"):
        SoundFont.read(tmp_path / "gone.sf2")


def test_a_damaged_font_gives_sounds_or_a_music_error_and_nothing_else(tmp_path):
    whole = bytearray(default_soundfont().read_bytes())
    random = np.random.default_rng(7)
    tables = whole.index(b"pdta")
    for trial in range(12):
        data = bytearray(whole)
        if trial % 3 == 0:
            del data[int(random.integers(tables, len(data))) :]
        for place in random.integers(tables, len(data), 300):
            data[place] = int(random.integers(0, 256))
        path = tmp_path / "damaged.sf2"
        path.write_bytes(data)
        with contextlib.suppress(MusicError):
            font = SoundFont.read(path)
            for program in (0, 40, 73):
                for zone in font.zones(drum=False, program=program, key=60, velocity=90):
                    assert 0 <= zone.sample.start < zone.sample.end <= len(font.samples)
