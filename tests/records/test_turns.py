"""Today's list of a station, PINs, glove sizes and the board somebody looks at."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from game.records.boards import BoardKind
from game.records.errors import RecordsError
from game.records.facts import fact, put_fact
from game.records.patients import Patient
from game.records.schema import patient_versions, patients
from game.records.store import Store
from game.records.turns import Attendance, Turn, todays_list
from game.therapy.prescription import Prescription
from tests.records.examples import play

WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path) as store:
        yield store


def someone(name: str, *days_ago: int, planned: int | None = None) -> Attendance:
    patient = Patient(name, name, name, "otter", "right", False, False, datetime(2026, 1, 1))
    days = frozenset(WEDNESDAY - timedelta(days=n) for n in days_ago)
    return Attendance(patient, days, planned)


def test_who_is_due_comes_first_and_who_played_today_last() -> None:
    people = [
        someone("Done", 0, 1),
        someone("Yesterday", 1),
        someone("Long ago", 40),
        someone("New"),
        someone("Twice of two", 1, 2, planned=2),
        someone("Twice of three", 1, 2, planned=3),
    ]
    assert [(who.code, turn) for who, turn in todays_list(people, WEDNESDAY)] == [
        ("New", Turn.DUE),
        ("Twice of three", Turn.DUE),
        ("Yesterday", Turn.DUE),
        ("Long ago", Turn.KNOWN),
        ("Twice of two", Turn.KNOWN),
        ("Done", Turn.DONE),
    ]


def test_the_days_and_plans_are_those_of_the_records(store: Store) -> None:
    anna, ben = (store.add_patient(code) for code in ("ANNA", "BEN"))
    store.save_play(play(1, 8, patient_id=anna.id))
    day = store.plays("ANNA")[0].local_date
    plan = {"hand": "right", "start": day, "review": day + timedelta(days=20)}
    store.prescribe("BEN", Prescription(**plan, days=2), "t", based_on=0)
    store.prescribe("BEN", Prescription(**plan, days=3), "t", based_on=1)
    assert store.attendance(day) == [
        Attendance(anna, frozenset({day}), None),
        Attendance(ben, frozenset(), 3),
    ]
    # Months later she is still not taken for somebody new.
    later = day + timedelta(days=100)
    assert todays_list(store.attendance(later), later)[1] == (anna, Turn.KNOWN)


def test_a_pin_is_four_digits_and_kept_as_a_salted_hash(store: Store) -> None:
    for code in ("ANNA", "BEN"):
        store.add_patient(code)
        assert store.pin_fits(code, "")
        store.set_pin(code, "0417")
        assert store.has_pin(code)
        assert store.pin_fits(code, "0417")
        assert not store.pin_fits(code, "0418")
    with store.reading() as connection:
        kept = connection.execute(patients.select()).all()
    assert kept[0].pin != kept[1].pin
    assert "0417" not in kept[0].pin
    store.set_pin("ANNA", None)
    assert not store.has_pin("ANNA")
    for bad in ("417", "04170", "04 7", "abcd", "٠٤١٧"):
        with pytest.raises(RecordsError, match="4 digits"):
            store.set_pin("ANNA", bad)


def test_glove_sizes_travel_with_the_patient_and_pins_do_not(tmp_path: Path, store: Store) -> None:
    store.add_patient("ANNA", glove_size="l")
    with pytest.raises(RecordsError, match="S, M, L"):
        store.set_glove_size("ANNA", "XL")
    store.set_glove_size("ANNA", "m")
    store.set_pin("ANNA", "0417")
    store.choose_board("ANNA", BoardKind.BEAT_MYSELF)
    with store.reading() as connection:
        rows = connection.execute(patient_versions.select().order_by("version")).all()
        facts = [fact(connection, "patient", row.id) for row in rows]
    assert [one["document"]["glove_size"] for one in facts] == ["L", "M"]
    assert "pin" not in str(facts)
    with Store.open(tmp_path / "other") as other:
        with other.writing() as connection:
            assert all(put_fact(connection, "patient", one) for one in facts)
        assert other.patient("ANNA").glove_size == "M"
        assert not other.has_pin("ANNA")


def test_without_a_glove_size_a_version_is_what_it_was_before(store: Store) -> None:
    store.add_patient("ANNA")
    with store.reading() as connection:
        (row,) = connection.execute(patient_versions.select()).all()
    assert "glove_size" not in row.document


def test_the_board_that_was_looked_at_is_remembered(store: Store) -> None:
    store.add_patient("ANNA")
    assert store.board_of("ANNA") is BoardKind.EFFORT
    store.choose_board("ANNA", BoardKind.SONG_OF_THE_WEEK)
    assert store.board_of("ANNA") is BoardKind.SONG_OF_THE_WEEK
