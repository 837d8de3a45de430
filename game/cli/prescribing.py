"""``griptune patient prescribe``: what a patient is to practise, how much, within what limits."""

import getpass
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.prescriptions import KeptPrescription
    from game.therapy.prescription import Prescription


def prescribe(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    preset: Annotated[
        str | None,
        typer.Option(help="Begin with: early, middle, late, maintenance, injury, child."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A plan as .toml, with the fields of --json.")
    ] = None,
    hand: Annotated[str | None, typer.Option(help="The hand that is trained.")] = None,
    grips: Annotated[
        str | None, typer.Option(help="The grips, with weights if not equal: index,middle:2")
    ] = None,
    minutes: Annotated[int | None, typer.Option(help="Minutes of play a day.")] = None,
    days: Annotated[int | None, typer.Option(help="Days a week.")] = None,
    slowest: Annotated[float | None, typer.Option(help="Lowest rate, targets/s.")] = None,
    fastest: Annotated[float | None, typer.Option(help="Highest rate, targets/s.")] = None,
    success: Annotated[
        float | None, typer.Option(help="Share of targets to hit, 0.65 to 0.90.")
    ] = None,
    early: Annotated[int | None, typer.Option(help="A pinch hits so early, ms.")] = None,
    late: Annotated[int | None, typer.Option(help="A pinch hits so late, ms.")] = None,
    modes: Annotated[
        str | None, typer.Option(help="Of play,practice,mirror,mental,assisted.")
    ] = None,
    tasks: Annotated[
        str | None, typer.Option(help="Tasks off the screen, or “none”: putty-squeeze,…")
    ] = None,
    assessments: Annotated[
        str | None, typer.Option(help="Of speed,dexterity,tapping, or “none”.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="First day, as 2026-03-02.")] = None,
    review: Annotated[str | None, typer.Option(help="Day of the review.")] = None,
    lock: Annotated[
        bool | None, typer.Option("--lock/--unlock", help="Keep the difficulty from rising.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A note for whoever reads the plan.")] = None,
    author: Annotated[str | None, typer.Option(help="Who prescribes; default: your login.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Show every version.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prescribe, or change what is prescribed. Without options, show the plan."""
    from game.cli.keeping import open_records

    given: dict[str, Any] = {
        "hand": hand,
        "grips": None if grips is None else _weights(grips),
        "minutes": minutes,
        "days": days,
        "rate_min": slowest,
        "rate_max": fastest,
        "success_target": success,
        "early_ms": early,
        "late_ms": late,
        "modes": _listed(modes),
        "tasks": _listed(tasks),
        "assessments": _listed(assessments),
        "start": start,
        "review": review,
        "locked": lock,
        "note": note,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    if preset is not None and file is not None:
        raise UserError("give --preset or --file, not both")
    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        kept = store.prescription(code)
        if wanted or preset is not None or file is not None:
            plan = _plan(kept, patient.hand, preset, file, wanted)
            based_on = 0 if kept is None else kept.version
            kept = store.prescribe(code, plan, author or login(), based_on=based_on)
            store.audit(login(), "edit", f"plan, version {kept.version}", code)
        else:
            store.audit(login(), "view", "plan", code)
        versions = store.prescriptions(code) if history else [kept] if kept is not None else []
    if as_json:
        documents = [_document(version) for version in versions]
        print_json({"patient": patient.code, "versions": documents})
        return
    if not versions:
        print(f"Nothing is prescribed for {patient.code} yet; begin with --preset middle")
    for version in versions:
        _print(patient.code, version)


def _plan(
    kept: "KeptPrescription | None",
    hand: str,
    preset_name: str | None,
    file: Path | None,
    wanted: dict[str, Any],
) -> "Prescription":
    from game.therapy.prescription import LONGEST_BLOCK, changed, preset, read_prescription

    today = date.today()
    try:
        if file is not None:
            base = read_prescription(_read(file))
        elif preset_name is not None or kept is None:
            begin = _day(wanted.get("start"), today)
            base = preset(preset_name or "middle", begin, wanted.get("hand") or hand)
        else:
            base = kept.prescription
        if "start" in wanted and "review" not in wanted:
            begin = _day(wanted["start"], today)
            if not begin < base.review <= begin + LONGEST_BLOCK:
                wanted = {**wanted, "review": begin + LONGEST_BLOCK}
        return changed(base, **wanted)
    except ValueError as error:
        raise UserError(f"this cannot be prescribed: {error}") from error


def _day(text: str | None, today: date) -> date:
    """The day that was given; today if none was, or one that the check refuses afterwards."""
    try:
        return today if text is None else date.fromisoformat(text)
    except ValueError:
        return today


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:  # TOML and UTF-8 alike
        raise UserError(f"{file} is not valid TOML: {error}") from error


def _weights(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for piece in text.split(","):
        name, _, weight = piece.strip().partition(":")
        try:
            weights[name.strip().lower()] = float(weight) if weight else 1.0
        except ValueError:
            raise UserError(f"--grips is a list like index,middle:2, not “{text}”") from None
    return weights


def _listed(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [] if text.strip() == "none" else [piece.strip() for piece in text.split(",")]


def login() -> str:
    """Who is logged in at this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody at this computer"


def _document(kept: "KeptPrescription") -> dict[str, Any]:
    return {
        "version": kept.version,
        "author": kept.author,
        "created_at": kept.created_at.isoformat(),
        **kept.prescription.document(),
    }


def _print(code: str, kept: "KeptPrescription") -> None:
    plan = kept.prescription
    grips = ", ".join(
        name if weight == 1 else f"{name} ×{weight:g}" for name, weight in plan.grips.items()
    )
    print(f"{code}, version {kept.version} by {kept.author}, {kept.created_at:%Y-%m-%d}")
    print(f"  {plan.hand} hand: {grips}")
    print(f"  {plan.minutes} minutes a day, {plan.days} days a week")
    print(
        f"  {plan.rate_min:g} to {plan.rate_max:g} targets/s, {plan.success_target:.0%} to hit, "
        f"window {plan.early_ms} ms early and {plan.late_ms} ms late"
        + (", locked" if plan.locked else "")
    )
    for title, chosen in (
        ("modes", plan.modes),
        ("tasks", plan.tasks),
        ("assessments", plan.assessments),
    ):
        if chosen:
            print(f"  {title}: {', '.join(chosen)}")
    print(f"  from {plan.start}, review on {plan.review}")
    if plan.note:
        print(f"  {plan.note}")
