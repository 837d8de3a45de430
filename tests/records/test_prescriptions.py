"""Plans are kept version by version: the last one holds, and none is lost to another."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from game.records.errors import RecordsError
from game.records.schema import prescriptions
from game.therapy.prescription import changed, preset
from tests.records.examples import open_store, play, start_of_play

pytestmark = pytest.mark.usefixtures("on_both")

MONDAY = date(2026, 3, 2)
PLAN = preset("middle", MONDAY)


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path) as one:
        one.add_patient("ANNA-1")
        yield one


def test_the_last_version_holds_and_all_are_kept(store):
    assert store.prescription("ANNA-1") is None
    store.prescribe("anna-1", PLAN, "Dr. Ruiz")
    kept = store.prescribe("ANNA-1", changed(PLAN, minutes=30), "Dr. Ruiz")
    assert kept.version == 2
    assert store.prescription("ANNA-1") == kept
    assert [(k.version, k.prescription.minutes) for k in store.prescriptions("ANNA-1")] == [
        (2, 30),
        (1, 25),
    ]


def test_the_hand_of_the_plan_is_the_hand_that_is_trained(store):
    store.prescribe("ANNA-1", changed(PLAN, hand="left"), "Dr. Ruiz")
    assert store.patient("ANNA-1").hand == "left"


def test_the_same_plan_twice_is_one_version(store):
    store.prescribe("ANNA-1", PLAN, "Dr. Ruiz")
    assert store.prescribe("ANNA-1", PLAN, "Dr. Okafor").version == 1


def test_of_two_who_changed_the_same_version_the_second_is_told(store):
    store.prescribe("ANNA-1", PLAN, "Dr. Ruiz", based_on=0)
    store.prescribe("ANNA-1", changed(PLAN, minutes=30), "Dr. Ruiz", based_on=1)
    with pytest.raises(RecordsError, match="changed meanwhile"):
        store.prescribe("ANNA-1", changed(PLAN, minutes=10), "Dr. Okafor", based_on=1)
    assert store.prescription("ANNA-1").prescription.minutes == 30


def test_many_who_prescribe_at_once_make_as_many_versions(store):
    def write(minutes: int) -> None:
        store.prescribe("ANNA-1", changed(PLAN, minutes=minutes), "somebody")

    threads = [threading.Thread(target=write, args=(m,)) for m in range(5, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    versions = store.prescriptions("ANNA-1")
    assert [v.version for v in versions] == list(range(20, 0, -1))
    assert {v.prescription.minutes for v in versions} == set(range(5, 25))


def test_erasing_a_patient_erases_the_plans(store):
    store.prescribe("ANNA-1", PLAN, "Dr. Ruiz")
    store.erase_patient("ANNA-1")
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM prescriptions").scalar() == 0


def test_a_plan_of_a_later_program_is_refused_and_not_guessed(store):
    store.prescribe("ANNA-1", PLAN, "Dr. Ruiz")
    with store.writing() as connection:
        document = {**PLAN.document(), "songs": 5}
        connection.execute(update(prescriptions).values(document=document))
    with pytest.raises(RecordsError, match="version 1 of a plan cannot be read"):
        store.prescription("ANNA-1")


def test_a_play_keeps_how_it_was_practised(store):
    patient = store.patient("ANNA-1")
    for seed, mode in ((1, "play"), (2, "practice")):
        store.save_play(replace(play(seed), patient_id=patient.id, mode=mode))
    assert [p.mode for p in store.plays("ANNA-1")] == ["practice", "play"]
    assert store.load_play(store.plays("ANNA-1")[0].id).mode == "practice"
    opening = start_of_play(3, mode="mirror").opening()
    assert type(start_of_play()).from_opening(opening).mode == "mirror"


def test_practice_makes_no_best_score(store):
    patient = store.patient("ANNA-1")
    score = play(1).score
    store.save_play(replace(play(1), patient_id=patient.id))
    store.save_play(replace(play(2), patient_id=patient.id, mode="practice", score=score + 500))
    [song] = store.played_songs("ANNA-1", date(2025, 1, 1))
    assert (song.best, song.plays) == (score, 2)
