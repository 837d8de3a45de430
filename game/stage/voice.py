"""The platform's own speech: one sentence at a time, the latest one wins.

Speech is a program of the system (``spd-say`` or ``espeak-ng`` on Linux, ``say`` on macOS, the
synthesiser of .NET through PowerShell on Windows), started for each text and ended when another
comes, so that nothing of it runs in the game and a broken one costs a notice and no more. A
library in the process was rejected: pyttsx3 brings an event loop of its own, and its Linux driver
loads the same espeak-ng that may as well be run.
"""

import contextlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from game.core.say import mark

NO_SPEECH = mark("This computer has no speech program. The game goes on without.")
SPEECH_FAILS = mark("The speech program does not work. The game goes on without.")

#: Words a minute: a little slower than people talk.
_WORDS_A_MINUTE = 150

#: So many failures in a row, and nothing more is tried.
_FAILURES = 3

_MAC_VOICES = {"en": "Samantha", "es": "Mónica", "de": "Anna"}

_POWERSHELL = (
    "Add-Type -AssemblyName System.Speech;"
    "$s = New-Object System.Speech.Synthesis.SpeechSynthesizer;"
    "$s.Volume = {volume};"
    "try {{ $s.SelectVoiceByHints('NotSet', 'NotSet', 0, '{culture}') }} catch {{ }};"
    "[Console]::InputEncoding = [Text.Encoding]::UTF8;"
    "$s.Speak([Console]::In.ReadToEnd())"
)
_CULTURES = {"en": "en-US", "es": "es-ES", "de": "de-DE"}


@dataclass(frozen=True)
class Speech:
    """A program that speaks: the text comes on its standard input, or as its last argument."""

    program: str
    arguments: Callable[[str, float], Sequence[str]]
    by_input: bool = True

    def command(self, text: str, language: str, volume: float) -> list[str]:
        """What to run for ``text`` in ``language`` (``en``, ``es``, ``de``), ``volume`` 0 to 1."""
        command = [self.program, *self.arguments(language, volume)]
        return command if self.by_input else [*command, "--", text]


def find_speech(
    platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which
) -> Speech | None:
    """The speech program of this platform, or None if there is none."""
    for name, speech in _PROGRAMS.get(platform, _PROGRAMS["linux"]):
        path = which(name)
        if path is not None:
            return Speech(path, speech.arguments, speech.by_input)
    return None


def _spd_say(language: str, volume: float) -> Sequence[str]:
    return ("--wait", "--language", language, "--volume", str(round(volume * 200 - 100)))


def _espeak(language: str, volume: float) -> Sequence[str]:
    loudness = str(round(volume * 200))
    return ("-v", language, "-s", str(_WORDS_A_MINUTE), "-a", loudness, "-b", "1", "--stdin")


def _say(language: str, volume: float) -> Sequence[str]:
    voice = _MAC_VOICES.get(language)
    chosen = ("-v", voice) if voice else ()
    return (*chosen, "-r", str(_WORDS_A_MINUTE), "-f", "-")


def _powershell(language: str, volume: float) -> Sequence[str]:
    culture = _CULTURES.get(language, "en-US")
    script = _POWERSHELL.format(volume=round(volume * 100), culture=culture)
    return ("-NoProfile", "-NonInteractive", "-Command", script)


_PROGRAMS: dict[str, tuple[tuple[str, Speech], ...]] = {
    "linux": (
        ("espeak-ng", Speech("espeak-ng", _espeak)),
        ("spd-say", Speech("spd-say", _spd_say, by_input=False)),
        ("espeak", Speech("espeak", _espeak)),
    ),
    "darwin": (("say", Speech("say", _say)),),
    "win32": (("powershell", Speech("powershell", _powershell)),),
}


class Voice:
    """Speaks what it is told, in a thread of its own. Nothing here raises or waits.

    ``trouble`` is a sentence for the screen when nothing can be said.
    """

    def __init__(self, speech: Speech | None, *, volume: float = 1.0) -> None:
        self.trouble: str = "" if speech is not None else NO_SPEECH
        self.volume = volume
        self._speech = speech
        self._wanted: tuple[str, str] | None = None
        self._change = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def say(self, text: str, language: str) -> None:
        """Say ``text`` now; what is being said ends. An empty text only ends it."""
        if self._speech is None or self.trouble:
            return
        with self._change:
            self._wanted = (" ".join(text.split()), language)
            if self._process is not None:
                _end(self._process)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
                self._thread.start()
            self._change.notify()

    def stop(self) -> None:
        """Be silent."""
        self.say("", "")

    def close(self) -> None:
        """Be silent for good."""
        with self._change:
            self._closed = True
            if self._process is not None:
                _end(self._process)
            self._change.notify()
        if self._thread is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        failures = 0
        while True:
            with self._change:
                while self._wanted is None and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                assert self._wanted is not None
                (text, language), self._wanted = self._wanted, None
                process = self._process = self._start(text, language) if text else None
            if not text:
                continue
            failures = 0 if process is not None and self._spoken(process, text) else failures + 1
            if failures >= _FAILURES:
                self.trouble = SPEECH_FAILS
                return

    def _start(self, text: str, language: str) -> "subprocess.Popen[bytes] | None":
        assert self._speech is not None
        try:
            return subprocess.Popen(
                self._speech.command(text, language, self.volume),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return None

    def _spoken(self, process: "subprocess.Popen[bytes]", text: str) -> bool:
        """Hand the text over and wait; True if the program ended well or was interrupted."""
        assert self._speech is not None
        with contextlib.suppress(OSError, ValueError):
            process.communicate(text.encode() if self._speech.by_input else b"")
        code = process.wait()
        with self._change:
            interrupted = self._wanted is not None or self._closed
            self._process = None
        return code == 0 or interrupted


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(OSError):
        process.kill()
