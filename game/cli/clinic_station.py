"""``griptune clinic pair`` and ``griptune clinic sync``: this computer as a station of a clinic."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Annotated

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json, within

#: After a round that failed the next one waits longer and longer, up to this.
_LONGEST_WAIT_S = 30.0


def pair(
    server: Annotated[str, typer.Argument(help="The server, such as https://192.168.1.10:8484.")],
    code: Annotated[
        str | None, typer.Argument(help="The one-time code from the page Stations.")
    ] = None,
    fingerprint: Annotated[
        str | None, typer.Option(help="The certificate's fingerprint, as that page shows it.")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="No longer a station of it.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make this computer a station of a clinic's server."""
    from game.clinic.sync.link import OfflineError, checked_url
    from game.clinic.sync.pairing import (
        certificate_to_pin,
        forget_pairing,
        write_pairing,
    )
    from game.clinic.sync.pairing import pair as pair_with

    folder = data_folder(data)
    checked_url(server)
    if forget:
        if not forget_pairing(folder):
            raise UserError("this computer is not paired")
        print("This computer is no station any more; its records stay as they are.")
        return
    if not code:
        raise UserError(
            "the one-time code is missing: an administrator makes one on the page Stations"
        )
    try:
        certificate, shown = certificate_to_pin(server, fingerprint or "")
        if certificate and not fingerprint:
            _compare(shown)
        pairing = pair_with(server, code, certificate, __version__)
    except OfflineError as error:
        raise UserError(str(error)) from error
    write_pairing(folder, pairing)
    if as_json:
        print_json({"server": pairing.server, "station": pairing.station, "name": pairing.name})
    else:
        print(f"This computer is the station “{pairing.name}” of {pairing.server} now.")


def sync(
    follow: Annotated[
        bool, typer.Option("--follow", help="Stay, and send what is new at once.")
    ] = False,
    every: Annotated[
        float, typer.Option(help="Seconds between two looks at the server, with --follow.")
    ] = 5.0,
    while_input: Annotated[
        bool,
        typer.Option("--while-input", hidden=True, help="End when standard input is closed."),
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send what is new to the clinic's server, and fetch what it decided."""
    from game.cli.keeping import open_records
    from game.clinic.sync.beside import BoardsBeside
    from game.clinic.sync.follow import follow as keep_following
    from game.clinic.sync.follow import health_of
    from game.clinic.sync.link import OfflineError, RefusedByServerError
    from game.clinic.sync.pairing import read_pairing
    from game.clinic.sync.station import StationSync

    within("--every", every, 0.2, 3600, " s")
    started_by = _Input() if while_input else None
    if started_by is not None:
        with suppress(AttributeError, OSError):  # a game runs beside; Windows has no nice
            os.nice(5)
    folder = data_folder(data)
    pairing = read_pairing(folder)
    if pairing is None:
        raise UserError("this computer is not paired: griptune clinic pair SERVER CODE")
    with open_records(folder) as store:
        link = pairing.link(__version__)
        station = StationSync(store, link, lambda: health_of(store, __version__))
        boards = None
        if started_by is not None:
            boards = BoardsBeside(link, _tell)
            started_by.hear(boards.listen)
        try:
            if follow:
                keep_following(
                    store,
                    station,
                    every_s=every,
                    longest_wait_s=_LONGEST_WAIT_S,
                    going_on=lambda: started_by is None or started_by.open,
                    say=lambda line: print(line, file=sys.stderr, flush=True),
                    sleep=time.sleep,
                    boards=boards,
                )
                return
            done = station.round()
        except (OfflineError, RefusedByServerError) as error:
            raise UserError(str(error)) from error
        except KeyboardInterrupt:
            return
        finally:
            link.close()
    if as_json:
        print_json(
            {
                "sent": done.sent,
                "known": done.known,
                "pulled": done.pulled,
                "waiting": done.waiting,
                "refused": done.refused,
            }
        )
        return
    print(f"sent {done.sent}, fetched {done.pulled}, waiting {done.waiting}")
    for sentence in done.refused:
        print(f"refused: {sentence}")


def _compare(shown: str) -> None:
    pairs = " ".join(shown[i : i + 4] for i in range(0, len(shown), 4))
    if not sys.stdin.isatty():
        raise UserError(
            f"the server shows the certificate {shown}: if that is the one on its page "
            "Stations, give it with --fingerprint"
        )
    print(f"The server shows this certificate:\n  {pairs}")
    if not typer.confirm("Is it the one that the page Stations shows?"):
        raise UserError("this computer was not paired")


def _tell(line: str) -> None:
    with suppress(OSError):  # the game was killed: what it wrote last is still to be sent
        print(line, flush=True)


class _Input:
    """Whether standard input is still open. Whoever started us holds the other end, and the system
    closes it even if they are killed."""

    def __init__(self) -> None:
        self.open = True

    def hear(self, lines: Callable[[Iterable[str]], None]) -> None:
        """Hand what is said there to ``lines``, in a thread, until it is closed."""
        threading.Thread(target=self._wait, args=(lines,), daemon=True).start()

    def _wait(self, lines: Callable[[Iterable[str]], None]) -> None:
        with suppress(OSError, ValueError):
            if sys.stdin is not None:
                lines(sys.stdin)
        self.open = False
