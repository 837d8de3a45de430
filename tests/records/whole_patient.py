"""A patient with at least one of every fact there is, for exports, imports and reports."""

from datetime import date, timedelta

from game.records.plays import DifficultyChange
from game.records.said_and_done import Activity, Assessed, CheckInKept, OutcomeTest
from game.records.schema import rejudgements
from game.records.store import Store
from game.therapy.limits import Limits
from game.therapy.prescription import changed, preset
from game.therapy.state import DifficultyState
from tests.records.examples import NOON, play

STATE = DifficultyState.first(Limits()).to_dict()

DOCUMENT = {"stage": "check-in", "who": "patient", "blocks": 0}


def fill(
    store: Store, code: str = "ANNA-1", *, plays: int = 4, seed: int = 1, first: bool = True
) -> str:
    """Writes them; returns the patient's identifier. Of several only one is the ``first``."""
    patient = store.add_patient(code, nickname="Blue Heron", hand="left", board=True)
    store.set_nickname(code, "=HYPERLINK(1)")
    store.set_nickname(code, "Blue <b>Heron</b> & Co")
    plan = preset("middle", NOON.date() - timedelta(days=3), "left")
    store.prescribe(code, plan, "J. Berg, OT")
    store.prescribe(code, changed(plan, minutes=20, note='-1+1 "quoted", and more'), "J. Berg, OT")
    for day in range(2):
        at = NOON + timedelta(days=day)
        sitting = store.open_session(code, hand="left", who="patient", document=DOCUMENT, at=at)
        store.add_check_in(code, CheckInKept("before", 1 + day, 2, session_id=sitting.id), at=at)
        store.note_session(sitting.id, {**DOCUMENT, "stage": "work"}, "work", at=at)
        for number in range(plays):
            began = at + timedelta(minutes=5 * number)
            kept = play(
                seed + 10 * day + number,
                patient_id=patient.id,
                started_at=began,
                hand="left",
                session_id=sitting.id,
                input_kind="glove",
                input_description="glove; resolution 1 ms",
                level=-1.3 + 0.1 * number,
            )
            changes = [
                DifficultyChange(1_000_000 * n, -1.3, -1.25, "raised", {"hits": 20, "asked": 24})
                for n in range(3)
            ]
            store.save_play(kept, state=STATE, changes=changes)
        after = at + timedelta(minutes=30)
        store.add_check_in(
            code,
            CheckInKept("after", 3, 5, day == 1, ("swelling",) * day, True, session_id=sitting.id),
            at=after,
        )
        store.add_activity(
            code,
            Activity("exercise", "palm up", "easier", 2, 10, 95.5, session_id=sitting.id),
            at=after,
        )
        if day == 0:
            store.close_session(
                sitting.id,
                document={**DOCUMENT, "stage": "over"},
                ended="the day's plan is done",
                flags=("pain",),
                play_us=720_000_000,
                repetitions=300,
                day_kept=True,
                at=after,
            )
    store.add_diary(code, NOON.date(), "stiff in the morning", "the key")
    goal = store.add_goal(code, "button my shirt", "self-care", at=NOON)
    store.close_goal(goal.id, True, at=NOON + timedelta(days=1))
    store.add_goal(code, "hold a cup", at=NOON)
    for day, value in enumerate((0.5, 0.52, 0.8)):
        store.add_assessment(
            code,
            Assessed("speed", "left", "glove", {"targets": 40}, value),
            at=NOON + timedelta(days=day),
        )
    store.add_outcome_test(
        code,
        OutcomeTest("BBT", 24.0, "blocks", "left", "J. Berg, OT", day=date(2025, 3, 11)),
        at=NOON,
    )
    store.add_note(code, "J. Berg, OT", "Better.\nAgain <next> week", at=NOON)
    store.set_favourite(code, "ode-to-joy", "5f" * 32, True)
    judged_again = store.plays(code)[-1]
    rejudgement_id = f"0195c3a0-0000-7000-8000-{0xABCD if first else 0xABCE:012x}"
    with store.writing() as connection:
        connection.execute(
            rejudgements.insert(),
            {
                "id": rejudgement_id,
                "play_id": judged_again.id,
                "judged_at": NOON,
                "software_version": "0.2.0",
                "document": {"hits": 1},
            },
        )
    return patient.id
