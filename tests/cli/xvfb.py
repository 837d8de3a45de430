"""A real X server without a screen: start it, press keys in it, look at its pixels."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

WIDTH, HEIGHT = 1280, 720

#: Machines that are shared stall; on a quiet one nothing here takes more than a few seconds.
PATIENCE_S = 120.0

needs_xvfb = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="needs Xvfb and xdotool (Debian: xvfb, xdotool)",
)


class Display:
    """An Xvfb of 1280×720 whose framebuffer lies in a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24",
                "-fbdir", str(folder), "-nolisten", "tcp",
            ],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        # The server looks for a free number itself, so that any number of them run side by side.
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        self.name = f":{number}"

    def close(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SDL_", "WAYLAND_"))}
        return {**kept, "DISPLAY": self.name}

    def press(self, *keys: str) -> None:
        for key in keys:
            subprocess.run(["xdotool", "key", key], env=self.environment(), check=True)
            time.sleep(0.15)

    def pixels(self) -> np.ndarray:
        """The screen, (height, width, 3) uint8: the XWD file that Xvfb keeps."""
        data = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack_from(">25I", data)
        header_size, width, height, line, colours = (
            header[0], header[4], header[5], header[12], header[19],
        )  # fmt: skip
        start = header_size + 12 * colours
        rows = np.frombuffer(data, np.uint8, line * height, start).reshape(height, line // 4, 4)
        return rows[:, :width, 2::-1]

    def share_of(self, colour: tuple[int, int, int], box: tuple[int, int, int, int]) -> float:
        """How much of ``box`` (x, y, width, height; design pixels of 1920) has ``colour``."""
        x, y, w, h = (round(v * WIDTH / 1920) for v in box)
        part = self.pixels()[y : y + h, x : x + w].astype(int)
        return float((np.abs(part - np.array(colour)).max(axis=2) < 6).mean())


class Game:
    """``griptune ARGUMENTS`` on a display."""

    def __init__(self, display: Display, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "game", *arguments],
            env=display.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE_S) -> float:
        """Wait until ``what`` holds; returns how long it took."""
        began = time.monotonic()
        while not what():
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() - began < seconds, "it never came to the screen"
            time.sleep(0.05)
        return time.monotonic() - began

    def ended(self, seconds: float = PATIENCE_S) -> tuple[str, str]:
        out, err = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, err
        return out, err

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.communicate()
