"""``griptune patient plan``: today's plan and the week, and the plan as a calendar file."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.plays import PlaySummary
    from game.records.store import Store
    from game.therapy.plan import DayDone, TodaysPlan


def plan(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Write the plan to this calendar file.")
    ] = None,
    at: Annotated[str, typer.Option(help="When practice begins, as 10:00.")] = "10:00",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show today's plan, or write the whole plan as a calendar for the telephone."""
    from game.cli.keeping import now_here, open_records
    from game.therapy.calendar import plan_ics
    from game.therapy.plan import todays_plan

    begins = _time(at)
    now = now_here()
    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        kept = store.prescription(patient.code)
        if kept is None:
            raise UserError(
                f"nothing is prescribed for {patient.code}; see griptune patient prescribe"
            )
        monday = now.date() - timedelta(days=now.weekday())
        done = days_done(store, patient.code, monday)
        today = todays_plan(kept.prescription, now.date(), done)
        if ics is not None:
            # The version's own identifier: a later version is another plan.
            uid = f"plan-{kept.version}-{patient.id}"
            text = plan_ics(kept.prescription, uid=uid, now=now, at=begins)
            _write(ics, text)
    document = _document(patient.code, today)
    if as_json:
        print_json(document | {"ics": None if ics is None else str(ics)})
        return
    _print(today)
    if ics is not None:
        print(f"The plan was written to {ics}; open it on the telephone to take it in.")


def days_done(store: "Store", code: str, since: date) -> "list[DayDone]":
    """What was done on each local day from ``since`` on: minutes of play, and whether a session
    said that the day was kept.

    Only what loads the hand in therapy counts: neither mirror nor mental practice.
    """
    from game.therapy.plan import DayDone

    found: dict[date, DayDone] = {}
    for play in store.plays(code, since=since):
        if loads(play):
            before = found.get(play.local_date, DayDone(play.local_date))
            found[play.local_date] = replace(before, play_us=before.play_us + play.duration_us)
    for session in store.sessions(code, since):
        before = found.get(session.local_date, DayDone(session.local_date))
        found[session.local_date] = replace(before, kept=before.kept or session.day_kept)
    return sorted(found.values(), key=lambda done: done.day)


def loads(play: "PlaySummary") -> bool:
    """Whether a play counts towards dose and caps of the hand in therapy."""
    from game.therapy.prescription import Mode
    from game.therapy.ways import WAYS

    return play.mode not in {mode.value for mode in Mode if not WAYS[mode].loads}


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise UserError(f"--at is a time of the day like 10:00, not “{text}”") from None


def _write(path: Path, text: str) -> None:
    from game.records.export.sink import whole_file

    with whole_file(path, private=False) as out:
        out.write(text.encode("utf-8"))


def _document(code: str, today: "TodaysPlan") -> dict[str, Any]:
    return {
        "patient": code,
        "minutes": today.minutes,
        "minutes_done": today.minutes_done,
        "grips": [grip.label for grip in today.grips],
        "modes": [mode.value for mode in today.modes],
        "tasks": [task.task.value for task in today.tasks],
        "days_kept": today.week.kept,
        "days_planned": today.week.planned,
        "week": [day.value for day in today.week.days],
        "rest_is_fine": today.rest_is_fine,
        "review_in_days": today.review_in,
        "begins_in_days": today.begins_in,
    }


def _print(today: "TodaysPlan") -> None:
    from game.therapy.tasks import SHEETS

    if today.begins_in:
        print(f"The plan begins in {today.begins_in} days.")
    print(f"Today: {today.minutes_done} of {today.minutes} minutes of play.")
    if today.rest_is_fine:
        print("This week's days are done: today may be a rest.")
    for task in today.tasks:
        sheet = SHEETS[task.task]
        dose = sheet.forms[task.form]
        print(f"  {sheet.title}: {sheet.sets(task.form)} × {dose.amount}")
    print(f"This week: {today.week.kept} of {today.week.planned} days.")
    if today.review_in >= 0:
        print(f"The plan is looked at again in {today.review_in} days.")
    else:
        print("The plan should have been looked at again by now.")
