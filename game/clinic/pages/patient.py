"""A patient's page: how it stands, pictures, sessions, plan, tests, notes, the note to copy."""

from datetime import date
from typing import Any

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.lately import one_lately
from game.clinic.security.errors import RefusedError
from game.clinic.triage import kept_days, planned_days, reasons
from game.clinic.triage_words import reason_words
from game.clinic.visit import Visit
from game.core.say import Say, mark
from game.records.errors import RecordsError
from game.records.patients import Patient
from game.records.pictures import NAMES as PICTURE_NAMES
from game.records.said_and_done import OutcomeTest
from game.records.session_notes import note_lines
from game.therapy.assessment.outcomes import OUTCOMES, Outcome

#: Tests that staff do with a patient, and what each is measured in. The WMFT is its functional
#: ability, the figure that a least change is known of.
OUTCOME_TESTS = {name: one.unit.partition("/")[0] for name, one in OUTCOMES.items()}

#: Pictures of the report that the page shows; the report has them all.
SHOWN = ("weeks", "success", "level", "felt")
_PLAYS = 30


def patient_of(visit: Visit) -> Patient:
    """The patient that the path names by identifier. Raises RefusedError if there is none."""
    wanted = visit.path("id")
    for patient in visit.clinic.store.patients():
        if patient.id == wanted:
            return patient
    raise RefusedError(404, mark("There is no such patient."))


def page(visit: Visit) -> Response:
    """Everything about one patient, on one page."""
    patient = patient_of(visit)
    store, today = visit.clinic.store, visit.clinic.today
    lately = one_lately(store, patient.id, today)
    try:
        lines = [visit.words.tr(line) for line in note_lines(store, patient.code)]
    except RecordsError:
        lines = []  # nothing was played yet
    note(visit.clinic, visit.account.name, "view", "a patient's page", patient.code)
    return visit.show(
        "patient.html",
        patient=patient,
        reasons=[reason_words(r, visit.words) for r in reasons(lately.lately, today)],
        kept=kept_days(lately.lately, today),
        planned=planned_days(lately.lately, today),
        lines=lines,
        plays=store.plays(patient.code, limit=_PLAYS),
        plans=store.prescriptions(patient.code),
        answers=list(store.check_ins(patient.code))[:10],
        tests=store.outcome_tests(patient.code),
        notes=store.notes(patient.code),
        pictures=SHOWN if lately.last_played else (),
        test_names=OUTCOME_TESTS,
        today=today,
        animals=PICTURE_NAMES,
    )


def add(visit: Visit) -> Response:
    """Take in a patient."""
    hand = visit.field("hand", 10)
    made = visit.clinic.store.add_patient(
        visit.field("code", 100),
        nickname=visit.field("nickname", 200) or None,
        hand=hand,
        board=visit.field("board", 10) == "yes",
    )
    note(visit.clinic, visit.account.name, "edit", "patient added", made.code)
    visit.clinic.hub.poke()
    return visit.go(f"/patients/{made.id}", "added")


def change(visit: Visit) -> Response:
    """Nickname, picture and the choice to be on boards. (The hand is the plan's.)"""
    patient = patient_of(visit)
    store = visit.clinic.store
    store.set_nickname(patient.code, visit.field("nickname", 200))
    store.set_picture(patient.code, visit.field("picture", 40) or patient.picture)
    board = visit.field("board", 10) == "yes"
    if board != patient.on_board:
        store.set_board_choice(patient.code, board)
    note(visit.clinic, visit.account.name, "edit", "nickname, picture or board", patient.code)
    visit.clinic.hub.poke()
    return visit.go(f"/patients/{patient.id}", "saved")


def add_note(visit: Visit) -> Response:
    """Words of the therapist."""
    patient = patient_of(visit)
    words = visit.field("words")
    if not words:
        raise RefusedError(400, mark("The note is empty."))
    visit.clinic.store.add_note(patient.code, visit.account.name, words)
    note(visit.clinic, visit.account.name, "edit", "note added", patient.code)
    return visit.go(f"/patients/{patient.id}", "saved")


def add_test(visit: Visit) -> Response:
    """An outcome test that was done with the patient, typed in."""
    patient = patient_of(visit)
    test = visit.field("test", 40)
    if test not in OUTCOME_TESTS:
        raise RefusedError(400, mark("There is no such test."))
    day = _day(visit)
    kept = OutcomeTest(
        test=test,
        value=_result(visit, OUTCOMES[test]),
        unit=OUTCOME_TESTS[test],
        hand=_hand(visit),
        author=visit.account.name,
        day=day,
    )
    visit.clinic.store.add_outcome_test(patient.code, kept)
    note(visit.clinic, visit.account.name, "edit", "outcome test added", patient.code)
    return visit.go(f"/patients/{patient.id}", "saved")


def erase(visit: Visit) -> Response:
    """Erase a patient with everything; their code has to be typed once more."""
    patient = patient_of(visit)
    if visit.field("code", 100) != patient.code:
        raise RefusedError(400, mark("That is not the patient's code; nothing was erased."))
    visit.clinic.store.erase_patient(patient.code)
    note(visit.clinic, visit.account.name, "edit", "patient erased")
    visit.clinic.hub.poke()
    return visit.go("/patients", "erased")


def number(visit: Visit, name: str, least: float, most: float) -> float:
    """A number of the form, with a point or a comma. Raises RefusedError."""
    text = visit.field(name, 40).replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise RefusedError(400, mark("A number is missing, or is not one that can be."))
    return value


def _result(visit: Visit, test: Outcome) -> float:
    """The result that was typed in, if the test can give it. Raises RefusedError."""
    value = number(visit, "value", -float("inf"), float("inf"))
    if not test.lowest <= value <= test.highest:
        raise RefusedError(
            400,
            Say(
                "{test} lies between {low} and {high}: nothing was kept.",
                test=test.name,
                low=f"{test.lowest:g}",
                high=f"{test.highest:g}",
            ),
        )
    return value


def _day(visit: Visit) -> date:
    try:
        day = date.fromisoformat(visit.field("day", 20))
    except ValueError as error:
        raise RefusedError(400, mark("A day is written like 2026-03-02.")) from error
    if not date(1950, 1, 1) <= day <= visit.clinic.today:
        raise RefusedError(400, mark("A test was done today or before."))
    return day


def _hand(visit: Visit) -> Any:
    hand = visit.field("hand", 10)
    if hand not in ("left", "right"):
        raise RefusedError(400, mark("Choose the left or the right hand."))
    return hand
