"""The boards of the whole clinic in the game of one station: a server in a process of its own, the
process beside the game, and the records of a real station. The server goes, comes back, talks
rubbish, and shuts the station out."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from game.cli import boards as boards_module
from game.cli.boards import ClinicBoards
from game.cli.in_touch import InTouch
from game.cli.keeping import Keeper, now_here
from game.clinic.stations import Stations
from game.clinic.sync.pairing import pair, write_pairing
from game.records.boards import Board, BoardKind, BoardSource
from game.records.store import Store
from tests.clinic.bad_network import BadNetwork
from tests.clinic.serving import ServerProcess
from tests.clinic.visiting import new_records
from tests.records.examples import play

NAMES = ("Blue Heron", "Night Owl", "Red Fox", "Quiet Otter", "River Swan")
ME = "P5"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def played(store: Store, code: str, targets: int, seed: int) -> None:
    patient = store.patient(code)
    began = now_here()
    store.save_play(play(seed, targets, patient_id=patient.id, started_at=began, level=-1.0))


def clinic_of_five(folder: Path) -> Path:
    """A server's records: five people, of whom the last has done least."""
    with Store.open(new_records(folder)) as store:
        for n, name in enumerate(NAMES):
            store.add_patient(f"P{n + 1}", nickname=name, board=True)
            played(store, f"P{n + 1}", 400 - 50 * n, n + 1)
    return folder


class Game:
    """The records of a game at a station, and the process beside it."""

    def __init__(self, folder: Path, url: str, server: Path) -> None:
        with Store.open(server) as store:
            code = Stations(store).invite("Window")
        write_pairing(new_records(folder), pair(url, code))
        self.keeper = Keeper.open(folder)
        self.beside = InTouch(folder)
        self.beside.start(self.keeper.clinic_boards)

    @property
    def me(self):
        return self.keeper.store.patient(ME)

    def board(self, kind: BoardKind = BoardKind.EFFORT, *, mine: bool = True) -> Board:
        return self.keeper.board(kind, self.me if mine else None)

    def names(self, *, mine: bool = True) -> list[str]:
        return [row.name for row in self.board(mine=mine).rows]

    def has_the_clinics(self) -> bool:
        return self.keeper.board(BoardKind.TEAM).source is BoardSource.CLINIC

    def close(self) -> None:
        self.beside.stop()
        self.keeper.close()


@contextmanager
def game(folder: Path, url: str, server: Path) -> Iterator[Game]:
    opened = Game(folder, url, server)
    try:
        yield opened
    finally:
        opened.close()


def test_a_station_shows_the_whole_clinic_while_its_server_tells_and_says_when_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clinic_of_five(tmp_path / "server")
    with ServerProcess(folder) as server, game(tmp_path / "station", server.url, folder) as here:
        keeper = here.keeper
        first = keeper.board(BoardKind.EFFORT)
        assert first.source is BoardSource.STATION, "nothing was waited for"
        until(here.has_the_clinics)
        assert keeper.store.count_plays("P1") == 0, "none of their plays is here"
        assert here.names(mine=False) == list(NAMES[:3])

        # Whoever looks sees those beside them.
        here.board()
        until(lambda: NAMES[4] in here.names())
        assert here.names() == list(NAMES)
        assert [row.name for row in here.board().rows if row.me] == [NAMES[4]]

        # A play here moves the team of everybody.
        before = here.board(BoardKind.TEAM).team_fill
        played(keeper.store, ME, 900, 7)
        keeper.station.settle()
        after = here.board(BoardKind.TEAM)
        assert after.source is BoardSource.CLINIC
        assert after.team_fill > before
        assert here.names()[0] == NAMES[4]

        # One tap hides at once, and soon everywhere.
        version = keeper.station.boards_version
        hidden = keeper.hide_on_boards(keeper.person(ME), True)
        assert NAMES[4] not in here.names()
        assert hidden.patient.board_hidden
        assert keeper.station.boards_version != version
        until(here.has_the_clinics)
        assert NAMES[4] not in here.names()
        with Store.open(folder) as records:
            assert records.patient(ME).board_hidden

        # The server goes: a while later the station's own are shown, and play goes on.
        server.kill()
        played(keeper.store, "P1", 10, 8)
        assert here.has_the_clinics()
        with monkeypatch.context() as patched:
            patched.setattr(boards_module, "FRESH_S", 0.2)
            until(lambda: not here.has_the_clinics())
            assert here.board().sentence, "one has played here"
            keeper.station.settle()
        server.start()
        until(here.has_the_clinics)
        assert here.names(mine=False) == [NAMES[0], NAMES[1], NAMES[2]]

        # Shut out: nothing of the clinic is shown any more, at once.
        with Store.open(folder) as records:
            Stations(records).revoke(Stations(records).all()[0].id)
        until(lambda: not here.has_the_clinics())
        assert here.board(BoardKind.TEAM).team_fill is None


def test_rubbish_from_the_server_is_no_board_and_stops_nothing(tmp_path: Path) -> None:
    folder = clinic_of_five(tmp_path / "server")
    with ServerProcess(folder) as server:
        network = BadNetwork(server.port, seed=1)
        network.calm = True
        try:
            with game(tmp_path / "station", network.url, folder) as here:
                until(here.has_the_clinics)
                for rubbish in (
                    b"<html>",
                    b"",
                    b"[" * 100_000,
                    b'{"boards": null}',
                    b'{"boards": [{}, {}, {}, {}]}',
                    b'{"boards": "x"}',
                ):
                    network.boards_say = rubbish
                    here.keeper.clinic_boards.forget()
                    here.keeper.station.settle()
                    assert here.board().source is BoardSource.STATION
                played(here.keeper.store, ME, 50, 9)
                with Store.open(folder) as records:
                    until(lambda: records.count_plays(ME) == 2)
                network.boards_say = None
                until(here.has_the_clinics)
        finally:
            network.close()


def test_a_computer_that_is_no_station_shows_its_own_boards_without_a_word(tmp_path: Path) -> None:
    with Keeper.open(clinic_of_five(tmp_path / "home")) as keeper:
        beside = InTouch(tmp_path / "home")
        beside.start(keeper.clinic_boards)
        shown = keeper.board(BoardKind.EFFORT, keeper.store.patient(ME))
        beside.stop()
        assert shown.source is BoardSource.HERE
        assert len(shown.rows) == len(NAMES)


def test_lines_that_say_nothing_change_nothing() -> None:
    told = ClinicBoards()
    told.link()
    for line in (b"", b"\n", b"{", b"[]", b"3", b'{"ask": "x"}', b"\xff\n", b"[" * 100_000):
        told.heard(line)
    assert told.version == 0
