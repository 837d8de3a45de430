"""Creating, recognising, migrating and refusing records files: real files, real processes."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from game.records.errors import RecordsError
from game.records.prepare import CHAIN, Chain, prepare
from game.records.schema import HEAD, METADATA
from game.records.store import FILE_NAME, Store
from tests.records.examples import open_store, play


def schema_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND name != 'alembic_version'"
        ).fetchall()
    return {name: "\n".join(sorted(tidy(sql))) for name, sql in rows}


def tidy(sql: str) -> list[str]:
    """The lines of a CREATE statement, without their order and commas.

    SQLite writes a column that was added later on the line of the one before it, and what it
    refers to beside it.
    """
    sql = re.sub(r", (?=\w+ (TEXT|INTEGER|REAL|BLOB)\b)", ",\n", sql)
    sql = re.sub(r"(\w+) TEXT (CONSTRAINT \w+) REF", r"\1 TEXT,\n\2 FOREIGN KEY(\1) REF", sql)
    lines = sql.splitlines()
    return [line.strip().rstrip(", ") for line in lines if line.strip()]


def later_chain(folder: Path, upgrade: str) -> Chain:
    """The chain with one more revision, whose upgrade runs ``upgrade``."""
    scripts = folder / "migrations"
    shutil.copytree(CHAIN.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "r9999_later.py").write_text(
        "import os\nimport sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{HEAD}"\n'
        f"def upgrade():\n    {upgrade}\n",
        encoding="utf-8",
    )
    return Chain("9999", scripts)


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_new_folder_gets_records(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet, 100 %"
    with Store.open(folder) as store:
        assert store.patients() == []
    assert version_of(folder / FILE_NAME) == HEAD
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0


def test_the_migrations_build_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    prepare(tmp_path / FILE_NAME)
    engine = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    METADATA.create_all(engine)
    engine.dispose()
    assert schema_of(tmp_path / FILE_NAME) == schema_of(tmp_path / "direct.db")


def test_the_chain_is_one_line_and_ends_at_the_head() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(CHAIN.scripts))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert scripts.get_bases() == ["0001"]
    assert all(not s.is_branch_point and not s.is_merge_point for s in scripts.walk_revisions())


def test_every_table_is_strict_and_every_commit_is_synced(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.writing() as connection:
        tables = connection.exec_driver_sql("PRAGMA table_list").all()
        ours = [t for t in tables if t.type == "table" and not t.name.startswith("sqlite_")]
        assert len(ours) == len(METADATA.tables) + 1
        assert all(t.strict for t in ours)
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_the_same_tables_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()
    for table in METADATA.sorted_tables:
        sql = str(CreateTable(table).compile(dialect=dialect))
        assert "STRICT" not in sql
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
    assert 'started_at TEXT COLLATE "C"' in str(
        CreateTable(METADATA.tables["plays"]).compile(dialect=dialect)
    )


def test_a_file_at_the_head_is_opened_without_alembic(tmp_path: Path) -> None:
    prepare(tmp_path / FILE_NAME)
    code = (
        "import sys; from pathlib import Path; from game.records.store import Store\n"
        "Store.open(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_an_older_file_is_copied_and_then_migrated(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01")
    chain = later_chain(
        tmp_path, 'op.add_column("patients", sa.Column("colour", sa.Text(), nullable=True))'
    )
    backup = prepare(tmp_path / FILE_NAME, chain)
    assert version_of(tmp_path / FILE_NAME) == "9999"
    assert "colour" in schema_of(tmp_path / FILE_NAME)["patients"]
    assert backup is not None
    assert version_of(backup) == HEAD
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT code FROM patients").fetchall() == [("P01",)]
    assert prepare(tmp_path / FILE_NAME, chain) is None, "a file that is up to date is left alone"


def test_records_of_every_earlier_schema_are_brought_up_to_date(tmp_path: Path) -> None:
    for revision in sorted(CHAIN.scripts.glob("versions/r[0-9]*.py")):
        number = revision.name[1:5]
        path = tmp_path / number / FILE_NAME
        prepare(path, Chain(number, CHAIN.scripts))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "INSERT INTO patients (id, code, code_key, nickname, picture, hand, on_board, "
                "board_hidden, created_at) VALUES "
                "('1', 'P01', 'p01', 'Ann', 'otter', 'left', 0, 0, '2025-01-31T12:00:00.000000Z')"
            )
        with Store.open(path.parent) as store:
            assert store.patient("P01").shown_name == "Ann"
            assert store.favourites("P01") == []
        assert version_of(path) == HEAD


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path / FILE_NAME)
    prepare(
        tmp_path / FILE_NAME,
        later_chain(tmp_path, 'op.create_table("later", sa.Column("a", sa.Text()))'),
    )
    before = schema_of(tmp_path / FILE_NAME)
    with pytest.raises(RecordsError, match=r"newer Griptune.*update Griptune"):
        Store.open(tmp_path)
    assert schema_of(tmp_path / FILE_NAME) == before


def test_a_migration_that_fails_leaves_the_old_state(tmp_path: Path) -> None:
    prepare(tmp_path / FILE_NAME)
    before = schema_of(tmp_path / FILE_NAME)
    chain = later_chain(
        tmp_path, 'op.create_table("later", sa.Column("a", sa.Text())); raise OSError("no")'
    )
    with pytest.raises(RecordsError):
        prepare(tmp_path / FILE_NAME, chain)
    assert schema_of(tmp_path / FILE_NAME) == before
    assert version_of(tmp_path / FILE_NAME) == HEAD


def test_a_migration_that_is_killed_leaves_the_old_state(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01")
    before = schema_of(tmp_path / FILE_NAME)
    chain = later_chain(
        tmp_path, 'op.execute("DELETE FROM patients"); op.drop_table("journal"); os._exit(9)'
    )
    code = (
        "import sys; from pathlib import Path; from game.records.prepare import *\n"
        "prepare(Path(sys.argv[1]), Chain('9999', Path(sys.argv[2])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / FILE_NAME), str(chain.scripts)], check=False
    )
    assert done.returncode == 9
    assert schema_of(tmp_path / FILE_NAME) == before
    with Store.open(tmp_path) as store:
        assert [p.code for p in store.patients()] == ["P01"]


def test_a_migration_may_not_leave_rows_that_belong_to_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        store.save_play(play(patient_id=patient.id))
    chain = later_chain(tmp_path, 'op.execute("DELETE FROM patients")')
    with pytest.raises(RecordsError, match="belong to nothing"):
        prepare(tmp_path / FILE_NAME, chain)
    with Store.open(tmp_path) as store:
        assert len(store.plays("P01")) == 1


def test_an_empty_file_becomes_records(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with Store.open(tmp_path) as store:
        assert store.patients() == []


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")


def torn_database(path: Path) -> None:
    prepare(path)
    path.write_bytes(path.read_bytes()[:5000])


def scribbled_database(path: Path) -> None:
    prepare(path)
    content = bytearray(path.read_bytes())
    content[100:4096] = os.urandom(3996)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"not a database at all"),
        lambda path: path.write_bytes(os.urandom(10_000)),
        lambda path: path.write_bytes(b"SQLite format 3\0" + os.urandom(10_000)),
        lambda path: path.mkdir(),
        foreign_database,
        torn_database,
        scribbled_database,
    ],
    ids=["text", "garbage", "garbage in disguise", "folder", "foreign", "torn", "scribbled"],
)
def test_what_is_no_records_file_is_refused_in_one_sentence(tmp_path: Path, spoil) -> None:
    spoil(tmp_path / FILE_NAME)
    with pytest.raises(RecordsError) as caught:
        Store.open(tmp_path)
    sentence = str(caught.value)
    assert str(tmp_path) in sentence
    assert "\n" not in sentence


def test_records_below_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(RecordsError, match=r"cannot be kept in .*choose another folder"):
            Store.open(folder)


@pytest.mark.skipif(
    not os.path.isdir("/proc/1"), reason="needs a file system that nobody may write to"
)
def test_a_folder_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(RecordsError, match=r"cannot be (kept in|written|opened)"):
        Store.open(Path("/proc/griptune"))


def test_four_processes_may_create_the_records_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from game.records.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as s: s.add_patient(sys.argv[2])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), f"P{number}"])
        for number in range(4)
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    with Store.open(tmp_path) as store:
        assert [p.code for p in store.patients()] == ["P0", "P1", "P2", "P3"]
