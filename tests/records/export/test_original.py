"""The original's two layouts, read by a reader that knows the columns alone.

The reader below is written from the description of the columns, and from nothing of ours: notes are
``expected,actual,difference`` (1 key, 2 index, 3 middle, 4 ring, 5 little; ms, negative early;
nothing pressed: actual 0, difference nan), songs are date, time, song, hits of the five, asked of
the five, mean, SD, seconds, detected of the five.
"""

import csv
import io
import math
import statistics
import zipfile
from pathlib import Path

import pytest

from game.records.export.original_csv import write_original
from game.records.judged import judged_play
from game.records.rejudging import rejudge
from game.records.report.figures import figures
from game.records.report.gather import gather
from game.records.store import Store
from tests.records.examples import NOON, open_store, play, start_of_play
from tests.records.report.synthetic import plays_of

GRIPS = {1: "key", 2: "index", 3: "middle", 4: "ring", 5: "little"}


def read_notes(text: str) -> list[tuple[str, str | None, float]]:
    """Grip asked, grip made (None: nothing), difference in ms."""
    notes = []
    for line in text.splitlines():
        expected, actual, difference = line.split(",")
        made = None if actual == "0" else GRIPS[int(actual)]
        notes.append((GRIPS[int(expected)], made, float(difference)))
        assert math.isnan(float(difference)) == (made is None)
    return notes


def read_songs(text: str) -> list[dict]:
    songs = []
    for row in csv.reader(io.StringIO(text)):
        date, time, song = row[:3]
        numbers = [float(cell) for cell in row[3:]]
        assert len(numbers) == 5 + 5 + 3 + 5
        songs.append(
            {
                "when": f"{date} {time}",
                "song": song,
                "hits": dict(zip(GRIPS.values(), numbers[0:5], strict=True)),
                "asked": dict(zip(GRIPS.values(), numbers[5:10], strict=True)),
                "mean": numbers[10],
                "sd": numbers[11],
                "seconds": numbers[12],
                "detected": dict(zip(GRIPS.values(), numbers[13:18], strict=True)),
            }
        )
    return songs


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory):
    """Three patients with a week each, and what was exported of them."""
    folder = tmp_path_factory.mktemp("three")
    with open_store(folder / "data") as store:
        for number, code in enumerate(("ANNA-1", "BEN-2", "CARL-3")):
            patient = store.add_patient(code, hand="left")
            for record in plays_of(number, weeks=1):
                if record.input_kind == "glove":
                    record.__dict__["patient_id"] = patient.id
                    store.save_play(record)
        write_original(store, folder / "out.zip")
        yield store, folder / "out.zip"


@pytest.mark.parametrize("code", ["ANNA-1", "BEN-2", "CARL-3"])
def test_hit_rate_mean_and_sd_are_those_of_our_report(three: tuple[Store, Path], code) -> None:
    store, path = three
    report = figures(gather(store, code, first=NOON.date().replace(day=1)))
    with zipfile.ZipFile(path) as archive:
        files = {n: archive.read(n).decode() for n in archive.namelist() if n.startswith(code)}
    songs = read_songs(files.pop(f"{code}/songs.csv"))
    notes = [note for text in files.values() for note in read_notes(text)]
    assert len(files) == len(songs) == report.overall.plays > 5
    hits = [difference for asked, made, difference in notes if asked == made]
    assert len(notes) == report.overall.asked
    assert len(hits) / len(notes) == report.overall.share
    assert statistics.mean(hits) == pytest.approx(report.overall.timing.mean, abs=1e-6)
    assert statistics.stdev(hits) == pytest.approx(report.overall.timing.sd, abs=1e-6)
    for row in report.grips:
        name = row.grip.label
        own = [d for asked, made, d in notes if asked == made == name]
        assert len(own) == row.hits == sum(song["hits"][name] for song in songs)
        assert sum(song["asked"][name] for song in songs) == row.asked
        assert sum(song["detected"][name] for song in songs) == row.repetitions
        assert statistics.mean(own) == pytest.approx(row.timing.mean, abs=1e-6)
        assert statistics.stdev(own) == pytest.approx(row.timing.sd, abs=1e-6)
    assert sum(song["seconds"] for song in songs) / 60 == pytest.approx(report.minutes)
    wrong = sum(made not in (None, asked) for asked, made, _ in notes)
    assert wrong > 0, "the example has wrong grips"


def test_a_song_has_the_mean_and_sd_of_its_notes(three: tuple[Store, Path]) -> None:
    _, path = three
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("BEN-2/notes/"))
        songs = read_songs(archive.read("BEN-2/songs.csv").decode())
        for name, song in zip(names, songs, strict=True):
            notes = read_notes(archive.read(name).decode())
            hits = [d for asked, made, d in notes if asked == made]
            assert song["mean"] == pytest.approx(statistics.mean(hits))
            assert song["sd"] == pytest.approx(statistics.stdev(hits))
            assert sum(song["hits"].values()) == len(hits)


def test_targets_that_a_fault_of_the_glove_took_are_in_no_figure(tmp_path: Path) -> None:
    """Unplugged in the second half: only what was asked before is told, as in the report."""
    whole = play(1, targets=40, input_kind="glove")
    half_us = int(whole.targets["time_us"][20])
    fault = {"kind": "fault", "start_us": half_us, "end_us": None}
    with open_store(tmp_path / "data") as store:
        patient = store.add_patient("P1")
        values = {f: getattr(whole, f) for f in ("edges", "raw_edges", "segments")}
        edges = values["edges"][values["edges"]["time_us"] < half_us]
        cut = judged_play(
            start_of_play(1, patient_id=patient.id, input_kind="glove"),
            targets=whole.targets,
            edges=edges,
            raw_edges=values["raw_edges"],
            segments=values["segments"],
            duration_us=whole.duration_us,
            interrupted=False,
            events=(fault,),
        )
        store.save_play(cut)
        write_original(store, tmp_path / "out")
        report = figures(gather(store, "P1", first=NOON.date().replace(day=1)))
        assert rejudge(store, software="9").changed == ()
    [path] = (tmp_path / "out/P1/notes").iterdir()
    notes = read_notes(path.read_text())
    assert 15 < len(notes) == report.overall.asked < 25
    assert sum(asked == made for asked, made, _ in notes) == report.overall.hits
    assert report.overall.missed.total == report.overall.asked - report.overall.hits


def test_nothing_hit_is_nan_and_practice_is_left_out(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        patient = store.add_patient("P1")
        nothing = play(1, targets=0, patient_id=patient.id, song_title="=1+1")
        store.save_play(nothing)
        store.save_play(play(2, patient_id=patient.id, mode="practice"))
        assert write_original(store, tmp_path / "out", ["P1"]) == 1
    [song] = read_songs((tmp_path / "out/P1/songs.csv").read_text())
    assert math.isnan(song["mean"])
    assert math.isnan(song["sd"])
    assert song["song"] == "'=1+1", "no spreadsheet calculates a title"
    [notes] = (tmp_path / "out/P1/notes").iterdir()
    assert notes.read_text() == ""
