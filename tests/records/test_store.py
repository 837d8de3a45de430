import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from game.core.data import Window
from game.core.grips import GRIPS, Grip
from game.core.judge import judge
from game.core.statistics import totals
from game.records.boards import Board, BoardKind
from game.records.errors import RecordsError
from game.records.patients import PICTURES
from game.records.plays import DifficultyChange, GripFigures, Missed, PlayRecord, PlayStart
from game.records.schema import plays
from game.records.store import Store
from tests.records.examples import CHANGE, NOON, STATE, open_store, play, start_of_play

pytestmark = pytest.mark.usefixtures("on_both")

# Patients


def test_a_patient_is_found_by_code_whatever_the_capitals(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        added = store.add_patient("Ward-7", nickname="Ann", hand="left")
        assert store.patient("wARD-7") == added
        assert (added.code, added.nickname, added.hand) == ("Ward-7", "Ann", "left")
        assert added.created_at == NOON
        assert added.shown_name == "Ann"
    with open_store(tmp_path) as store:
        assert store.patients() == [added]


def test_a_code_is_given_once(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01")
        with pytest.raises(RecordsError, match="already a patient “P01”"):
            store.add_patient("p01")
        assert len(store.patients()) == 1


def test_an_unknown_patient_is_an_error_that_names_near_ones(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("ward-7")
        for ask in (
            lambda: store.patient("ward7"),
            lambda: store.plays("ward7"),
            lambda: store.set_nickname("ward7", "x"),
            lambda: store.erase_patient("ward7"),
            lambda: store.difficulty_state("ward7", "left", "glove"),
            lambda: store.difficulty_changes("ward7"),
            lambda: store.boards(NOON.date(), me="ward7"),
        ):
            with pytest.raises(RecordsError, match="did you mean “ward-7”"):
                ask()


def test_patients_are_on_no_board_until_they_choose_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert not store.add_patient("P01").on_board
        assert store.add_patient("P02", board=True).on_board
        assert store.set_board_choice("P01", True).on_board
        assert store.set_board_hidden("P01", True).board_hidden
        assert [p.name for p in store.board_people(NOON.date())] == [
            store.patient("P02").shown_name
        ]
        assert not store.set_board_choice("P01", True).board_hidden


def test_a_patient_can_be_changed(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01", nickname="Ann")
        store.set_nickname("P01", "Bea")
        store.set_picture("P01", "whale")
        changed = store.set_hand("p01", "left")
        assert (changed.nickname, changed.picture, changed.hand) == ("Bea", "whale", "left")
        assert store.set_nickname("P01", None).shown_name == "Whale"


def test_pictures_are_shared_by_as_few_as_possible(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        given = [store.add_patient(f"P{n}").picture for n in range(2 * len(PICTURES))]
    assert sorted(given) == sorted(2 * PICTURES)


# Plays


def assert_same_play(back: PlayRecord, kept: PlayRecord) -> None:
    for field in dataclasses.fields(PlayRecord):
        one, other = getattr(back, field.name), getattr(kept, field.name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype
            assert one.shape == other.shape
            assert one.tobytes() == other.tobytes()
        else:
            assert one == other, field.name


def test_a_play_comes_back_as_it_was_and_can_be_judged_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        kept = play(patient_id=patient.id, level=-1.3, window=Window(250_000, 150_000, 600_000))
        store.save_play(kept)
    with open_store(tmp_path) as store:
        back = store.load_play(kept.id)
        assert_same_play(back, kept)
        assert back.started_at.utcoffset() == timedelta(hours=2)
        sums = totals(back.targets, judge(back.targets, back.edges, back.window), back.edges)
        assert sums.hits.tolist() == [g.hits for g in back.grips]
        assert sums.repetitions.tolist() == [g.repetitions for g in back.grips]
        (summary,) = store.plays("P01")
        assert (summary.hits, summary.grips) == (kept.hits, kept.grips)


def test_pauses_of_the_song_clock_are_kept(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        record = play()
        store.save_play(record)
        segments = store.load_play(record.id).segments
        assert isinstance(segments, np.ndarray)
        assert segments["rate"].tolist() == [1, 0, 1]
        assert segments["host_us"].tolist() == [900_000_000, 903_000_000, 904_000_000]


def test_a_play_without_the_figures_of_its_grips_is_told(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.save_play(play())
        with store.writing() as connection:
            connection.exec_driver_sql("DELETE FROM play_grips")
        with pytest.raises(RecordsError, match="cannot be read"):
            store.guest_plays()


def test_a_guest_belongs_to_no_patient(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01")
        guest = play()
        store.save_play(guest, state=STATE, changes=[CHANGE])
        assert store.plays("P01") == []
        assert [p.id for p in store.guest_plays()] == [guest.id]
        assert store.difficulty_state("P01", "right", "virtual") is None


def test_the_figures_are_in_the_columns(tmp_path: Path) -> None:
    kept = play()
    with open_store(tmp_path) as store:
        store.save_play(kept)
        with store.reading() as connection:
            (row,) = connection.exec_driver_sql("SELECT * FROM plays").mappings().all()
            rows = connection.exec_driver_sql("SELECT * FROM play_grips").mappings()
            grips = {r["grip"]: r for r in rows}
    assert row["targets"] == 24 == row["hits"] + kept.missed.total
    assert row["repetitions"] == row["counted"] + row["wrong"] + row["extra"] > 0
    assert row["started_at"] == "2025-03-12T10:01:00.000000Z"
    assert row["local_date"] == "2025-03-12"
    assert set(grips) == {g.label for g in GRIPS}
    assert sum(g["presented"] for g in grips.values()) == 24
    assert grips["key"]["hits"] == kept.of_grip(Grip.KEY).hits


def test_the_day_of_a_play_is_the_day_where_it_was_played(tmp_path: Path) -> None:
    at = datetime(2025, 3, 9, 23, 30, tzinfo=UTC).astimezone(NOON.tzinfo)  # Monday, two hours east
    with open_store(tmp_path) as store:
        record = play(started_at=at)
        store.save_play(record)
        assert store.load_play(record.id).local_date.isoformat() == "2025-03-10"


def test_the_latest_play_comes_first(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        records = [play(seed, 4, patient_id=patient.id) for seed in (2, 5, 1, 4)]
        for record in records:
            store.save_play(record)
        assert [p.seed for p in store.plays("P01")] == [5, 4, 2, 1]
        assert [p.seed for p in store.plays("P01", limit=2)] == [5, 4]
        assert store.count_plays("p01") == 4


def test_plays_of_one_hand_or_one_kind_of_input(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        for seed, hand, kind in (
            (1, "left", "glove"),
            (2, "right", "glove"),
            (3, "left", "keyboard"),
        ):
            store.save_play(play(seed, 4, patient_id=patient.id, hand=hand, input_kind=kind))
        assert [p.seed for p in store.plays("P01", hand="left")] == [3, 1]
        assert [p.seed for p in store.plays("P01", input_kind="glove")] == [2, 1]
        assert [p.seed for p in store.plays("P01", hand="left", input_kind="glove")] == [1]


def test_a_play_is_kept_once_and_never_altered(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        first = play(1)
        store.save_play(first)
        second = play(2, id=first.id)
        with pytest.raises(RecordsError, match="kept already"):
            store.save_play(second)
        assert_same_play(store.load_play(first.id), first)


def test_a_play_of_an_unknown_patient_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        record = play(patient_id="01957c3e-0000-7000-8000-000000000000")
        with pytest.raises(RecordsError, match="patient of the play"):
            store.save_play(record)
        with pytest.raises(RecordsError, match="no play"):
            store.load_play(record.id)


def test_a_play_that_cannot_be_kept_whole_is_not_kept_at_all(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        record = play(patient_id=patient.id)
        with pytest.raises(ValueError):
            store.save_play(record, state={"x": "not a number"}, changes=[CHANGE])
        assert store.plays("P01") == []
        assert store.difficulty_changes("P01") == []


def test_a_play_is_found_by_the_beginning_of_its_identifier(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        one, other = play(1, 4), play(60 * 24, 4)
        for record in (one, other):
            store.save_play(record)
        differ = next(n for n in range(36) if one.id[n] != other.id[n])
        assert differ > 3, "they were made on one day"
        common = one.id[:differ]
        assert store.load_play(one.id[: differ + 1].upper()).id == one.id
        assert store.load_play(one.id.replace("-", "")).id == one.id
        with pytest.raises(RecordsError, match="more than one play"):
            store.load_play(common)
        for unknown in ("ffff", "ode-to-joy", "", "%"):
            with pytest.raises(RecordsError, match="no play"):
                store.load_play(unknown)


@pytest.mark.parametrize(
    "columns",
    [{"hits": 25}, {"repetitions": 0}, {"counted": 0}, {"hand": "both"}, {"extra": 1000}],
)
def test_the_database_itself_refuses_figures_that_contradict_one_another(
    tmp_path: Path, columns: dict[str, object]
) -> None:
    with open_store(tmp_path) as store:
        store.save_play(play())
        with pytest.raises(RecordsError) as caught, store.writing() as connection:
            connection.execute(update(plays).values(**columns))
        assert isinstance(caught.value.__cause__, IntegrityError)


def test_damaged_data_of_a_play_are_told_and_harm_no_other(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        good, bad = play(1, patient_id=patient.id), play(2, patient_id=patient.id)
        for record in (good, bad):
            store.save_play(record)
        with store.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE play_data SET data = (SELECT data FROM play_data "
                f"WHERE play_id = '{good.id}') "
                f"WHERE play_id = '{bad.id}'"
            )
        with pytest.raises(RecordsError, match="not those that were written"):
            store.load_play(bad.id)
        assert store.load_play(good.id).hits == good.hits
        assert len(store.plays("P01")) == 2


GRIP_FIGURES = st.builds(
    GripFigures,
    presented=st.integers(0, 50),
    near=st.integers(0, 9),
    wrong=st.integers(0, 9),
    extra=st.integers(0, 9),
)
NUMBERS = st.none() | st.floats(-1e6, 1e6)


@pytest.fixture(scope="module")
def busy_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("busy")) as store:
        yield store


@settings(max_examples=60, deadline=None)
@given(
    grips=st.tuples(*[GRIP_FIGURES] * 5),
    numbers=st.tuples(*[NUMBERS] * 5),
    seed=st.none() | st.integers(-(2**63), 2**63 - 1),
    offset=st.integers(-14 * 60, 14 * 60),
    texts=st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"))] * 3),
    interrupted=st.booleans(),
)
def test_any_play_comes_back_as_it_was(
    busy_store: Store, grips, numbers, seed, offset, texts, interrupted
) -> None:
    targets = np.zeros(sum(g.presented for g in grips), play(targets=1).targets.dtype)
    start = start_of_play(
        started_at=NOON.astimezone(timezone(timedelta(minutes=offset))),
        seed=seed,
        song_key=texts[0],
        song_title=texts[1],
        input_description=texts[2],
    )
    record = PlayRecord(
        **{f.name: getattr(start, f.name) for f in dataclasses.fields(PlayStart)},
        grips=grips,
        missed=Missed(omission=len(targets)),
        asynchrony_median_ms=numbers[0],
        asynchrony_sd_ms=numbers[1],
        dwell_median_ms=numbers[2],
        score=0,
        duration_us=2**40,
        level=numbers[3],
        x_after=numbers[4],
        interrupted=interrupted,
        targets=targets,
    )
    busy_store.save_play(record)
    assert_same_play(busy_store.load_play(record.id), record)


def test_a_play_that_cannot_be_is_refused_when_it_is_made() -> None:
    good = play()
    for wrong in (
        {"hand": "both"},
        {"started_at": datetime(2025, 1, 1)},
        {"grips": good.grips[:4]},
        {"missed": Missed(omission=1000)},
        {"targets": good.targets[:3]},
        {"edges": good.targets},
        {"seed": 2**63},
    ):
        with pytest.raises(ValueError):
            dataclasses.replace(good, **wrong)


def test_a_file_name_that_is_no_text_does_not_lose_the_play(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        record = play(song_key="ode\udcff")  # how Python shows a byte that is not UTF-8
        store.save_play(record)
        assert store.load_play(record.id).song_key == "ode?"


# Difficulty


def test_difficulty_is_kept_per_hand_and_kind_of_input(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        store.save_play(play(1, patient_id=patient.id), state=STATE, changes=[CHANGE])
        assert store.difficulty_state("p01", "right", "virtual") == STATE
        assert store.difficulty_state("P01", "left", "virtual") is None
        assert store.difficulty_state("P01", "right", "keyboard") is None
        store.save_play(play(2, patient_id=patient.id), state={**STATE, "x": -1.0, "seen": 48})
        assert store.difficulty_state("P01", "right", "virtual") == {**STATE, "x": -1, "seen": 48}
        store.save_play(play(3, patient_id=patient.id))
        state = store.difficulty_state("P01", "right", "virtual")
        assert state is not None, "a play without adaptation leaves the state alone"
        assert state["x"] == -1


def test_every_change_is_kept_with_its_reason_and_evidence(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
        record = play(patient_id=patient.id)
        changes = [
            DifficultyChange(1_000, -1.0, -0.9, "followed success", {"hits": 12, "asked": 12}),
            DifficultyChange(None, -0.9, -1.2, "followed misses", {"rested": ["little"]}),
        ]
        store.save_play(record, state=STATE, changes=changes)
        kept = store.difficulty_changes("P01")
        assert [k.change for k in kept] == changes[::-1]
        assert {(k.play_id, k.hand, k.input_kind) for k in kept} == {
            (record.id, "right", "virtual")
        }
        assert [k.change for k in store.difficulty_changes("P01", limit=1)] == changes[1:]


def test_a_change_of_the_therapy_is_taken_as_it_is() -> None:
    from game.therapy.difficulty import DifficultyState, Limits, PhraseTotals
    from game.therapy.difficulty import update as follow

    state = DifficultyState.first(Limits())
    two, none = (2,) * 5, (0,) * 5
    done = PhraseTotals(
        asked=two,
        hits=two,
        presses=two,
        fist_hits=none,
        trailing_hits=two,
        tier_rate=state.rate,
        x_at_commit=state.x,
    )
    change = follow(state, Limits(), [done])
    kept = DifficultyChange.of(5, change.reason.value, change)
    assert (kept.before, kept.after) == (change.before, change.after)
    assert kept.evidence.items() >= dict(change.evidence).items()


# Erasing


def test_a_patient_who_is_erased_is_on_no_board(tmp_path: Path) -> None:
    def board_of(folder: Path, erased: bool) -> dict[BoardKind, Board]:
        with open_store(folder) as store:
            for number in range(5 if erased else 4):
                patient = store.add_patient(f"P{number}", nickname=f"N{number}", board=True)
                for seed in range(6):
                    at = NOON + timedelta(days=seed - 6 if seed < 4 else 0, minutes=seed)
                    store.save_play(
                        play(
                            10 * number + seed,
                            6,
                            level=-1 + seed * number / 50,
                            patient_id=patient.id,
                            started_at=at,
                        )
                    )
            if erased:
                store.erase_patient("P4")
            return store.boards(NOON.date(), me="P2")

    with_erased = board_of(tmp_path / "a", True)
    assert with_erased == board_of(tmp_path / "b", False)
    assert with_erased[BoardKind.BEAT_MYSELF].rows
