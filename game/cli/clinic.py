"""``griptune clinic``: the board in the terminal."""

from typing import Annotated

import typer

from game.cli.common import DataOption, JsonOption, data_folder, print_json

app = typer.Typer(help="The clinic: the board.")


@app.callback()
def clinic() -> None:
    """The clinic: the board."""


@app.command("board")
def show_board(
    kind: Annotated[
        str | None,
        typer.Argument(help="team, effort, beat-myself or song-of-the-week; default: all."),
    ] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="CODE", help="Show this patient's place.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show this week's boards."""
    from game.cli.common import UserError
    from game.cli.keeping import now_here, open_records
    from game.clinic.terminal import board_document, board_lines
    from game.records.boards import BoardKind

    known = [k.value for k in BoardKind]
    if kind is not None and kind not in known:
        raise UserError(f"there is no board “{kind}”; the boards are {', '.join(known)}")
    kinds = list(BoardKind) if kind is None else [BoardKind(kind)]
    with open_records(data_folder(data)) as store:
        found = store.boards(now_here().date(), me=patient)
        boards = [found[kind] for kind in kinds]
    if as_json:
        print_json([board_document(b) for b in boards])
        return
    print("\n\n".join("\n".join(board_lines(b)) for b in boards))
