"""Records in PostgreSQL: prepared, migrated, refused, shared by several stations, backed up."""

import subprocess
import sys
from datetime import UTC
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy import inspect as look_at

from game.records.backup import back_up, inspect, keep_backups, restore
from game.records.errors import RecordsError
from game.records.interrupted import close_interrupted
from game.records.place import Place
from game.records.prepare import CHAIN, Chain, prepare_at
from game.records.schema import HEAD, METADATA, open_plays
from game.records.schema_clinic import outbox
from game.records.store import FILE_NAME, Store
from game.records.writer import Writer
from tests.records.examples import CHANGE, NOON, STATE, play, start_of_play
from tests.records.test_prepare import later_chain


def open_at(url: str, folder: Path) -> Store:
    return Store.open(folder, clock=lambda: NOON.astimezone(UTC), url=url)


def version_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def filled(url: str, folder: Path) -> Store:
    store = open_at(url, folder)
    patient = store.add_patient("ANNA", nickname="Blue Heron")
    for seed in range(5):
        store.save_play(play(seed, patient_id=patient.id), state=STATE, changes=[CHANGE])
    session = store.open_session("ANNA", hand="left", who="patient", document={"é": [1.5, None]})
    store.close_session(session.id, document={}, ended="wish")
    with store.writing() as connection:
        for number in range(3):
            row = {"kind": "play", "id": str(number), "digest": "", "queued_at": NOON}
            connection.execute(outbox.insert(), row)
    return store


def test_the_migrations_build_the_tables_that_the_code_knows(
    postgres_url: str, tmp_path: Path
) -> None:
    open_at(postgres_url, tmp_path).close()
    assert version_of(postgres_url) == HEAD
    engine = create_engine(Place.of(tmp_path, postgres_url).url or "")
    try:
        seen = look_at(engine)
        for name, table in METADATA.tables.items():
            columns = {c["name"]: c for c in seen.get_columns(name)}
            assert list(columns) == [c.name for c in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] == column.nullable, (name, column.name)
                # Text that is ordered or compared is so by code points, as on SQLite.
                made = column.type.compile(engine.dialect)
                assert (columns[column.name]["type"].__dict__.get("collation") == "C") == (
                    "COLLATE" in made
                ), (name, column.name)
            assert {i["name"] for i in seen.get_indexes(name)} >= {i.name for i in table.indexes}
            assert {f["name"] for f in seen.get_foreign_keys(name)} == {
                f.name for f in table.foreign_key_constraints
            }
    finally:
        engine.dispose()


def test_records_of_every_earlier_schema_are_backed_up_and_brought_up_to_date(
    postgres_server, tmp_path: Path
) -> None:
    for script in sorted(CHAIN.scripts.glob("versions/r[0-9]*.py"))[:-1]:
        number = script.name[1:5]
        url, folder = postgres_server.new_database(), tmp_path / number
        prepare_at(Place.of(folder, url), Chain(number, CHAIN.scripts))
        with psycopg.connect(url) as connection:
            connection.execute(
                "INSERT INTO patients VALUES ('1', 'P01', 'p01', 'Ann', 'otter', 'left', 0, 0, "
                "'2025-01-31T12:00:00.000000Z')"
            )
        with open_at(url, folder) as store:
            assert store.patient("P01").shown_name == "Ann"
        assert version_of(url) == HEAD
        (backup,) = (folder / "backups").glob("*.db")
        assert number in backup.name
        # The backup is a file of records as any other, of the schema it was taken at.
        backup.rename(folder / FILE_NAME)
        with Store.open(folder) as store:
            assert store.patient("P01").shown_name == "Ann"
        postgres_server.drop(url)


def test_a_newer_database_is_refused_and_left_alone(postgres_url: str, tmp_path: Path) -> None:
    chain = later_chain(tmp_path, 'op.create_table("later", sa.Column("a", sa.Text()))')
    prepare_at(Place.of(tmp_path, postgres_url), chain)
    with pytest.raises(RecordsError, match=r"newer Griptune.*update Griptune"):
        open_at(postgres_url, tmp_path)
    assert version_of(postgres_url) == "9999"


