"""Every fact has one JSON form: it goes anywhere, comes back the same, and is never altered."""

import json
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.records.errors import RecordsError
from game.records.fact_kinds import KINDS
from game.records.facts import (
    CodeTakenError,
    ErasedError,
    count_facts,
    fact,
    facts_of,
    present,
    put_fact,
    put_present,
)
from game.records.store import Store
from game.therapy.prescription import changed, preset
from tests.records.databases import both
from tests.records.examples import NOON, open_store
from tests.records.whole_patient import fill

__all__ = ["both"]


def told(store: Store, patient_id: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    with store.reading() as connection:
        return list(facts_of(connection, patient_id)), present(connection, patient_id)


def put_all(store: Store, facts: list[dict[str, Any]]) -> list[bool]:
    with store.writing() as connection:
        return [put_fact(connection, document["fact"], document) for document in facts]


def test_every_kind_of_fact_goes_to_other_records_and_comes_out_the_same(
    both: Store, tmp_path: Path
) -> None:
    with open_store(tmp_path / "first") as store:
        patient_id = fill(store)
        facts, now = told(store, patient_id)
        shown = store.load_play(store.plays("ANNA-1")[0].id)
    assert {document["fact"] for document in facts} == set(KINDS), "the example has one of each"
    sent = json.loads(json.dumps(facts))
    assert all(put_all(both, sent)), "all are new"
    with both.writing() as connection:
        put_present(connection, patient_id, json.loads(json.dumps(now)))
    assert told(both, patient_id) == (facts, now)
    assert both.patient("anna-1").nickname == "Blue <b>Heron</b> & Co"
    again = both.load_play(shown.id)
    assert (again.edges == shown.edges).all()
    assert again.score == shown.score
    assert both.prescription("ANNA-1").version == 2


def test_the_same_fact_again_changes_nothing(both: Store) -> None:
    patient_id = fill(both)
    facts, now = told(both, patient_id)
    assert not any(put_all(both, facts))
    with both.writing() as connection:
        put_present(connection, patient_id, now)
    assert told(both, patient_id) == (facts, now)


def test_another_content_under_a_known_identifier_is_refused(both: Store) -> None:
    facts, _ = told(both, fill(both))
    note = next(f for f in facts if f["fact"] == "note")
    play = next(f for f in facts if f["fact"] == "play")
    for document in ({**note, "words": "Worse."}, {**play, "song_title": "Another"}):
        with pytest.raises(RecordsError, match="never altered"):
            put_all(both, [document])


def test_one_fact_is_what_the_list_has(both: Store) -> None:
    patient_id = fill(both)
    facts, _ = told(both, patient_id)
    with both.reading() as connection:
        assert count_facts(connection, patient_id) == len(facts)
        for document in facts:
            kind = KINDS[document["fact"]]
            assert fact(connection, kind.name, document[kind.key.name]) == document
        with pytest.raises(RecordsError, match="there is no play"):
            fact(connection, "play", "0195c3a0-0000-7000-8000-000000000000")
        with pytest.raises(RecordsError, match="no kind of fact"):
            fact(connection, "secret", "1")


def test_whoever_was_erased_does_not_come_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        facts, _ = told(store, fill(store))
        store.erase_patient("ANNA-1")
        for document in facts:
            with pytest.raises(RecordsError):
                put_all(store, [document])
        with pytest.raises(ErasedError):
            put_all(store, facts[:1])
        assert store.patients() == []


def test_a_code_that_another_patient_has_is_said(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as one, open_store(tmp_path / "b") as other:
        facts, _ = told(one, one.add_patient("P1").id)
        other.add_patient("p1")
        with pytest.raises(CodeTakenError, match="another patient “p1”"):
            put_all(other, facts)
        assert len(other.patients()) == 1


def test_what_belongs_to_nothing_here_is_refused_and_leaves_nothing(both: Store) -> None:
    facts, _ = told(both, fill(both))
    both.erase_patient("ANNA-1")
    stranger = both.add_patient("STRANGER")
    for document in facts:
        if document["fact"] in ("session-event", "goal-closing", "rejudgement"):
            with pytest.raises(RecordsError, match="not here"):
                put_all(both, [document])
    [only] = told(both, stranger.id)[0]
    assert only["fact"] == "patient"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_stations_that_prescribed_at_once_agree_afterwards(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    """Both wrote a version 2; wherever they meet, the later one is version 3 and holds."""
    times = [NOON.astimezone(UTC)]
    stores = [Store.open(tmp_path / name, clock=lambda: times[0]) for name in ("a", "b")]
    patient = stores[0].add_patient("P1")
    plan = preset("middle", NOON.date())
    stores[0].prescribe("P1", plan, "first")
    put_all(stores[1], told(stores[0], patient.id)[0])
    for number in order:
        times[0] += timedelta(minutes=number + 1)
        stores[number].prescribe("P1", changed(plan, minutes=10 + number), f"station {number}")
        stores[number].set_nickname("P1", f"of {number}")
    facts = [told(store, patient.id)[0] for store in stores]
    put_all(stores[0], facts[1])
    put_all(stores[1], facts[0])
    assert told(stores[0], patient.id) == told(stores[1], patient.id)
    for store in stores:
        kept = store.prescriptions("P1")
        assert [p.version for p in kept] == [3, 2, 1]
        assert kept[0].author == f"station {order[1]}"
        assert store.patient("P1").nickname == f"of {order[1]}"
        store.close()


def test_the_later_difficulty_wins(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient_id = fill(store)
        [state] = told(store, patient_id)[1]["difficulty_states"]
        for days, x in ((-1, -9.0), (1, -0.5)):
            at = (NOON + timedelta(days=days)).astimezone(UTC).isoformat()
            given = {**state, "updated_at": at, "state": {**state["state"], "x": x}}
            with store.writing() as connection:
                put_present(connection, patient_id, {"difficulty_states": [given]})
        assert store.difficulty_state("ANNA-1", "left", "glove")["x"] == -0.5


BAD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["\0", "\ud800", "2025-13-01T00:00:00Z", "AAAA", [], {}]),
)


@pytest.fixture(scope="module")
def one_of_each(tmp_path_factory: pytest.TempPathFactory):
    with open_store(tmp_path_factory.mktemp("facts")) as store:
        facts, _ = told(store, fill(store, plays=1))
        yield store, list({f["fact"]: f for f in facts}.values())


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), bad=BAD)
def test_a_form_that_somebody_spoilt_is_refused_with_a_sentence(one_of_each, data, bad) -> None:
    """Known here already, so that nothing but the same content passes."""
    store, facts = one_of_each
    kept = data.draw(st.sampled_from(facts))
    document = dict(kept)
    name = data.draw(st.sampled_from(sorted(document)))
    if data.draw(st.booleans()):
        document[name] = bad
    else:
        del document[name]
    kind = kept["fact"]
    try:
        with store.writing() as connection:
            new = put_fact(connection, kind, document)
    except RecordsError:
        return
    assert not new
    # Nothing was lost: only what has a default, or is no part of the content, may differ.
    filled = {**dict.fromkeys(kept), **document, "fact": kind}
    for left_out, default in (("version", kept.get("version")), ("mode", "play")):
        if left_out in kept and (left_out == "version" or left_out not in document):
            filled[left_out] = default
    assert filled == kept
