"""Sittings, and what is said, done and measured in them, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.said_and_done import Activity, Assessed, CheckInKept, OutcomeTest
from game.records.schema import METADATA, patient_versions
from game.records.store import Store
from game.records.writer import Writer
from tests.records.examples import NOON, play

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _anna(both: Store) -> None:
    both.add_patient("ANNA")


def sit_down(both: Store, minutes: int = 0) -> str:
    opened = both.open_session(
        "ANNA",
        hand="left",
        who="patient",
        document={"stage": "check-in"},
        at=NOON + minutes * MINUTE,
    )
    return opened.id


def test_a_sitting_is_taken_up_where_it_was(both: Store) -> None:
    assert both.open_session_of("ANNA") is None
    session_id = sit_down(both)
    both.note_session(session_id, {"stage": "warm-up"}, "stage")
    both.note_session(session_id, {"stage": "work"}, "stage")
    taken_up = both.open_session_of("anna")
    assert taken_up is not None
    assert taken_up.id == session_id
    assert taken_up.document == {"stage": "work"}
    assert (taken_up.started_at, taken_up.local_date) == (NOON, NOON.date())
    assert taken_up.started_at.utcoffset() == timedelta(hours=2)
    assert (taken_up.hand, taken_up.who, taken_up.ended) == ("left", "patient", None)


def test_a_sitting_that_is_over_stays_as_it_is(both: Store) -> None:
    session_id = sit_down(both)
    closed = both.close_session(
        session_id,
        document={"stage": "over"},
        ended="pain",
        flags=("pain", "tired"),
        play_us=600_000_000,
        repetitions=250,
        day_kept=True,
        at=NOON + 20 * MINUTE,
    )
    assert (closed.ended, closed.flags, closed.day_kept) == ("pain", ("pain", "tired"), True)
    assert closed.ended_at == NOON + 20 * MINUTE
    assert closed.document == {"stage": "over"}
    assert both.open_session_of("ANNA") is None
    assert both.sessions("ANNA") == [closed]
    with pytest.raises(RecordsError, match="is over"):
        both.note_session(session_id, {}, "stage")
    with pytest.raises(RecordsError, match="is over"):
        both.close_session(session_id, document={}, ended="again")
    with pytest.raises(RecordsError, match="no session"):
        both.note_session("nobody", {}, "stage")


def test_sittings_come_with_the_latest_first(both: Store) -> None:
    first, second = sit_down(both), sit_down(both, 24 * 60)
    assert [s.id for s in both.sessions("ANNA")] == [second, first]
    assert [s.id for s in both.sessions("ANNA", limit=1)] == [second]
    assert [s.id for s in both.sessions("ANNA", since=NOON.date() + timedelta(days=1))] == [second]


def test_a_play_belongs_to_its_sitting(both: Store) -> None:
    session_id = sit_down(both)
    patient = both.patient("ANNA")
    inside = play(1, patient_id=patient.id, session_id=session_id)
    outside = play(2, patient_id=patient.id)
    both.save_play(inside)
    both.save_play(outside)
    assert both.load_play(inside.id).session_id == session_id
    assert both.load_play(outside.id).session_id is None


def test_a_play_is_kept_even_if_its_sitting_never_reached_the_disk(both: Store) -> None:
    lost = play(1, patient_id=both.patient("ANNA").id, session_id=new_identifier(NOON))
    both.save_play(lost)
    assert both.load_play(lost.id).session_id is None
    with Writer(both) as writer:
        book = writer.open_play(play(2, session_id=lost.session_id))
        book.close(play(2, id=book.start.id, session_id=lost.session_id))
        assert writer.wait_until_written(20)
        assert writer.trouble is None
    assert [p.id for p in both.guest_plays()] == [book.start.id]


def test_what_is_said_and_done_comes_back_as_it_was(both: Store) -> None:
    session_id = sit_down(both)
    given = both.add_check_in(
        "ANNA",
        CheckInKept("before", 2, 3, False, ("swelling",), True, 4.5, session_id),
        at=NOON,
    )
    assert given.id
    assert given.day == NOON.date()
    assert given.at == NOON
    soreness = both.add_check_in("ANNA", CheckInKept("next day", sore_hours=26), at=NOON + MINUTE)
    assert soreness.pain is None
    assert both.check_ins("ANNA") == [soreness, given]
    assert both.check_ins("ANNA", NOON.date() + timedelta(days=1)) == []

    done = both.add_activity(
        "ANNA", Activity("exercise", "fist", "easier", 2, 10, 40.0, session_id)
    )
    assert both.activities("ANNA") == [done]
    assert (done.name, done.sets, done.amount, done.seconds) == ("fist", 2, 10, 40.0)

    said = both.add_diary("ANNA", date(2025, 3, 11), "stiff", "buttoned a shirt")
    assert both.diary("ANNA") == [said]
    assert (said.day, said.felt, said.worked) == (date(2025, 3, 11), "stiff", "buttoned a shirt")

    assessed = both.add_assessment(
        "ANNA", Assessed("speed", "left", "virtual", {"rates": [0.5, 0.7]}, 0.62)
    )
    tapped = both.add_assessment("ANNA", Assessed("tapping", "left", "virtual"), at=NOON - MINUTE)
    assert both.assessments("ANNA", "speed") == [assessed]
    assert {a.id for a in both.assessments("ANNA")} == {assessed.id, tapped.id}

    test = both.add_outcome_test(
        "ANNA", OutcomeTest("BBT", 31, "blocks", "left", "Kim", day=date(2025, 1, 31))
    )
    assert both.outcome_tests("ANNA") == [test]
    assert (test.day, test.value) == (date(2025, 1, 31), 31)

    note = both.add_note(
        "ANNA", "Kim", "Two lines\nof words, and \0\udc80 \N{GREEK SMALL LETTER ALPHA}."
    )
    assert both.notes("ANNA") == [note]
    assert (
        note.words
        == "Two lines\nof words, and \N{REPLACEMENT CHARACTER}? \N{GREEK SMALL LETTER ALPHA}."
    )


def test_a_goal_is_open_until_it_is_closed(both: Store) -> None:
    button = both.add_goal("ANNA", "button a shirt", "self-care", at=NOON)
    tea = both.add_goal("ANNA", "make tea", "home", at=NOON + MINUTE)
    both.close_goal(button.id, reached=True, at=NOON + 2 * MINUTE)
    assert [(g.words, g.reached) for g in both.goals("ANNA")] == [
        ("make tea", None),
        ("button a shirt", True),
    ]
    assert both.goals("ANNA")[1].closed_on == NOON.date()
    with pytest.raises(RecordsError, match="closed already"):
        both.close_goal(button.id, reached=False)
    with pytest.raises(RecordsError, match="no goal"):
        both.close_goal(tea.id[:-1] + "?", reached=False)


def test_what_cannot_be_is_refused() -> None:
    for wrong in (
        lambda: CheckInKept("before", 11, 0),
        lambda: CheckInKept("before", 0, -1),
        lambda: CheckInKept("sometime", 0, 0),  # type: ignore[arg-type]
        lambda: Assessed("speed", "both", "virtual"),
        lambda: OutcomeTest("BBT", 3, "blocks", "both", "Kim"),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_the_log_says_who_looked(both: Store) -> None:
    both.audit("kim", "view", "report", "ANNA")
    both.clock = lambda: NOON + MINUTE
    both.audit("kim", "export", "all patients")
    assert [(a.actor, a.action, a.what, a.code) for a in both.audit_log()] == [
        ("kim", "export", "all patients", None),
        ("kim", "view", "report", "ANNA"),
    ]
    assert [a.action for a in both.audit_log(code="anna")] == ["view"]
    assert len(both.audit_log(limit=1)) == 1


def test_erasing_leaves_the_log_without_saying_whose_it_was(both: Store) -> None:
    session_id = sit_down(both)
    both.note_session(session_id, {}, "stage")
    both.add_check_in("ANNA", CheckInKept("before", 1, 1, session_id=session_id))
    goal = both.add_goal("ANNA", "button a shirt")
    both.close_goal(goal.id, reached=True)
    both.add_note("ANNA", "Kim", "words")
    both.save_play(play(1, patient_id=both.patient("ANNA").id, session_id=session_id))
    both.audit("kim", "view", "report", "ANNA")
    both.erase_patient("ANNA")
    assert [(a.what, a.code) for a in both.audit_log()] == [("report", None)]
    with both.reading() as connection:
        full = {
            name
            for name, table in METADATA.tables.items()
            if connection.execute(select(func.count()).select_from(table)).scalar_one()
        }
    assert full == {"audit_log", "erased"}


def test_every_version_of_a_patient_is_kept(both: Store) -> None:
    both.set_nickname("ANNA", "Blue Heron")
    both.set_nickname("ANNA", "Blue Heron")
    both.set_hand("ANNA", "left")
    with both.reading() as connection:
        rows = connection.execute(select(patient_versions).order_by("version")).all()
    assert [(r.version, r.document["nickname"], r.document["hand"]) for r in rows] == [
        (1, None, "right"),
        (2, "Blue Heron", "right"),
        (3, "Blue Heron", "left"),
    ]
    assert rows[0].id == both.patient("ANNA").id
