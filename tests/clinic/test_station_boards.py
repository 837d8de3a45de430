"""The boards that the server tells a station: what everybody's board shows, the neighbours of who
plays there, and nothing more."""

import json
from pathlib import Path
from typing import Any

import pytest

from game.clinic.settings import choose_song_of_the_week
from game.clinic.sync.beside import BoardsBeside
from game.clinic.sync.follow import follow
from game.clinic.sync.link import Link, RefusedByServerError
from game.records.board_form import boards_of
from game.records.boards import Board, BoardKind
from game.records.store import Store
from tests.clinic.live import LiveClinic, LiveStation
from tests.records.examples import NOON, play

NAMES = ("Blue Heron", "Night Owl", "Red Fox", "Quiet Otter", "River Swan", "Old Bell")
TODAY = NOON.date()


def everybody(store: Store) -> None:
    """Six people, each with less of their goal than the one before; the last is on no board."""
    for n, name in enumerate(NAMES):
        patient = store.add_patient(f"SECRET-{n}", nickname=name, board=n < 5, hand="left")
        store.save_play(play(n, 800 - 100 * n, -1.0, patient_id=patient.id))


def told(station: LiveStation, me: str | None) -> dict[BoardKind, Board]:
    return boards_of(station.link.post("/sync/boards", {"me": me})["boards"])


def names(boards: dict[BoardKind, Board], kind: BoardKind = BoardKind.EFFORT) -> list[str]:
    return [row.name for row in boards[kind].rows]


@pytest.fixture
def station(live: LiveClinic, stations: list[LiveStation]) -> LiveStation:
    everybody(live.store)
    return stations[0]


def test_it_is_what_the_server_shows_for_that_person(
    live: LiveClinic, station: LiveStation
) -> None:
    choose_song_of_the_week(live.store, TODAY, "ode-to-joy")
    for code in (None, "SECRET-0", "SECRET-4", "SECRET-5"):
        me = None if code is None else live.store.patient(code).id
        shown = live.store.boards(TODAY, me=code, song_key="ode-to-joy")
        assert told(station, me) == shown
    assert names(told(station, None)) == list(NAMES[:3])
    assert names(told(station, live.store.patient("SECRET-4").id)) == list(NAMES[:5])


def test_no_code_identifier_side_or_number_of_a_dose_is_in_the_answer(
    live: LiveClinic, station: LiveStation
) -> None:
    patients = live.store.patients()
    for me in (None, *(patient.id for patient in patients)):
        answer = station.link.post("/sync/boards", {"me": me})
        text = json.dumps(answer)
        for patient in patients:
            assert patient.id not in text
            assert patient.code not in text
        for word in ("left", "right", "hand", "counted", "pain", "level"):
            assert word not in text
        assert set(answer) == {"boards"}
        effort = answer["boards"][1]
        assert all(row["points"] is None for row in effort["rows"])
    assert NAMES[5] not in text


def test_who_hides_goes_at_once_and_a_play_that_comes_in_counts_at_once(
    live: LiveClinic, station: LiveStation
) -> None:
    station.round()
    before = told(station, None)[BoardKind.TEAM].team_fill
    station.store.set_board_hidden("SECRET-0", True)
    patient = station.store.patient("SECRET-4")
    station.store.save_play(play(50, 3000, -1.0, patient_id=patient.id))
    live.clock.go_on(minutes=1)
    station.round()
    after = told(station, patient.id)
    assert names(after)[0] == NAMES[4]
    assert NAMES[0] not in names(after)
    assert after[BoardKind.TEAM].team_fill > before


def test_who_is_erased_at_a_station_is_on_no_board_any_more(
    live: LiveClinic, station: LiveStation
) -> None:
    station.round()
    assert NAMES[0] in names(told(station, None))
    station.store.erase_patient("SECRET-0")
    station.round()
    assert names(told(station, None)) == list(NAMES[1:4])


