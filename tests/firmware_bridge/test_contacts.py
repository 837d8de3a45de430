"""Contact detection, as tables: at this time the contacts become so, and these edges follow."""

import os
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.contacts import (
    BLOCKED,
    LOST,
    OPEN,
    PRESSED,
    STUCK,
    Contacts,
    ContactSettings,
    DeviceEdges,
)
from tests.firmware_bridge.twins import SlowContacts

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

#: A row: from this ms on the raw mask is so (None: nothing is sampled); the edges dated in ms that
#: are decided until the next row, as "grip + time" for a press and "grip - time" for a release.
Row = tuple[float, int | None, list[str]]

NAMES = "imrlk"


def feed(contacts: Contacts, rows: list[tuple[int, int, int]]) -> list[tuple[int, int, bool]]:
    times, masks, unbroken = zip(*rows, strict=True) if rows else ((), (), ())
    return told(
        contacts.feed(
            np.array(times, np.int64), np.array(masks, np.uint8), np.array(unbroken, np.uint8)
        )
    )


def told(edges: DeviceEdges) -> list[tuple[int, int, bool]]:
    return list(
        zip(edges.device_us.tolist(), edges.grip.tolist(), edges.down.tolist(), strict=True)
    )


def spelled(edges: list[tuple[int, int, bool]]) -> list[str]:
    return [f"{NAMES[grip]}{'+' if down else '-'}{us / 1000:g}" for us, grip, down in edges]


def play(
    rows: list[Row],
    *,
    period_us: int = 250,
    end_ms: float,
    settings: ContactSettings | None = None,
) -> None:
    """Sample the rows every ``period_us`` and hold what is decided in each against the table.

    A row without a mask is a hole: frames are missing, and the next sample says so.
    """
    contacts = Contacts(settings)
    unbroken = 1
    ends = [row[0] for row in rows[1:]] + [end_ms]
    for (begin, mask, expected), end in zip(rows, ends, strict=True):
        samples = []
        if mask is None:
            unbroken = 0
        else:
            first = -(-round(begin * 1000) // period_us)
            last = -(-round(end * 1000) // period_us)
            samples = [(n * period_us, mask, 1) for n in range(first, last)]
            samples[0] = (*samples[0][:2], unbroken)
            unbroken = 1
        assert spelled(feed(contacts, samples)) == expected, f"the row at {begin} ms"


INDEX, MIDDLE, KEY = 0x01, 0x02, 0x10

TABLES: dict[str, tuple[list[Row], float]] = {
    "a press and its release are dated at the first touch and at the opening": (
        [(0, 0, []), (100, INDEX, ["i+100"]), (250, 0, ["i-250"])],
        400,
    ),
    "nothing is decided before the contact adds up to more than 1 ms": (
        [(0, 0, []), (100, INDEX, []), (101, INDEX, ["i+100"])],
        102,
    ),
    "contact of 1 ms is no press": (
        [(0, 0, []), (100, INDEX, []), (101, 0, [])],
        200,
    ),
    "contact of 1.25 ms is a press, and 1.25 ms long": (
        [(0, 0, []), (100, INDEX, ["i+100"]), (101.25, 0, ["i-101.25"])],
        200,
    ),
    "touches that chatter count together, from the first of them": (
        [
            (0, 0, []),
            (100, INDEX, []),
            (100.5, 0, []),
            (102, INDEX, []),
            (102.5, 0, []),
            (103, INDEX, ["i+100"]),
        ],
        110,
    ),
    "touches 5 ms apart count together": (
        [(0, 0, []), (100, INDEX, []), (101, 0, []), (105.75, INDEX, ["i+100"])],
        106,
    ),
    "touches more than 5 ms apart do not": (
        [(0, 0, []), (100, INDEX, []), (101, 0, []), (106, INDEX, []), (107, INDEX, ["i+106"])],
        108,
    ),
    "an opening of 25 ms within a press is no release": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (150, 0, []),
            (175.25, INDEX, []),
            (200, 0, ["i-200"]),
        ],
        300,
    ),
    "an opening of more than 25 ms is one, and a second press": (
        [(0, 0, []), (100, INDEX, ["i+100"]), (150, 0, ["i-150"]), (175.5, INDEX, ["i+175.5"])],
        180,
    ),
    "a bounce while opening dates the release at the last opening": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (150, 0, []),
            (151, INDEX, []),
            (151.5, 0, ["i-151.5"]),
        ],
        200,
    ),
    "a tremor of 12 Hz gives every pinch": (
        [
            (0, 0, []),
            (83, KEY, ["k+83"]),
            (124, 0, ["k-124"]),
            (166, KEY, ["k+166"]),
            (207, 0, ["k-207"]),
            (249, KEY, ["k+249"]),
        ],
        280,
    ),
    "a contact closed from the beginning is blocked until it has been open for 20 ms": (
        [(0, INDEX, []), (100, 0, []), (119.5, INDEX, []), (200, 0, []), (221, INDEX, ["i+221"])],
        230,
    ),
    "a contact that stays closed for 8 s is stuck, and released": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (8_100, INDEX, ["i-8100"]),
            (9_000, 0, []),
            (9_021, INDEX, ["i+9021"]),
        ],
        9_030,
    ),
    "two grips are detected apart, and a later one may be decided first": (
        [
            (0, 0, []),
            (100, INDEX, []),
            (100.5, MIDDLE, []),
            (101.5, INDEX | MIDDLE, ["m+100.5"]),
            (102, INDEX | MIDDLE, ["i+100"]),
        ],
        103,
    ),
    "a hole of more than 250 ms releases, dated at the last sample, and blocks": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (150, None, []),
            (400.25, INDEX, ["i-149.75"]),
            (450, 0, []),
            (471, INDEX, ["i+471"]),
        ],
        480,
    ),
    "a hole of 250 ms does not": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (150, None, []),
            (399.75, INDEX, []),
            (450, 0, ["i-450"]),
        ],
        500,
    ),
    "unseen time counts 3 ms towards a release": (
        [
            (0, 0, []),
            (100, INDEX, ["i+100"]),
            (150, 0, []),
            (160, None, []),
            (260, 0, []),
            (272, 0, ["i-150"]),
        ],
        273,
    ),
    "one sample after a hole is never a press": (
        [(0, 0, []), (100, None, []), (102.5, INDEX, []), (102.75, 0, [])],
        200,
    ),
    "nor are two: the hole itself is no contact": (
        [(0, 0, []), (100, None, []), (102.5, INDEX, []), (103, 0, [])],
        200,
    ),
    "a touch that goes on after a hole is a press from where it was first seen": (
        [(0, 0, []), (100, None, []), (102.5, INDEX, []), (103.5, INDEX, ["i+102.5"])],
        105,
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str) -> None:
    rows, end_ms = TABLES[name]
    play(rows, end_ms=end_ms)


