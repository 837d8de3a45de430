"""Exports: JSON that comes back the same, tables no spreadsheet runs, replays; whole or nothing."""

import csv
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.errors import RecordsError
from game.records.export.cells import Rows, cell
from game.records.export.json_file import read_json, write_json
from game.records.export.replay_files import write_replays
from game.records.export.sink import sink
from game.records.export.tables_csv import write_tables
from game.records.play_rows import insert_play
from game.records.replays import Scene, from_bytes
from game.records.store import Store
from tests.records.databases import both
from tests.records.examples import open_store, play
from tests.records.whole_patient import fill

__all__ = ["both"]


# JSON


def test_exported_imported_and_exported_again_is_the_same_file(both: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    with open_store(tmp_path / "from") as store:
        fill(store)
        fill(store, "BEN-2", plays=1, seed=50, first=False)
        store.add_patient("NEW")
        told: list[float] = []
        count = write_json(store, first, software="0.1.0", progress=told.append)
        assert told == sorted(told)
        assert told[-1] == 1.0
    assert read_json(both, first) == (count, count)
    assert read_json(both, first) == (0, count)
    assert write_json(both, second, software="0.1.0") == count
    assert second.read_bytes() == first.read_bytes()
    assert json.loads(first.read_text())["format"] == 1, "any reader of JSON reads it"
    assert first.stat().st_mode & 0o077 == 0, "for its owner's eyes"


def test_one_patient_alone_and_written_anew_by_another_program(tmp_path: Path) -> None:
    path, anew = tmp_path / "anna.json", tmp_path / "anew.json"
    with open_store(tmp_path / "from") as store:
        fill(store, plays=1)
        store.add_patient("BEN-2")
        write_json(store, path, ["anna-1"])
    anew.write_text(json.dumps(json.loads(path.read_text()), indent=3))
    with open_store(tmp_path / "to") as store:
        read_json(store, anew)
        assert [p.code for p in store.patients()] == ["ANNA-1"]
        write_json(store, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_a_file_that_is_not_whole_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "anna.json"
    with open_store(tmp_path / "from") as store:
        fill(store, plays=1)
        write_json(store, path)
    lines = path.read_text().splitlines(keepends=True)
    broken = {
        "cut short": "".join(lines[:-1]),
        "cut in a line": path.read_text()[:-200],
        "a fact missing": "".join(line for line in lines if '"fact":"session",' not in line),
        "a fact spoilt": "".join([*lines[:5], lines[5].replace('"', "'"), *lines[6:]]),
        "more at the end": path.read_text() + "x",
        "another format": path.read_text().replace('"format":1', '"format":2', 1),
        "not ours": '{"resourceType":"Bundle"}',
        "no JSON": "hello",
        "empty": "",
        "a list": "[]",
    }
    with open_store(tmp_path / "to") as store:
        for what, content in broken.items():
            wrong = tmp_path / "wrong.json"
            wrong.write_text(content)
            with pytest.raises(RecordsError, match=r"wrong\.json") as refused:
                read_json(store, wrong)
            assert "\n" not in str(refused.value), what
            assert store.patients() == [], what
        with pytest.raises(RecordsError, match="cannot be read"):
            read_json(store, tmp_path / "missing.json")
        assert read_json(store, path)[0] > 0


def test_memory_stays_flat_however_many_plays(tmp_path: Path) -> None:
    """Three times the plays take hardly more memory to write."""
    peaks = []
    with open_store(tmp_path / "warm") as store:
        fill(store, plays=1)
        write_json(store, tmp_path / "warm.json")  # what is imported and compiled once
    for plays in (100, 300):
        with open_store(tmp_path / str(plays)) as store:
            patient = store.add_patient("P1")
            example = play(1, targets=80, patient_id=patient.id)
            with store.writing() as connection:
                for number in range(plays):
                    example.__dict__["id"] = f"0195c3a0-0000-7000-8000-{number:012x}"
                    insert_play(connection, example, (), None, store.clock())
            tracemalloc.start()
            write_json(store, tmp_path / "out.json")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            size = (tmp_path / "out.json").stat().st_size
    assert peaks[1] < 1.3 * peaks[0]
    assert peaks[1] < size, (peaks, size)


# Tables


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "1"),
        (-3, "-3"),
        (-0.5, "-0.5"),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
    ],
)
def test_no_text_is_a_formula_and_numbers_are_numbers(value, written) -> None:
    assert cell(value) == written


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_comes_back_from_a_row(texts: list[str]) -> None:
    out = io.BytesIO()
    Rows(out, ["first", *texts], mark=False)
    [row] = csv.reader(io.StringIO(out.getvalue().decode(), newline=""))
    assert [one.removeprefix("'") for one in row[1:]] == [one.removeprefix("'") for one in texts]
    assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in row)