def test_who_asks_often_does_not_make_the_server_read_the_plays_again(
    live: LiveClinic, station: LiveStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.clinic.board_hub._PEOPLE_FRESH_S", 600.0)
    first = told(station, None)
    with live.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM plays")
    assert told(station, None) == first
    live.clinic.hub.poke()
    assert names(told(station, None)) == []


def test_a_station_that_was_shut_out_is_told_nothing(
    live: LiveClinic, station: LiveStation
) -> None:
    for one in live.clinic.stations.all():
        live.clinic.stations.revoke(one.id)
    with pytest.raises(RefusedByServerError):
        told(station, None)


@pytest.mark.parametrize("me", ["x", 3, [], "../../etc", "' OR 1=1 --"])
def test_what_is_no_identifier_is_refused(station: LiveStation, me: Any) -> None:
    with pytest.raises(RefusedByServerError):
        station.link.post("/sync/boards", {"me": me})


# ---------------------------------------------------------------- the process beside the game


class Said:
    """What the process beside the game says, line by line."""

    def __init__(self, link: Link) -> None:
        self.lines: list[dict[str, Any]] = []
        self.beside = BoardsBeside(link, lambda line: self.lines.append(json.loads(line)))

    def asks(self, number: int, me: str | None = None) -> None:
        self.beside.listen([json.dumps({"ask": number, "me": me})])


def followed(live: LiveClinic, station: LiveStation, said: Said, steps: dict[int, Any]) -> None:
    """The station in touch for so many looks; ``steps`` says what happens at which."""
    looks = iter(range(max(steps) + 20))
    last = max(steps) + 15
    now = [0]

    def sleep(seconds: float) -> None:
        now[0] = next(looks)
        if now[0] in steps:
            steps[now[0]]()

    follow(
        station.store,
        station.sync,
        every_s=600.0,
        longest_wait_s=600.0,
        going_on=lambda: now[0] < last,
        say=lambda line: None,
        sleep=sleep,
        boards=said.beside,
    )


def test_a_question_is_answered_after_what_was_played_before_it_was_sent(
    live: LiveClinic, station: LiveStation
) -> None:
    station.round()
    said = Said(station.link)
    patient = station.store.patient("SECRET-4")

    def plays_and_asks() -> None:
        station.store.save_play(play(50, 3000, -1.0, patient_id=patient.id))
        said.asks(7, patient.id)

    followed(live, station, said, {5: plays_and_asks})
    first, answer = said.lines[0], next(line for line in said.lines if line["ask"] == 7)
    assert (first["ask"], first["me"]) == (0, None)
    assert answer["me"] == patient.id
    assert names(boards_of(answer["boards"]))[0] == NAMES[4]


def test_while_the_server_is_gone_a_question_is_answered_with_nothing_at_once(
    live: LiveClinic, station: LiveStation
) -> None:
    said = Said(station.link)
    lost = Link("http://127.0.0.1:9")  # nobody listens there
    station.sync._link = lost
    followed(live, station, said, {2: lambda: said.asks(1), 3: lambda: said.asks(2)})
    # The server is tried again after a second: five looks.
    assert [line["ask"] for line in said.lines[:3]] == [0, 1, 2]
    assert {line["boards"] for line in said.lines} == {None}
    assert not any(line["shut_out"] for line in said.lines)


def test_a_station_that_is_shut_out_says_so(live: LiveClinic, station: LiveStation) -> None:
    def shut_out() -> None:
        for one in live.clinic.stations.all():
            live.clinic.stations.revoke(one.id)
        said.asks(1)

    said = Said(station.link)
    followed(live, station, said, {3: shut_out})
    assert said.lines[0]["boards"]
    assert not said.lines[0]["shut_out"]
    answer = next(line for line in said.lines if line["ask"] == 1)
    assert answer["boards"] is None
    assert answer["shut_out"]


def test_what_is_no_question_is_passed_over(stations: list[LiveStation], tmp_path: Path) -> None:
    said = Said(stations[0].link)
    said.beside.listen(
        ["", "{", "3", "[]", '{"ask": "x"}', '{"ask": 4, "me": "../x"}', '{"ask": 5, "me": 7}']
    )
    assert not said.beside.asked
    said.asks(6)
    assert said.beside.asked
