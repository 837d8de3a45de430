"""``griptune patient anonymise`` and ``erase``."""

import sys
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
    from game.clinic.stations import Stations
    from game.clinic.sync.pairing import read_pairing
    from game.records.anonymous import anonymise as take_away

    folder = data_folder(data)
    pairing = read_pairing(folder)
    if pairing is not None:
        raise UserError(
            f"this computer is a station of {pairing.server}: anonymise there, where everything is "
            "that was played at any station"
        )
    with open_records(folder) as store:
        patient = store.patient(code)
        behind = Stations(store).behind()
        if behind:
            print(
                "What of this patient was not sent yet will be erased at "
                f"{', '.join(one.name for one in behind)}. To keep it, let them come in touch "
                "first (griptune clinic sync).",
                file=sys.stderr,
            )
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
