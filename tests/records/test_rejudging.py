"""Old plays judged by the present rules: new results beside the old, never over them."""

from dataclasses import replace
from pathlib import Path

import pytest

from game.records.errors import RecordsError
from game.records.plays import GripFigures, PlayRecord
from game.records.rejudging import rejudge, rejudgements_of
from game.records.store import Store
from tests.records.databases import both
from tests.records.examples import open_store, play

__all__ = ["both"]


def by_older_rules(given: PlayRecord) -> PlayRecord:
    """As if older rules had taken the first hit of a grip for an omission, and another score."""
    grips = list(given.grips)
    number = next(i for i, grip in enumerate(grips) if grip.hits)
    old = grips[number]
    grips[number] = GripFigures(old.presented, old.hits - 1, old.near, old.wrong, old.extra + 1)
    missed = replace(given.missed, omission=given.missed.omission + 1)
    return replace(given, grips=tuple(grips), missed=missed, score=given.score - 7)


def test_plays_by_the_present_rules_come_out_the_same(both: Store) -> None:
    for seed in range(3):
        both.save_play(play(seed))
    outcome = rejudge(both, software="9")
    assert (outcome.plays, outcome.changed) == (3, ())


def test_what_comes_out_otherwise_is_shown_and_kept_beside_once(both: Store) -> None:
    patient = both.add_patient("P1")
    good, old = play(1), by_older_rules(play(2, patient_id=patient.id))
    both.save_play(good)
    both.save_play(old)
    outcome = rejudge(both, software="9")
    [one] = outcome.changed
    assert one.play.id == old.id
    assert one.new
    assert one.changes["score"] == (old.score, old.score + 7)
    assert one.changes["hits"] == (old.hits, old.hits + 1)
    assert one.changes["missed_omission"][0] == one.changes["missed_omission"][1] + 1
    again = rejudge(both, "P1", software="9")
    assert [c.new for c in again.changed] == [False], "the same rules add nothing"
    with both.reading() as connection:
        [kept] = rejudgements_of(connection, old.id)
        assert rejudgements_of(connection, good.id) == []
    assert kept["hits"] == old.hits + 1
    still = both.load_play(old.id)
    assert (still.score, still.hits, still.missed) == (old.score, old.hits, old.missed)


def test_a_look_alone_writes_nothing_and_a_stranger_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        old = by_older_rules(play(2))
        store.save_play(old)
        told: list[float] = []
        outcome = rejudge(store, software="9", write=False, progress=told.append)
        assert len(outcome.changed) == 1
        assert told[-1] == 1.0
        with store.reading() as connection:
            assert rejudgements_of(connection, old.id) == []
        with pytest.raises(RecordsError, match="NOBODY"):
            rejudge(store, "NOBODY", software="9")
