"""Which file of a song's folder is which instrument."""

from pathlib import Path

import pytest

from game.music.importing.stems import StemFiles, stem_files


def files(*names: str) -> list[Path]:
    return [Path("song") / name for name in names]


def found(*names: str, part: str = "guitar", **about: str) -> tuple[list[str], list[str]] | None:
    made = stem_files(files(*names), part, about)
    return made and ([p.name for p in made.rest], [p.name for p in made.lead])


@pytest.mark.parametrize(
    ("names", "rest", "lead"),
    [
        (["song.ogg"], ["song.ogg"], []),
        (["guitar.ogg"], ["guitar.ogg"], []),
        (["Song.OGG", "Guitar.Ogg"], ["Song.OGG"], ["Guitar.Ogg"]),
        (["song.opus", "song.mp3"], ["song.opus"], []),
        (["song.ogg", "preview.ogg", "crowd.ogg"], ["song.ogg"], []),
        (
            ["song.ogg", "guitar.ogg", "drums.ogg", "drums_1.ogg", "drums_2.ogg", "vocals.ogg"],
            ["song.ogg", "vocals.ogg", "drums_1.ogg", "drums_2.ogg"],
            ["guitar.ogg"],
        ),
        (["guitar.ogg", "rhythm.ogg"], ["rhythm.ogg"], ["guitar.ogg"]),
        (["song.ogg", "vocals.ogg", "vocals_explicit.ogg"], ["song.ogg", "vocals.ogg"], []),
    ],
)  # fmt: skip
def test_the_guitar_leads_where_it_has_a_stem_of_its_own(names, rest, lead):
    assert found(*names) == (rest, lead)


@pytest.mark.parametrize(
    ("part", "lead"),
    [("bass", ["bass.ogg"]), ("rhythm", ["rhythm.ogg"]), ("keys", []), ("coop", ["guitar.ogg"])],
)
def test_the_lead_is_the_part_that_is_played(part, lead):
    made = found("song.ogg", "guitar.ogg", "rhythm.ogg", "bass.ogg", part=part)
    assert made is not None
    assert made[1] == lead
    assert len(made[0]) == 4 - len(lead)


def test_a_bass_without_a_stem_is_heard_in_the_rhythm_guitars():
    assert found("song.ogg", "rhythm.ogg", part="bass") == (["song.ogg"], ["rhythm.ogg"])


def test_other_names_are_found_as_the_chart_says_them():
    about = {"musicstream": "The Song.mp3", "guitarstream": r"C:\Songs\lead take 3.ogg"}
    made = found("The Song.mp3", "lead take 3.ogg", **about)
    assert made == (["The Song.mp3"], ["lead take 3.ogg"])


@pytest.mark.parametrize("given", ["../../etc/passwd.ogg", "/etc/secret.ogg", "..", ""])
def test_a_chart_cannot_name_what_is_not_in_its_folder(given):
    assert stem_files(files("notes.chart"), "guitar", {"musicstream": given}) is None


def test_one_recording_of_any_name_is_the_song_and_of_two_nobody_knows():
    assert stem_files(files("My Song.mp3", "preview.ogg"), "guitar", {}) == StemFiles(
        (Path("song/My Song.mp3"),)
    )
    assert stem_files(files("one.mp3", "two.mp3"), "guitar", {}) is None
    assert stem_files(files("cover.png"), "guitar", {}) is None
