"""Rendered songs on disk: whole or not there, bounded, and begun while they are read."""

import os
import time

import numpy as np
import pytest

from game.music.sound import SAMPLE_RATE, cache, render
from game.music.sound.cache import keep, load, trim_cache
from game.music.sound.rendering import find_kept
from tests.music.sound.songs import band


def kept(place, seconds):
    """A cache file of noise so long, and the noise."""
    random = np.random.default_rng(1)
    noise = random.integers(-30_000, 30_000, (3, seconds * SAMPLE_RATE, 2), np.int16)
    keep(place, noise, 1 << 40)
    return noise


def same(part, noise):
    return np.array_equal(np.rint(part * 32_767).astype(int), noise)


def test_what_is_kept_is_read_back_sample_for_sample(tmp_path):
    noise = kept(tmp_path / "a.npy", 35)
    stems = load(tmp_path / "a.npy")
    assert stems.whole.is_set()
    for part, own in zip((stems.melody, stems.backing, stems.layer), noise, strict=True):
        assert same(part, own)


def test_a_song_can_begin_before_the_rest_of_it_is_read(tmp_path):
    noise = kept(tmp_path / "a.npy", 60)
    seen = []

    def begun(stems):
        head = slice(0, 3 * SAMPLE_RATE)
        seen.append(stems)
        assert not stems.whole.is_set()
        assert len(stems) == 60 * SAMPLE_RATE
        assert same(stems.melody[head], noise[0, head])
        assert same(stems.backing[head], noise[1, head])
        assert same(stems.layer[head], noise[2, head])
        assert not stems.melody[-SAMPLE_RATE:].any(), "it was read to its end first"

    stems = load(tmp_path / "a.npy", begun)
    assert seen == [stems]
    assert same(stems.layer, noise[2])


def test_a_disk_that_fails_half_way_leaves_silence_and_nothing_waits_for_ever(
    tmp_path, monkeypatch
):
    kept(tmp_path / "a.npy", 30)
    seen, widened = [], []
    widen = cache._widen

    def failing(quantised, into):
        if len(widened) == 4:
            raise OSError("the disk is gone")
        widened.append(len(into))
        widen(quantised, into)

    monkeypatch.setattr(cache, "_widen", failing)
    assert load(tmp_path / "a.npy", seen.append) is None
    (stems,) = seen
    assert stems.whole.is_set()
    assert stems.melody[SAMPLE_RATE].any()
    assert not stems.melody[-SAMPLE_RATE:].any()


@pytest.mark.parametrize("harm", ["empty", "cut", "longer", "text", "shape", "kind", "order"])
def test_a_broken_cache_file_is_rendered_anew(tmp_path, harm):
    made = band(4)
    fresh = render(made, cache_dir=tmp_path)
    (place,) = tmp_path.glob("*.npy")
    data = place.read_bytes()
    other = {
        "shape": np.zeros((2, 5), np.int16),
        "kind": np.zeros((3, 9, 2), np.float32),
        "order": np.zeros((3, 9, 2), np.int16, order="F"),
    }
    raw = {"empty": b"", "cut": data[: len(data) // 2], "longer": data + b"x", "text": b"no"}
    if harm in other:
        np.save(place, other[harm])
    else:
        place.write_bytes(raw[harm])
    assert load(place) is None
    again = render(made, cache_dir=tmp_path)
    assert np.array_equal(again.melody, fresh.melody)
    assert load(place) is not None


def test_the_cache_keeps_to_its_bound_and_drops_what_was_used_longest_ago(tmp_path):
    for age, name in enumerate(["new", "middle", "old", "oldest"]):
        path = tmp_path / f"{name}.npy"
        path.write_bytes(b"x" * 1_000)
        os.utime(path, (time.time() - 100 * age,) * 2)
    (tmp_path / "notes.txt").write_text("not ours")
    trim_cache(tmp_path, 2_500)
    assert {p.name for p in tmp_path.iterdir()} == {"new.npy", "middle.npy", "notes.txt"}


def test_using_a_sound_makes_it_the_last_to_go(tmp_path):
    first, second = band(4, seed=1), band(4, seed=2)
    render(first, cache_dir=tmp_path)
    render(second, cache_dir=tmp_path)
    for path in tmp_path.glob("*.npy"):
        os.utime(path, (time.time() - 1_000,) * 2)
    render(first, cache_dir=tmp_path)
    size = max(p.stat().st_size for p in tmp_path.glob("*.npy"))
    trim_cache(tmp_path, size)
    assert find_kept(first, 1.0, tmp_path) is not None
    assert find_kept(second, 1.0, tmp_path) is None
