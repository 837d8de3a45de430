"""The voice: which program speaks, the latest text wins, and a broken program costs a notice."""

import os
import shutil
import stat
import sys
import time
from pathlib import Path

import pytest

from game.stage.voice import NO_SPEECH, SPEECH_FAILS, Speech, Voice, find_speech

HERE = sys.executable


def program(tmp_path: Path, body: str) -> tuple[Speech, Path]:
    """A real program in place of the platform's, which notes what it was given."""
    log = tmp_path / "said.txt"
    path = tmp_path / "speak"
    path.write_text(f"#!{HERE}\nimport sys, time\nlog = {str(log)!r}\n{body}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Speech(str(path), lambda language, volume: (language, str(volume))), log


NOTES = """
text = sys.stdin.read()
with open(log, "a", encoding="utf-8") as file:
    print(sys.argv[1], text, file=file, flush=True)
if "long" in text:
    time.sleep(200)
"""


def wait_for(what, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.01)


def said(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.mark.parametrize(
    ("platform", "there", "named"),
    [
        ("linux", {"espeak-ng", "spd-say"}, "espeak-ng"),
        ("linux", {"spd-say"}, "spd-say"),
        ("freebsd14", {"espeak"}, "espeak"),
        ("darwin", {"say", "espeak-ng"}, "say"),
        ("win32", {"powershell"}, "powershell"),
        ("linux", set(), None),
    ],
)
def test_each_platform_speaks_with_its_own(platform, there, named):
    found = find_speech(platform, lambda name: f"/bin/{name}" if name in there else None)
    assert (found and found.program) == (named and f"/bin/{named}")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_no_text_is_ever_an_option_of_the_program(platform):
    for which in ({"espeak-ng"}, {"spd-say"}, {"say"}, {"powershell"}):
        found = find_speech(platform, lambda name, which=which: name if name in which else None)
        if found is not None:
            command = found.command("--wipe 'everything'; $(now)", "de", 0.5)
            before = command[: command.index("--")] if "--" in command else command
            assert not any("wipe" in piece for piece in before)
            assert not any("{" in piece and "{}" in piece for piece in before)


def test_what_is_said_comes_to_the_program_in_its_language(tmp_path):
    speech, log = program(tmp_path, NOTES)
    voice = Voice(speech)
    voice.say("Wählen Sie\n ein Lied.", "de")
    wait_for(lambda: said(log) == ["de Wählen Sie ein Lied."])
    voice.close()
    assert voice.trouble == ""


def test_the_latest_text_ends_the_one_before(tmp_path):
    speech, log = program(tmp_path, NOTES)
    voice = Voice(speech)
    voice.say("a long story", "en")
    wait_for(lambda: said(log))
    began = time.monotonic()
    for number in range(20):
        voice.say(f"key {number}", "en")
    wait_for(lambda: said(log)[-1] == "en key 19")
    assert time.monotonic() - began < 60
    voice.say("another long one", "en")
    wait_for(lambda: said(log)[-1] == "en another long one")
    voice.close()
    assert time.monotonic() - began < 120
    assert voice.trouble == ""


def test_saying_never_waits(tmp_path):
    speech, _ = program(tmp_path, "time.sleep(30)")
    voice = Voice(speech)
    voice.say("first", "en")
    time.sleep(0.3)
    longest = 0.0
    for number in range(50):
        began = time.perf_counter()
        voice.say(str(number), "en")
        longest = max(longest, time.perf_counter() - began)
    voice.close()
    assert longest < 10


def test_a_program_that_fails_is_given_up_with_a_sentence(tmp_path):
    speech, _ = program(tmp_path, "sys.exit(1)")
    voice = Voice(speech)
    for _ in range(3):
        voice.say("hello", "en")
        time.sleep(0.3)
    wait_for(lambda: voice.trouble == SPEECH_FAILS)
    voice.say("hello", "en")
    voice.close()


def test_a_program_that_went_is_given_up_too(tmp_path):
    voice = Voice(Speech(str(tmp_path / "gone"), lambda language, volume: ()))
    for _ in range(3):
        voice.say("hello", "en")
        time.sleep(0.05)
    wait_for(lambda: voice.trouble == SPEECH_FAILS)
    voice.close()


def test_without_a_program_it_says_so_and_is_silent():
    voice = Voice(None)
    assert voice.trouble == NO_SPEECH
    voice.say("hello", "en")
    voice.close()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng (Debian: espeak-ng)")
@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_the_real_program_takes_what_it_is_given(language, tmp_path):
    """Without a sound card there is nothing to hear, so it speaks into a file here."""
    real = find_speech("linux")
    assert real is not None
    sound = tmp_path / "sound.wav"
    speech = Speech(real.program, lambda *about: (*real.arguments(*about), "-w", str(sound)))
    voice = Voice(speech)
    voice.say("Griptune", language)
    wait_for(lambda: sound.exists() and sound.stat().st_size > 10_000)
    voice.close()
    assert voice.trouble == ""
    assert os.path.getsize(sound) > 10_000
