"""Making a patient nobody, and erasing one: what stays, and what no backup brings back."""

import json
from pathlib import Path

import pytest

from game.records.anonymous import REMOVED, anonymise
from game.records.backup import back_up, restore
from game.records.errors import RecordsError
from game.records.facts import ErasedError, facts_of, present, put_fact
from game.records.store import Store
from tests.records.databases import both
from tests.records.examples import open_store
from tests.records.whole_patient import fill

__all__ = ["both"]

#: Everything in the example that says who it is or was written by somebody.
TELLING = ("ANNA", "Heron", "HYPERLINK", "Berg", "shirt", "cup", "quoted", "Better", "stiff")


def test_what_was_played_stays_and_what_names_the_patient_goes(both: Store) -> None:
    old_id = fill(both)
    before = both.plays("ANNA-1")
    patient = anonymise(both, "anna-1")
    assert patient.id != old_id
    assert both.patients() == [patient]
    assert (patient.nickname, patient.on_board) == (None, False)
    after = both.plays(patient.code)
    assert [p.id for p in after] == [p.id for p in before]
    assert sum(p.counted for p in after) == sum(p.counted for p in before)
    assert both.difficulty_state(patient.code, "left", "glove") is not None
    assert len(both.check_ins(patient.code)) == 4
    assert {goal.words for goal in both.goals(patient.code)} == {REMOVED}
    with both.reading() as connection:
        said = json.dumps([*facts_of(connection, patient.id), present(connection, patient.id)])
        assert not list(facts_of(connection, old_id))
    assert [word for word in TELLING if word in said] == []
    assert old_id not in said


def test_the_file_holds_none_of_it_any_more(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store)
        anonymise(store, "ANNA-1", "NEW-7")
        content = b"".join(path.read_bytes() for path in tmp_path.glob("griptune.db*"))
        assert [word for word in TELLING if word.encode() in content] == []
        assert store.patient("NEW-7").code == "NEW-7"


def test_no_backup_and_no_import_brings_the_names_back(tmp_path: Path) -> None:
    backup = tmp_path / "before.db"
    with open_store(tmp_path / "data") as store:
        old_id = fill(store)
        with store.reading() as connection:
            facts = list(facts_of(connection, old_id))
        back_up(store, backup)
        anonymise(store, "ANNA-1")
        with store.writing() as connection, pytest.raises(ErasedError):
            put_fact(connection, "patient", facts[0])
    restore(backup, tmp_path / "data")
    with open_store(tmp_path / "data") as store:
        assert store.patients() == []


def test_a_code_that_is_taken_or_cannot_be_one_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, plays=1)
        store.add_patient("P2")
        for code, why in (("p2", "already a patient"), ("../x", "cannot be")):
            with pytest.raises(RecordsError, match=why):
                anonymise(store, "ANNA-1", code)
        assert store.patient("ANNA-1").nickname is not None