def test_a_migration_that_is_killed_leaves_the_old_state(postgres_url: str, tmp_path: Path) -> None:
    with open_at(postgres_url, tmp_path) as store:
        store.add_patient("P01")
    chain = later_chain(
        tmp_path, 'op.execute("DELETE FROM patients"); op.drop_table("journal"); os._exit(9)'
    )
    code = (
        "import sys; from pathlib import Path; from game.records.prepare import *\n"
        "prepare_at(Place.of(Path(sys.argv[1]), sys.argv[2]), Chain('9999', Path(sys.argv[3])))"
    )
    where = [str(tmp_path), postgres_url, str(chain.scripts)]
    done = subprocess.run([sys.executable, "-c", code, *where], check=False)
    assert done.returncode == 9
    assert version_of(postgres_url) == HEAD
    with open_at(postgres_url, tmp_path) as store:
        assert [p.code for p in store.patients()] == ["P01"]


def test_a_migration_that_fails_leaves_the_old_state(postgres_url: str, tmp_path: Path) -> None:
    open_at(postgres_url, tmp_path).close()
    chain = later_chain(
        tmp_path, 'op.create_table("later", sa.Column("a", sa.Text())); raise OSError("no")'
    )
    with pytest.raises(RecordsError):
        prepare_at(Place.of(tmp_path, postgres_url), chain)
    assert version_of(postgres_url) == HEAD
    open_at(postgres_url, tmp_path).close()


@pytest.mark.parametrize(
    "url",
    ["mysql://host/name", "sqlite:///x.db", "nonsense", "postgresql://host", "postgresql://h:x/n"],
)
def test_other_urls_are_refused_in_one_sentence_without_the_url(tmp_path: Path, url: str) -> None:
    with pytest.raises(RecordsError, match="named like postgresql://") as caught:
        Store.open(tmp_path, url=url)
    assert url not in str(caught.value)


def test_what_cannot_be_used_is_said_in_one_sentence(
    postgres_url: str, postgres_server, tmp_path: Path
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    for url, said in (
        (postgres_url, "something else"),
        ("postgresql://kim:secret@127.0.0.1:1/griptune", "cannot be reached"),
        (postgres_server.url("nowhere"), "create it first|cannot be reached"),
    ):
        with pytest.raises(RecordsError, match=said) as caught:
            Store.open(tmp_path, url=url)
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)


def test_a_missing_driver_is_said(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from game.records.store import Store\n"
        "Store.open(Path(sys.argv[1]), url='postgresql://kim@host/griptune')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert "pip install 'griptune[postgres]'" in done.stderr


WRITE = """
import sys
from pathlib import Path
from tests.records.examples import STATE, play
from game.records.store import Store
number = int(sys.argv[3])
with Store.open(Path(sys.argv[1]), url=sys.argv[2]) as store:
    mine = store.add_patient(f"P{number}")
    for seed in range(8):
        store.save_play(play(100 * number + seed, 4, patient_id=mine.id), state=STATE)
        # Read, then write: what another process wrote in between must not be lost.
        with store.writing() as connection:
            (count,) = connection.exec_driver_sql(
                "SELECT nickname FROM patients WHERE code = 'shared'").one()
            connection.exec_driver_sql(
                "UPDATE patients SET nickname = %s WHERE code = 'shared'", (str(int(count) + 1),))
"""


def test_two_stations_that_open_and_write_at_once_lose_nothing(
    postgres_url: str, tmp_path: Path
) -> None:
    with open_at(postgres_url, tmp_path) as store:
        store.add_patient("shared", nickname="0")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(tmp_path / str(number)), postgres_url, str(number)]
        )
        for number in range(2)
    ]
    assert [process.wait() for process in running] == [0, 0]
    with open_at(postgres_url, tmp_path) as store:
        assert store.patient("shared").nickname == "16"
        assert [len(store.plays(f"P{number}")) for number in range(2)] == [8, 8]


