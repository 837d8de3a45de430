"""A virtual glove in one process, a play in another, a real tty between them, in real time."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import griptune
from tests.music import songs as made

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals"),
]


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


def a_song(folder: Path) -> tuple[str, float, int]:
    """What is played, how long that takes at least, s, and how many targets it has at least."""
    if SOAK:
        return "ode-to-joy", 60.0, 50
    tracks = [made.track(made.ODE_A, name="Flute")]
    return str(made.save(folder / "sixteen-bars.mid", tracks)), 8.0, 9


@pytest.mark.timeout(240)
def test_every_press_the_glove_sent_is_a_repetition_of_the_play(simulator, tmp_path):
    link, process = simulator
    song, least_s, least = a_song(tmp_path)
    began = time.monotonic()
    done = griptune(
        "play", song, "--glove", f"serial:{link}", "--headless", "--json",
        "--tempo", "1.5", "--rate", "1.2", timeout=200,
    )  # fmt: skip
    took_s = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["repetitions"] == ended(process)
    # It pinches the moment it is told, so every target is hit, and almost at once.
    assert document["hits"] == document["targets"] > least
    assert document["asynchrony_ms"]["median"] < 15
    assert took_s > least_s  # the song takes as long as it takes
    assert document["interrupted"] is False


def test_the_glove_prints_its_counts_when_it_is_told_to_end(simulator):
    link, process = simulator
    assert sum(ended(process, signal.SIGTERM).values()) == 0
    assert not link.is_symlink()


def journal_of(data: Path) -> int:
    """How many pieces of the play that runs have been kept: one a second."""
    with contextlib.suppress(sqlite3.Error):
        there = sqlite3.connect(f"file:{data / 'griptune.db'}?mode=ro", uri=True)
        with contextlib.closing(there):
            return there.execute("select count(*) from journal").fetchone()[0]
    return 0


@pytest.mark.timeout(120)
def test_unplugging_does_not_end_the_play(simulator, tmp_path):
    link, process = simulator
    data = tmp_path / "data"
    play = subprocess.Popen(
        [
            sys.executable, "-m", "game", "play", "ode-to-joy", "--glove", f"serial:{link}",
            "--headless", "--json", "--tempo", "1.5", "--rate", "1.2", "--data", str(data),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip

    def wait_for(pieces: int) -> None:
        until = time.monotonic() + 60
        while journal_of(data) < pieces:
            assert play.poll() is None, play.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.1)

    wait_for(9)  # the first targets have come
    process.kill()
    wait_for(journal_of(data) + 3)
    assert play.poll() is None
    # Ctrl-C ends it, and what was played until then is kept and printed.
    play.send_signal(signal.SIGINT)
    out, err = play.communicate(timeout=60)
    assert play.returncode == 0, err
    document = json.loads(out)
    assert document["interrupted"] is True
    assert document["hits"] > 2
    # This glove misses nothing; what was asked while it was gone is asked of nobody.
    assert document["misses"] == 0
