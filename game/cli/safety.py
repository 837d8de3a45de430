"""``griptune backup`` and ``griptune restore``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, data_folder, print_json, records_url

if TYPE_CHECKING:
    from game.records.backup import Manifest


def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write, for example safe.db.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the records to a file that proves what it holds. A game may be open meanwhile."""
    from rich.console import Console
    from rich.progress import Progress

    from game.cli.keeping import open_records
    from game.records.backup import back_up

    quiet = as_json or not sys.stderr.isatty()
    with (
        open_records(data_folder(data)) as store,
        Progress(console=Console(stderr=True), transient=True, disable=quiet) as progress,
    ):
        task = progress.add_task("Copying", total=1.0)
        manifest = back_up(
            store,
            file,
            software=__version__,
            progress=lambda share: progress.update(task, completed=share),
        )
    if as_json:
        print_json({"file": str(file), **_document(manifest)})
    else:
        print(f"{file}: {_said(manifest)}")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by griptune backup.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only check the backup and say what it holds.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the records; those that are there are kept beside."""
    from game.records.backup import inspect
    from game.records.backup import restore as restore_backup

    before, erased = None, 0
    if check:
        manifest = inspect(file)
    else:
        folder = data_folder(data)
        done = restore_backup(file, folder, url=records_url(folder), software=__version__)
        manifest, before, erased = done.manifest, done.before, done.erased
    if as_json:
        kept = None if before is None else str(before)
        about = {"kept_before": kept, "stay_erased": erased}
        print_json({"file": str(file), **_document(manifest), **about})
        return
    print(f"{'Checked' if check else 'Restored'}: {_said(manifest)}")
    if erased:
        who = "1 patient in it was" if erased == 1 else f"{erased} patients in it were"
        print(f"{who} erased or made anonymous here since, and stay so: they did not come back.")
    if before is not None:
        print(f"The records that were there before are in {before}")


def _said(manifest: "Manifest") -> str:
    patients = "1 patient" if manifest.patients == 1 else f"{manifest.patients} patients"
    plays = "1 play" if manifest.plays == 1 else f"{manifest.plays} plays"
    return f"{patients} and {plays}, backed up {manifest.made_at.astimezone():%Y-%m-%d %H:%M}"


def _document(manifest: "Manifest") -> dict[str, Any]:
    return {
        "made_at": manifest.made_at.isoformat(),
        "software": manifest.software,
        "schema": manifest.schema,
        "tables": {name: table.rows for name, table in manifest.tables.items()},
    }
