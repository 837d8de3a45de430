from pathlib import Path

import mido
import pytest

from game.music.encoding import decode, encoding_of
from game.music.reading import read_song
from game.music.song import Song
from game.music.words import karaoke_title, sung_words
from tests.music import songs as made

GERMAN = "Freude, schöner Götterfunken, Tochter aus Elysium, wir betreten feuertrunken"
FRENCH = "À la claire fontaine m'en allant promener, j'ai trouvé l'eau si belle"
SPANISH = "Ay, ay, ay, ay, canta y no llores, corazón, mañana cantará"
RUSSIAN = "Вечерний звон, вечерний звон! Как много дум наводит он"
JAPANESE = "さくら さくら やよいの空は 見わたす限り"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (SPANISH, "cp1252"),
        ("Für “Elise” – 5 €", "cp1252"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN.upper(), "cp1251"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "cp932"),
    ],
)
@pytest.mark.parametrize("letters", [1, 2, 3, 200])
def test_words_are_read_in_the_encoding_they_are_in(text: str, encoding: str, letters: int) -> None:
    syllables = [text[i : i + letters] for i in range(0, len(text), letters)]
    raw = [syllable.encode(encoding) for syllable in syllables]
    guessed = encoding_of(raw)
    assert "".join(decode(one, guessed) for one in raw) == text


@pytest.mark.parametrize("tag", [b"{@JP}", b"@LJAPN"])
def test_a_tag_tells_the_encoding_where_the_text_is_too_short_to(tag: bytes) -> None:
    title = "荒城の月".encode("cp932")
    assert decode(title, encoding_of([title])) != "荒城の月"
    assert decode(title, encoding_of([title, tag])) == "荒城の月"


def test_text_in_any_bytes_can_be_printed() -> None:
    for raw in (b"\x81\x8d\x8f\x90\x9d", bytes(range(256)), b"\xef\xbb\xbfla", b"\x00\x07"):
        text = decode(raw, encoding_of([raw]))
        assert all(c.isprintable() or c in "\r\n" for c in text)


def words(*syllables: str, track: int = 0) -> list[tuple[int, str, int]]:
    return [(480 * (i + 1), text, track) for i, text in enumerate(syllables)]


@pytest.mark.parametrize(
    ("lyrics", "texts", "karaoke", "sung"),
    [
        # lyric events as recommended: a return ends a line, a line feed a verse
        (words("la ", "la\r", "lo\n"), [], False, ["la ", "la\n", "lo\n"]),
        # lyric events with the marks of karaoke files
        (words("\\La ", "/lo"), [], False, ["\nLa ", "\nlo"]),
        # text events of a karaoke file, whose track may hold other text at its beginning
        ([], [(0, "by me", 1), *words("/La ", "lo", track=2)], True, ["\nLa ", "lo"]),
        ([], [(0, "@KMIDI", 1), *words("/La ", "lo", track=2)], False, ["\nLa ", "lo"]),
        # remarks in the texts of an ordinary file are not sung
        ([], words("Verse", "Refrain"), False, []),
        # but many timed texts that begin lines are
        ([], words("/La ", *["lo "] * 8, "/li"), False, ["\nLa ", *["lo "] * 8, "\nli"]),
        # the same words twice are sung once
        (words("la ", "lo "), words("/la ", "lo ", track=2), True, ["la ", "lo "]),
        (words("la ", "lo ") + words("la ", "lo ", track=3), [], False, ["la ", "lo "]),
        # two singers in turn are both sung
        ([*words("la ", "lo "), (4800, "li ", 3)], [], False, ["la ", "lo ", "li "]),
        # tags and facts about the song are not
        (words("{@LATIN}{#Title=Ode}la ", "@Tx", "lo"), [], False, ["la ", "lo"]),
    ],
)
def test_which_texts_are_sung(
    lyrics: list[tuple[int, str, int]],
    texts: list[tuple[int, str, int]],
    karaoke: bool,
    sung: list[str],
) -> None:
    found = sung_words(lyrics, texts, karaoke=karaoke, apart_ticks=960)
    assert [text for _, text in found] == sung
    assert [tick for tick, _ in found] == sorted(tick for tick, _ in found)


@pytest.mark.parametrize(
    ("lyrics", "texts", "title"),
    [
        ([], [(0, "@KMIDI", 0), (0, "@TAuld Lang Syne", 1), (0, "@TBurns", 1)], "Auld Lang Syne"),
        ([(0, "{#Title=Ode}la", 0)], [], "Ode"),
        ([], [(0, "@T ", 0)], ""),
        ([], [(0, "Title", 0)], ""),
    ],
)
def test_the_title_of_a_karaoke_file(
    lyrics: list[tuple[int, str, int]], texts: list[tuple[int, str, int]], title: str
) -> None:
    assert karaoke_title(lyrics, texts) == title


def kar(path: Path, language: str, encoding: str, text: str) -> Song:
    """A Soft Karaoke file as they are in the wild: heads in one track, words in the next."""
    head = mido.MidiTrack([mido.MetaMessage("track_name", name="Soft karaoke")])
    head += [mido.MetaMessage("text", text=t) for t in ("@KMIDI KARAOKE FILE", "@V0100")]
    rows = mido.MidiTrack([mido.MetaMessage("track_name", name="Words")])
    rows.append(mido.MetaMessage("text", text=f"@L{language}"))
    for i, word in enumerate(f"@T{text}\\{text}".replace("\\", " \\").split(" ")):
        raw = word.encode(encoding).decode("latin-1")
        rows.append(mido.MetaMessage("text", text=raw, time=0 if i == 0 else 240))
    return read_song(made.save(path, [made.conductor(), head, rows, made.track(made.ODE)]))


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [("RUSS", "cp1251", "Калинка"), ("JAPN", "cp932", "荒城"), ("GERM", "cp1252", "Grün")],
)
def test_a_karaoke_file_gives_title_and_words_in_its_language(
    tmp_path: Path, language: str, encoding: str, text: str
) -> None:
    song = kar(tmp_path / "s.kar", language, encoding, text)
    assert song.title == text
    assert [word for _, word in song.lyrics] == [f"\n{text}"]
    assert song.track_names[1:3] == ("Soft karaoke", "Words")
