"""The big screen: live, pseudonymous, fair, over a real port."""

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.clinic.board_hub import Shown
from game.clinic.pages.board import fragment
from game.clinic.security.web_sessions import Browser
from game.clinic.settings import choose_song_of_the_week
from game.records.boards import Board, BoardKind, BoardPlay, BoardRow, Person, Week, board
from game.words import Words
from tests.clinic.live import LiveClinic, LiveStation, live_clinic
from tests.clinic.visiting import PASSPHRASE, House, open_house
from tests.records.examples import NOON, play

NAMES = ["Blue Heron", "Quiet Cello", "Red Maple", "River Stone", "Night Owl", "Old Bell"]
TODAY = NOON.date()


def week_of_plays(store, count: int = 4, seed: int = 0, without: int = -1) -> None:
    """People with enough plays for every board, this week and before."""
    for n in range(count):
        if n == without:
            continue
        patient = store.add_patient(
            f"SECRET-{n}", nickname=NAMES[n], board=True, hand="left", picture="owl"
        )
        for k in range(5):
            at = NOON - timedelta(days=9 - 2 * k, minutes=n)
            store.save_play(
                play(seed + 10 * n + k, patient_id=patient.id, level=-1 + 0.1 * k, started_at=at)
            )


class Viewer:
    """A browser at the live board: a thread that reads the events as they come."""

    def __init__(self, live: LiveClinic) -> None:
        account = next(
            (a for a in live.clinic.accounts.all() if a.name == "Wall"), None
        ) or live.clinic.accounts.add("Wall", "display", PASSPHRASE)
        self.token = live.clinic.sessions.begin(account, Browser("127.0.0.1", "Viewer"))
        host = live.url.removeprefix("http://")
        self.connection = http.client.HTTPConnection(host, timeout=60)
        self.connection.request(
            "GET",
            "/board/events",
            headers={"cookie": f"griptune={self.token}", "user-agent": "Viewer"},
        )
        assert self.connection.sock is not None
        self.socket = self.connection.sock
        self.response = self.connection.getresponse()
        self.events: list[tuple[float, str]] = []
        self.ended = threading.Event()
        self._new = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            self._read_on()
        self.ended.set()

    def _read_on(self) -> None:
        lines: list[str] = []
        while line := self.response.readline().decode():
            if line.strip():
                lines.append(line)
            elif any(entry.startswith("data:") for entry in lines):
                with self._new:
                    self.events.append((time.monotonic(), "".join(lines)))
                    self._new.notify_all()
                lines = []

    def wait_for(self, words: str, after: int = 0) -> tuple[float, str]:
        """The first event behind the first ``after`` that holds ``words``."""
        with self._new:
            assert self._new.wait_for(
                lambda: any(words in text for _, text in self.events[after:]), timeout=60
            ), self.events
            return next(event for event in self.events[after:] if words in event[1])

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        self.response.close()
        self.connection.close()


@contextmanager
def viewing(live: LiveClinic) -> Iterator[Viewer]:
    viewer = Viewer(live)
    try:
        yield viewer
    finally:
        viewer.close()


