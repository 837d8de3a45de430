"""A year of a heavy clinic, and a board over ten of them, on SQLite and on PostgreSQL.

200 patients, 100 000 plays with their data: the list of patients, one patient's report, a full
export. Then a million plays of a thousand patients, 200 of whom play now: the boards. Every play
is one of a few that were really judged, under another identifier and day. PostgreSQL is one that
is started for this (:mod:`tests.postgres`); without it only SQLite is measured.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Figure
from game.core.data import EDGE, TARGET, Window
from game.records.copying import copy_from_file
from game.records.identifiers import new_identifier
from game.records.judged import judged_play
from game.records.plays import PlayRecord, PlayStart
from game.records.store import FILE_NAME, Store

TODAY = date(2025, 12, 11)  # a Thursday
_ZONE = timezone(timedelta(hours=1))

#: Plays that are judged once and then kept over and over.
_MODELS = 40
_TARGETS = 180


def _model(seed: int) -> PlayRecord:
    """A song of three minutes, played by a plausible hand."""
    random = np.random.default_rng(seed)
    targets = np.zeros(_TARGETS, TARGET)
    targets["time_us"] = 2_000_000 + 1_000_000 * np.arange(_TARGETS)
    targets["grip"] = random.integers(0, 5, _TARGETS)
    targets["tier"] = 1
    edges = []
    for target in targets[random.random(_TARGETS) < 0.85]:
        press = int(target["time_us"] + random.normal(-30_000, 90_000))
        edges += [(press, target["grip"], True), (press + 120_000, target["grip"], False)]
    rows = np.array(sorted(edges), EDGE)
    at = datetime(2025, 1, 1, 10, tzinfo=_ZONE)
    start = PlayStart(
        id=new_identifier(at),
        patient_id=None,
        started_at=at,
        song_key=f"song-{seed % 12}",
        song_title=f"Song {seed % 12}",
        song_hash="5f" * 32,
        hand="right",
        input_kind="glove",
        input_description="serial glove, firmware 1.2",
        rate_asked=0.9,
        rate_fixed=False,
        tempo=1.0,
        window=Window(),
        software_version="0.1.0",
    )
    return judged_play(
        start,
        targets=targets,
        edges=rows,
        raw_edges=rows,
        segments=[(900_000_000, 0, 1.0)],
        duration_us=185_000_000,
        interrupted=False,
        level=-0.2 + float(random.normal(0, 0.1)),
        x_after=-0.1,
    )


def fill(folder: Path, patients: int, plays: int, *, active: int, years: int, data: bool) -> None:
    """Records with ``plays`` plays over ``years`` up to TODAY. ``active`` of the patients play to
    the end, the others for a year each, at some time. Without ``data`` there are only the columns
    that boards and lists read."""
    with Store.open(folder) as store:
        for number in range(patients):
            store.add_patient(f"P{number:04}", nickname=f"Name {number}", board=True)
        for seed in range(_MODELS):
            store.save_play(_model(seed))
    random = np.random.default_rng(1)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        # A year in one transaction; nobody is there to lose it.
        ids = [id_ for (id_,) in connection.execute("SELECT id FROM patients ORDER BY code_key")]
        tables = ["plays", "play_grips", "play_data"] if data else ["plays"]
        models = _rows(connection, tables)
        for table in ("plays", "play_grips", "play_data"):
            connection.execute(f"DELETE FROM {table}")
        days = 365 * years
        who = random.integers(0, patients, plays)
        ago = random.integers(0, days, plays)
        # Whoever is not here any more had their year before the last one.
        gone = who >= active
        ago[gone] = 366 + (who[gone] * 97) % max(1, days - 731) + ago[gone] % 365
        which, second = random.integers(0, _MODELS, plays), random.integers(0, 36_000, plays)
        order = np.argsort(-ago, kind="stable")  # as they were kept: by time
        marks = {table: ", ".join("?" * len(models[table][0][0])) for table in tables}
        batch: dict[str, list[Any]] = {table: [] for table in tables}
        for number, index in enumerate(order):
            day = TODAY - timedelta(days=int(ago[index]))
            at = datetime(day.year, day.month, day.day, 7, tzinfo=_ZONE)
            at += timedelta(seconds=int(second[index]))
            play_id = new_identifier(at)
            for table in tables:
                for row in models[table][which[index]]:
                    batch[table].append(_moved(table, row, play_id, ids[who[index]], at))
            if number % 5_000 == 4_999 or number == plays - 1:
                for table, rows in batch.items():
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks[table]})", rows)
                    rows.clear()
        connection.commit()
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


_COLUMNS: dict[str, list[str]] = {}


def _rows(connection: sqlite3.Connection, tables: list[str]) -> dict[str, list[list[Any]]]:
    """Of every table the rows of each model."""
    found: dict[str, list[list[Any]]] = {}
    ids = [id_ for (id_,) in connection.execute("SELECT id FROM plays ORDER BY id")]
    for table in tables:
        key = "id" if table == "plays" else "play_id"
        cursor = connection.execute(f"SELECT * FROM {table} LIMIT 0")
        _COLUMNS[table] = [column[0] for column in cursor.description]
        found[table] = [
            connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (id_,)).fetchall()
            for id_ in ids
        ]
    return found


def _moved(table: str, row: Any, play_id: str, patient_id: str, at: datetime) -> list[Any]:
    columns = _COLUMNS[table]
    moved = list(row)
    if table != "plays":
        moved[columns.index("play_id")] = play_id
        return moved
    moved[0], moved[1] = play_id, patient_id
    utc = at.astimezone(UTC)
    moved[columns.index("started_at")] = utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    moved[columns.index("local_date")] = at.date().isoformat()
    return moved


def _best(name: str, work: Callable[[], object], runs: int = 3) -> Iterator[Figure]:
    """The quickest run, and what this process worked in it: less than that no machine waits."""
    times, worked = [], []
    for _ in range(runs):
        began, before = time.perf_counter(), time.process_time()
        work()
        times.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
    yield Figure(name, min(times) * 1e3, "ms", False)
    yield Figure(f"{name}, processor", min(worked) * 1e3, "ms", False)


def _figures(store: Store) -> Any:
    from game.records.report.figures import figures as report_figures
    from game.records.report.gather import gather

    return report_figures(gather(store, "P0007", first=TODAY - timedelta(days=365), last=TODAY))


def _report(store: Store) -> None:
    from game.records.report.pdf import to_pdf
    from game.words import Words

    to_pdf(_figures(store), Words("en"))


#: Exports in a process of its own, and says how long it took and the most memory that it had.
_EXPORT = """
import sys, time
from pathlib import Path
from game.records.export.json_file import write_json
from game.records.store import Store
folder, url, target, *codes = sys.argv[1:]
with Store.open(Path(folder), url=url or None) as store:
    began = time.perf_counter()
    write_json(store, Path(target), codes or None)
    took = time.perf_counter() - began
    # What getrusage says is never less than the parent had.
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(took, time.process_time(), int(peak.split()[1]) / 1024)
"""


def _export(store: Store, target: Path, *codes: str) -> tuple[float, float, float]:
    """Seconds, those of the processor, and the most memory of the process in MiB (Linux)."""
    url = store.place.url
    shown = "" if url is None else url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _EXPORT, str(store.data_dir), shown, str(target), *codes]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, worked, mebibytes = map(float, done.stdout.split())
    return seconds, worked, mebibytes


def _clinic(store: Store, name: str, folder: Path) -> Iterator[Figure]:
    from game.clinic.lately import everybody_lately

    yield from _best(f"{name}: list of 200 patients", store.patients)
    looked = f"{name}: staff's list, who needs a look"
    yield from _best(looked, lambda: everybody_lately(store, TODAY))
    yield from _best(f"{name}: figures of a patient's report, a year", lambda: _figures(store))
    yield from _best(f"{name}: the whole report of a year, as PDF", lambda: _report(store))
    target = folder / "export.json"
    *_, one = _export(store, target, "P0007")
    took, worked, everybody = _export(store, target)
    size = target.stat().st_size / 1e6
    target.unlink()
    yield Figure(f"{name}: export of 100 000 plays", took, "s", False)
    yield Figure(f"{name}: export of 100 000 plays, processor", worked, "s", False)
    yield Figure(f"{name}: the same", size / took, "MB/s")
    yield Figure(f"{name}: most memory, everybody beside one patient", everybody / one, "x", False)


def _boards(store: Store, name: str) -> Iterator[Figure]:
    every = f"{name}: all boards, 1 000 000 plays"
    yield from _best(every, lambda: store.boards(TODAY, me="P0007"), runs=5)


def figures() -> Iterator[Figure]:
    from tests.postgres import binaries, cluster

    place = Path(tempfile.mkdtemp())
    try:
        fill(place / "clinic", 200, 100_000, active=200, years=1, data=True)
        fill(place / "boards", 1_000, 1_000_000, active=200, years=5, data=False)
        with Store.open(place / "clinic") as store:
            yield from _clinic(store, "SQLite", place)
        with Store.open(place / "boards") as store:
            yield from _boards(store, "SQLite")
        if binaries() is None:
            return
        with cluster() as server:
            for name, measure in (
                ("clinic", lambda store: _clinic(store, "PostgreSQL", place)),
                ("boards", lambda store: _boards(store, "PostgreSQL")),
            ):
                url = server.new_records()
                with Store.open(place / "server", url=url) as store:
                    with store.writing() as connection:
                        copy_from_file(place / name / FILE_NAME, connection)
                    with store.writing() as connection:
                        connection.exec_driver_sql("ANALYZE")
                    yield from measure(store)
                server.drop(url)
    finally:
        shutil.rmtree(place, ignore_errors=True)
