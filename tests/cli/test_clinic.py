"""The clinic's commands, as people run them: accounts, the server with its certificate and its log,
pairing, sending, the board that follows, and the process beside a game."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from game.cli.in_touch import InTouch
from game.clinic.stations import Stations
from game.clinic.sync.pairing import read_pairing
from game.records.store import Store
from tests.cli.running import answer, griptune, refusal
from tests.clinic.serving import ServerProcess
from tests.clinic.visiting import PASSPHRASE, new_records
from tests.records.examples import play


def user_add(data: Path, name: str, role: str, passphrase: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "game", "clinic", "user", "add", name),
            *("--role", role, "--data", str(data)),
        ],
        input=passphrase + "\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_administrator_is_made_at_the_command_line(tmp_path: Path) -> None:
    data = new_records(tmp_path / "clinic")
    assert user_add(data, "Ann", "administrator", PASSPHRASE).returncode == 0
    assert answer("clinic", "user", "list", "--data", data) == [
        {"name": "Ann", "role": "administrator", "open": True}
    ]
    for wrong in (
        ("Ann", "display", PASSPHRASE),
        ("Bert", "boss", PASSPHRASE),
        ("Cleo", "display", "x"),
    ):
        done = user_add(data, *wrong)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("clinic", "serve", "--port", "99999"), "--port"),
        (("clinic", "serve", "--cert", "no-such.pem"), "--cert and --key"),
        (("clinic", "pair", "http://192.168.1.4:8484", "AAAA"), "https"),
        (("clinic", "sync"), "not paired"),
        (("clinic", "board", "--follow", "--json"), "--follow"),
        (("clinic", "user", "passphrase", "Nobody"), "no account"),
    ],
)
def test_bad_input_is_one_clear_line(arguments: tuple[str, ...], words: str) -> None:
    assert words in refusal(*arguments)


def test_a_station_is_paired_over_tls_and_the_log_names_pages_and_nobody(tmp_path: Path) -> None:
    log = tmp_path / "clinic.log"
    with ServerProcess(tmp_path / "server", "--tls", "--log", str(log)) as server:
        assert server.process.stdout is not None
        fingerprint = server.process.stdout.readline().split()[-1]
        assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
        with Store.open(server.folder) as records:
            code = Stations(records).invite("Window")
        station = new_records(tmp_path / "station")
        with Store.open(station) as store:
            patient = store.add_patient("ANNA-1")
            store.save_play(play(1, patient_id=patient.id))
        wrong = "0" * 64
        said = refusal(
            "clinic", "pair", server.url, code, "--fingerprint", wrong, "--data", station
        )
        assert "another certificate" in said
        paired = answer(
            "clinic", "pair", server.url, code, "--fingerprint", fingerprint, "--data", station
        )
        assert paired["name"] == "Window"
        assert answer("clinic", "sync", "--data", station)["sent"] == 2
        with Store.open(server.folder) as records:
            assert records.count_plays("ANNA-1") == 1
    text = log.read_text(encoding="utf-8")
    assert "POST facts 200" in text
    pairing = read_pairing(station)
    assert pairing is not None
    for secret in ("ANNA", patient.id, pairing.token, code, "127.0.0.1"):
        assert secret not in text


def test_the_process_beside_a_game_sends_the_last_play_and_ends_with_it(tmp_path: Path) -> None:
    station = new_records(tmp_path / "station")
    nothing = InTouch(station)
    nothing.start()
    nothing.stop()  # not paired: nothing was started
    with ServerProcess(tmp_path / "server") as server:
        with Store.open(server.folder) as records:
            code = Stations(records).invite("Window")
        assert griptune("clinic", "pair", server.url, code, "--data", station).returncode == 0
        beside = InTouch(station)
        beside.start()
        process = beside._process
        assert process is not None
        with Store.open(server.folder) as records, Store.open(station) as store:
            store.save_play(play(1))
            end = time.monotonic() + 120
            while not records.guest_plays():
                assert time.monotonic() < end
                assert process.poll() is None
                time.sleep(0.05)
            store.save_play(play(2))
        beside.stop()
        assert process.poll() is not None
    assert read_pairing(station) is not None


def test_the_board_in_a_terminal_follows(tmp_path: Path) -> None:
    data = new_records(tmp_path / "clinic")
    process = subprocess.Popen(
        [*(sys.executable, "-m", "game", "clinic", "board", "--follow", "--data", str(data))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        assert process.stdout is not None
        seen = ""
        while "Song of the week" not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        assert "This week together" in seen
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert "Traceback" not in process.stdout.read()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
