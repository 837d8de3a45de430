"""What is kept of a person's songs: the last play and the best score, and the favourites."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from game.records.errors import RecordsError
from game.records.store import Store
from tests.records.examples import NOON, open_store, play

pytestmark = pytest.mark.usefixtures("on_both")

MONDAY = date(2025, 3, 10)


def played(store: Store, patient_id: str | None, seed: int, song: str, days: int, score: int):
    record = play(
        seed,
        patient_id=patient_id,
        song_key=song,
        song_hash=song * 2,
        started_at=NOON - timedelta(days=days, minutes=-seed),
    )
    store.save_play(replace(record, score=score))
    return record


def test_each_song_is_told_once_the_latest_first(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        ann, bea = store.add_patient("ann").id, store.add_patient("bea").id
        played(store, ann, 1, "ode", 9, 9_000)
        played(store, ann, 2, "ode", 1, 5_000)
        played(store, ann, 3, "scale", 0, 4_000)
        last = played(store, ann, 4, "ode", 0, 3_000)
        played(store, ann, 5, "old", 30, 7_000)
        played(store, bea, 6, "ode", 0, 9_999)
        played(store, None, 7, "ode", 0, 9_999)
        songs = store.played_songs("ann", MONDAY)
    assert [song.song_key for song in songs] == ["ode", "scale", "old"]
    ode = songs[0]
    assert (ode.plays, ode.best, ode.song_hash) == (3, 5_000, "odeode")
    assert ode.last_at == last.started_at.astimezone(UTC)
    assert ode.last_date == date(2025, 3, 12)
    assert songs[2].best is None, "not played this week"


def test_the_day_of_a_play_is_where_it_was_played(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        ann = store.add_patient("ann").id
        late = NOON.replace(hour=23, minute=58)  # still the day before in UTC
        record = play(1, patient_id=ann, started_at=late.replace(hour=0, minute=30))
        store.save_play(record)
        (song,) = store.played_songs("ann", MONDAY)
    assert song.last_date == NOON.date()
    assert song.last_at.date() == NOON.date() - timedelta(days=1)


def test_a_list_takes_one_question_however_many_plays_there_are(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        ann = store.add_patient("ann").id
        for seed in range(1, 40):
            played(store, ann, seed, f"song-{seed % 3}", seed % 9, 100 * seed)
        asked: list[str] = []
        event.listen(store.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        assert len(store.played_songs("ann", MONDAY)) == 3
        assert sum("FROM plays" in statement for statement in asked) == 1
        assert not any("play_grips" in statement for statement in asked)


def test_plays_of_a_week_are_those_since_its_monday(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        ann = store.add_patient("ann").id
        for seed, days in enumerate((0, 1, 2, 3, 9), start=1):
            played(store, ann, seed, f"{days} days ago", days, 100)
        assert [p.song_key for p in store.plays("ann", since=MONDAY)] == [
            "0 days ago",
            "1 days ago",
            "2 days ago",
        ]
        assert len(store.plays("ann")) == 5


def test_favourites_are_marked_and_unmarked(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("ann")
        store.add_patient("bea")
        store.set_favourite("ann", "ode", "h1", True)
        store.set_favourite("ANN", "scale", "h2", True)
        store.set_favourite("ann", "ode", "h1", True)
        assert sorted(f.song_key for f in store.favourites("ann")) == ["ode", "scale"]
        assert store.favourites("bea") == []
        store.set_favourite("ann", "ode", "h1", False)
        store.set_favourite("ann", "never", "h9", False)
        assert [f.song_key for f in store.favourites("ann")] == ["scale"]
    with open_store(tmp_path) as store:
        assert [f.song_key for f in store.favourites("ann")] == ["scale"]


def test_a_song_that_was_renamed_or_edited_is_marked_once(tmp_path: Path) -> None:
    clock = [NOON.astimezone(UTC)]
    with open_store(tmp_path) as store:
        store.clock = lambda: clock[0]
        store.add_patient("ann")
        store.set_favourite("ann", "ode", "h1", True)
        clock[0] += timedelta(days=1)
        store.set_favourite("ann", "ode-renamed", "h1", True)
        store.set_favourite("ann", "ode-renamed", "edited", True)
        (mark,) = store.favourites("ann")
        assert (mark.song_key, mark.song_hash) == ("ode-renamed", "edited")
        assert mark.chosen_at == NOON
        store.set_favourite("ann", "ode-renamed", "edited again", False)
        assert store.favourites("ann") == []


def test_favourites_go_with_their_patient(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("ann")
        store.set_favourite("ann", "ode", "h1", True)
        store.erase_patient("ann")
        with store.reading() as connection:
            assert connection.exec_driver_sql("SELECT * FROM favourites").all() == []


def test_songs_of_an_unknown_patient_are_an_error(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for ask in (
            lambda: store.played_songs("nobody", MONDAY),
            lambda: store.favourites("nobody"),
            lambda: store.set_favourite("nobody", "ode", "h1", True),
        ):
            with pytest.raises(RecordsError, match="nobody"):
                ask()
