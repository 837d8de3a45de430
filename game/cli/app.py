"""The tree of commands."""

from typing import Annotated

import typer

from game import __version__
from game.cli import (
    clinic,
    glove,
    launcher,
    patient,
    playing,
    rejudging,
    replay,
    reporting,
    safety,
    screens,
    songs,
)
from game.cli.common import DataOption, UserError, data_folder, known_language

app = typer.Typer(
    name="griptune",
    help="Rhythm-game hand therapy: pinch in time to a song, and every repetition counts.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"griptune {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def griptune(
    context: typer.Context,
    glove_spec: Annotated[
        str, typer.Option("--glove", metavar="SPEC", help="Which glove; default: find one.")
    ] = "auto",
    windowed: Annotated[
        bool, typer.Option("--windowed", help="Open a window instead of the full screen.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option("--lang", metavar="LANGUAGE", help="de, en or es; default: the computer's."),
    ] = None,
    therapist: Annotated[
        bool, typer.Option("--therapist", help="A therapist sits beside whoever plays.")
    ] = False,
    data: DataOption = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Open the game."""
    misplaced = {
        "--glove": glove_spec != "auto",
        "--windowed": windowed,
        "--lang": language is not None,
        "--therapist": therapist,
        "--data": data is not None,
    }
    if context.invoked_subcommand is not None:
        for option, given in misplaced.items():
            if given:
                command = context.invoked_subcommand
                raise UserError(f"{option} goes after the command: griptune {command} … {option} …")
    else:
        from game.cli.stage import open_game

        known_language(language)
        open_game(
            data_folder(data),
            glove_spec,
            full_screen=not windowed,
            language=language,
            therapist=therapist,
        )


app.command("play")(playing.play)
app.command("replay")(replay.replay)
app.command("report")(reporting.report)
app.command("note")(reporting.note)
app.command("rejudge")(rejudging.rejudge)
app.command("backup")(safety.backup)
app.command("restore")(safety.restore)
app.command("launcher")(launcher.launcher)
app.command("screens")(screens.draw_screens)
app.add_typer(songs.app, name="songs")
app.add_typer(glove.app, name="glove")
app.add_typer(patient.app, name="patient")
app.add_typer(clinic.app, name="clinic")