def test_tables_hold_every_kind_and_every_target_and_press(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        fill(store, plays=2)
        assert write_tables(store, tmp_path / "out", ["ANNA-1"]) == 4
        records = [store.load_play(p.id) for p in store.plays("ANNA-1")]
    tables = {
        path.stem: list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), "")))
        for path in (tmp_path / "out").glob("*.csv")
    }
    assert all(tables.values()), "every table has rows in the example"
    targets, presses = tables["targets"], tables["presses"]
    assert len(targets) == sum(len(r.targets) for r in records)
    assert len(presses) == sum(r.repetitions for r in records)
    for record in records:
        own = [t for t in targets if t["play_id"] == record.id]
        assert sum(int(t["hit"]) for t in own) == record.hits
        assert sum(t["miss"] == "omission" for t in own) == record.missed.omission
        made = [p for p in presses if p["play_id"] == record.id]
        assert sum(p["outcome"] == "near" for p in made) == record.near
        for press in made:
            if press["outcome"] == "hit":
                target = own[int(press["target"])]
                off = 1000 * (float(press["time_s"]) - float(target["time_s"]))
                assert float(target["asynchrony_ms"]) == pytest.approx(off, abs=1e-6)
                held = 1000 * (float(press["released_s"]) - float(press["time_s"]))
                assert float(target["dwell_ms"]) == pytest.approx(held, abs=1e-6)
    versions = [json.loads(row["document"]) for row in tables["patient_versions"]]
    assert versions[1]["nickname"] == "=HYPERLINK(1)"
    assert tables["notes"][0]["words"] == "Better.\nAgain <next> week"
    assert tables["check_ins"][0]["pain"] == "1"


def test_the_same_records_give_the_same_zip(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        fill(store, plays=1)
        for name in ("a.zip", "b.zip"):
            write_tables(store, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "README.txt" in archive.namelist()


def test_replays_say_nothing_of_who_played(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        fill(store, plays=1)
        count = write_replays(
            store, tmp_path / "out", None, lambda record: Scene(record.duration_us)
        )
        plays = {p.id: p for p in store.plays("ANNA-1")}
    files = list((tmp_path / "out/ANNA-1").iterdir())
    assert len(files) == count == len(plays)
    for path in files:
        replay = from_bytes(path.read_bytes())
        assert replay.play.patient_id is None
        assert replay.play.score == plays[replay.play.id].score
        assert replay.differences == ()


# Places


@pytest.mark.parametrize("name", ["folder", "file.zip"])
def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path, name: str) -> None:
    def half_way() -> None:
        with sink(tmp_path / name) as out:
            with out.file("a/b.txt") as file:
                file.write(b"x")
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    kept = tmp_path / "folder" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(RecordsError, match="already"), sink(kept.parent):
        pass
    assert kept.read_text() == "mine"
    with pytest.raises(RecordsError, match="cannot be written"), sink(tmp_path / "no/where"):
        pass


def test_an_unknown_code_writes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        store.add_patient("ANNA-1")
        for write in (write_json, write_tables):
            with pytest.raises(RecordsError, match="ANNA-1"):
                write(store, tmp_path / "out.zip", ["ANNA-2"])
    assert not (tmp_path / "out.zip").exists()
