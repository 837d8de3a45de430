"""``griptune songs import``, and playing what came of it."""

import pytest

from tests.cli.running import answer, griptune, refusal
from tests.music.importing.foreign import chart, clone_hero_song, frets_on_fire_song

STEADY = "virtual:steady?seed=1&success=1"
FAST = ("--headless", "--fast", "--glove", STEADY)


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A data folder with one song of each game, and what the command said."""
    root = tmp_path_factory.mktemp("games")
    frets_on_fire_song(root / "fire")
    clone_hero_song(root / "clone")
    (root / "broken").mkdir()
    (root / "broken" / "notes.mid").write_bytes(b"MThd and no more")
    data = tmp_path_factory.mktemp("data")
    return data, root, answer("songs", "import", root, "--data", data)


def test_the_document_says_what_became_of_each_song(imported):
    data, root, document = imported
    assert document["folder"] == str(data / "songs")
    assert [song["song"] for song in document["imported"]] == [
        "clones-of-a-clown",
        "fire-in-the-barn",
    ]
    clone, fire = document["imported"]
    assert (clone["title"], clone["artist"]) == ("Clones of a Clown", "A Clown")
    assert (clone["lead"], fire["lead"]) == (False, True)
    assert clone["targets"] == fire["targets"] == 64
    assert fire["path"] == str(root / "fire")
    assert [row["path"] for row in document["refused"]] == [str(root / "broken")]
    assert "notes.mid" in document["refused"][0]["reason"]


def test_each_song_gets_a_line_and_is_listed_afterwards(imported, tmp_path):
    _, root, _ = imported
    done = griptune("songs", "import", root, "--data", tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line[0] for line in lines[:3]] == ["✗", "✓", "✓"]
    assert "notes.mid" in lines[0]
    assert lines[1] == "✓ Clones of a Clown (A Clown): 64 targets, as clones-of-a-clown"
    assert lines[-1].startswith("2 of 3 songs can be played now")
    listed = {song["song"]: song for song in answer("songs", "list", "--data", tmp_path)}
    assert listed["fire-in-the-barn"]["ok"]
    assert listed["clones-of-a-clown"]["title"] == "Clones of a Clown"


@pytest.mark.parametrize("song", ["fire-in-the-barn", "Clones of a Clown"])
def test_an_imported_song_is_played_from_beginning_to_end(imported, song):
    data, _, _ = imported
    play = answer("play", song, *FAST, "--rate", "1.5", "--seed", "1", "--data", data)
    assert play["tempo"] == play["next"]["tempo"] == 1.0
    assert play["targets"] > 30
    assert play["hits"] == play["targets"]
    assert play["score"] > 9_000
    assert not play["interrupted"]
    asked = {grip for grip, count in play["presented"].items() if count}
    assert asked >= {"key", "index", "middle", "little"}


def test_an_imported_song_is_checked_like_any_other(imported):
    data, _, _ = imported
    path = data / "songs" / "fire-in-the-barn" / "fire-in-the-barn.mid"
    (document,) = answer("songs", "check", path)
    assert document["ok"]
    assert document["title"] == "Fire in the Barn"
    assert len(document["tiers"]) > 5
    chart_of_it = answer("songs", "chart", path)["targets"]
    assert all(target["pitch"] == 0 for target in chart_of_it)
    assert [target["time_s"] * 2 % 1 for target in chart_of_it] == [0] * len(chart_of_it)


def test_a_tempo_is_refused_for_a_recording(imported):
    data, _, _ = imported
    song = ("fire-in-the-barn", "--tempo", "0.9", "--data", data)
    for command in (("play", *song, *FAST), ("songs", "chart", *song)):
        line = refusal(*command)
        assert "Fire in the Barn" in line
        assert "--tempo" in line


def test_bad_input_is_refused_in_one_line(tmp_path):
    assert "no folder" in refusal("songs", "import", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "no song of Frets on Fire" in refusal("songs", "import", tmp_path / "empty")
    (tmp_path / "songs.zip").write_bytes(b"PK")
    assert "unpack" in refusal("songs", "import", tmp_path / "songs.zip")
    chart(tmp_path / "one" / "notes.chart", {})
    (tmp_path / "one" / "letter.txt").write_text("Dear Anna")
    assert "letter.txt is no chart" in refusal("songs", "import", tmp_path / "one" / "letter.txt")
    assert "five frets" in refusal("songs", "import", tmp_path / "one", "--json")


def test_if_no_song_could_be_imported_the_command_says_so(tmp_path):
    for name in ("a", "b"):
        chart(tmp_path / name / "notes.chart", {})
    done = griptune("songs", "import", tmp_path)
    assert done.returncode == 2
    assert [line[0] for line in done.stdout.splitlines()] == ["✗", "✗"]
    assert "none of the 2 songs" in done.stderr


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    clone = chart(tmp_path / "one" / "notes.chart", {}).parent
    assert "cannot be put there" in refusal("songs", "import", clone, "--data", tmp_path / "file")
