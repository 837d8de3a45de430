"""Syllables become words and lines."""

import pytest

from game.stage.lyrics import MOST_LETTERS, MOST_WORDS, lyric_lines

S = 1_000_000


def _texts(*syllables: str) -> list[str]:
    told = [(i * S // 4, syllable) for i, syllable in enumerate(syllables)]
    return [line.text for line in lyric_lines(told, 60 * S)]


@pytest.mark.parametrize(
    ("syllables", "lines"),
    [
        (("A", "maz", "ing ", "grace"), ["Amazing grace"]),
        (("A-", "maz-", "ing", "grace"), ["Amazing grace"]),
        (("Row ", "row ", "/Merri", "ly "), ["Row row", "Merrily"]),
        (("\\Oh ", "say ", "\\can ", "you "), ["Oh say", "can you"]),
        (("one ", "two\r", "three "), ["one two", "three"]),
        (("one", "two"), ["one two"]),
        (("@LENGL", "@Ttitle", "hi "), ["hi"]),
        ((), []),
        (("  ", "\n"), []),
        (("rock", " and", " roll"), ["rock and roll"]),
    ],
)
def test_lines(syllables, lines) -> None:
    assert _texts(*syllables) == lines


def test_a_silence_begins_a_new_line() -> None:
    lines = lyric_lines([(0, "one "), (S, "two "), (9 * S, "three ")], 20 * S)
    assert [line.text for line in lines] == ["one two", "three"]
    assert lines[0].end_us <= 9 * S


def test_every_word_knows_when_it_begins() -> None:
    (line,) = lyric_lines([(0, "A"), (S, "way "), (2 * S, "I'm ")], 9 * S)
    assert line.words == ("Away", "I'm")
    assert line.times_us == (0, 2 * S)


def test_long_lines_are_broken_at_words() -> None:
    lines = lyric_lines([(i * S // 10, f"word{i} ") for i in range(40)], 60 * S)
    assert len(lines) > 1
    for line in lines:
        assert len(line.words) <= MOST_WORDS
        assert len(line.text) <= MOST_LETTERS
    assert " ".join(line.text for line in lines) == " ".join(f"word{i}" for i in range(40))
