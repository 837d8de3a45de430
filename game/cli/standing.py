"""Where somebody stands when a song begins: what their plan allows, and their level."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from game.cli.common import UserError
from game.core.data import Window
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.records.store import Store
from game.therapy.difficulty import Change, DifficultyState, Limits, start_of_session

#: After so long without a play a new sitting begins, and starts a little below the last rate.
NEW_SITTING = timedelta(hours=2)


def prescribed(store: Store, patient: Patient | None, today: date) -> tuple[Limits, Window | None]:
    """The limits and the window of the patient's plan; the defaults where there is none, and for
    a guest."""
    kept = None if patient is None else store.prescription(patient.code)
    if kept is None:
        return Limits(), None
    return kept.prescription.limits(today), kept.prescription.window


def standing(
    store: Store, patient: Patient, hand: str, input_kind: str, limits: Limits, now: datetime
) -> tuple[DifficultyState | None, Change | None, Sequence[PlaySummary]]:
    """The patient's level with this hand on this kind of input (None: not known yet), what the
    beginning of a new sitting made of it, and the last play of the kind.

    Raises UserError if what is kept of it cannot be read.
    """
    document = store.difficulty_state(patient.code, hand, input_kind)
    if document is None:
        return None, None, []
    try:
        state = DifficultyState.from_dict(document)
    except ValueError as error:
        raise UserError(
            f"the difficulty kept for {patient.code} cannot be read: {error}"
        ) from error
    # Practice opens no sitting and says nothing of the tempo that is usual.
    same = store.plays(patient.code, 1, hand=hand, input_kind=input_kind, mode="play")
    if same and now - same[0].started_at > NEW_SITTING:
        return state, start_of_session(state, limits), same
    return state, None, same
