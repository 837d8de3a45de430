"""``griptune play``: one song, on the stage, headless in real time, or as fast as possible."""

import sys
from typing import Annotated, Any

import typer

from game.cli.common import (
    DataOption,
    JsonOption,
    UserError,
    data_folder,
    one_line,
    print_json,
    within,
)


def play(
    song: Annotated[str, typer.Argument(help="A song's name, title or path.")],
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="CODE", help="Who plays; default: a guest.")
    ] = None,
    glove: Annotated[
        str, typer.Option("--glove", metavar="SPEC", help="Which glove; default: find one.")
    ] = "auto",
    rate: Annotated[
        float | None,
        typer.Option("--rate", metavar="NOTES_PER_S", help="Fix the rate, 0.1 to 3 targets/s."),
    ] = None,
    tempo: Annotated[
        float | None, typer.Option("--tempo", metavar="FACTOR", help="0.5 to 1.5.")
    ] = None,
    window: Annotated[
        float | None,
        typer.Option(
            "--window",
            metavar="MS",
            help="A pinch hits this early or late; default: as prescribed, else 200.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Seed of what is random.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="No screen and no sound.")] = False,
    fast: Annotated[
        bool,
        typer.Option("--fast", help="As fast as possible, on a manual clock (needs --headless)."),
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play one song."""
    within("--rate", rate, 0.1, 3, " targets/s")
    within("--tempo", tempo, 0.5, 1.5)
    within("--window", window, 20, 1000, " ms")
    within("--seed", seed, 0, 2**63 - 1)
    if fast and not headless:
        raise UserError("--fast goes with --headless: nobody could follow the picture")
    from game.cli.keeping import Keeper, play_options
    from game.cli.settings import read_settings

    folder = data_folder(data)
    options = play_options(
        read_settings(folder), rate=rate, tempo=tempo, window_ms=window, seed=seed
    )
    if headless:
        from game.cli.headless import play_headless

        with Keeper.open(folder) as keeper:
            document = play_headless(keeper, song, patient, glove, options, fast=fast)
            # The figures are told even if the disk is full; what was played is not worth less.
            _tell(document, as_json)
            keeper.wait_until_kept()
    else:
        from game.cli.stage import play_one_song

        play_one_song(folder, song, patient, glove, options, lambda d: _tell(d, as_json))


def _tell(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(document)
    else:
        _print_summary(document)
    sys.stdout.flush()


def _print_summary(document: dict[str, Any]) -> None:
    missed = document["missed"]
    print(f"{document['counted']} pinches counted in {one_line(document['song'])}")
    if document["interrupted"]:
        print("the play was ended early; what it counted is kept")
    print(f"{document['hits']} of {document['targets']} targets hit, score {document['score']}")
    if document["misses"]:
        print("missed: " + ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in missed.items()))
    offer = document["next"]
    print(f"next: {offer['rate']:.2f} targets/s at tempo {offer['tempo']:g} ({offer['reason']})")
