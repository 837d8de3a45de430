"""A patient is made nobody while stations still hold facts that were not sent: no name comes back,
what the server had stays, and who does it is told what may be lost."""

from pathlib import Path

import pytest

from game.clinic.stations import Stations
from game.clinic.sync.pairing import Pairing, write_pairing
from game.records.anonymous import anonymise
from game.records.facts import content_digest
from game.records.store import Store
from tests.cli.running import griptune, refusal
from tests.clinic.live import LiveClinic, LiveStation
from tests.clinic.test_stations import kept_plays
from tests.clinic.test_sync import facts_of
from tests.clinic.visiting import new_records
from tests.records.examples import NOON, STATE, play
from tests.records.test_anonymous import TELLING
from tests.records.whole_patient import fill


def files(*stores: Store) -> bytes:
    """All that the databases hold on their disks."""
    folders = [store.data_dir for store in stores]
    return b"".join(path.read_bytes() for f in folders for path in f.glob("griptune.db*"))


def nobody_is_told_of(old_id: str, *stores: Store) -> None:
    content = files(*stores)
    assert content
    assert [word for word in (*TELLING, old_id) if word.encode() in content] == []


def test_what_still_waits_at_a_station_brings_no_name_back(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    one, other = stations
    old_id = fill(one.store)
    one.round(), other.round()
    sent = kept_plays(live.store)
    # Of these the server has heard nothing yet.
    for n, station in enumerate((one, one, other)):
        station.store.save_play(play(500 + n, patient_id=old_id), state=STATE)
    other.store.add_diary("ANNA-1", NOON.date(), "Better", "buttoned a shirt", at=NOON)
    other.store.set_nickname("ANNA-1", "Blue Heron again")
    late = facts_of(one.store) + facts_of(other.store)

    live.clock.go_on(minutes=1)
    patient = anonymise(live.store, "ANNA-1")
    for _ in range(2):
        done = [station.round() for station in stations]
        assert [one.refused for one in done] == [[], []]
    assert [one.waiting for one in done] == [0, 0]

    assert live.store.count_plays(patient.code) == len(sent)
    assert set(kept_plays(live.store)) == set(sent)
    for store in (live.store, one.store, other.store):
        assert store.patients() == [patient]
    for station in stations:
        assert kept_plays(station.store) == {}
    nobody_is_told_of(old_id, live.store, one.store, other.store)

    # Whatever a network delivers again, or for the first time, changes nothing.
    held = facts_of(live.store)
    for first in range(0, len(late), 50):
        some = late[first : first + 50]
        answers = one.link.post("/sync/facts", {"facts": some})["answers"]
        for sent_one, answer in zip(some, answers, strict=True):
            if "patient_id" in sent_one["fact"]:
                assert answer["outcome"] == "erased", (sent_one["kind"], answer)
            else:  # it names nobody, and belongs to what was kept
                assert answer["outcome"] in ("known", "later"), (sent_one["kind"], answer)
    assert facts_of(live.store) == held
    nobody_is_told_of(old_id, live.store)


@pytest.mark.parametrize("lost_reply", [False, True])
def test_done_where_facts_were_sent_from_they_are_sent_again_as_nobodys(
    live: LiveClinic, stations: list[LiveStation], lost_reply: bool
) -> None:
    one, other = stations
    old_id = fill(one.store)
    one.round(), other.round()
    one.store.save_play(play(500, patient_id=old_id), state=STATE)
    if lost_reply:  # the server has it, and the station does not know
        document = facts_of(one.store)
        one.link.post("/sync/facts", {"facts": [f for f in document if f["kind"] == "play"][-1:]})
    before = set(kept_plays(one.store))
    live.clock.go_on(minutes=1)
    patient = anonymise(one.store, "ANNA-1")
    for _ in range(2):
        done = [station.round() for station in stations]
        assert [one.refused for one in done] == [[], []]
    assert kept_plays(live.store) == kept_plays(one.store)
    assert set(kept_plays(live.store)) == before
    assert live.store.count_plays(patient.code) == len(before)
    assert facts_of(live.store) == facts_of(one.store)
    assert other.store.patients() == [patient]
    assert {content_digest(f["fact"]) for f in facts_of(live.store)} == {
        f["digest"] for f in facts_of(live.store)
    }
    nobody_is_told_of(old_id, live.store, one.store, other.store)


def test_a_station_says_where_it_is_to_be_done(tmp_path: Path) -> None:
    data = new_records(tmp_path / "station")
    with Store.open(data) as store:
        store.add_patient("ANNA-1")
    write_pairing(data, Pairing("https://192.168.1.10:8484", "s", "Window", "secret"))
    said = refusal("patient", "anonymise", "ANNA-1", "--yes", "--data", data)
    assert "anonymise there" in said
    assert "https://192.168.1.10:8484" in said
    with Store.open(data) as store:
        assert store.patient("ANNA-1").code == "ANNA-1"


def test_at_the_server_it_is_said_which_stations_may_hold_something(tmp_path: Path) -> None:
    data = new_records(tmp_path / "server")
    with Store.open(data) as store:
        store.add_patient("ANNA-1")
        stations = Stations(store)
        for name, health in (("Window", {"waiting": 3}), ("Door", {"waiting": 0}), ("Old", {})):
            station, _ = stations.pair(stations.invite(name))
            stations.seen(station, health)
            if name == "Old":
                stations.revoke(station.id)
        assert [one.name for one in stations.behind()] == ["Window"]
    done = griptune("patient", "anonymise", "ANNA-1", "--yes", "--data", data)
    assert done.returncode == 0, done.stderr
    assert "erased at Window. To keep it" in done.stderr


def test_a_station_that_was_not_in_touch_for_a_while_may_hold_something(
    live: LiveClinic, stations: list[LiveStation]
) -> None:
    for station in stations:
        station.round()
    assert live.clinic.stations.behind() == []
    live.clock.go_on(hours=12)
    assert len(live.clinic.stations.behind()) == 2
    stations[0].round()
    assert len(live.clinic.stations.behind()) == 1
