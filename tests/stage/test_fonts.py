"""Text never shows an empty box, and is made once."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.stage import fonts
from game.stage.errors import StageError


def test_the_fonts_and_their_licence_are_bundled() -> None:
    for bold in (False, True):
        assert fonts.font_file(bold).stat().st_size > 100_000
    licence = (fonts.font_file(False).parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Google" in licence


def test_a_missing_font_is_told_in_one_sentence(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(fonts, "_FOLDER", tmp_path)
    with pytest.raises(StageError, match="install Griptune again"):
        fonts.font_file(True)


@pytest.mark.parametrize("letter", "aZ0ßñÜžŁ¿…–’“йЖΩ×")
def test_letters_of_the_languages_are_there(letter: str) -> None:
    assert ord(letter) in fonts.characters(False)
    assert ord(letter) in fonts.characters(True)


@pytest.mark.parametrize("letter", "夜א\U0001f600")
def test_letters_the_font_lacks_are_known_to_be_missing(letter: str) -> None:
    assert ord(letter) not in fonts.characters(False)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Shenandoah", "Shenandoah"),
        ("月亮代表我的心", "Song 4"),
        ("月亮 (Moon)", "… (Moon)"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("① Intro", "1 Intro"),
        ("Cafe\u0301", "Café"),
        ("🎹 Ragtime 🎹", "… Ragtime …"),
        ("\u200b\u202eabc", "abc"),
        ("Nocturne in E♭", "Nocturne in Eb"),
        ("", "Song 4"),
        ("   ", "Song 4"),
    ],
)
def test_drawable(words: str, shown: str) -> None:
    assert fonts.drawable(words, "Song 4") == shown


@given(st.text(max_size=60))
def test_nothing_drawable_lacks_a_picture(words: str) -> None:
    shown = fonts.drawable(words, "Song")
    known = fonts.characters(False) & fonts.characters(True)
    assert shown
    assert all(ord(c) in known for c in shown)
    assert fonts.drawable(shown, "Song") == shown


def test_the_same_text_is_the_same_picture() -> None:
    one = fonts.text("pinches", 40, (1, 2, 3))
    assert fonts.text("pinches", 40, (1, 2, 3)) is one
    assert fonts.text("pinches", 40, (1, 2, 4)) is not one


def test_the_cache_of_texts_is_bounded() -> None:
    for i in range(fonts.TEXTS_KEPT + 50):
        fonts.text(str(i), 12, (9, 9, 9))
    assert len(fonts._texts) <= fonts.TEXTS_KEPT


def test_missing_letters_would_have_shown_a_box() -> None:
    """Why drawable() is needed: SDL draws something for a letter that the font lacks."""
    picture = fonts.font(40, False).render("夜", True, (255, 255, 255))
    assert isinstance(picture, pygame.Surface)
    assert picture.get_bounding_rect().w > 0
