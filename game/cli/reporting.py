"""``griptune report`` and ``griptune note``: what a clinic files about a patient's practice."""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.report.figures import Figures
    from game.records.store import Store
    from game.therapy.session_state import Session

_WRITTEN = {".pdf": "PDF", ".html": "HTML", ".htm": "HTML"}


def report(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    out: Annotated[
        Path, typer.Option("--out", help="The report to write: a name ending in .pdf or .html.")
    ],
    first: Annotated[
        str | None, typer.Option("--from", help="First day, as 2026-03-02; default: 8 weeks ago.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day; default: today.")] = None,
    hand: Annotated[
        str | None, typer.Option(help="Of which hand; default: the one that trains.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a patient's progress report: two pages, to print or to send."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login

    kind_of(out)
    since, until = _day("--from", first), _day("--to", last)
    if since is not None and until is not None and since > until:
        raise UserError(f"--from ({since}) lies after --to ({until})")
    if hand is not None and hand not in ("left", "right"):
        raise UserError(f"--hand is left or right, not “{hand}”")
    with open_records(data_folder(data)) as store:
        found = figures_of(store, code, first=since, last=until, hand=hand)
        write_report(found, out)
        store.audit(login(), "export", f"report as {kind_of(out)}", code)
    if as_json:
        print_json(_document(found, out))
    else:
        from game.records.report.tables import period

        print(f"{out}: {found.code}, {period(found)}, {found.counted} counted grips.")


def note(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    day: Annotated[
        str | None, typer.Option("--day", help="Of which day; default: the last with play.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print six lines about a patient's last session, to paste into the records."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login

    wanted = _day("--day", day)
    with open_records(data_folder(data)) as store:
        lines = note_lines(store, code, wanted)
        store.audit(login(), "view", "session note", code)
    if as_json:
        print_json({"lines": lines})
    else:
        print("\n".join(lines))


def note_lines(store: "Store", code: str, day: date | None = None) -> list[str]:
    """The six lines about the patient's last session, or the last one of ``day``.

    Raises UserError if nothing was played then.
    """
    from game.therapy.session_note import session_note

    hand = store.patient(code).hand
    plays = store.plays(code, since=day)
    days = [play for play in plays if day is None or play.local_date == day]
    if not days:
        when = "" if day is None else f" on {day}"
        raise UserError(f"{code} has not played{when}: there is nothing to note")
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
    lines = session_note(
        day=latest.local_date,
        plays=list(reversed(of_sitting)),
        session=session,
        resting=_resting(store, code, document, latest.local_date) if latest.hand == hand else (),
        sets_done=_sets_done(store, code, latest.local_date),
        sets_planned=_sets_planned(store, code),
    )
    return [str(line) for line in lines]


def kind_of(path: Path) -> str:
    """How the report at ``path`` is written. Raises UserError for other endings."""
    try:
        return _WRITTEN[path.suffix.lower()]
    except KeyError:
        raise UserError(
            f"a report is written as .pdf or .html: “{path.name}” ends in neither"
        ) from None


def figures_of(
    store: "Store",
    code: str,
    *,
    first: date | None = None,
    last: date | None = None,
    hand: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> "Figures":
    """The figures of a patient's report. Raises UserError for days that cannot be."""
    from game.records.report.figures import figures
    from game.records.report.gather import gather

    today = store.clock().astimezone().date()
    if first is not None and first > (last or today):
        raise UserError(f"the report would end ({last or today}) before it begins ({first})")
    material = gather(
        store, code, first=first, last=last, hand=hand, software=__version__, progress=progress
    )
    return figures(material)


def write_report(found: "Figures", path: Path) -> None:
    """Write the report whole or not at all. Raises UserError if it cannot be written."""
    if kind_of(path) == "PDF":
        from game.records.report.pdf import to_pdf

        content = to_pdf(found)
    else:
        from game.records.report.html import to_html

        content = to_html(found).encode("utf-8")
    write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that says something of a person: whole or not at all, for the user's eyes.

    Raises UserError if it cannot be written.
    """
    half = path.with_name(path.name + ".part")
    try:
        half.touch(mode=0o600)
        half.write_bytes(content)
        os.replace(half, path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise UserError(f"{path} cannot be written: {error.strerror}") from error


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UserError(f"{name} is a day such as 2026-03-02, not “{text}”") from None


def _document(found: "Figures", out: Path) -> dict[str, Any]:
    overall = found.overall
    return {
        "file": str(out),
        "patient": found.code,
        "hand": found.hand,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "plays": overall.plays,
        "minutes": round(found.minutes, 1),
        "counted": found.counted,
        "repetitions": found.repetitions,
        "asked": overall.asked,
        "hits": overall.hits,
        "asynchrony_ms": {
            "plays": overall.timed_plays,
            "median": overall.timing.median,
            "mean": overall.timing.mean,
            "sd": overall.timing.sd,
        },
        "grips": {
            row.grip.label: {
                "presented": row.asked,
                "hits": row.hits,
                "counted": row.counted,
                "repetitions": row.repetitions,
            }
            for row in found.grips
        },
    }


def _session(document: Any) -> "Session | None":
    from game.therapy.session_state import read_session

    try:
        return read_session(document)
    except ValueError:
        return None  # of a later program: its plays can still be noted


def _resting(store: "Store", code: str, document: Any, day: date) -> tuple[Any, ...]:
    from game.therapy.difficulty import resting
    from game.therapy.limits import Limits
    from game.therapy.state import DifficultyState

    if document is None:
        return ()
    kept = store.prescription(code)
    limits = Limits() if kept is None else kept.prescription.limits(day)
    try:
        return resting(DifficultyState.from_dict(document), limits)
    except ValueError:
        return ()  # of a later program


def _sets_done(store: "Store", code: str, day: date) -> int:
    done = store.activities(code, day)
    return sum(one.sets for one in done if one.kind == "task" and one.day == day)


def _sets_planned(store: "Store", code: str) -> int:
    from game.therapy.tasks import SHEETS, Form

    kept = store.prescription(code)
    if kept is None:
        return 0
    return sum(SHEETS[task].sets(Form.USUAL) for task in kept.prescription.tasks)
