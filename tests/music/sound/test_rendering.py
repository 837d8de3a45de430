"""Stems and their cache."""

import numpy as np
import pytest

from game.music.errors import MusicError
from game.music.song import VOLUME
from game.music.sound import SAMPLE_RATE, render
from game.music.sound.loudness import loudness_lufs, true_peak
from game.music.sound.mastering import LIFT
from game.music.sound.rendering import cache_key, find_kept
from game.music.sound.soundfont import soundfont
from tests.music.sound.songs import band, controls, notes, song


@pytest.mark.parametrize("level", [30, 60, 127])
def test_every_song_is_equally_loud_and_never_clips(level):
    stems = render(band(20, seed=level, level=level))
    mix = stems.melody + stems.backing
    assert loudness_lufs(mix, SAMPLE_RATE) == pytest.approx(-16, abs=1)
    assert true_peak(mix) <= 10 ** (-1 / 20)
    assert true_peak(stems.melody, stems.backing, LIFT) <= 10 ** (-1 / 20)


def test_stems_are_what_the_mixer_takes():
    stems = render(band(6))
    for part in (stems.melody, stems.backing, stems.layer):
        assert part.dtype == np.float32
        assert part.shape == (len(stems), 2)
        assert part.flags.c_contiguous
        assert np.isfinite(part).all()
        assert np.abs(part[-1]).max() < 1e-3
    assert stems.sample_rate == SAMPLE_RATE == 44_100
    assert stems.length_us == pytest.approx(8_500_000, abs=20_000)


def test_the_melody_stem_holds_the_melody_and_the_backing_the_rest():
    alone = song(notes((0, 1, 72, 100, 0, 73, False), (2, 1, 40, 100, 1, 33, False)), 3)
    stems = render(alone)
    sung = slice(round(0.2 * SAMPLE_RATE), round(0.8 * SAMPLE_RATE))
    under = slice(round(2.2 * SAMPLE_RATE), round(2.8 * SAMPLE_RATE))
    assert np.abs(stems.melody[sung]).max() > 0.05
    assert np.abs(stems.backing[under]).max() > 0.05
    assert not stems.backing[sung].any()


def test_the_layer_is_softer_than_the_melody_and_sounds_where_it_does():
    stems = render(band(10))
    assert (
        -14
        < loudness_lufs(stems.layer, SAMPLE_RATE) - loudness_lufs(stems.melody, SAMPLE_RATE)
        < -6
    )


@pytest.mark.parametrize("tempo", [0.5, 0.9, 1.5])
def test_tempo_changes_how_long_it_is_and_not_how_loud(tempo):
    made = band(10)
    stems = render(made, tempo)
    assert stems.length_us == pytest.approx(10_000_000 / tempo + 2_500_000, abs=20_000)
    mix = stems.melody + stems.backing
    assert loudness_lufs(mix, SAMPLE_RATE) == pytest.approx(-16, abs=1)


@pytest.mark.parametrize("tempo", [0.49, 1.51, 0, -1, float("nan")])
def test_a_tempo_outside_its_range_is_refused(tempo):
    with pytest.raises(ValueError, match="tempo"):
        render(band(2), tempo)


def test_a_song_with_no_notes_or_no_melody_is_silence_or_backing_alone():
    empty = render(song(notes(), 3))
    assert not empty.melody.any()
    assert not empty.backing.any()
    drums = render(song(notes(*((k / 4, 0.1, 38, 90, 9, 0, True) for k in range(12))), 3))
    assert not drums.melody.any()
    assert np.abs(drums.backing).max() > 0.1


def test_a_silent_song_stays_silent():
    hushed = song(notes((0, 1, 60)), 2, controls((0, 0, VOLUME, 0)))
    assert not render(hushed).melody.any()


def test_a_song_that_is_too_long_is_refused_in_one_sentence_that_names_it():
    with pytest.raises(MusicError, match=r"made\.mid.*20"):
        render(song(notes((0, 1, 60)), 30 * 60))
    with pytest.raises(MusicError, match=r"made\.mid"):
        render(song(notes((0, 90 * 60, 60)), 10))


def test_progress_rises_to_one():
    seen = []
    render(band(10), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 4


def test_the_second_time_the_same_samples_come_from_disk(tmp_path):
    made = band(10)
    fresh = render(made, 0.8, cache_dir=tmp_path)
    assert find_kept(made, 0.8, tmp_path) is not None
    told: list[float] = []
    kept = render(made, 0.8, cache_dir=tmp_path, progress=told.append)
    assert told == [1.0], "nothing had to be done"
    for part in ("melody", "backing", "layer"):
        assert np.array_equal(getattr(fresh, part), getattr(kept, part))


def test_the_key_changes_with_everything_that_is_heard_and_nothing_else():
    font = soundfont()
    made = band(4)
    same = band(4)
    assert cache_key(made, 1.0, font) == cache_key(same, 1.0, font)
    other = made.notes.copy()
    other["velocity"][3] += 1
    keys = {
        cache_key(made, 1.0, font),
        cache_key(made, 0.9, font),
        cache_key(song(other, 4), 1.0, font),
        cache_key(song(made.notes, 5), 1.0, font),
        cache_key(song(made.notes, 4, melody_channel=1), 1.0, font),
        cache_key(song(made.notes, 4, controls((0, 0, VOLUME, 90))), 1.0, font),
    }
    assert len(keys) == 6


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    stems = render(band(3), cache_dir=blocked / "cache")
    assert np.abs(stems.melody).max() > 0.05
