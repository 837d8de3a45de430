"""The store against a dictionary, on both databases: whatever is done in whatever order."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.interrupted import close_interrupted
from game.records.plays import PlayRecord
from game.records.said_and_done import CheckInKept
from game.records.schema import METADATA
from game.records.store import Store
from game.records.writer import Writer
from game.therapy.prescription import preset
from tests.records.examples import CHANGE, NOON, STATE, open_store, play

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"


def effort(examples: int) -> settings:
    return settings(
        max_examples=20 * examples if SOAK else examples,
        stateful_step_count=50 if SOAK else 25,
        deadline=None,
        # Steps are slow, and making a failure small takes hundreds of them.
        phases=tuple(Phase) if SOAK else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


PLAYS = [play(seed, 4) for seed in range(3)]
PLANS = [preset("middle", NOON.date()), preset("early", NOON.date())]

CODES = st.sampled_from(["ANNA", "Bela", "çelik-3", "Дора", "Z.z"])
NAMES = st.none() | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@dataclass
class Known:
    """What the model knows of a patient."""

    nickname: str | None
    hand: str = "right"
    plays: dict[str, PlayRecord] = field(default_factory=dict)
    seen: int | None = None
    changes: int = 0
    plans: int = 0
    plan: Any = None
    songs: set[str] = field(default_factory=set)
    check_ins: list[CheckInKept] = field(default_factory=list)
    goals: dict[str, bool | None] = field(default_factory=dict)
    sessions: dict[str, list[Any]] = field(default_factory=dict)
    session_open: set[str] = field(default_factory=set)


class StoreAgainstDictionary(RuleBasedStateMachine):
    """Every rule does the same to the store and to the model."""

    patients = Bundle("patients")

    def __init__(self, new_store: Callable[[], Callable[[], Store]]) -> None:
        super().__init__()
        self.open = new_store()
        self.store = self.open()
        self.model: dict[str, Known] = {}
        self.erased = 0
        self.minutes = 0

    def teardown(self) -> None:
        self.store.close()

    def at(self) -> Any:
        self.minutes += 1
        return NOON + timedelta(minutes=self.minutes)

    @rule(target=patients, code=CODES, nickname=NAMES)
    def add_patient(self, code: str, nickname: str | None) -> str:
        if code in self.model:
            with pytest.raises(RecordsError, match="already a patient"):
                self.store.add_patient(code.upper(), nickname=nickname)
        else:
            added = self.store.add_patient(code, nickname=nickname)
            self.model[code] = Known(added.nickname)
        return code

    @rule(code=consumes(patients))
    def erase(self, code: str) -> None:
        if code not in self.model:
            with pytest.raises(RecordsError, match="no patient"):
                self.store.erase_patient(code)
            return
        self.store.erase_patient(code)
        del self.model[code]
        self.erased += 1

    @rule(code=patients, nickname=NAMES)
    def rename(self, code: str, nickname: str | None) -> None:
        if code in self.model:
            self.model[code].nickname = self.store.set_nickname(code, nickname).nickname

    @rule(code=patients, which=st.integers(0, 2), hand=st.sampled_from(["left", "right"]))
    def save_play(self, code: str, which: int, hand: str) -> None:
        if code not in self.model:
            return
        known = self.model[code]
        record = self.a_play(code, which, hand)
        known.seen = len(known.plays)
        self.store.save_play(record, state={**STATE, "seen": known.seen}, changes=[CHANGE])
        known.plays[record.id] = record
        known.changes += 1
        with pytest.raises(RecordsError, match="kept already"):
            self.store.save_play(record)

    def a_play(self, code: str, which: int, hand: str = "right") -> PlayRecord:
        at = self.at()
        patient_id = self.store.patient(code).id
        return replace(
            PLAYS[which],
            id=new_identifier(at),
            patient_id=patient_id,
            started_at=at,
            hand=hand,
            input_kind=hand,
        )

    @rule(code=patients, which=st.integers(0, 2), how=st.sampled_from(["close", "crash", "let go"]))
    def play_through_the_writer(self, code: str, which: int, how: str) -> None:
        if code not in self.model:
            return
        known = self.model[code]
        record = self.a_play(code, which)
        with Writer(self.store) as writer:
            book = writer.open_play(record)
            book.targets(record.targets)
            book.edges(record.raw_edges)
            book.judged(record.edges, record.duration_us)
            book.segments(record.segments)
            if how == "close":
                book.close(record)
            elif how == "let go":
                book.discard()
        closed = close_interrupted(self.store)
        assert closed.problems == ()
        assert closed.kept == ((record.id,) if how == "crash" else ())
        if how != "let go":
            known.plays[record.id] = record

    @rule(code=patients, which=st.integers(0, 1))
    def prescribe(self, code: str, which: int) -> None:
        if code not in self.model:
            return
        known = self.model[code]
        if known.plan != PLANS[which]:
            known.plans += 1
        self.store.prescribe(code, PLANS[which], "Kim")
        known.plan, known.hand = PLANS[which], PLANS[which].hand

    @rule(code=patients, song=st.sampled_from("abc"), wanted=st.booleans())
    def mark(self, code: str, song: str, wanted: bool) -> None:
        if code not in self.model:
            return
        self.store.set_favourite(code, song, f"hash of {song}", wanted)
        (self.model[code].songs.add if wanted else self.model[code].songs.discard)(song)

    @rule(code=patients, pain=st.none() | st.integers(0, 10), signs=st.lists(st.text(max_size=3)))
    def check_in(self, code: str, pain: int | None, signs: list[str]) -> None:
        if code not in self.model:
            return
        given = CheckInKept("before", pain, 3, new_signs=tuple(signs))
        kept = self.store.add_check_in(code, given, at=self.at())
        assert replace(kept, id="", at=None, day=None) == given
        self.model[code].check_ins.insert(0, kept)

    @rule(code=patients)
    def set_a_goal(self, code: str) -> None:
        if code in self.model:
            goal = self.store.add_goal(code, "button a shirt", "self-care", at=self.at())
            self.model[code].goals[goal.id] = None

    @rule(code=patients, reached=st.booleans())
    def close_a_goal(self, code: str, reached: bool) -> None:
        for goal_id, before in self.model[code].goals.items() if code in self.model else ():
            if before is None:
                self.store.close_goal(goal_id, reached, at=self.at())
                self.model[code].goals[goal_id] = reached
                return

    @rule(code=patients, number=st.integers())
    def sit(self, code: str, number: int) -> None:
        if code in self.model:
            document = {"n": number}
            kept = self.store.open_session(
                code, hand="left", who="patient", document=document, at=self.at()
            )
            self.model[code].sessions[kept.id] = [document]
            self.model[code].session_open.add(kept.id)

    @rule(code=patients, number=st.integers(), over=st.booleans())
    def go_on_sitting(self, code: str, number: int, over: bool) -> None:
        if code not in self.model:
            return
        known = self.model[code]
        kept = self.store.open_session_of(code)
        assert (kept is None) == (not known.session_open)
        if kept is None:
            return
        assert kept.id == max(known.session_open, key=list(known.sessions).index)
        document = {"n": number}
        known.sessions[kept.id].append(document)
        if over:
            self.store.close_session(kept.id, document=document, ended="wish", at=self.at())
            known.session_open.remove(kept.id)
        else:
            self.store.note_session(kept.id, document, "stage", at=self.at())

    @rule()
    def start_anew(self) -> None:
        self.store.close()
        self.store = self.open()

    @precondition(lambda self: self.model)
    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        store = self.store
        assert [p.code for p in store.patients()] == sorted(
            self.model, key=lambda code: code.casefold()
        )
        for code, known in self.model.items():
            patient = store.patient(code.upper())
            assert (patient.nickname, patient.hand) == (known.nickname, known.hand)
            assert {p.id for p in store.plays(code)} == set(known.plays)
            for summary in store.plays(code, limit=1):
                kept, record = store.load_play(summary.id), known.plays[summary.id]
                assert kept.edges.tobytes() == record.edges.tobytes()
                assert (kept.hits, kept.grips) == (record.hits, record.grips)
                assert kept.started_at == record.started_at
            assert len(store.difficulty_changes(code)) == known.changes
            assert len(store.prescriptions(code)) == known.plans
            held = store.prescription(code)
            assert (None if held is None else held.prescription) == known.plan
            assert {f.song_key for f in store.favourites(code)} == known.songs
            assert store.check_ins(code) == known.check_ins
            assert {g.id: g.reached for g in store.goals(code)} == known.goals
            assert {s.id: s.document for s in store.sessions(code)} == {
                id_: documents[-1] for id_, documents in known.sessions.items()
            }

    @invariant()
    def nothing_is_left_of_those_who_were_erased(self) -> None:
        with self.store.reading() as connection:
            counts = {
                name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                for name in METADATA.tables
            }
        everybody = self.model.values()
        assert counts["patients"] == len(self.model)
        assert counts["erased"] == self.erased
        assert counts["open_plays"] == counts["journal"] == 0
        plays = sum(len(known.plays) for known in everybody)
        assert (counts["plays"], counts["play_grips"], counts["play_data"]) == (
            plays,
            5 * plays,
            plays,
        )
        assert counts["check_ins"] == sum(len(known.check_ins) for known in everybody)
        assert counts["sessions"] == sum(len(known.sessions) for known in everybody)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_store(folder).close()
    return folder


def test_the_store_in_a_file_is_like_a_dictionary(tmp_path: Path, empty_file: Path) -> None:
    numbers = iter(range(10_000))

    def new() -> Callable[[], Store]:
        folder = tmp_path / str(next(numbers))
        shutil.copytree(empty_file, folder)
        return lambda: open_store(folder)

    run_state_machine_as_test(lambda: StoreAgainstDictionary(new), settings=effort(6))


def test_the_store_in_postgresql_is_like_a_dictionary(tmp_path: Path, postgres_server) -> None:
    url = postgres_server.new_records()
    everything = ", ".join(METADATA.tables)

    def new() -> Callable[[], Store]:
        with Store.open(tmp_path, url=url) as store, store.writing() as connection:
            connection.exec_driver_sql(f"TRUNCATE {everything}")
        return lambda: Store.open(tmp_path, clock=lambda: NOON, url=url)

    run_state_machine_as_test(lambda: StoreAgainstDictionary(new), settings=effort(3))
    postgres_server.drop(url)
