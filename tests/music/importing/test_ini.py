"""``song.ini``: written by many hands in many encodings."""

import os
import random

import pytest

from game.music.importing.ini import number, read_ini
from game.music.importing.text import decoded, plain

MUTATIONS = 50_000 if os.environ.get("GRIPTUNE_SOAK") == "1" else 300

SONG = "[song]\r\nname = Où est l’été?\r\nartist=Zoë & Jürgen\r\ndelay = -120\r\n"


@pytest.mark.parametrize(
    "data",
    [
        SONG.encode("utf-8"),
        b"\xef\xbb\xbf" + SONG.encode("utf-8"),
        SONG.encode("utf-16"),
        b"\xff\xfe" + SONG.encode("utf-16-le"),
        b"\xfe\xff" + SONG.encode("utf-16-be"),
        SONG.encode("utf-16-le"),
        SONG.encode("utf-16-be"),
        SONG.encode("cp1252"),
    ],
    ids=["utf8", "utf8-bom", "utf16", "utf16le-bom", "utf16be-bom", "utf16le", "utf16be", "latin"],
)
def test_every_encoding_gives_the_same_words(data):
    values = read_ini(data)
    assert values == {"name": "Où est l’été?", "artist": "Zoë & Jürgen", "delay": "-120"}
    assert number(values, "delay") == -120


@pytest.mark.parametrize(
    ("name", "encoding"), [("Подмосковные вечера", "cp1251"), ("さくらのうた", "cp932")]
)
def test_old_encodings_of_other_scripts_are_known_by_their_letters(name, encoding):
    data = f"[song]\nname = {name}\nartist = Nobody in particular\n".encode(encoding)
    assert read_ini(data)["name"] == name


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("[Song]\nName = One", "One"),
        ("[SONG]\nNAME=One", "One"),
        ("name = One", "One"),
        ("[song]\n; name = No\n# name = No\n// name = No\nname = One", "One"),
        ("[song]\nname = One; or # another", "One; or # another"),
        ("[song]\nname = 1 = One", "1 = One"),
        ("[song]\nname = One\nname = Two", "One"),
        ("[other]\nname = No\n[song]\nname = One", "One"),
        ("[song]\nnonsense\n= \nname = One", "One"),
    ],
)
def test_names_are_found_however_they_are_written(lines, name):
    assert read_ini(lines.encode())["name"] == name


@pytest.mark.parametrize(
    ("value", "found"),
    [("12", 12), ("-3.5", -3.5), ("1,5", 0), ("", 0), ("nan", 0), ("inf", 0), ("1e300", 0)],
)
def test_a_number_that_is_none_counts_as_nothing(value, found):
    assert number({"delay": value}, "delay") == found
    assert number({}, "delay") == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<color=#00FF00>Green</color> Day", "Green Day"),
        ("<b><size=30>Big</size></b>", "Big"),
        ("I <3 you", "I <3 you"),
        ("a\x07b\x1b[31m\nc", "a b [31m c"),
        ("x" * 500, "x" * 200),
    ],
)
def test_markup_for_another_screen_is_taken_out(text, shown):
    assert plain(text) == shown


def test_damaged_files_are_read_as_far_as_they_go():
    dice = random.Random(4)
    for _ in range(MUTATIONS):
        data = bytearray(SONG.encode(dice.choice(["utf-8", "utf-16", "cp1252"])))
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        values = read_ini(bytes(data[: dice.randrange(len(data))]))
        assert all(isinstance(part, str) for pair in values.items() for part in pair)
        assert decoded(bytes(data)) is not None
