"""settings.toml: what it may say, and one sentence for what it may not."""

from pathlib import Path

import pytest

from game.cli import settings as module
from game.cli.common import UserError
from game.cli.settings import Settings, read_settings
from game.core.grips import Grip
from game.stage.bindings import DEFAULT
from tests.cli.running import refusal


def read(folder: Path, text: str) -> Settings:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def test_without_a_file_everything_has_its_default(tmp_path):
    settings = read_settings(tmp_path)
    assert settings == Settings()
    assert settings.input.bindings() == DEFAULT
    assert settings.glove.cues
    assert settings.markers.port == ""


def test_the_example_in_the_documentation_is_valid(tmp_path):
    assert module.__doc__ is not None
    _, _, example = module.__doc__.partition("::\n")
    settings = read(tmp_path, "\n".join(line[4:] for line in example.splitlines()))
    assert settings.markers.port == "/dev/ttyUSB1"
    assert settings.input.bindings().keys["left"][Grip.INDEX] == "f"


def test_keys_are_rebound_for_both_hands_or_one(tmp_path):
    text = """
        [input.keys]
        index = "Space"
        right = { key = "keypad 0" }
    """
    keys = read(tmp_path, text).input.bindings().keys
    assert (keys["left"][Grip.INDEX], keys["right"][Grip.INDEX]) == ("space", "space")
    assert (keys["left"][Grip.KEY], keys["right"][Grip.KEY]) == ("g", "keypad 0")
    assert keys["right"][Grip.LITTLE] == "semicolon"


def test_buttons_and_notes_are_set_and_gamepads_can_be_left_out(tmp_path):
    text = """
        [input.gamepad]
        key = 7
        [input.midi]
        port = " Launchkey "
        index = 40
    """
    bindings = read(tmp_path, text).input.bindings()
    assert bindings.buttons == {0: 0, 1: 1, 2: 2, 3: 3, 4: 7}
    assert bindings.midi_port == "Launchkey"
    assert bindings.notes[Grip.INDEX] == 40
    assert read(tmp_path, "[input.gamepad]\nenabled = false").input.bindings().buttons is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[input.keys]\nindex = "jj"', "input.keys: there is no key “jj”"),
        ('[input.keys]\nindex = "Escape"', "input.keys: the key “Escape” pauses the play"),
        ('[input.keys]\nindex = "k"', "“k” would be index and middle of the right hand"),
        ('[input.keys]\nring = "x"\nlittle = "X"', "“x” would be ring and little"),
        ('[input.keys.left]\nring = "a"', "“a” would be ring and little of the left hand"),
        ('[input.keys]\nthumb = "x"', "input.keys.thumb: this name is not known"),
        ("[input.gamepad]\nindex = 1", "input.gamepad: the button “1” would be index and middle"),
        ("[input.gamepad]\nindex = -1", "input.gamepad.index: "),
        ("[input.midi]\nindex = 60", "input.midi: the note “60” would be index and key"),
        ("[input.midi]\nindex = 128", "input.midi.index: "),
        ("[markers]\nbaud = 5", "markers.baud: "),
        ("[glove]\ncues = 3", "glove.cues: "),
        ("[sonud]\nmusic = 1", "sonud: this name is not known"),
        ("stage = 3", "stage: this is a table"),
        ('[songs]\nfolders = "x"', "songs.folders: this is a list"),
        ('[display]\nlanguage = "fr"', "display.language: there is no language “fr”"),
        ("[markers", "is not valid TOML"),
    ],
)
def test_what_cannot_be_is_one_sentence_that_names_the_place(tmp_path, text, says):
    with pytest.raises(UserError) as refused:
        read(tmp_path, text)
    sentence = str(refused.value)
    assert sentence.startswith(str(tmp_path / "settings.toml"))
    assert says in sentence
    assert "\n" not in sentence
    assert "Value error" not in sentence


def test_the_game_refuses_bad_settings_before_it_opens_anything(tmp_path):
    (tmp_path / "settings.toml").write_text('[input.keys]\nkey = "nope"', encoding="utf-8")
    assert "there is no key “nope”" in refusal("--data", tmp_path)


def test_language_and_scale_of_the_screen(tmp_path):
    settings = read(tmp_path, '[display]\nlanguage = "de"\nscale = 150\n')
    assert (settings.display.language, settings.display.scale) == ("de", 150)
    assert Settings().display.scale == 100
    assert read(tmp_path, '[display]\nlanguage = "de-AT"').display.language == "de-AT"


@pytest.mark.parametrize("scale", ["99", "201", "1.5", '"large"'])
def test_a_scale_that_cannot_be_is_one_sentence(tmp_path, scale):
    with pytest.raises(UserError, match=r"display\.scale"):
        read(tmp_path, f"[display]\nscale = {scale}\n")
