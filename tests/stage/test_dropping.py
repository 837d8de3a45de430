"""A MIDI file dropped on the window is imported, and is the song to come; in the real game."""

import time
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from benchmarks.evening import Evening
from game.music.library import bundled_folder
from game.stage.screens import ChooseScreen, MessageScreen, TodayScreen

TITLE = "From my daughter"


@pytest.fixture
def evening(tmp_path: Path):
    made = Evening(tmp_path, (640, 360))
    yield made
    made.close()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Greensleeves, under a name of its own."""
    import mido

    file = mido.MidiFile(bundled_folder() / "greensleeves.mid")
    for track in file.tracks:
        for message in track:
            if message.type == "track_name":
                message.name = TITLE
    path = tmp_path / "from-my-daughter.mid"
    file.save(path)
    return path


def drop(path: Path) -> None:
    pygame.event.post(pygame.event.Event(pygame.DROPFILE, file=str(path)))


class Follows:
    """Takes one step after the other: does something, and waits until it is seen."""

    def __init__(self, *steps: tuple[Callable[[Evening], object], Callable[[Evening], bool]]):
        self._steps = list(steps)
        self._begun = False
        self._until = time.monotonic() + 120

    def __call__(self, evening: Evening) -> bool:
        assert time.monotonic() < self._until, "it was never seen"
        if not self._steps:
            return True
        does, is_seen = self._steps[0]
        if not self._begun:
            does(evening)
            self._begun = True
        elif is_seen(evening):
            self._steps.pop(0)
            self._begun = False
        return not self._steps


def on_today(evening: Evening) -> bool:
    screen = evening.app._screen
    return isinstance(screen, TodayScreen) and TITLE in words(screen)


def in_focus(evening: Evening) -> bool:
    screen = evening.app._screen
    song = screen.focused_song if isinstance(screen, ChooseScreen) else None
    return song is not None and song.title == TITLE


def refused(evening: Evening) -> bool:
    screen = evening.app._screen
    return isinstance(screen, MessageScreen) and "cannot be played" in words(screen)


def words(screen) -> str:
    return " ".join(text.words for text in screen.written)


def test_on_today_it_is_the_song_to_come_and_the_file_is_kept(evening, song, tmp_path) -> None:
    evening.run(Follows((lambda _: drop(song), on_today)))
    kept = tmp_path / "data" / "songs" / song.name
    assert kept.read_bytes() == song.read_bytes()


def test_among_the_songs_it_is_in_focus_and_a_letter_is_refused_in_a_sentence(
    evening, song, tmp_path
) -> None:
    letter = tmp_path / "letter.mid"
    letter.write_text("Dear daughter, the glove works.")
    evening.run(
        Follows(
            (lambda game: game.choose("songs"), lambda game: True),
            (lambda _: drop(song), in_focus),
            (lambda _: drop(letter), refused),
        )
    )
    assert not (tmp_path / "data" / "songs" / "letter.mid").exists()
