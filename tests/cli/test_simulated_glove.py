"""A virtual glove in one process, a play in another, a real tty between them, in real time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import griptune

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


@pytest.fixture
def simulator(tmp_path: Path):
    link = tmp_path / "glove"
    process = subprocess.Popen(
        [sys.executable, "-m", "game", "glove", "simulate", "--link", str(link), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while not link.is_symlink() and time.monotonic() < until:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    yield link, process
    if process.poll() is None:
        process.kill()
    process.communicate()


def ended(process: subprocess.Popen[str], how: int = signal.SIGINT) -> dict[str, int]:
    process.send_signal(how)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    return json.loads(out)["presses"]


@pytest.mark.timeout(240)
def test_every_press_the_glove_sent_is_a_repetition_of_the_play(simulator):
    link, process = simulator
    began = time.monotonic()
    done = griptune(
        "play", "ode-to-joy", "--glove", f"serial:{link}", "--headless", "--json",
        "--tempo", "1.5", "--rate", "1.2", timeout=200,
    )  # fmt: skip
    took_s = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["repetitions"] == ended(process)
    # It pinches the moment it is told, so every target is hit, and almost at once.
    assert document["hits"] == document["targets"] > 50
    assert document["asynchrony_ms"]["median"] < 15
    assert took_s > 60  # the song takes as long as it takes
    assert document["interrupted"] is False


def test_the_glove_prints_its_counts_when_it_is_told_to_end(simulator):
    link, process = simulator
    assert sum(ended(process, signal.SIGTERM).values()) == 0
    assert not link.is_symlink()


@pytest.mark.timeout(120)
def test_unplugging_does_not_end_the_play(simulator, tmp_path):
    link, process = simulator
    play = subprocess.Popen(
        [
            sys.executable, "-m", "game", "play", "ode-to-joy", "--glove", f"serial:{link}",
            "--headless", "--json", "--tempo", "1.5", "--rate", "1",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    time.sleep(15)
    process.kill()
    time.sleep(3)
    assert play.poll() is None
    # Ctrl-C ends it, and what was played until then is kept and printed.
    play.send_signal(signal.SIGINT)
    out, err = play.communicate(timeout=30)
    assert play.returncode == 0, err
    document = json.loads(out)
    assert document["interrupted"] is True
    assert document["hits"] > 3
    assert document["targets"] > document["hits"]