#: The same at 1 kHz, where time jumps by whole milliseconds.
SLOW_TABLES: dict[str, tuple[list[Row], float]] = {
    "one closed sample is 1 ms and no press, two are": (
        [(0, 0, []), (100, INDEX, []), (101, 0, []), (150, INDEX, []), (151, INDEX, ["i+150"])],
        152,
    ),
    "press, bounce and release": (
        [(0, 0, []), (100, INDEX, ["i+100"]), (110, 0, []), (112, INDEX, []), (150, 0, ["i-150"])],
        200,
    ),
    "a jump of 3 ms in a touch counts in full": (
        [(0, 0, []), (100, INDEX, []), (101, None, []), (103, INDEX, ["i+100"])],
        104,
    ),
}


@pytest.mark.parametrize("name", SLOW_TABLES)
def test_table_at_1_khz(name: str) -> None:
    rows, end_ms = SLOW_TABLES[name]
    play(rows, end_ms=end_ms, period_us=1_000)


def test_a_release_is_confirmed_when_the_patient_needs_it() -> None:
    rows: list[Row] = [(0, 0, []), (100, INDEX, ["i+100"]), (150, 0, []), (205, INDEX, [])]
    play(rows, end_ms=210, settings=ContactSettings(release_us=60_000))


@pytest.mark.parametrize("release_us", [9_999, 60_001])
def test_a_release_outside_10_to_60_ms_is_refused(release_us: int) -> None:
    with pytest.raises(ValueError, match="10 to 60 ms"):
        ContactSettings(release_us=release_us)


@pytest.mark.parametrize(
    ("event_mode", "unbroken", "expected"),
    [(True, 1, ["i+40", "i-60"]), (True, 0, ["i+40"]), (False, 1, ["i+40"])],
)
def test_event_mode_credits_20_ms_while_no_frame_is_missing(
    event_mode: bool, unbroken: int, expected: list[str]
) -> None:
    contacts = Contacts(ContactSettings(event_mode=event_mode))
    rows = [(0, 0, 1), (20_000, 0, 1), (39_000, 0, 1)]
    rows += [(t, 0, 1) for t in range(39_100, 40_000, 100)] if not event_mode else []
    rows = rows if event_mode else [(t, 0, 1) for t in range(0, 40_000, 250)]
    rows += [(t, INDEX, 1) for t in range(40_000, 60_000, 250)]
    rows += [(60_000, 0, 1), (80_000, 0, unbroken), (95_000, 0, unbroken)]
    assert spelled(feed(contacts, rows)) == expected


def test_old_and_repeated_samples_are_skipped() -> None:
    contacts = Contacts()
    assert feed(contacts, [(t, 0, 1) for t in range(0, 100_000, 250)]) == []
    assert feed(contacts, [(t, INDEX, 1) for t in range(50_000, 99_751, 250)]) == []
    assert contacts.states == (OPEN,) * 5


