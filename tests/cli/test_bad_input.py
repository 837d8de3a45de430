"""Bad input ends in one clear line and exit code 2, and nothing is lost."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from game.music.library import bundled_folder
from tests.cli.running import answer, griptune, refusal

HEADLESS = ("--headless", "--fast", "--glove", "virtual:steady")


@pytest.fixture
def not_midi(tmp_path: Path) -> Path:
    path = tmp_path / "letter.mid"
    path.write_text("Dear daughter, here is the song.", encoding="utf-8")
    return path


@pytest.fixture
def no_notes(tmp_path: Path) -> Path:
    import mido

    path = tmp_path / "silence.mid"
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name="Nothing")]))
    file.save(path)
    return path


def test_a_file_that_is_not_midi(not_midi):
    assert "letter.mid" in refusal("play", not_midi, *HEADLESS)
    assert "letter.mid" in refusal("songs", "check", not_midi)


def test_a_midi_file_with_no_notes(no_notes):
    assert "no notes" in refusal("play", no_notes, *HEADLESS)
    checked = griptune("songs", "check", no_notes, "--json")
    assert checked.returncode == 2
    assert [document["ok"] for document in json.loads(checked.stdout)] == [False]
    assert len(checked.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("play", "ode-to-joyy", *HEADLESS), "ode-to-joy"),
        (("play", "no-such-song-at-all", *HEADLESS), "no-such-song-at-all"),
        (("play", "ode-to-joy", "--headless", "--glove", "mitten:1"), "mitten"),
        (("play", "ode-to-joy", "--headless", "--glove", "virtual:clumsy"), "clumsy"),
        (("play", "ode-to-joy", "--headless", "--glove", "virtual:steady?success=2"), "success"),
        (("play", "ode-to-joy", "--headless", "--glove", "virtual:steady?seed=x"), "seed"),
        (("play", "ode-to-joy", "--headless", "--glove", "virtual:patient?severity=odd"), "odd"),
        (("play", "ode-to-joy", "--headless", "--glove", "script:/no/such/file"), "/no/such/file"),
        (("play", "ode-to-joy", "--headless", "--glove", "serial:/no/such/port"), "/no/such/port"),
        (("play", "ode-to-joy", "--headless", "--fast", "--glove", "keyboard"), "--fast"),
        (("play", "ode-to-joy", "--patient", "NOBODY", *HEADLESS), "NOBODY"),
        (("play", "ode-to-joy", "--rate", "0.05", *HEADLESS), "--rate"),
        (("play", "ode-to-joy", "--rate", "3.5", *HEADLESS), "--rate"),
        (("play", "ode-to-joy", "--rate", "nan", *HEADLESS), "--rate"),
        (("play", "ode-to-joy", "--tempo", "0.4", *HEADLESS), "--tempo"),
        (("play", "ode-to-joy", "--tempo", "2", *HEADLESS), "--tempo"),
        (("play", "ode-to-joy", "--window", "0", *HEADLESS), "--window"),
        (("play", "ode-to-joy", "--rate", "fast", *HEADLESS), "rate"),
        (("play", "ode-to-joy", "--seed", "-1", *HEADLESS), "seed"),
        (("play", "ode-to-joy", "--fast"), "--headless"),
        (("--lang", "elvish"), "elvish"),
        (("screens", "pictures", "--lang", "elvish"), "elvish"),
        (("screens", "pictures", "--scale", "250"), "--scale"),
        (("screens", "pictures", "--palette", "pink"), "--palette"),
        (("play",), "song"),
        (("dance",), "dance"),
        (("play", "ode-to-joy", "--loud"), "--loud"),
        (("songs", "check", "/no/such.mid"), "/no/such.mid"),
        (("songs", "chart", "ode-to-joy", "--tempo", "9"), "--tempo"),
        (("patient", "add", "../etc"), "../etc"),
        (("patient", "add", "P1", "--hand", "third"), "third"),
        (("patient", "show", "P9"), "P9"),
        (("patient", "show", "\udcff"), "udcff"),
        (("patient",), "Missing command"),
        (("--data", "elsewhere", "patient", "list"), "after the command"),
        (("--glove", "keyboard", "songs", "list"), "after the command"),
        (("play", "\x1b[31mred", *HEADLESS), "red"),
        (("glove", "simulate", "--link", "/tmp/nowhere", "--seed", "-1"), "--seed"),
        (("clinic", "board", "wealth"), "wealth"),
        (("clinic", "board", "--patient", "P9"), "P9"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_one_line_says_what_was_wrong(arguments, words):
    assert words in refusal(*arguments)


def test_a_port_in_use(tmp_path):
    import pty

    import serial

    master, slave = pty.openpty()
    name = os.ttyname(slave)
    holder = serial.Serial(name, exclusive=True)
    try:
        line = refusal("play", "ode-to-joy", "--headless", "--glove", f"serial:{name}")
        assert name in line
        assert "use" in line
    finally:
        holder.close()
        os.close(master)
        os.close(slave)


def test_a_patient_who_exists_already():
    griptune("patient", "add", "P1", "--nickname", "Blue Heron")
    assert "P1" in refusal("patient", "add", "p1", "--nickname", "Somebody else")
    assert answer("patient", "list")[0]["nickname"] == "Blue Heron"


def test_a_data_folder_that_cannot_be_written(tmp_path):
    # A folder below a file cannot be made by anybody, not even by root.
    plain = tmp_path / "plain"
    plain.write_text("a file", encoding="utf-8")
    line = refusal("play", "ode-to-joy", *HEADLESS, "--data", plain / "below")
    assert str(plain) in line
    assert str(plain) in refusal("patient", "add", "P1", "--data", plain / "below")
    assert plain.read_text(encoding="utf-8") == "a file"


def test_records_that_are_something_else_are_left_as_they_are(tmp_path):
    database = tmp_path / "griptune.db"
    database.write_bytes(b"this is a shopping list" * 100)
    assert "griptune.db" in refusal("patient", "list", "--data", tmp_path)
    assert database.read_bytes() == b"this is a shopping list" * 100


def test_settings_with_a_mistake_are_named(tmp_path):
    (tmp_path / "settings.toml").write_text("[stage]\nlook_ahead_s = 99\n", encoding="utf-8")
    line = refusal("play", "ode-to-joy", *HEADLESS, "--data", tmp_path)
    assert "settings.toml" in line
    assert "look_ahead_s" in line


@pytest.mark.parametrize("command", [(), ("play", "ode-to-joy")])
@pytest.mark.parametrize("driver", [None, ""])
def test_no_display(command, driver):
    line = refusal(
        *command, DISPLAY=None, WAYLAND_DISPLAY=None, SDL_VIDEODRIVER=driver, XDG_RUNTIME_DIR=None
    )
    assert "display" in line


def test_a_refused_play_leaves_earlier_plays_untouched(tmp_path):
    answer("play", "ode-to-joy", *HEADLESS, "--data", tmp_path)
    refusal("play", "ode-to-joy", "--rate", "99", *HEADLESS, "--data", tmp_path)
    refusal("play", "ode-to-joy", "--headless", "--glove", "serial:/no/port", "--data", tmp_path)
    with sqlite3.connect(tmp_path / "griptune.db") as database:
        assert database.execute("SELECT count(*) FROM plays").fetchone() == (1,)


def test_a_named_pipe_is_no_song(tmp_path):
    os.mkfifo(tmp_path / "pipe.mid")
    assert "pipe.mid" in refusal("songs", "check", tmp_path / "pipe.mid")


def test_a_console_without_the_letters_still_gets_its_answer():
    griptune("patient", "add", "P1", "--nickname", "Zoë")
    for command in (("songs", "list"), ("patient", "list"), ("clinic", "board")):
        done = griptune(*command, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""


def test_a_full_output_is_one_line():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "game", "songs", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_control_characters_never_reach_the_terminal(tmp_path):
    song = tmp_path / "songs" / "od\x1b[31md\nname.mid"
    song.parent.mkdir()
    song.write_bytes((bundled_folder() / "sakura.mid").read_bytes())
    listed = griptune("songs", "list", "--data", tmp_path)
    assert "\x1b" not in listed.stdout
    assert len([line for line in listed.stdout.splitlines() if "Sakura" in line]) == 2
    assert "\x1b" not in griptune("songs", "check", song).stdout


def test_a_second_simulated_glove_does_not_take_the_link_of_the_first(tmp_path):
    link = tmp_path / "glove"
    link.symlink_to("/dev/null")
    assert "in use" in refusal("glove", "simulate", "--link", link)
    assert link.is_symlink()


@pytest.mark.parametrize("command", [("songs", "check"), ("songs", "chart")])
def test_a_name_that_is_too_long_is_one_line(command):
    assert "aaaa" in refusal(*command, "a" * 5_000 + ".mid")