def test_a_play_that_runs_at_another_station_is_left_alone(
    postgres_url: str, tmp_path: Path
) -> None:
    with (
        open_at(postgres_url, tmp_path / "one") as one,
        open_at(postgres_url, tmp_path / "two") as two,
    ):
        record = play()
        writer = Writer(one)
        book = writer.open_play(start_of_play(1, id=record.id))
        book.targets(record.targets)
        book.judged(record.edges, 30_000_000)
        assert writer.wait_until_written(20)
        assert close_interrupted(two).kept == (), "its lock is on the other computer"
        with pytest.raises(RecordsError, match="a game is open"):
            restore_something(two, tmp_path)
        assert close_interrupted(one).kept == (), "it still runs"
        writer.close()
        assert close_interrupted(two).kept == ()
        assert close_interrupted(one).kept == (record.id,)
        assert [p.id for p in two.guest_plays()] == [record.id]


def restore_something(store: Store, folder: Path) -> None:
    back_up(store, folder / "safe.db")
    url = store.place.url
    assert url is not None
    restore(folder / "safe.db", store.data_dir, url=url.render_as_string(hide_password=False))


def test_a_server_that_stops_keeps_the_play_in_memory_until_it_is_back(tmp_path: Path) -> None:
    from tests.postgres import cluster

    with cluster() as server, open_at(server.new_database(), tmp_path) as store:
        record = play()
        with Writer(store, journal_every_s=0.02) as writer:
            book = writer.open_play(record)
            book.targets(record.targets)
            assert writer.wait_until_written(20)
            server.stop()
            book.judged(record.edges, 30_000_000)
            book.flush()
            book.close(record, state=STATE)
            assert not writer.wait_until_written(1)
            assert "kept in memory" in (writer.trouble or "")
            server.start()
            assert writer.wait_until_written(60)
            assert writer.trouble is None
        assert store.load_play(record.id).edges.tobytes() == record.edges.tobytes()
        with store.reading() as connection:
            assert connection.execute(select(func.count()).select_from(open_plays)).scalar() == 0


def content(store: Store) -> dict[str, list[tuple]]:
    with store.reading() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for name, table in METADATA.tables.items()
        }


def test_a_backup_goes_from_postgresql_to_a_file_and_back(
    postgres_url: str, postgres_server, tmp_path: Path
) -> None:
    with filled(postgres_url, tmp_path / "server") as store:
        before = content(store)
        told: list[float] = []
        manifest = back_up(store, tmp_path / "safe.db", progress=told.append)
        assert (manifest.plays, manifest.patients) == (5, 1)
        assert inspect(tmp_path / "safe.db") == manifest
        assert not list(tmp_path.glob("*.unfinished")) + list(tmp_path.glob("*.lock"))
        assert keep_backups(store, NOON.date()) is not None
        assert keep_backups(store, NOON.date()) is None
    restore(tmp_path / "safe.db", tmp_path / "laptop")
    with Store.open(tmp_path / "laptop") as laptop:
        assert content(laptop) == before
    other = postgres_server.new_records()
    with filled(other, tmp_path / "other") as store:
        store.add_patient("BELA")
    kept = restore(tmp_path / "safe.db", tmp_path / "other", url=other).before
    assert kept is not None
    assert inspect(kept).patients == 2
    with open_at(other, tmp_path / "other") as store:
        assert content(store) == before
        with store.writing() as connection:
            row = {"kind": "play", "id": "new", "digest": "", "queued_at": NOON}
            connection.execute(outbox.insert(), row)
            assert connection.execute(select(func.max(outbox.c.sequence))).scalar() == 4
    postgres_server.drop(other)


def test_whoever_was_erased_stays_erased(postgres_url: str, tmp_path: Path) -> None:
    with filled(postgres_url, tmp_path) as store:
        back_up(store, tmp_path / "safe.db")
        store.erase_patient("ANNA")
    restore(tmp_path / "safe.db", tmp_path, url=postgres_url)
    with open_at(postgres_url, tmp_path) as store:
        assert store.patients() == []
        assert store.guest_plays() == []


def test_a_backup_that_is_not_whole_changes_nothing(postgres_url: str, tmp_path: Path) -> None:
    with filled(postgres_url, tmp_path) as store:
        back_up(store, tmp_path / "safe.db")
        before = content(store)
        data = (tmp_path / "safe.db").read_bytes()
        assert b"Blue Heron" in data
        (tmp_path / "safe.db").write_bytes(data.replace(b"Blue Heron", b"Red Falcon"))
        with pytest.raises(RecordsError, match="not what was backed up"):
            restore(tmp_path / "safe.db", tmp_path, url=postgres_url)
        assert content(store) == before
