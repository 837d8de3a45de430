"""The ``.chart`` format: what is read of it, and that nothing in it does harm."""

import os
import random
from pathlib import Path

import pytest

from game.music.errors import MusicError
from game.music.importing.chart_format import read_chart
from game.music.importing.fretted import Difficulty, FretNote

MUTATIONS = 20_000 if os.environ.get("GRIPTUNE_SOAK") == "1" else 200
PLACE = Path("notes.chart")

TEXT = """[Song]
{
  Name = "A "quoted" name"
  Artist = "Somebody"
  Year = ", 2002"
  Offset = -0.25
  Resolution = 192
  MusicStream = "song.ogg"
}
[SyncTrack]
{
  0 = TS 4
  0 = B 120000
  768 = TS 7 3
  768 = A 2250000
  768 = B 150325
}
[Events]
{
  0 = E "section Intro"
  768 = E "[prc_verse_1a]"
  768 = E "phrase_start"
  768 = E "lyric Sing-"
  800 = E "lyric ing"
  830 = E "lyric +"
  860 = E "lyric well="
  880 = E "lyric known"
  960 = E "phrase_start"
  960 = E "lyric A#"
  990 = E "lyric new§line"
  1000 = E "end"
}
[ExpertSingle]
{
  192 = N 4 0
  0 = N 0 96
  0 = N 5 0
  384 = N 7 0
  384 = S 2 192
  576 = N 2 0
  576 = N 6 0
  600 = E solo
}
[HardDoubleBass]
{
  0 = N 3 0
}
[ExpertDrums]
{
  0 = N 0 0
}
"""


def read(text: str = TEXT):
    return read_chart(PLACE, text.encode())


def test_notes_are_frets_and_all_about_how_they_are_struck_is_left_out():
    song = read()
    assert song.charts["guitar", Difficulty.EXPERT] == [
        FretNote(0, 96, 0),
        FretNote(192, 0, 4),
        FretNote(384, 0, 0),
        FretNote(576, 0, 2),
    ]
    assert song.charts["bass", Difficulty.HARD] == [FretNote(0, 0, 3)]
    assert song.hardest() == ("guitar", Difficulty.EXPERT)


def test_tempi_metres_and_sections_are_read():
    song = read()
    assert song.resolution == 192
    assert song.tempi == [(0, 500_000), (768, 399_135)]
    assert song.metres == [(0, 4, 4), (768, 7, 8)]
    assert song.sections == [(0, "Intro"), (768, "verse 1a")]


def test_syllables_become_words_and_phrases_lines():
    told = read().lyrics
    assert "".join(text for _, text in told) == "Singing well-known \nA new line "
    assert [tick for tick, _ in told] == [768, 800, 860, 880, 960, 990]


def test_what_the_chart_says_of_the_song_is_kept():
    about = read().about
    assert about["name"] == 'A "quoted" name'
    assert about["offset"] == "-0.25"
    assert about["musicstream"] == "song.ogg"


def test_the_guitar_is_played_even_if_another_part_is_harder():
    text = TEXT.replace("[ExpertSingle]", "[EasySingle]")
    assert read(text).hardest() == ("guitar", Difficulty.EASY)
    text = TEXT.replace("[ExpertSingle]", "[ExpertUnknown]")
    assert read(text).hardest() == ("bass", Difficulty.HARD)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_is_read(encoding):
    data = TEXT.replace("Somebody", "Zoë").encode(encoding)
    assert read_chart(PLACE, data).about["artist"] == "Zoë"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no \\[sections\\]"),
        ("just words", "no \\[sections\\]"),
        (TEXT.replace("Resolution = 192", "Resolution = 0"), "resolution"),
        (TEXT.replace("Resolution = 192", "Resolution = many"), "resolution"),
    ],
)
def test_what_is_no_chart_is_refused_in_one_sentence_that_names_it(text, words):
    with pytest.raises(MusicError, match=words) as caught:
        read(text)
    assert "notes.chart" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    ["= N 0 0", "x = N 0 0", "-5 = N 0 0", "1.5 = N 0 0", "99999999999999999999 = N 0 0",
     "0 = N", "0 = N 9 0", "0 = N x 0", "0 =", "0 = N 0", "٣ = N 0 0", "0 = Q 1 2"],
)  # fmt: skip
def test_lines_that_are_no_events_are_passed_over(line):
    song = read(TEXT.replace("600 = E solo", line))
    assert len(song.charts["guitar", Difficulty.EXPERT]) == 4


def test_a_tempo_of_nothing_is_left_out():
    song = read(TEXT.replace("0 = B 120000", "0 = B 0"))
    assert song.tempi == [(768, 399_135)]


def test_more_notes_than_any_song_are_refused():
    many = "".join(f"{tick} = N 0 0\n" for tick in range(70_000))
    with pytest.raises(MusicError, match="more than any song"):
        read(TEXT.replace("600 = E solo", many))


def test_damaged_charts_are_read_or_refused_and_nothing_else():
    dice = random.Random(8)
    whole = TEXT.encode()
    read_or_not = [0, 0]
    for _ in range(MUTATIONS):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            at = dice.randrange(len(data))
            what = dice.randrange(3)
            if what == 0:
                data[at] = dice.randrange(256)
            elif what == 1:
                del data[at : at + dice.randrange(20)]
            else:
                data[at:at] = data[dice.randrange(len(data)) :][: dice.randrange(40)]
        try:
            song = read_chart(PLACE, bytes(data))
        except MusicError:
            read_or_not[1] += 1
            continue
        read_or_not[0] += 1
        assert 1 <= song.resolution <= 32_767
        for notes in song.charts.values():
            assert notes == sorted(notes)
            assert all(0 <= n.fret <= 4 and n.tick >= 0 and n.length >= 0 for n in notes)
    assert min(read_or_not) > 0
