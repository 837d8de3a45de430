"""The catalogues are complete, true to the source, and right in numbers and plurals."""

import re
from string import Formatter

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.say import Say, mark
from game.words import LANGUAGES, PSEUDO, Words, best_language
from game.words.catalogue import po_file
from game.words.pseudo import pseudo
from tests.words.messages import messages

OTHERS = [language for language in LANGUAGES if language != "en"]
MESSAGES = messages()


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(po_file(language)))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_there_are_messages_and_each_is_found_where_it_stands() -> None:
    found = {message.one: message for message in MESSAGES}
    assert found["Who is playing?"].where == "game/stage/screens/who.py"
    assert found["{n} minute"].many == "{n} minutes"
    assert len(found) > 100


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_every_message_and_no_other(language: str) -> None:
    """python -m tests.words.messages brings it up to date."""
    held = {(e.msgid, e.msgid_plural) for e in catalogue(language)}
    wanted = {(m.one, m.many) for m in MESSAGES}
    plurals = {one for one, many in wanted if many}
    wanted = {(one, many) for one, many in wanted if many or one not in plurals}
    assert held == wanted


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    for entry in catalogue(language):
        forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        assert all(forms), entry.msgid
        assert not entry.fuzzy, entry.msgid
        assert not entry.obsolete, entry.msgid


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_names_in_braces(language: str) -> None:
    for entry in catalogue(language):
        wanted = fields(entry.msgid)
        forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for form in forms:
            assert fields(form) == wanted, (entry.msgid, form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_ends_as_the_message_does(language: str) -> None:
    for entry in catalogue(language):
        forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for form in forms:
            assert form == form.strip()
            assert form[-1:] in ".?!:" or entry.msgid[-1] not in ".?!:", (entry.msgid, form)
            assert form[-1:] not in ".:" or entry.msgid[-1] in ".:", (entry.msgid, form)


@pytest.mark.parametrize("language", OTHERS)
def test_people_are_addressed_politely(language: str) -> None:
    """Sie and usted, never du and tú."""
    familiar = {
        "de": r"\b(du|dich|dir|dein|deine|deinen|deiner|deinem)\b",
        "es": r"\b(tú|ti|contigo|tu|tus|vosotros|vuestra|vuestro)\b",
    }[language]
    for entry in catalogue(language):
        forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        assert not [f for f in forms if re.search(familiar, f, re.IGNORECASE)], entry.msgid


# ---------------------------------------------------------------- plurals, numbers


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("en", 0, "0 pinches"),
        ("en", 1, "1 pinch"),
        ("en", 2, "2 pinches"),
        ("de", 0, "0 Griffe"),
        ("de", 1, "1 Griff"),
        ("de", 1204, "1\u202f204 Griffe"),
        ("es", 0, "0 pinzas"),
        ("es", 1, "1 pinza"),
        ("es", 21, "21 pinzas"),
    ],
)
def test_plurals(language: str, n: int, words: str) -> None:
    assert Words(language).plural("{n} pinch", "{n} pinches", n) == words


@pytest.mark.parametrize(
    ("language", "decimal", "percent"),
    [
        ("en", "1\u202f234.5", "80%"),
        ("de", "1\u202f234,5", "80\u202f%"),
        ("es", "1\u202f234,5", "80\u202f%"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, decimal, percent) -> None:
    words = Words(language)
    assert words.decimal(1234.5) == decimal
    assert words.percent(0.8) == percent
    assert words.number(8940) == "8\u202f940"


def test_a_say_is_its_english_and_remembers_how_it_was_made() -> None:
    said = Say("The MIDI controller cannot be opened: {error}", error="busy")
    assert said == "The MIDI controller cannot be opened: busy"
    assert Words("de").tr(said) == "Das MIDI-Gerät lässt sich nicht öffnen: busy"
    assert mark("Ready") == "Ready"


def test_nothing_to_say_is_nothing_in_every_language() -> None:
    for language in (*LANGUAGES, PSEUDO):
        assert Words(language).tr("") == ""


# ---------------------------------------------------------------- which language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["de_AT.UTF-8"], "de"),
        (["es-MX"], "es"),
        (["DE"], "de"),
        (["fr_FR", "es_ES"], "es"),
        (["fr_FR"], "en"),
        (["C"], "en"),
        ([""], "en"),
        ([], "en"),
    ],
)
def test_the_best_language_is_the_first_there_is_else_english(wanted, language) -> None:
    assert best_language(wanted) == language


def test_a_language_that_nobody_knows_is_english() -> None:
    assert Words("xx").language == "en"
    assert Words("xx").tr("Songs") == "Songs"


# ---------------------------------------------------------------- the language that does not exist


@given(st.text(st.characters(codec="ascii", exclude_characters="{}"), min_size=1, max_size=80))
def test_the_made_up_language_is_longer_bracketed_and_accented(message: str) -> None:
    made = pseudo(message)
    assert made.startswith("[")
    assert made.endswith("]")
    assert len(made) >= len(message) * 1.4 - 1
    assert not set(made) & set("aeiouAEIOU")


def test_the_made_up_language_keeps_names_in_braces() -> None:
    assert fields(pseudo("{now}, {before} the last time")) == {"now", "before"}
    assert Words(PSEUDO).tr("Hello, {name}", name="Ann").count("Ann") == 1
