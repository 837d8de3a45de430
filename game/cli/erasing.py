"""``griptune patient anonymise`` and ``erase``."""

from typing import Annotated

import typer

from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

YesOption = Annotated[
    bool, typer.Option("--yes", help="Do it without asking: it cannot be taken back.")
]


def anonymise(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    new_code: Annotated[
        str | None, typer.Option("--as", help="The new code; default: one that says nothing.")
    ] = None,
    yes: YesOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take away code, nickname, boards and every word that was written of a patient; what they
    played stays."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login
    from game.records.anonymous import anonymise as take_away

    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        _sure(yes, f"Take everything that names {patient.code} out of the records?")
        patient = take_away(store, code, new_code)
        store.audit(login(), "anonymise", "a patient", patient.code)
    if as_json:
        print_json({"code": patient.code})
    else:
        print(f"The patient is {patient.code} now. Backups and exports still hold the old names.")


def erase(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    yes: YesOption = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a patient with everything that is kept of them, for good."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login

    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        plays = store.count_plays(code)
        _sure(yes, f"Erase {patient.code} and {plays} plays for good?")
        store.erase_patient(code)
        store.audit(login(), "erase", "a patient")
    if as_json:
        print_json({"erased": patient.code, "plays": plays})
    else:
        print(
            f"Erased {patient.code} and {plays} plays. No backup brings them back; exports that "
            "were made are yours to delete."
        )


def _sure(yes: bool, question: str) -> None:
    if yes:
        return
    if not typer.get_text_stream("stdin").isatty():
        raise UserError(f"{question} Say so with --yes.")
    if not typer.confirm(question, err=True):
        raise UserError("nothing was changed")
