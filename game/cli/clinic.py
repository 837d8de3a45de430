"""``griptune clinic``: the board, the server and its accounts, stations."""

import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli import clinic_server, clinic_station
from game.cli.common import DataOption, JsonOption, data_folder, print_json

if TYPE_CHECKING:
    from game.records.store import Store

app = typer.Typer(help="The clinic: the board, the server, stations.")
app.command("serve")(clinic_server.serve)
app.add_typer(clinic_server.users, name="user")
app.command("pair")(clinic_station.pair)
app.command("sync")(clinic_station.sync)


@app.callback()
def clinic() -> None:
    """The clinic: the board, the server, stations."""


@app.command("board")
def show_board(
    kind: Annotated[
        str | None,
        typer.Argument(help="team, effort, beat-myself or song-of-the-week; default: all."),
    ] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="CODE", help="Show this patient's place.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Fill the terminal and stay; Ctrl-C ends it.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show this week's boards."""
    from game.cli.common import UserError
    from game.cli.keeping import open_records
    from game.records.board_form import board_document
    from game.records.boards import BoardKind

    known = [k.value for k in BoardKind]
    if kind is not None and kind not in known:
        raise UserError(f"there is no board “{kind}”; the boards are {', '.join(known)}")
    kinds = list(BoardKind) if kind is None else [BoardKind(kind)]
    if follow and as_json:
        raise UserError("--follow fills a terminal; without it --json prints the boards once")
    with open_records(data_folder(data)) as store:
        if follow:
            _follow(store, kinds, patient)
        elif as_json:
            print_json([board_document(b) for b in _boards(store, kinds, patient)])
        else:
            print(_text(store, kinds, patient))


def _boards(store: "Store", kinds: list, patient: str | None) -> list:
    from game.cli.keeping import now_here
    from game.clinic.settings import song_of_the_week

    day = now_here().date()
    found = store.boards(day, me=patient, song_key=song_of_the_week(store, day))
    return [found[kind] for kind in kinds]


def _text(store: "Store", kinds: list, patient: str | None) -> str:
    from game.clinic.terminal import board_lines

    return "\n\n".join("\n".join(board_lines(b)) for b in _boards(store, kinds, patient))


def _follow(store: "Store", kinds: list, patient: str | None) -> None:
    """The boards over the whole terminal, drawn anew when somebody wrote to the records."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from game.clinic.changes import Changes

    changes = Changes(store)
    console = Console(file=sys.stdout)
    began = 0.0
    live = Live(console=console, screen=True, auto_refresh=False) if console.is_terminal else None
    try:
        with live or nullcontext():
            while True:
                if changes.any() or time.monotonic() - began > 60.0:
                    began = time.monotonic()
                    text = _text(store, kinds, patient)
                    if live is not None:
                        live.update(Text(text), refresh=True)
                    else:
                        print(text + "\n", flush=True)
                time.sleep(0.25)
    except KeyboardInterrupt:
        pass
    finally:
        changes.close()