def test_states_and_masks_tell_what_is_there() -> None:
    contacts = Contacts()
    assert contacts.states == (LOST,) * 5
    assert contacts.earliest_us is None
    feed(contacts, [(0, INDEX, 1)])
    assert contacts.states == (BLOCKED,) * 5
    feed(contacts, [(t, 0, 1) for t in range(250, 30_000, 250)])
    feed(contacts, [(t, KEY, 1) for t in range(30_000, 40_000, 250)])
    assert contacts.states == (OPEN, OPEN, OPEN, OPEN, PRESSED)
    assert (contacts.closed_mask, contacts.stuck_mask) == (KEY, 0)
    feed(contacts, [(t, KEY, 1) for t in range(40_000, 8_100_000, 10_000)])
    assert contacts.states[4] == STUCK
    assert contacts.stuck_mask == KEY


def test_it_is_ready_once_an_open_hand_would_no_longer_be_blocked() -> None:
    contacts = Contacts()
    assert not contacts.ready
    feed(contacts, [(t, 0, 1) for t in range(0, 20_001, 250)])
    assert not contacts.ready
    feed(contacts, [(20_250, 0, 1)])
    assert contacts.ready
    contacts.lose()
    assert not contacts.ready


def test_losing_the_link_releases_at_the_last_sample_and_blocks() -> None:
    contacts = Contacts()
    feed(contacts, [(t, 0, 1) for t in range(0, 30_000, 250)])
    feed(contacts, [(t, INDEX, 1) for t in range(30_000, 40_000, 250)])
    assert spelled(told(contacts.lose())) == ["i-39.75"]
    assert contacts.closed_mask == 0
    assert feed(contacts, [(39_000, 0, 1)]) == []
    assert contacts.states == (LOST,) * 5
    feed(contacts, [(40_000, INDEX, 1)])
    assert contacts.states == (BLOCKED,) * 5
    assert told(contacts.lose()) == []


def test_after_a_restart_times_may_begin_anew() -> None:
    contacts = Contacts()
    feed(contacts, [(t, 0, 1) for t in range(9_000_000, 9_030_000, 250)])
    contacts.lose(restarted=True)
    feed(contacts, [(t, 0, 1) for t in range(0, 30_000, 250)])
    assert spelled(feed(contacts, [(t, INDEX, 1) for t in range(30_000, 40_000, 250)])) == ["i+30"]


# -- properties ---------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Samples with chatter, holes, repetitions, and contacts from microseconds to seconds."""
    time = draw(st.integers(-1_000_000, 1_000_000))
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        mask = draw(st.sampled_from([0, 0, 0, 1, 2, 3, 16, 17, 31]))
        period = draw(st.sampled_from([250, 250, 250, 1_000, 333, 2_999, 3_001, 20_000]))
        for _ in range(draw(st.sampled_from([1, 2, 3, 4, 5, 6, 20, 21, 81, 101, 103]))):
            time += period
            rows.append((time, mask, 1))
        time += draw(
            st.sampled_from([0, 0, 0, -500, 5_000, 4_750, 250_000, 250_001, 3_000, 8_000_000])
        )
    breaks = draw(st.sets(st.integers(0, len(rows)), max_size=5))
    return [(t, m, 0 if n in breaks else u) for n, (t, m, u) in enumerate(rows)]


@settings(max_examples=10_000 if SOAK else 300, deadline=None)
@given(histories(), st.booleans())
def test_the_kernel_finds_what_its_twin_finds(
    rows: list[tuple[int, int, int]], event_mode: bool
) -> None:
    contacts, twin = (
        Contacts(ContactSettings(event_mode=event_mode)),
        SlowContacts(event_mode=event_mode),
    )
    twin.feed(rows)
    assert feed(contacts, rows) == twin.edges
    if rows:
        assert contacts.earliest_us == twin.earliest


@settings(max_examples=5_000 if SOAK else 200, deadline=None)
@given(histories(), st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_how_samples_are_cut_changes_nothing_and_no_press_comes_before_the_promise(
    rows: list[tuple[int, int, int]], sizes: list[int]
) -> None:
    whole = Contacts()
    expected = feed(whole, rows)
    pieces, found, position, n = Contacts(), [], 0, 0
    promise: int | None = None
    while position < len(rows):
        size = sizes[n % len(sizes)]
        edges = feed(pieces, rows[position : position + size])
        assert all(promise is None or us >= promise for us, _, down in edges if down)
        assert promise is None or pieces.earliest_us is None or pieces.earliest_us >= promise
        promise = pieces.earliest_us
        found += edges
        position, n = position + size, n + 1
    assert found == expected
    assert pieces.states == whole.states


@settings(max_examples=200, deadline=None)
@given(histories())
def test_edges_of_a_grip_alternate_and_go_forward(rows: list[tuple[int, int, int]]) -> None:
    contacts = Contacts()
    edges = feed(contacts, rows) + told(contacts.lose())
    for grip in range(5):
        own = [(us, down) for us, g, down in edges if g == grip]
        assert [down for _, down in own] == [n % 2 == 0 for n in range(len(own))]
        assert len(own) % 2 == 0
        assert all(a[0] <= b[0] for a, b in pairwise(own))
