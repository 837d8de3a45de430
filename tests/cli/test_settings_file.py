"""Changing settings.toml: what was written by hand stays, and the file is whole at every moment."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.cli import settings_file
from game.cli.common import UserError
from game.cli.settings import read_settings
from game.cli.settings_file import change

BY_HAND = """\
# Set up by Anna, March 2026.
[sound]
music = 0.5   # the speaker is loud

[delays]      # measured with the television
audio_ms = 120
"""


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(BY_HAND, encoding="utf-8")
    return path


def test_without_a_file_one_is_made(tmp_path):
    data = tmp_path / "not" / "yet"
    settings = change(data, {"delays.audio_ms": 40, "display.scale": 150})
    assert settings.delays.audio_ms == 40
    assert settings.display.scale == 150
    assert read_settings(data) == settings


def test_comments_order_and_spacing_stay(by_hand):
    change(by_hand.parent, {"delays.audio_ms": 35})
    assert by_hand.read_text(encoding="utf-8") == BY_HAND.replace("= 120", "= 35")


def test_what_is_new_stands_in_its_own_table(by_hand):
    change(by_hand.parent, {"sound.notes": 0.7, "stage.full_screen": False})
    text = by_hand.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {
        "sound": {"music": 0.5, "notes": 0.7},
        "delays": {"audio_ms": 120},
        "stage": {"full_screen": False},
    }
    for line in BY_HAND.splitlines():
        assert line in text.splitlines()


def test_nothing_takes_a_setting_out_again(by_hand):
    settings = change(by_hand.parent, {"delays.audio_ms": None, "input.keys.left.index": None})
    assert settings.delays.audio_ms == 0
    assert "audio_ms" not in by_hand.read_text(encoding="utf-8")
    assert "input" not in by_hand.read_text(encoding="utf-8")


def test_tables_within_tables_can_be_changed(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[input.keys]\nleft = { index = "f" }\n', encoding="utf-8")
    settings = change(tmp_path, {"input.keys.left.middle": "e", "input.gamepad.index": 7})
    assert settings.input.keys.left.index == "f"
    assert settings.input.keys.left.middle == "e"
    assert settings.input.gamepad.index == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"delays.audio_ms": -1},
        {"delays.audio_ms": "soon"},
        {"delays.sound_ms": 3},
        {"delay.audio_ms": 3},
        {"delays.audio_ms.more": 3},
        {"delays.display_ms": 20, "display.scale": 900},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(by_hand, changes):
    with pytest.raises(UserError, match=r"settings\.toml"):
        change(by_hand.parent, changes)
    assert by_hand.read_text(encoding="utf-8") == BY_HAND
    assert [p.name for p in by_hand.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    "text", ["[delays\n", "delays = 3\n", "[delays]\naudio_ms = 3\naudio_ms = 4\n"]
)
def test_a_file_that_is_not_valid_is_left_alone(by_hand, text):
    by_hand.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"settings\.toml"):
        change(by_hand.parent, {"delays.audio_ms": 3})
    assert by_hand.read_text(encoding="utf-8") == text


def test_letters_of_every_kind_and_ends_of_lines_stay(tmp_path):
    path = tmp_path / "settings.toml"
    text = '[songs]\r\nfolders = ["D:/Müsik"]  # ♪\r\n\r\n[delays]\r\nglove_ms = 2\r\n'.encode()
    path.write_bytes(text)
    change(tmp_path, {"delays.glove_ms": 3})
    assert path.read_bytes() == text.replace(b"= 2", b"= 3")


def test_a_write_that_fails_leaves_the_old_file(by_hand, monkeypatch):
    """A full disk, at the last moment."""

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings_file.os, "replace", full)
    with pytest.raises(UserError, match=r"cannot be written: No space left"):
        change(by_hand.parent, {"delays.audio_ms": 3})
    assert by_hand.read_text(encoding="utf-8") == BY_HAND
    assert [p.name for p in by_hand.parent.iterdir()] == ["settings.toml"]


def test_a_folder_in_its_place_is_told(tmp_path):
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(UserError, match=r"cannot be read"):
        change(tmp_path, {"delays.audio_ms": 3})


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for rights to make links")
def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    real = tmp_path / "dotfiles" / "griptune.toml"
    real.parent.mkdir()
    real.write_text(BY_HAND, encoding="utf-8")
    real.chmod(0o600)
    (tmp_path / "settings.toml").symlink_to(real)
    change(tmp_path, {"delays.audio_ms": 3})
    assert (tmp_path / "settings.toml").is_symlink()
    assert "audio_ms = 3" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o600


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "delays.audio_ms": st.one_of(st.none(), st.integers(0, 500)),
        "delays.audio_from": st.one_of(st.none(), st.text()),
        "display.scale": st.one_of(st.none(), st.integers(100, 200)),
        "sound.music": st.one_of(st.none(), st.floats(0, 1)),
        "stage.high_contrast": st.one_of(st.none(), st.booleans()),
        "songs.folders": st.one_of(st.none(), st.lists(st.text(min_size=1), max_size=3)),
        "input.gamepad.key": st.one_of(st.none(), st.integers(20, 127)),
    },
)


@given(st.lists(VALUES, max_size=4))
@settings(deadline=None)
def test_what_was_set_last_is_what_is_read(tmp_path_factory, rounds):
    data = tmp_path_factory.mktemp("data")
    wanted = {}
    for changes in rounds:
        given = change(data, changes)
        wanted |= changes
        assert read_settings(data) == given
    found = given.model_dump(mode="json") if rounds else {}
    for name, value in wanted.items():
        if value is not None:
            place = found
            for piece in name.split("."):
                place = place[piece]
            if name == "songs.folders":
                assert [Path(p) for p in place] == [Path(p) for p in value]
            else:
                assert place == value