def test_a_play_at_a_station_is_on_the_board_as_soon_as_it_was_sent(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    station = stations[0]
    week_of_plays(station.store)
    station.round()
    with viewing(live) as viewer:
        viewer.wait_for("Blue Heron")
        seen = len(viewer.events)
        patient = station.store.add_patient("NEW-1", nickname="Old Bell", board=True)
        for n in range(6):
            station.store.save_play(play(500 + n, patient_id=patient.id, started_at=NOON))
        station.round()
        viewer.wait_for("Old Bell", after=seen)


def test_what_another_program_writes_is_on_the_board_too(live: LiveClinic) -> None:
    """A game that uses the same records as the server."""
    week_of_plays(live.store)
    with viewing(live) as viewer:
        viewer.wait_for("Blue Heron")
        seen = len(viewer.events)
        with type(live.store).open(live.store.data_dir, clock=live.clock) as other:
            other.set_nickname("SECRET-0", "Grey Heron")
        viewer.wait_for("Grey Heron", after=seen)


def test_who_is_shut_out_sees_nothing_more(live: LiveClinic, monkeypatch) -> None:
    monkeypatch.setattr("game.clinic.board_hub.SIGN_OF_LIFE_S", 0.1)
    week_of_plays(live.store)
    with viewing(live) as viewer:
        viewer.wait_for("Blue Heron")
        wall = next(a for a in live.clinic.accounts.all() if a.name == "Wall")
        live.clinic.accounts.set_disabled(wall.id, True)
        assert viewer.ended.wait(60)


def test_a_viewer_who_left_is_forgotten(live: LiveClinic, monkeypatch) -> None:
    monkeypatch.setattr("game.clinic.board_hub.SIGN_OF_LIFE_S", 0.1)
    with viewing(live), viewing(live) as other:
        other.wait_for("data")
    end = time.monotonic() + 60
    while live.clinic.hub.viewers:
        assert time.monotonic() < end
        time.sleep(0.02)


# ---------------------------------------------------------------- what is on it


def everything_shown(house: House) -> str:
    visitor = house.signed_in("display")
    return visitor.get("/board").text + visitor.get("/board/data").text


def test_nothing_of_health_and_no_code_is_on_it(house: House) -> None:
    week_of_plays(house.store)
    text = everything_shown(house)
    assert "Blue Heron" in text
    for secret in ("SECRET", "left", "pain", "counted", "hand", "01"):
        assert secret not in re.sub(r"[\d.]+", "", text), secret
    ids = [patient.id for patient in house.store.patients()]
    assert not [i for i in ids if i in text]


def test_html_in_a_nickname_is_words(house: House) -> None:
    week_of_plays(house.store)
    house.store.set_nickname("SECRET-0", "<script>x</script>&\"'")
    text = house.signed_in("display").get("/board").text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_the_song_of_the_week_is_the_one_that_was_chosen(house: House) -> None:
    week_of_plays(house.store)
    visitor = house.signed_in("therapist")
    visitor.get("/songs")
    assert visitor.post("/songs/minuet-in-g/of-the-week").status_code in (303, 404)
    choose_song_of_the_week(house.store, TODAY, "no-song-that-was-played")
    assert "This board opens when three people have played the song" in visitor.get("/board").text
    house.clock.go_on(days=7)
    assert "no-song-that-was-played" not in visitor.get("/board").text


def test_boards_fit_and_say_how_many_more_share_a_place() -> None:
    rows = tuple(BoardRow(1, f"Person {n}", "owl", 1.0, None, False, False) for n in range(9))
    week = Week.of(TODAY)
    boards = {kind: Board(kind, week, sentence="Not yet.") for kind in BoardKind}
    boards[BoardKind.EFFORT] = Board(BoardKind.EFFORT, week, rows)
    text = str(fragment(Shown(1, TODAY, boards), Words("en")))
    assert text.count("<li>") == 5
    assert "and 4 more at this place" in text


@pytest.mark.parametrize("language", ["en", "de", "es", "pseudo"])
def test_the_board_speaks_the_languages(house: House, language: str) -> None:
    week_of_plays(house.store)
    visitor = house.visitor(language=language)
    house.clinic.serving = type(house.clinic.serving)(open_board=True)
    text = visitor.get("/board").text
    assert f'<html lang="{language}">' in text
    assert Words(language).tr("Our team") in text


# ---------------------------------------------------------------- fair, as it is shown


def shown(people: list[Person]) -> str:
    boards = {kind: board(kind, people, TODAY) for kind in BoardKind}
    return str(fragment(Shown(0, TODAY, boards), Words("en")))


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    made = []
    for n in range(draw(st.integers(3, 6))):
        plays = tuple(
            BoardPlay(
                day=TODAY - timedelta(days=draw(st.integers(0, 12))),
                song_key="ode",
                song_title="Ode",
                hand="right",
                input_kind="glove",
                counted=draw(st.integers(0, 3000)),
                level=draw(st.none() | st.integers(-12288, 4096).map(lambda k: k / 4096)),
            )
            for _ in range(draw(st.integers(0, 6)))
        )
        plays = tuple(sorted(plays, key=lambda p: p.day))
        last = max((p.day for p in plays), default=None)
        made.append(Person(f"id-{n}", NAMES[n], "owl", plays, last))
    return made


def twice_as_able(person: Person) -> Person:
    """Twice the rate: one octave more, and twice the grips in the same time."""
    plays = tuple(
        BoardPlay(
            p.day,
            p.song_key,
            p.song_title,
            p.hand,
            p.input_kind,
            2 * p.counted if any(q.level is not None for q in person.plays) else p.counted,
            None if p.level is None else p.level + 1,
        )
        for p in person.plays
    )
    return Person(person.id, person.name, person.picture, plays, person.last_played)


FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@FEW
@given(people=people())
def test_doubling_everybodys_ability_changes_nothing_that_is_shown(people: list[Person]) -> None:
    assert shown([twice_as_able(p) for p in people]) == shown(people)


@pytest.mark.parametrize("who", range(5))
def test_who_was_erased_is_missed_by_no_board(house: House, tmp_path: Path, who: int) -> None:
    """The boards are those of records in which they never were."""
    week_of_plays(house.store, count=5)
    house.store.erase_patient(f"SECRET-{who}")
    with open_house(tmp_path / "other") as other:
        week_of_plays(other.store, count=5, without=who)
        assert everything_shown(house) == everything_shown(other)


def test_erasing_takes_somebody_off_every_page_and_every_file(house: House, tmp_path: Path) -> None:
    week_of_plays(house.store, count=5)
    visitor = house.signed_in("administrator")
    before = everything_shown(house) + visitor.get("/patients").text
    assert "Quiet Cello" in before
    house.store.erase_patient("SECRET-1")
    after = everything_shown(house) + visitor.get("/patients").text + visitor.get("/audit").text
    assert "Quiet Cello" not in after
    assert "SECRET-1" not in after
    boards = json.loads(visitor.get("/board/data").text)
    assert {row["name"] for b in boards for row in b["rows"]} <= set(NAMES) - {"Quiet Cello"}
    house.store.close()
    for path in house.store.data_dir.rglob("*"):
        if path.is_file():
            assert b"Quiet Cello" not in path.read_bytes(), path
            assert b"SECRET-1" not in path.read_bytes(), path


def test_a_server_ends_while_many_look_and_boards_are_worked_out(tmp_path: Path) -> None:
    """However the end falls into what the server waits for."""
    for n in range(4):
        with live_clinic(tmp_path / f"server-{n}") as live, viewing(live) as viewer:
            week_of_plays(live.store, count=1)
            viewer.wait_for("data")
            for _ in range(n):
                live.clinic.hub.poke()
            time.sleep(0.08 * n)
        # The fixture waits for the server's thread, and says so if it stays.
