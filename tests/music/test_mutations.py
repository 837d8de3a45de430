"""Broken files of every kind: each is a song or one sentence, and soon."""

import io
import os
import random
import time
from pathlib import Path

import pytest

from game.music.arranging import arrange
from game.music.errors import MusicError
from game.music.library import bundled_folder
from game.music.reading import read_song
from tests.music.corpus import compose
from tests.music.mutations import MUTATIONS, mutated

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
FILES = 100_000 if SOAK else 400
#: What reading one file may take: CPU time, so that a busy machine does not count.
SECONDS = 2.0 if SOAK else 6.0


def whole_files() -> list[bytes]:
    """A dozen composed files, short and long, and a few bundled ones."""
    files = []
    for seed in range(12):
        buffer = io.BytesIO()
        compose(seed).save(file=buffer)
        files.append(buffer.getvalue())
    return files + [path.read_bytes() for path in sorted(bundled_folder().glob("*.mid"))[:4]]


def test_broken_files_are_songs_or_one_sentence(tmp_path: Path) -> None:
    sources = whole_files()
    path = tmp_path / "broken.mid"
    songs = refused = 0
    for number in range(FILES):
        draw = random.Random(number)
        path.write_bytes(mutated(sources[number % len(sources)], draw))
        began = time.process_time()
        said, song = "", None
        try:
            song = read_song(path)
        except MusicError as error:
            said = str(error)
        if song is None:
            refused += 1
            assert str(path) in said, number
            assert "\n" not in said, number
        else:
            songs += 1
            assert len(song.melody) + len(song.authored), number
            if number % 10 == 0:
                assert len(arrange(song).targets), number
        assert time.process_time() - began < SECONDS, number
    # Most of what was broken can still be played.
    assert songs > FILES // 2
    assert refused > FILES // 20


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_mutation_breaks_something(mutation) -> None:
    source = whole_files()[0]
    broken = [bytearray(source) for _ in range(5)]
    for seed, data in enumerate(broken):
        mutation(data, random.Random(seed))
    assert any(data != source for data in broken)
