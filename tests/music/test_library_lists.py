"""Searching and sorting songs: pure functions over entries and what is known of a person."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.music.library.entries import Entry
from game.music.library.lists import (
    NOBODY,
    Listener,
    Order,
    Played,
    fits,
    folded,
    keys_of,
    listed,
    ordered,
    played_by_key,
    search,
)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = NOW.timestamp() - 90 * 86_400


def song(key: str, title: str = "", rates: tuple[float, ...] = (0.1, 0.5, 1.0), **more) -> Entry:
    values = {"added_s": LONG_AGO, "bundled": True, "content_hash": f"#{key}", **more}
    return Entry(key, Path(f"{key}.mid"), title or key, True, rates=rates, **values)


def broken(key: str, **more) -> Entry:
    return Entry(key, Path(f"{key}.mid"), key, False, f"{key}.mid: no song", **more)


def played(days_ago: float, best: int | None = None) -> Played:
    at = NOW - timedelta(days=days_ago)
    return Played(1, at, at.date(), best)


def keys(entries: list[Entry]) -> list[str]:
    return [entry.key for entry in entries]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("elise", ["fur-elise"]),
        ("FÜR", ["fur-elise"]),
        ("fur", ["fur-elise"]),
        ("beethoven calm", ["fur-elise"]),
        ("Österreich", ["fur-elise"]),
        ("dvorak", ["humoreske"]),
        ("Dvořák", ["humoreske"]),
        ("strasse", ["strasse"]),
        ("straße", ["strasse"]),
        ("STRASSE", ["strasse"]),
        ("lodz", ["strasse"]),
        ("ludwig-van", ["fur-elise"]),
        ("h", ["humoreske"]),
        ("  ", ["fur-elise", "humoreske", "strasse"]),
        ("beethoven lively", []),
        ("x", []),
    ],
)
def test_search_knows_title_composer_origin_and_mood(text: str, found: list[str]) -> None:
    about = {"composer": "Ludwig van Beethoven", "mood": "calm", "origin": "Österreich"}
    songs = [
        song("fur-elise", "Für Elise", meta=about),
        song("humoreske", "Humoreske", meta={"composer": "Antonín Dvořák"}),
        song("strasse", "Die Straße", meta={"origin": "Łódź"}),
    ]
    assert keys(search(songs, text)) == found


def test_the_beginning_of_a_word_counts_before_its_middle() -> None:
    songs = [song("a", "Wiegenlied"), song("b", "Ein Lied"), song("c", "Lieder")]
    assert keys(search(songs, "lied")) == ["b", "c"]
    assert keys(search(songs[:1], "lied")) == ["a"]


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_a_song_is_found_by_its_own_title_however_it_is_typed(title: str) -> None:
    one = song("key", title)
    for typed in (title, title.swapcase().swapcase(), title.casefold(), folded(title)):
        assert search([one], typed) == [one]


@pytest.mark.parametrize(
    ("level", "rates", "does"),
    [
        (1.0, (0.1, 0.85), True),
        (1.0, (0.1, 0.84), False),
        (1.0, (1.15, 3.0), True),
        (1.0, (1.16, 3.0), False),
        (0.2, (0.1, 0.17, 0.23), True),
        (None, (3.0,), True),
        (1.0, (), True),
    ],
)
def test_a_song_fits_if_a_tier_is_within_15_percent(level, rates, does) -> None:
    assert fits(song("a", rates=rates), level) == does
    assert not fits(broken("b"), level)


def test_by_title_accents_and_capitals_make_no_difference_and_refused_files_come_last() -> None:
    songs = [broken("aaa"), song("1", "Élan"), song("2", "zebra"), song("3", "Ebb"), song("4", "Ý")]
    assert keys(ordered(songs, Order.TITLE, NOBODY, NOW)) == ["3", "1", "4", "2", "aaa"]


def test_by_rate_the_slowest_song_comes_first_and_the_unknown_last() -> None:
    songs = [song("fast", rates=(0.1, 2.0)), song("new", rates=()), song("slow", rates=(0.1, 0.4))]
    assert keys(ordered(songs, Order.RATE, NOBODY, NOW)) == ["slow", "fast", "new"]


def test_by_fit_those_near_the_level_come_first() -> None:
    songs = [song("far", rates=(0.1, 0.3)), song("near", rates=(0.1, 0.9)), song("b", rates=(1.0,))]
    who = Listener(level=1.0)
    assert keys(ordered(songs, Order.FITS, who, NOW)) == ["b", "near", "far"]


def test_recent_and_favourite_lists_hold_only_those() -> None:
    songs = [song(key) for key in "abcd"] + [broken("e")]
    who = Listener(
        played={"b": played(2), "d": played(0.5), "e": played(1)}, favourites=frozenset("cd")
    )
    assert keys(listed(songs, Order.RECENT, who, NOW)) == ["d", "b", "e"]
    assert keys(listed(songs, Order.FAVOURITES, who, NOW)) == ["c", "d"]
    assert len(listed(songs, Order.TITLE, who, NOW)) == 5
    assert keys(ordered(songs, Order.RECENT, who, NOW))[:2] == ["d", "b"]
    assert len(ordered(songs, Order.RECENT, who, NOW)) == 5


def test_for_you_begins_with_what_was_just_dropped_refused_or_not() -> None:
    now_s = NOW.timestamp()
    songs = [
        song("old"),
        song("dropped", bundled=False, added_s=now_s - 600),
        broken("bad", added_s=now_s - 60),
        song("dropped-and-played", bundled=False, added_s=now_s - 500),
        song("dropped-yesterday", bundled=False, added_s=now_s - 90_000),
        broken("old-bad", added_s=LONG_AGO),
    ]
    who = Listener(level=0.5, played={"dropped-and-played": played(0.001)})
    found = keys(ordered(songs, Order.FOR_YOU, who, NOW))
    assert found[:2] == ["bad", "dropped"]
    assert found[-1] == "old-bad"
    assert found[-2] == "dropped-and-played", "it was played today"


def test_for_you_songs_that_fit_come_before_the_others() -> None:
    songs = [song(f"far-{n}", rates=(0.1, 0.2 + 0.01 * n)) for n in range(4)]
    songs += [song(f"fits-{n}", rates=(0.1, 1.0)) for n in range(4)]
    found = keys(ordered(songs, Order.FOR_YOU, Listener(level=1.0), NOW))
    assert all(key.startswith("fits") for key in found[:4])
    assert found[4:] == ["far-3", "far-2", "far-1", "far-0"], "the nearest first"


def test_for_you_is_dealt_anew_every_day_and_stays_within_it() -> None:
    songs = [song(f"song-{n}") for n in range(12)]
    who = Listener("ann", 0.5)

    def first(day: int, person: Listener = who) -> str:
        return ordered(songs, Order.FOR_YOU, person, NOW + timedelta(days=day))[0].key

    assert first(0) == first(0)
    assert len({first(day) for day in range(10)}) > 4
    assert [first(d) for d in range(5)] != [first(d, Listener("bea", 0.5)) for d in range(5)]


def test_for_you_a_song_that_was_played_today_lets_others_go_first() -> None:
    songs = [song(f"song-{n}") for n in range(6)]
    top = ordered(songs, Order.FOR_YOU, Listener("ann", 0.5), NOW)[0].key
    again = Listener("ann", 0.5, played={top: played(0.01)})
    assert ordered(songs, Order.FOR_YOU, again, NOW)[-1].key == top
    before = Listener("ann", 0.5, played={top: played(1)})
    assert ordered(songs, Order.FOR_YOU, before, NOW)[0].key == top


def test_for_you_favourites_and_own_songs_stand_in_front_more_often() -> None:
    songs = [song(f"song-{n}", bundled=n != 3) for n in range(20)]
    who = Listener("ann", 0.5, favourites=frozenset({"song-7"}))
    places = {"song-3": 0, "song-7": 0, "song-9": 0}
    for day in range(60):
        found = keys(ordered(songs, Order.FOR_YOU, who, NOW + timedelta(days=day)))
        for key in places:
            places[key] += found.index(key)
    assert places["song-3"] < 0.75 * places["song-9"]
    assert places["song-7"] < 0.75 * places["song-9"]


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.1, 3)), max_size=12),
    st.sampled_from(Order),
    st.none() | st.floats(0.05, 3),
)
def test_every_order_holds_every_song_once(rows, order, level) -> None:
    songs = [
        song(f"s{n}", rates=(rate,), bundled=bundled) if ok else broken(f"s{n}")
        for n, (ok, bundled, rate) in enumerate(rows)
    ]
    found = ordered(songs, order, Listener("ann", level), NOW)
    assert sorted(keys(found)) == sorted(keys(songs))
    assert ordered(list(reversed(songs)), order, Listener("ann", level), NOW) == found


@dataclass(frozen=True)
class Row:
    song_key: str
    song_hash: str
    plays: int = 1
    last_at: datetime = NOW
    last_date: date = TODAY
    best: int | None = None


def test_records_find_a_song_that_was_renamed_or_edited() -> None:
    songs = [song("new-name", content_hash="h1"), song("edited", content_hash="h2-later")]
    rows = [Row("old-name", "h1"), Row("edited", "h2"), Row("gone", "h3")]
    assert {key: [r.song_key for r in found] for key, found in keys_of(songs, rows).items()} == {
        "new-name": ["old-name"],
        "edited": ["edited"],
    }


def test_another_song_under_an_old_name_is_another_song() -> None:
    songs = [song("tune", content_hash="other"), song("tune-moved", content_hash="h1")]
    assert set(keys_of(songs, [Row("tune", "h1")])) == {"tune-moved"}


def test_plays_before_and_after_an_edit_are_added_up() -> None:
    day = timedelta(days=1)
    rows = [
        Row("tune", "h1", 3, NOW - 5 * day, (NOW - 5 * day).date(), None),
        Row("tune", "h0", 2, NOW - day, (NOW - day).date(), 700),
        Row("tune", "now", 1, NOW - 2 * day, (NOW - 2 * day).date(), 900),
    ]
    found = played_by_key([song("tune", content_hash="now")], rows)
    assert found == {"tune": Played(6, NOW - day, (NOW - day).date(), 900)}


def test_two_copies_of_a_song_are_both_known() -> None:
    one = song("a", content_hash="h")
    assert set(played_by_key([one, replace(one, key="b")], [Row("a", "h")])) == {"a", "b"}
