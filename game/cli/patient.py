"""``griptune patient``: patients by code and nickname."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from game.cli import erasing, explaining, exporting, planning, prescribing
from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.patients import Patient
    from game.records.store import Store

app = typer.Typer(help="Patients by code and nickname.")
app.command("prescribe")(prescribing.prescribe)
app.command("explain")(explaining.explain)
app.command("plan")(planning.plan)
app.command("export")(exporting.export)
app.command("import")(exporting.import_records)
app.command("anonymise")(erasing.anonymise)
app.command("erase")(erasing.erase)


@app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="Letters, digits, - _ . ; no names needed.")],
    nickname: Annotated[str | None, typer.Option(help="The name on screen and boards.")] = None,
    hand: Annotated[str, typer.Option(help="The hand that is trained: left or right.")] = "right",
    board: Annotated[
        bool, typer.Option("--board", help="The patient wants to be on boards.")
    ] = False,
    glove_size: Annotated[str | None, typer.Option(help="S, M or L.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a patient."""
    from game.cli.keeping import open_records

    if hand not in ("left", "right"):
        raise UserError(f"--hand is left or right, not “{hand}”")
    with open_records(data_folder(data)) as store:
        patient = store.add_patient(
            code, nickname=nickname, hand=hand, board=board, glove_size=glove_size
        )
        store.audit(prescribing.login(), "edit", "patient added", code)
    if as_json:
        print_json(_document(patient))
    else:
        print(f"Added {patient.code} ({patient.shown_name}), {patient.hand} hand.")


@app.command("change")
def change(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    nickname: Annotated[
        str | None, typer.Option(help="The name on screen and boards; empty takes it away.")
    ] = None,
    hand: Annotated[str | None, typer.Option(help="The hand that is trained.")] = None,
    board: Annotated[
        bool | None, typer.Option("--board/--no-board", help="On the boards, or no longer.")
    ] = None,
    picture: Annotated[str | None, typer.Option(help="An animal, such as otter.")] = None,
    glove_size: Annotated[str | None, typer.Option(help="S, M or L; empty takes it away.")] = None,
    pin: Annotated[
        str | None, typer.Option(help="Four digits, asked at this clinic's station.")
    ] = None,
    no_pin: Annotated[bool, typer.Option("--no-pin", help="Ask for no PIN any more.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a patient's nickname, picture, hand, glove size, PIN, or choice to be on boards."""
    from game.cli.helping import change_patient
    from game.cli.keeping import open_records
    from game.records.pins import checked_pin

    if pin is not None and no_pin:
        raise UserError("use --pin or --no-pin, not both")
    pin = "" if no_pin else None if pin is None else checked_pin(pin)
    given: dict[str, Any] = {
        "nickname": nickname,
        "hand": hand,
        "board": board,
        "picture": picture,
        "glove_size": glove_size,
        "pin": pin,
    }
    if all(value is None for value in given.values()):
        raise UserError(
            "nothing to change was given: use --nickname, --hand, --board, --no-board, --picture, "
            "--glove-size, --pin or --no-pin"
        )
    with open_records(data_folder(data)) as store:
        patient = change_patient(store, code, author=prescribing.login(), **given)
        store.audit(prescribing.login(), "edit", "patient", code)
    if as_json:
        print_json(_document(patient))
        return
    boards = "on the boards" if patient.on_board else "not on the boards"
    glove = f", glove size {patient.glove_size}" if patient.glove_size else ""
    print(
        f"{patient.code} is {patient.shown_name} ({patient.picture}), {patient.hand} hand{glove}, "
        f"{boards}."
    )


@app.command("list")
def list_patients(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the patients."""
    from game.cli.keeping import open_records

    with open_records(data_folder(data)) as store:
        patients = store.patients()
    if as_json:
        print_json([_document(p) for p in patients])
        return
    for patient in patients:
        print(f"{patient.code:<16} {patient.shown_name:<20} {patient.hand} hand")


@app.command("show")
def show(code: str, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show one patient: plays, level, and how the grips are doing."""
    from game.cli.keeping import open_records

    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        summary = _summary(store, patient)
        store.audit(prescribing.login(), "view", "figures", code)
    if as_json:
        print_json({**_document(patient), **summary})
        return
    print(f"{patient.code} ({patient.shown_name}), {patient.hand} hand")
    print(f"plays: {summary['plays']}, counted grips: {summary['counted']}")
    for name, sums in summary["grips"].items():
        print(f"{name:<7} {sums['hits']} of {sums['presented']} targets hit")
    for level in summary["levels"]:
        print(f"level with {level['input']}, {level['hand']} hand: {level['rate']:.2f} targets/s")


def _document(patient: "Patient") -> dict[str, object]:
    return {
        "code": patient.code,
        "nickname": patient.nickname,
        "hand": patient.hand,
        "board": patient.on_board,
        "glove_size": patient.glove_size,
    }


def _summary(store: "Store", patient: "Patient") -> dict[str, Any]:
    """What ``griptune patient show`` says beyond the patient's own row."""
    from game.core.grips import GRIPS
    from game.therapy.difficulty import DifficultyState

    plays = store.plays(patient.code)
    kinds = sorted({(play.hand, play.input_kind) for play in plays})
    levels = []
    for hand, kind in kinds:
        document = store.difficulty_state(patient.code, hand, kind)
        if document is not None:
            state = DifficultyState.from_dict(document)
            levels.append({"hand": hand, "input": kind, "rate": round(state.rate, 4)})
    return {
        "plays": len(plays),
        "counted": sum(play.counted for play in plays),
        "repetitions": sum(play.repetitions for play in plays),
        "levels": levels,
        "grips": {
            grip.label: {
                "presented": sum(play.of_grip(grip).presented for play in plays),
                "hits": sum(play.of_grip(grip).hits for play in plays),
                "repetitions": sum(play.of_grip(grip).repetitions for play in plays),
            }
            for grip in GRIPS
        },
    }
