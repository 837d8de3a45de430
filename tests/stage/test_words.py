"""Every word on every screen is found in a catalogue, and fits in every language and scale."""

from collections.abc import Iterator
from functools import cache

import polib
import pygame
import pytest
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from firmware_bridge.diagnosis import Code, finding
from game.stage import fonts, samples
from game.stage.fit import unbroken
from game.stage.glove_words import said
from game.stage.language import platform_languages
from game.stage.page import Written
from game.stage.theme import Scale
from game.words import LANGUAGES, PSEUDO, use
from game.words.catalogue import po_file

SIZE = (1280, 720)
NAMES = [name for name, _ in samples.screens((320, 180))]
ZOOMS = (100, 150, 200)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


@cache
def drawn(language: str, percent: int) -> dict[str, list[Written]]:
    """What every sample screen has written in ``language`` at ``percent``."""
    use(language)
    written = {}
    surface = pygame.Surface(SIZE, 0, 32)
    for name, screen in samples.screens(Scale(*SIZE, percent / 100)):
        screen.draw(surface)
        written[name] = list(screen.written)
    use("en")
    return written


def _without_names(words: str) -> str:
    for name in sorted(samples.NAMES, key=len, reverse=True):
        words = words.replace(name, "")
    return words


@pytest.mark.parametrize("name", NAMES)
def test_every_word_that_is_drawn_is_translated(name: str) -> None:
    """In the language that does not exist no vowel is without its accent."""
    for text in drawn(PSEUDO, 100)[name]:
        rest = _without_names(text.words)
        assert not set(rest) & set("aeiouAEIOU"), text.words


@pytest.mark.parametrize("percent", ZOOMS)
@pytest.mark.parametrize("language", [*LANGUAGES, PSEUDO])
def test_no_text_is_cut_short(language: str, percent: int) -> None:
    """Only names and files may be: they are as long as somebody made them."""
    cut = [
        (name, unbroken(text.words))
        for name, texts in drawn(language, percent).items()
        for text in texts
        if not text.whole and text.words not in samples.NAMES
    ]
    assert cut == []


@pytest.mark.parametrize("percent", ZOOMS)
@pytest.mark.parametrize("language", [*LANGUAGES, PSEUDO])
def test_no_text_leaves_its_box_or_lies_on_another(language: str, percent: int) -> None:
    screen = pygame.Rect(0, 0, *SIZE)
    for name, texts in drawn(language, percent).items():
        areas: list[pygame.Rect] = []
        for text in texts:
            for line, area in zip(text.shown, text.area, strict=True):
                if not area.w or not area.h:
                    continue
                assert screen.contains(area), (name, line)
                assert text.box.inflate(4, 4).contains(area), (name, line)
                if name != "play-count-in":  # the counted bar's number stands over the road
                    assert area.collidelist(areas) == -1, (name, line)
                areas.append(area)


#: Words of these are not on a screen, but in pages and reports, which bring other fonts along.
_ELSEWHERE = ("game/records/report/", "game/clinic/")


def letters(language: str, on_screen: bool) -> set[str]:
    """Of what is said in ``language``, the letters of what may be on a screen, or of the rest."""
    found: set[str] = set()
    for entry in polib.pofile(str(po_file(language))):
        elsewhere = all(place.startswith(_ELSEWHERE) for place, _ in entry.occurrences)
        if elsewhere != on_screen:
            for words in (entry.msgid, entry.msgstr, *entry.msgstr_plural.values()):
                found.update(words)
    return found - {"\n"}


@pytest.mark.parametrize("language", ["es", "de"])
def test_the_fonts_have_every_letter_of_every_language(language: str) -> None:
    known = fonts.characters(False) & fonts.characters(True)
    assert {c for c in letters(language, on_screen=True) if ord(c) not in known} == set()


@pytest.mark.parametrize("language", ["es", "de"])
def test_the_font_of_reports_has_every_letter_of_theirs(language: str) -> None:
    known = FT2Font(findfont("DejaVu Sans", fallback_to_default=False)).get_charmap()
    assert {c for c in letters(language, on_screen=False) if ord(c) not in known} == set()


# ---------------------------------------------------------------- what the bridge says


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("grips", [(1,), (0, 4), (0, 1, 2, 3, 4)])
def test_a_finding_is_said_as_the_bridge_says_it(code: Code, grips: tuple[int, ...]) -> None:
    if code is Code.MISPLACED:
        grips = (0, 4)
    one = finding(code, grips)
    what, to_do = said(one)
    assert f"{what} {to_do}".strip() == one.words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_every_finding_can_be_said_in_every_language(language: str, code: Code) -> None:
    use(language)
    what, to_do = said(finding(code, (0, 4)))
    assert what
    assert to_do or code is Code.UNMEASURED


# ---------------------------------------------------------------- the computer's language


@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({"LANG": "de_DE.UTF-8"}, ["de_DE.UTF-8"]),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "es_ES.UTF-8"}, ["es_ES.UTF-8"]),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:de"}, ["fr", "de", "fr_FR.UTF-8"]),
        ({"LANG": "C", "LANGUAGE": "de"}, ["C"]),
    ],
)
def test_the_environment_says_which_language(environment, languages) -> None:
    assert platform_languages(environment) == languages
