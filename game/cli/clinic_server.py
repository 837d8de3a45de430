"""``griptune clinic serve`` and ``griptune clinic user``: the server and who may sign in."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json, within

users = typer.Typer(help="Who may sign in at the clinic's pages.")

#: Where the server keeps its own certificate, below the data folder.
_CERTIFICATE_FOLDER = "clinic"


def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.")] = 8484,
    tls: Annotated[
        bool | None,
        typer.Option(
            "--tls/--no-tls",
            help="Encrypted; default: for every address that others can reach. Without it other "
            "machines see the board at most.",
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--cert", help="The clinic's certificate (PEM); default: one made here."),
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Its key (PEM).")] = None,
    open_board: Annotated[
        bool,
        typer.Option("--open-board", help="Whoever reaches the server sees the board."),
    ] = False,
    log: Annotated[
        Path | None, typer.Option(help="A log of requests, by the name of the page.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Serve the board, the staff's pages and the stations; back up every day. Ctrl-C ends it."""
    from datetime import UTC, datetime

    from game.cli.daily_backup import DailyBackup
    from game.cli.keeping import now_here, open_records
    from game.clinic.serve import address, run

    within("--port", port, 0, 65535)
    folder = data_folder(data)
    with open_records(folder) as store:
        where = address(
            host,
            port,
            tls=tls,
            certificate=certificate,
            key=key,
            folder=folder / _CERTIFICATE_FOLDER,
            now=datetime.now(UTC),
        )

        def ready(url: str) -> None:
            print(f"The clinic is served at {url} — Ctrl-C ends it.", flush=True)
            if where.certificate is not None and where.made_here:
                print(f"Its certificate: {where.certificate.fingerprint}", flush=True)

        backups = DailyBackup(store)
        backups.every_day(lambda: now_here().date())
        try:
            run(
                store,
                where,
                open_board=open_board,
                version=__version__,
                log_file=log,
                ready=ready,
            )
        finally:
            backups.close()


@users.callback()
def user() -> None:
    """Who may sign in at the clinic's pages."""


@users.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="patient, display, therapist or administrator.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account; the passphrase is asked for, or read from standard input."""
    from game.cli.keeping import open_records
    from game.clinic.security.accounts import Accounts

    with open_records(data_folder(data)) as store:
        account = Accounts(store).add(name, role, _passphrase())
        store.audit("command line", "edit", f"account {account.id} added as {account.role}")
    if as_json:
        print_json({"id": account.id, "name": account.name, "role": account.role.value})
    else:
        print(f"{account.name} may sign in as {account.role}.")


@users.command("list")
def list_users(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the accounts."""
    from game.cli.keeping import open_records
    from game.clinic.security.accounts import Accounts

    with open_records(data_folder(data)) as store:
        accounts = Accounts(store).all()
    if as_json:
        print_json(
            [
                {"name": a.name, "role": a.role.value, "open": a.disabled_at is None}
                for a in accounts
            ]
        )
        return
    for account in accounts:
        shut = "" if account.disabled_at is None else "  (shut)"
        print(f"{account.name:<24} {account.role}{shut}")


@users.command("passphrase")
def passphrase(
    name: Annotated[str, typer.Argument(help="The account.")], data: DataOption = None
) -> None:
    """Give an account a new passphrase, and end its sessions."""
    from game.cli.keeping import open_records
    from game.clinic.security.accounts import Accounts, name_key

    with open_records(data_folder(data)) as store:
        accounts = Accounts(store)
        found = next((a for a in accounts.all() if name_key(a.name) == name_key(name)), None)
        if found is None:
            raise UserError(f"there is no account “{name}”; see griptune clinic user list")
        accounts.set_passphrase(found.id, _passphrase())
        store.audit("command line", "edit", f"account {found.id} passphrase")
    print(f"{found.name} has a new passphrase.")


def _passphrase() -> str:
    """The passphrase, twice from a terminal, or one line of standard input."""
    if sys.stdin is None or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    first = getpass.getpass("Passphrase (12 letters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise UserError("the two passphrases are not the same")
    return first
