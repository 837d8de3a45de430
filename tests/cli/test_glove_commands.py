"""``griptune glove``: check, monitor, record and list, run as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firmware_bridge.ports import PortInfo
from game.cli import main
from tests.cli.running import answer, griptune, refusal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")

GOOD = "virtual:steady?success=1&jitter_ms=0"


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "game", "glove", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
    )


# -- check ----------------------------------------------------------------------------------------


def test_a_good_glove_ends_with_0_and_a_faulty_one_with_1_and_words():
    # Both at once: each takes as long as a hand takes.
    good = started("check", "--glove", GOOD)
    bad = started("check", "--glove", f"{GOOD}&fault=short:index+middle", "--json")
    out, err = good.communicate(timeout=90)
    assert (good.returncode, err) == (0, "")
    assert "Pinch thumb and little finger, three times" in out
    assert "    key: felt key 3" in out
    assert out.splitlines()[-1] == "The glove is good: every contact opens and closes."
    out, err = bad.communicate(timeout=90)
    assert bad.returncode == 1
    assert "Pinch thumb and little finger" in err
    document = json.loads(out)
    assert document["good"] is False
    [found] = document["findings"]
    assert (found["code"], found["grips"]) == ("short", ["index", "middle"])
    assert found["words"].startswith("Index and middle always close together")
    assert document["asked"][0]["felt"] == {
        "index": 3, "middle": 3, "ring": 0, "little": 0, "key": 0,
    }  # fmt: skip


def test_a_missing_glove_is_a_finding(monkeypatch, capsys):
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    with pytest.raises(SystemExit) as ended:
        main(["glove", "check", "--json"])
    assert ended.value.code == 1
    document = json.loads(capsys.readouterr().out)
    assert document["glove"] is None
    assert document["findings"][0]["code"] == "missing"
    assert document["findings"][0]["words"].startswith("No glove was found.")
    with pytest.raises(SystemExit) as ended:
        main(["glove", "check"])
    assert ended.value.code == 1
    assert "! No glove was found. Check that its cable" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "--glove", "keyboard"), "no contacts to check"),
        (("check", "--glove", "replay:x"), "cannot be asked to pinch"),
        (("check", "--glove", "serial:/no/such/port"), "/no/such/port"),
        (("check", "--glove", "virtual:steady?fault=bent"), "expected one of stuck:ring"),
        (("check", "--glove", "virtual:steady", "--seconds", "0"), "--seconds"),
        (("monitor", "--glove", "mitten"), "mitten"),
        (("monitor", "--glove", "keyboard", "--seconds", "1"), "no contacts to watch"),
        (("monitor", "--glove", "virtual:steady", "--seconds", "-1"), "--seconds"),
        (("record", "/no/such/folder/a.glove", "--glove", "virtual:steady"), "/no/such/folder"),
        (("record", "a.glove", "--glove", "keyboard"), "no wire"),
        (("simulate", "--link", "glove", "--fault", "bent"), "expected one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_one_line_says_what_was_wrong(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["glove", *arguments])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1
    assert words in err
    assert out == ""
    assert not list(tmp_path.iterdir())


# -- record and replay ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("recording")
    script, path = folder / "presses.txt", folder / "evening.glove"
    lines = [f"{k * 300} {1 << k % 5}\n{k * 300 + 120} 0" for k in range(1, 8)]
    script.write_text("\n".join(lines))
    return path, answer_of_record(path, "--glove", f"script:{script}", "--seconds", "3")


def answer_of_record(path: Path, *arguments: str) -> dict:
    done = griptune("glove", "record", path, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Recording ")
    return json.loads(done.stdout)


def test_what_is_recorded_is_counted(recording):
    path, told = recording
    assert told["presses"] == {"index": 1, "middle": 2, "ring": 2, "little": 1, "key": 1}
    assert 2.9 < told["seconds"] < 20
    assert told["bytes"] > 40_000
    assert told["file"] == str(path)


def test_a_recording_is_not_overwritten_unasked(recording):
    path, _ = recording
    before = path.read_bytes()
    assert "--force" in refusal("glove", "record", path, "--glove", GOOD)
    assert path.read_bytes() == before


def test_a_recording_plays_twice_the_same(recording, tmp_path):
    path, _ = recording
    documents = [
        answer(
            "play", "ode-to-joy", "--headless", "--fast", "--glove", f"replay:{path}",
            "--seed", "1", "--rate", "1", "--data", tmp_path / str(k),
        )
        for k in range(2)
    ]  # fmt: skip
    for document in documents:
        document.pop("play_id")
    assert documents[0] == documents[1]
    assert sum(documents[0]["repetitions"].values()) == 7


def test_a_foreign_file_cannot_be_played(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear daughter, the glove works.")
    line = refusal("play", "ode-to-joy", "--headless", "--fast", "--glove", f"replay:{letter}")
    assert "letter.txt is not a recording" in line


def test_ctrl_c_ends_a_recording_cleanly(tmp_path):
    path = tmp_path / "long.glove"
    process = started("record", path, "--glove", GOOD, "--json")
    assert process.stderr.readline().startswith("Recording virtual glove")
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["seconds"] > 0.5


def test_a_recording_that_is_killed_can_be_played(tmp_path):
    from firmware_bridge.recording import read_recording

    path = tmp_path / "killed.glove"
    process = started("record", path, "--glove", GOOD)
    process.stderr.readline()
    time.sleep(1.0)
    process.kill()
    process.communicate()
    assert read_recording(path).seconds > 0.3


# -- monitor --------------------------------------------------------------------------------------


def test_without_a_terminal_the_monitor_prints_a_line_a_second_until_ctrl_c():
    process = started("monitor", "--glove", f"{GOOD}&fault=stuck:ring")
    lines = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert lines[0].startswith("virtual glove, steady")
    assert lines[2].startswith("ok: ")
    assert 700 < int(lines[2].split()[1]) < 1300
    assert "contacts ring" in lines[2]
    assert "levels 254 254 3 254 254" in lines[2]
    assert "The ring fingertip seems to touch the thumb all the time." in lines[4]


def test_in_a_terminal_the_picture_stays_in_place():
    import pty

    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "game", "glove", "monitor", "--glove", GOOD, "--seconds", "1.5"],
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
    )
    os.close(terminal)
    shown = b""
    try:
        while True:
            shown += os.read(master, 65_536)
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(master)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    picture = shown.decode()
    for words in ("index", "little", "frames/s", "gaps", "clock off by", "Ctrl-C ends it"):
        assert words in picture
    assert picture.count("\x1b[1A") > 10, "it goes back up and draws again"


# -- list -----------------------------------------------------------------------------------------


def test_ports_are_listed_with_what_they_are_and_what_answers(monkeypatch, capsys, tmp_path):
    import threading

    from firmware_bridge.simulator import simulate

    link = tmp_path / "glove"
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=simulate, args=(link, stop), kwargs={"started": lambda _: ready.set()}
    )
    thread.start()
    try:
        assert ready.wait(10)
        ports = [
            PortInfo(str(link), "USB Serial", "FT0001", "0403:6001", "FTDI USB-serial adapter"),
            PortInfo("/dev/nowhere", "modem", "", "1234:5678", ""),
        ]
        monkeypatch.setattr("firmware_bridge.ports.usb_ports", lambda: ports)
        documents = []
        for arguments in (["--json"], ["--json", "--probe"], ["--probe"]):
            with pytest.raises(SystemExit) as ended:
                main(["glove", "list", *arguments])
            assert ended.value.code == 0
            documents.append(capsys.readouterr().out)
    finally:
        stop.set()
        thread.join()
    first, second = json.loads(documents[0])
    assert first == {
        "spec": f"serial:{link}",
        "what": "USB Serial",
        "serial_number": "FT0001",
        "usb": "0403:6001",
        "adapter": "FTDI USB-serial adapter",
    }
    assert second["what"] == "modem"
    first, second = json.loads(documents[1])
    assert (first["glove"], first["glove_serial_number"], first["trouble"]) == (
        True,
        "SIMULATE",
        "",
    )
    assert second["glove"] is False
    assert "there is no serial port /dev/nowhere" in second["trouble"]
    assert f"serial:{link}" in documents[2]
    assert "a glove, SIMULATE, firmware 0.1" in documents[2]


def test_a_virtual_patient_can_wear_a_faulty_glove():
    from game.cli.gloves import open_glove
    from game.play.clock import ManualClock

    clock = ManualClock()
    spec = "virtual:patient?severity=mild&fault=stuck:key"
    with open_glove(spec, seed=1, clock=clock, lockstep=True) as glove:
        for _ in range(50):
            clock.advance_to(clock() + 100_000)
            glove.poll()
        assert glove.health.sentence.startswith("The side of the index finger seems to touch")


def test_a_console_that_knows_only_ascii_is_enough(tmp_path):
    path = tmp_path / "a.glove"
    for arguments in (
        ("record", path, "--glove", GOOD, "--seconds", "0.5"),
        ("monitor", "--glove", f"replay:{path}", "--seconds", "1.2"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "game", "glove", *map(str, arguments)],
            capture_output=True,
            check=False,
            timeout=60,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
