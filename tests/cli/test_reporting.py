"""``griptune report``, ``note``, ``rejudge``, and taking records out and in by the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from game.cli import main
from game.records.store import Store
from tests.cli.running import answer, griptune, refusal
from tests.records.whole_patient import fill

SINCE = ("--from", "2025-03-01", "--to", "2025-03-31")

Run = Callable[..., str]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic") / "data"
    with Store.open(folder) as store:
        fill(store, plays=2)
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's own language is none of these tests' business."""
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def run(clinic: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in this process; returns what it printed on standard output."""

    def command(*arguments: str | Path, data: Path = clinic, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments), "--data", str(data)])
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        return said.out if code == 0 else said.err

    return command


def audited(data: Path, code: str | None = "ANNA-1") -> tuple[str, str]:
    with Store.open(data) as store:
        latest = store.audit_log(1, code)[0]
    assert latest.actor
    return latest.action, latest.what


def test_a_report_is_written_as_paper_and_as_a_page(clinic: Path, run: Run, tmp_path: Path) -> None:
    told = answer("report", "anna-1", *SINCE, "--out", tmp_path / "a.pdf", "--data", clinic)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert audited(clinic) == ("export", "report as PDF")
    with Store.open(clinic) as store:
        plays = store.plays("ANNA-1")
    assert told["hits"] == sum(p.hits for p in plays)
    assert told["counted"] == sum(p.counted for p in plays)
    said = run("report", "ANNA-1", *SINCE, "--out", tmp_path / "a.html")
    assert said.endswith(f"ANNA-1, 1 Mar to 31 Mar 2025, {told['counted']} counted grips.\n")
    assert "Not a diagnosis." in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert audited(clinic) == ("export", "report as HTML")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "a.pdf"], "nothing half done"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ANNA-1", "--out", "x.txt"], "ends in neither"),
        (["NOBODY", "--out", "x.pdf"], "no patient"),
        (["ANNA-1", "--out", "no/such/x.html"], "cannot be written"),
        (["ANNA-1", "--out", "x.pdf", "--from", "yesterday"], "a day such as"),
        (["ANNA-1", "--out", "x.pdf", "--from", "2025-03-02", "--to", "2025-03-01"], "after --to"),
        (["ANNA-1", "--out", "x.pdf", "--from", "2999-01-01"], "before it begins"),
        (["ANNA-1", "--out", "x.pdf", "--from", "0001-01-01"], "ten years at most"),
        (["ANNA-1", "--out", "x.pdf", "--to", "9999-12-31", "--from", "2025-01-01"], "ten years"),
        (["ANNA-1", "--out", "x.pdf", "--hand", "both"], "left or right"),
        (["ANNA-1", "--out", "x.pdf", "--language", "xx"], "there is no language “xx”"),
    ],
)
def test_a_report_that_cannot_be_is_refused_in_one_line(run: Run, arguments, words) -> None:
    said = run("report", *arguments, code=2)
    assert words in said
    assert said.count("\n") == 1


def test_six_lines_of_the_last_session(clinic: Path, run: Run) -> None:
    lines = run("note", "ANNA-1").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("2025-03-13: ")
    assert audited(clinic) == ("view", "session note")
    assert run("note", "ANNA-1", "--day", "2025-03-12").startswith("2025-03-12: ")
    assert "nothing to note" in run("note", "ANNA-1", "--day", "2024-01-01", code=2)


def test_who_reads_it_has_their_own_language(
    clinic: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "a.html"

    def written(*arguments: str) -> str:
        run("report", "ANNA-1", *SINCE, "--out", page, *arguments)
        return page.read_text(encoding="utf-8")

    assert "Keine Diagnose." in written("--language", "de")
    assert "Griffe: " in run("note", "ANNA-1", "--language", "de")
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert "No es un diagnóstico." in written()
    assert "Pinzas: " in run("note", "ANNA-1")
    settings = clinic / "settings.toml"
    settings.write_text('[display]\nlanguage = "de"\n', encoding="utf-8")
    try:
        assert "Keine Diagnose." in written()
    finally:
        settings.unlink()


def test_old_plays_are_judged_again(clinic: Path) -> None:
    told = answer("rejudge", "ANNA-1", "--data", clinic)
    assert told == {"plays": 4, "written": 0, "changed": []}
    assert "no patient" in refusal("rejudge", "NOBODY", "--data", clinic)


def test_out_and_in_again(clinic: Path, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert " facts, json." in run("patient", "export", "ANNA-1", "--out", first)
    assert audited(clinic) == ("export", "records as json")
    assert ", 0 were here already." in run("patient", "import", first, data=other)
    assert audited(other, None)[0] == "import"
    run("patient", "export", "--all", "--out", second, data=other)
    assert second.read_bytes() == first.read_bytes()
    assert ": 0 new facts" in run("patient", "import", first, data=other)


def test_every_format_is_written(run: Run, tmp_path: Path) -> None:
    for name, chosen in (("csv", "csv"), ("o", "original"), ("r", "replays"), ("f", "fhir")):
        said = run("patient", "export", "ANNA-1", "--out", tmp_path / name, "--format", chosen)
        assert said.endswith(f", {chosen}.\n")
    assert json.loads((tmp_path / "f").read_text())["resourceType"] == "Bundle"
    assert len(list((tmp_path / "r" / "ANNA-1").iterdir())) == 4
    assert (tmp_path / "csv" / "plays.csv").exists()
    assert (tmp_path / "o" / "ANNA-1" / "songs.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "x.json"], "or --all"),
        (["ANNA-1", "--all", "--out", "x.json"], "or --all"),
        (["ANNA-1", "--out", "x.odt"], "--format json, csv, original, fhir, replays"),
        (["ANNA-1", "--out", "x.json", "--format", "xml"], "xml"),
        (["NOBODY", "--out", "x.json"], "no patient"),
    ],
)
def test_an_export_that_cannot_be_is_refused(run: Run, arguments, words) -> None:
    assert words in run("patient", "export", *arguments, code=2)


def test_looking_and_changing_is_written_down(clinic: Path, run: Run) -> None:
    run("patient", "show", "ANNA-1")
    assert audited(clinic) == ("view", "figures")
    run("patient", "prescribe", "ANNA-1", "--minutes", "12")
    assert audited(clinic) == ("edit", "plan, version 3")
    run("patient", "prescribe", "ANNA-1")
    assert audited(clinic) == ("view", "plan")
    run("patient", "change", "ANNA-1", "--no-board")
    assert audited(clinic) == ("edit", "patient")


def test_erasing_and_anonymising_ask_first(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Store.open(data) as store:
        fill(store, plays=1)
        store.add_patient("BEN-2")
    for command in ("anonymise", "erase"):
        done = griptune("patient", command, "ANNA-1", "--data", data)
        assert done.returncode == 2
        assert "--yes" in done.stderr
    assert run("patient", "anonymise", "ANNA-1", "--as", "X1", "--yes", data=data).startswith(
        "The patient is X1 now."
    )
    assert run("patient", "erase", "ben-2", "--yes", data=data).startswith("Erased BEN-2 and 0 ")
    with Store.open(data) as store:
        assert [p.code for p in store.patients()] == ["X1"]
        assert [(a.action, a.code) for a in store.audit_log(2)] == [
            ("erase", None),
            ("anonymise", "X1"),
        ]
