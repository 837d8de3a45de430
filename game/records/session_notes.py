"""The six lines about a patient's last session, gathered from the records."""

from datetime import date
from typing import Any

from game.core.say import Say
from game.records.errors import RecordsError
from game.records.store import Store
from game.therapy.difficulty import resting
from game.therapy.limits import Limits
from game.therapy.session_note import session_note
from game.therapy.session_state import Session, read_session
from game.therapy.state import DifficultyState
from game.therapy.tasks import SHEETS, Form


def note_lines(store: Store, code: str, day: date | None = None) -> tuple[Say, ...]:
    """The six lines about the patient's last session, or the last one of ``day``.

    Raises RecordsError if nothing was played then.
    """
    hand = store.patient(code).hand
    plays = store.plays(code, since=day)
    days = [play for play in plays if day is None or play.local_date == day]
    if not days:
        when = "" if day is None else f" on {day}"
        raise RecordsError(f"{code} has not played{when}: there is nothing to note")
    latest = days[0]
    sittings = [
        kept for kept in store.sessions(code, latest.local_date) if kept.id == latest.session_id
    ]
    of_sitting = [
        play
        for play in days
        if play.local_date == latest.local_date
        and play.session_id == latest.session_id
        and play.hand == latest.hand
    ]
    document = store.difficulty_state(code, latest.hand, latest.input_kind)
    session = _session(sittings[0].document) if sittings else None
    return session_note(
        day=latest.local_date,
        plays=list(reversed(of_sitting)),
        session=session,
        resting=_resting(store, code, document, latest.local_date) if latest.hand == hand else (),
        sets_done=_sets_done(store, code, latest.local_date),
        sets_planned=_sets_planned(store, code),
    )


def _session(document: Any) -> Session | None:
    try:
        return read_session(document)
    except ValueError:
        return None  # of a later program: its plays can still be noted


def _resting(store: Store, code: str, document: Any, day: date) -> tuple[Any, ...]:
    if document is None:
        return ()
    kept = store.prescription(code)
    limits = Limits() if kept is None else kept.prescription.limits(day)
    try:
        return resting(DifficultyState.from_dict(document), limits)
    except ValueError:
        return ()  # of a later program


def _sets_done(store: Store, code: str, day: date) -> int:
    done = store.activities(code, day)
    return sum(one.sets for one in done if one.kind == "task" and one.day == day)


def _sets_planned(store: Store, code: str) -> int:
    kept = store.prescription(code)
    if kept is None:
        return 0
    return sum(SHEETS[task].sets(Form.USUAL) for task in kept.prescription.tasks)
