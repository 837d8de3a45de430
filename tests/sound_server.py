"""A sound server of our own, PulseAudio with a sink that takes sound in real time and drops it.

As near to a sound card as a machine without one comes: the game opens it as any device, and the
server itself tells when it had nothing left to play.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_STARTS_WITHIN_S = 20.0


def missing() -> str:
    """Why there can be none here; empty if there can."""
    return "" if shutil.which("pulseaudio") else "no PulseAudio here (apt-get install pulseaudio)"


class SoundServer:
    """A running server; :meth:`kill` lets it vanish as it stands."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "native"
        self._log = folder / "log"
        mine = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_CONFIG_HOME": folder}
        self._process = subprocess.Popen(
            [
                "pulseaudio",
                *("-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
                *("--log-level=debug", f"--log-target=file:{self._log}", "--high-priority=no"),
                *("-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"),
                *("-L", "module-null-sink sink_name=hall rate=44100"),
            ],
            env={**os.environ, **{name: str(value) for name, value in mine.items()}},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def address(self) -> str:
        """What PULSE_SERVER has to be to reach it."""
        return f"unix:{self._socket}"

    def wait(self) -> None:
        """Until it listens. Raises AssertionError with what it said if it does not."""
        until = time.monotonic() + _STARTS_WITHIN_S
        while not self._socket.exists():
            if time.monotonic() > until or self._process.poll() is not None:
                said = self._log.read_text("utf-8", "replace") if self._log.exists() else ""
                raise AssertionError(f"the sound server did not start: {said[-2_000:]}")
            time.sleep(0.01)

    def ran_dry(self) -> int:
        """How often it had nothing left of a stream's sound while the stream was playing."""
        return self._log.read_text("utf-8", "replace").count("Underrun on ")

    def kill(self) -> None:
        """As if the sound card was pulled out."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextmanager
def sound_server() -> Iterator[SoundServer]:
    """One that only this process knows of, for as long as the context lasts."""
    before = os.environ.get("PULSE_SERVER")
    with TemporaryDirectory(prefix="griptune-sound") as folder:
        server = SoundServer(Path(folder))
        try:
            server.wait()
            os.environ["PULSE_SERVER"] = server.address
            yield server
        finally:
            server.kill()
            if before is None:
                os.environ.pop("PULSE_SERVER", None)
            else:
                os.environ["PULSE_SERVER"] = before
