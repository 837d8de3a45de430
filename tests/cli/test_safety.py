"""``griptune backup`` and ``griptune restore``, as a clinic would use them."""

from pathlib import Path

import pytest

from game.cli import main
from game.records.store import Store
from tests.cli.running import answer, griptune


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "home") as store:
        store.add_patient("ANNA-1")
    return tmp_path / "home"


def test_a_backup_made_here_is_restored_there(home, tmp_path):
    file, there = tmp_path / "safe.db", tmp_path / "there"
    assert answer("backup", file, "--data", home)["tables"]["patients"] == 1
    done = griptune("restore", file, "--data", there)
    assert done.returncode == 0, done.stderr
    assert "Restored: 1 patient and 0 plays" in done.stdout
    assert [p["code"] for p in answer("patient", "list", "--data", there)] == ["ANNA-1"]


def test_checking_changes_nothing(home, tmp_path, capsys):
    file = tmp_path / "safe.db"
    for arguments in (["backup", str(file)], ["patient", "add", "BELA-2"]):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--data", str(home)])
        assert ended.value.code == 0
    with pytest.raises(SystemExit):
        main(["restore", str(file), "--check", "--data", str(home)])
    assert "Checked: 1 patient and" in capsys.readouterr().out
    with Store.open(home) as store:
        assert len(store.patients()) == 2


def test_who_was_erased_since_is_told_not_to_have_come_back(home, tmp_path, capsys):
    file = str(tmp_path / "safe.db")
    for arguments in (["backup", file], ["patient", "erase", "ANNA-1", "--yes"], ["restore", file]):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--data", str(home)])
        assert ended.value.code == 0
    assert "\n1 patient in it was erased" in capsys.readouterr().out
    with Store.open(home) as store:
        assert store.patients() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["backup", "/no/such/folder/safe.db"], "no folder"),
        (["restore", "/no/such/backup.db"], "there is no file"),
        (["restore", __file__], "not a"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, words, home, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--data", str(home)])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert words in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["backup"],
        ["patient", "export", "ANNA-1", "--format", "json", "--out"],
        ["patient", "export", "ANNA-1", "--format", "fhir", "--out"],
        ["patient", "plan", "ANNA-1", "--ics"],
    ],
)
def test_nothing_takes_the_place_of_the_records(arguments, home, capsys):
    records = home / "griptune.db"
    with pytest.raises(SystemExit):
        main(["patient", "prescribe", "ANNA-1", "--preset", "early", "--data", str(home)])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*arguments, str(records), "--data", str(home)])
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert f"{records} " in line
    assert "choose another name" in line
    with Store.open(home) as store:
        assert [patient.code for patient in store.patients()] == ["ANNA-1"]


def test_a_later_backup_takes_the_place_of_an_earlier_one(home, tmp_path):
    file = tmp_path / "safe.db"
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main(["backup", str(file), "--data", str(home)])
        assert ended.value.code == 0
