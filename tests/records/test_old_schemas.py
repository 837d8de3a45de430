"""Records that earlier programs wrote: every schema that ever landed is opened, and all is there.

``schemas/NNNN.sql`` are dumps of files that the programs of their time wrote, with the code of
their time. Whoever adds a migration adds the dump of the schema before it, which never changes.
"""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from game.records.interrupted import close_interrupted
from game.records.prepare import CHAIN
from game.records.store import FILE_NAME, Store
from tests.records.examples import CHANGE, STATE, open_store, play

#: Updates that are killed; GRIPTUNE_SOAK=1 asks for many.
KILLS = 60 if os.environ.get("GRIPTUNE_SOAK") == "1" else 3

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def written_at(schema: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.executescript(schema.read_text(encoding="utf-8"))


def test_there_are_records_of_every_schema() -> None:
    landed = sorted(script.name[1:5] for script in CHAIN.scripts.glob("versions/r[0-9]*.py"))
    assert [schema.stem for schema in SCHEMAS] == landed


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.stem)
def test_what_was_written_then_is_there_now(tmp_path: Path, schema: Path) -> None:
    written_at(schema, tmp_path)
    with open_store(tmp_path) as store:
        anna = store.patient("ANNA")
        assert (anna.nickname, anna.on_board) == ("Blue Heron", True)
        assert len(store.patients()) == (1 if schema.stem >= "0004" else 2)
        (summary,) = store.plays("ANNA")
        kept, again = store.load_play(summary.id), play(1, 8)
        assert kept.edges.tobytes() == again.edges.tobytes()
        assert (kept.grips, kept.missed, kept.mode) == (again.grips, again.missed, "play")
        assert kept.session_id is None
        assert store.difficulty_state("ANNA", "right", "virtual") == STATE
        assert [c.change for c in store.difficulty_changes("ANNA")] == [CHANGE]
        assert len(store.guest_plays()) == 1
        assert len(store.favourites("ANNA")) == (schema.stem >= "0002")
        assert (store.prescription("ANNA") is not None) == (schema.stem >= "0003")
        assert len(store.check_ins("ANNA")) == (schema.stem >= "0005")
        assert anna.glove_size == ("M" if schema.stem >= "0006" else None)
        assert store.has_pin("ANNA") == (schema.stem >= "0006")
        assert store.pin_fits("ANNA", "0417")
        # The play that was running then is kept with what it counted.
        (closed,) = close_interrupted(store).kept
        assert store.load_play(closed).interrupted
        store.set_nickname("ANNA", "Red Fox")
        store.open_session("ANNA", hand="left", who="patient", document={})
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        versions = connection.execute(
            "SELECT json_extract(document, '$.nickname') FROM patient_versions "
            "WHERE patient_id = ? ORDER BY version",
            (anna.id,),
        ).fetchall()
    assert versions[0] == ("Blue Heron",)
    assert versions[-1] == ("Red Fox",)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_an_update_that_is_killed_at_any_moment_leaves_the_old_state_or_the_new(
    tmp_path: Path,
) -> None:
    old = SCHEMAS[0]
    code = (
        "import sys; from pathlib import Path; from game.records.store import Store\n"
        "import game.records.prepare_postgres, alembic.command\n"
        "print('begun', flush=True)\n"
        "Store.open(Path(sys.argv[1])).close()\n"
        "print('done', flush=True)"
    )
    chance, ends = random.Random(5), set()
    for number in range(KILLS):
        folder = tmp_path / str(number)
        written_at(old, folder)
        with subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.05, 0.6))
            process.kill()
            finished = process.stdout.read() == "done\n"
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
            now = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            dumped = "\n".join(connection.iterdump()) + "\n"
        assert now in (old.stem, CHAIN.head)
        assert not finished or now == CHAIN.head
        if now == old.stem:
            assert dumped == old.read_text(encoding="utf-8")
        ends.add(now)
        with open_store(folder) as store:
            assert len(store.plays("ANNA")) == 1
    print(f"{KILLS} updates were killed; they ended at {sorted(ends)}")


@pytest.mark.parametrize("schema", SCHEMAS[:-1], ids=lambda schema: schema.stem)
def test_what_was_written_then_is_backed_up_before_it_is_changed(
    tmp_path: Path, schema: Path
) -> None:
    written_at(schema, tmp_path)
    Store.open(tmp_path).close()
    (backup,) = (tmp_path / "backups").glob("*.db")
    with closing(sqlite3.connect(backup)) as connection:
        dumped = "\n".join(connection.iterdump()) + "\n"
    assert dumped == schema.read_text(encoding="utf-8")
