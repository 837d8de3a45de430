"""Wire bytes with their arrival -> edges in host time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.device import Burst, Device
from firmware_bridge.protocol import STANDARD
from firmware_bridge.reception import HostEdge, Reception
from firmware_bridge.virtual import Contact
from tests.firmware_bridge.streams import hello, states

MS = 1_000


class Hand:
    """Makes the contacts it is given."""

    def __init__(self, *contacts: Contact) -> None:
        self.waiting = sorted(contacts)

    def cue(self, at_us: int, grip: int) -> None:
        raise AssertionError("no cue is meant for this hand")

    def contacts(self, until_us: int) -> list[Contact]:
        told = [c for c in self.waiting if c.start_us < until_us]
        self.waiting = [c for c in self.waiting if c.start_us >= until_us]
        return told


def worn(*contacts: Contact, seconds: float = 4.0, skew_ppm: int = 500) -> Burst:
    return Device(Hand(*contacts), 0, skew_ppm=skew_ppm).advance(round(seconds * 1e6))


def receive(burst: Burst, reception: Reception | None = None) -> list[HostEdge]:
    reception = reception or Reception(STANDARD.baud)
    edges, _ = reception.receive(burst.data, burst.ends, burst.arrivals)
    return edges


def late(data: bytes, arrival_us: int) -> tuple[bytes, np.ndarray, np.ndarray]:
    return data, np.array([len(data)]), np.array([arrival_us])


def test_presses_come_out_when_they_were_made() -> None:
    made = [Contact(k * 300 * MS + 1_000 * MS, k * 300 * MS + 1_120 * MS, k % 5) for k in range(9)]
    edges = receive(worn(*made, skew_ppm=-3_000))
    assert [e.grip for e in edges if e.down] == [c.grip for c in made]
    for contact, press in zip(made, (e for e in edges if e.down), strict=True):
        assert press.time_us == pytest.approx(contact.start_us, abs=1_500)
    for contact, release in zip(made, (e for e in edges if not e.down), strict=True):
        assert release.time_us == pytest.approx(contact.end_us, abs=1_500)


def test_a_device_that_boots_anew_releases_blocks_and_is_followed_again() -> None:
    reception = Reception(STANDARD.baud)
    first = worn(Contact(1_000 * MS, 9_000 * MS, 2), seconds=2)
    assert [e.down for e in receive(first, reception)] == [True]
    again = Device(Hand(Contact(4_000 * MS, 4_100 * MS, 1)), 3_000 * MS, boot_us=77, boot_nonce=2)
    edges = receive(again.advance(5_000 * MS), reception)
    assert [(e.grip, e.down) for e in edges] == [(2, False), (1, True), (1, False)]
    assert edges[0].time_us == pytest.approx(2_000 * MS, abs=2 * MS)
    assert edges[1].time_us == pytest.approx(4_000 * MS, abs=2 * MS)


def touches(first_us: int, *grips: int) -> list[Contact]:
    """A pinch of 40 ms every 70 ms."""
    return [
        Contact(first_us + 70 * MS * n, first_us + 70 * MS * n + 40 * MS, grip)
        for n, grip in enumerate(grips)
    ]


@pytest.mark.parametrize("skew_ppm", [-5_000, 0, 5_000])
def test_what_is_pressed_before_the_clock_is_known_is_told_once_it_is(skew_ppm: int) -> None:
    made = touches(30 * MS, 0, 1, 2, 3, 4, 0)  # an open hand has been seen for 20 ms by then
    device, reception = Device(Hand(*made), 0, skew_ppm=skew_ppm), Reception(STANDARD.baud)
    edges: list[HostEdge] = []
    promise = -(10**18)
    for until in range(MS, 600 * MS, MS):
        came = receive(device.advance(until), reception)
        assert all(e.time_us >= promise for e in came if e.down)
        assert until > 200 * MS or not came
        edges += came
        if reception.settled_us is not None:
            assert reception.settled_us >= promise
            promise = reception.settled_us
    assert [e.grip for e in edges if e.down] == [c.grip for c in made]
    for contact, press in zip(made, (e for e in edges if e.down), strict=True):
        assert press.time_us == pytest.approx(contact.start_us, abs=500)
    assert promise == pytest.approx(599 * MS, abs=2 * MS)


def test_a_device_that_boots_in_mid_song_loses_no_press_after_its_boot() -> None:
    reception = Reception(STANDARD.baud)
    receive(worn(seconds=4, skew_ppm=5_000), reception)
    made = touches(4_530 * MS, 0, 1, 2, 3, 4, 0)
    again = Device(Hand(*made), 4_500 * MS, boot_us=0, boot_nonce=2, skew_ppm=5_000)
    first = 0
    presses: list[HostEdge] = []
    for until in range(4_501 * MS, 5_200 * MS, MS):
        came = receive(again.advance(until), reception)
        presses += [e for e in came if e.down]
        first = first or (until if came else 0)
    assert [e.grip for e in presses] == [c.grip for c in made]
    for contact, press in zip(made, presses, strict=True):
        assert press.time_us == pytest.approx(contact.start_us, abs=500)
    # How fast its clock runs was known, so that it takes 25 ms to know when it is.
    assert first - made[0].start_us < 5 * MS


def test_what_was_pressed_before_the_line_went_silent_at_once_is_told() -> None:
    device, reception = Device(Hand(Contact(40 * MS, 900 * MS, 3)), 0), Reception(STANDARD.baud)
    assert receive(device.advance(150 * MS), reception) == []
    press, release = reception.lose()
    assert (press.grip, press.down, release.grip, release.down) == (3, True, 3, False)
    assert press.time_us == pytest.approx(40 * MS, abs=MS)
    assert release.time_us == pytest.approx(150 * MS, abs=2 * MS)
    assert reception.settled_us is None


def test_settled_trails_the_newest_sample_and_waits_for_a_pending_touch() -> None:
    made = Contact(1_000 * MS, 1_500 * MS, 0)
    device, reception = Device(Hand(made), 0), Reception(STANDARD.baud)
    assert reception.settled_us is None
    receive(device.advance(990 * MS), reception)
    assert reception.settled_us == pytest.approx(989 * MS, abs=1.5 * MS)
    touched = None
    for until in range(990 * MS, 1_010 * MS, 250):
        edges = receive(device.advance(until), reception)
        if edges:
            assert touched is not None
            assert touched <= edges[0].time_us
            break
        touched = reception.settled_us
    assert touched == pytest.approx(1_000 * MS, abs=1 * MS)


def test_a_lost_link_releases_and_comes_back() -> None:
    device = Device(Hand(Contact(1_000 * MS, 1_900 * MS, 3), Contact(2_500 * MS, 2_600 * MS, 3)), 0)
    reception = Reception(STANDARD.baud)
    receive(device.advance(1_500 * MS), reception)
    assert [(e.grip, e.down) for e in reception.lose()] == [(3, False)]
    assert not reception.ready
    edges = receive(device.advance(3_000 * MS), reception)
    assert [(e.grip, e.down) for e in edges] == [(3, True), (3, False)]


@pytest.mark.parametrize(("bad_in_100", "degraded"), [(4, False), (7, True)])
def test_more_than_five_percent_bad_frames_in_a_second_degrade_the_link(
    bad_in_100: int, degraded: bool
) -> None:
    reception = Reception(STANDARD.baud)
    reception.receive(*late(b"\0" + hello(), 0))
    for n in range(2_000):
        data = bytearray(states(1, first=n, start_us=n * 1_000))
        if n % 100 < bad_in_100:
            data[5] ^= 0x55
        reception.receive(*late(bytes(data), n * 1_000))
    assert reception.degraded is degraded
    for n in range(2_000, 3_200):
        reception.receive(*late(states(1, first=n, start_us=n * 1_000), n * 1_000))
    assert reception.degraded is False


def test_after_reconnecting_the_next_glove_is_a_new_one() -> None:
    reception = Reception(STANDARD.baud)
    receive(worn(Contact(1_000 * MS, 9_000 * MS, 2), seconds=2), reception)
    assert [e.down for e in reception.reconnect()] == [False]
    assert reception.hello is None
    again = Device(Hand(Contact(4_000 * MS, 4_100 * MS, 1)), 3_000 * MS)
    edges = receive(again.advance(5_000 * MS), reception)
    assert [(e.grip, e.down) for e in edges] == [(1, True), (1, False)]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 300), st.integers(0, 4)), max_size=12),
)
def test_edges_do_not_depend_on_how_bytes_are_handed_in(
    sizes: list[int], touches: list[tuple[int, int, int]]
) -> None:
    made = [Contact(at * MS, (at + dwell) * MS, grip) for at, dwell, grip in touches]
    burst = worn(*made)
    expected = receive(burst)
    reception = Reception(STANDARD.baud)
    found: list[HostEdge] = []
    promise = -(10**18)
    position = n = 0
    while position < len(burst.data):
        size = sizes[n % len(sizes)]
        part = burst.data[position : position + size]
        touched = burst.ends > position
        ends = burst.ends[touched] - position
        edges, _ = reception.receive(part, ends, burst.arrivals[touched])
        assert all(e.time_us >= promise for e in edges if e.down)
        if reception.settled_us is not None:
            assert reception.settled_us >= promise
            promise = reception.settled_us
        found += edges
        position, n = position + size, n + 1
    assert found == expected


@pytest.mark.parametrize("late_ms", [300, 700])
def test_a_line_that_stalls_and_hands_over_late_moves_no_press_that_follows(late_ms: int) -> None:
    made = touches(2_000 * MS, *(k % 5 for k in range(40)))
    device, reception = Device(Hand(*made), 0, skew_ppm=2_000), Reception(STANDARD.baud)
    stall = (3_000 * MS, (3_000 + late_ms) * MS)
    edges, held = [], b""
    for until in range(MS, 5_000 * MS, MS):
        burst = device.advance(until)
        held += burst.data
        if stall[0] < until < stall[1]:
            if until == stall[0] + 260 * MS:
                edges += reception.lose()
            continue
        if held:
            edges += reception.receive(*late(held, until))[0]
        held = b""
    presses = [e for e in edges if e.down]
    for press in presses:
        nearest = min(made, key=lambda c: abs(c.start_us - press.time_us))
        assert nearest.grip == press.grip
        assert press.time_us == pytest.approx(nearest.start_us, abs=1_000)
    found = [min(made, key=lambda c: abs(c.start_us - p.time_us)).start_us for p in presses]
    lost = [c for c in made if c.start_us not in found]
    assert all(stall[0] - 40 * MS <= c.start_us <= stall[0] + 30 * MS for c in lost)


def test_presses_and_releases_of_a_grip_take_turns_even_if_the_clock_jumps_back() -> None:
    made = touches(1_000 * MS, *[2] * 30)
    device, reception = Device(Hand(*made), 0), Reception(STANDARD.baud)
    edges: list[HostEdge] = []
    for until in range(2 * MS, 3_200 * MS, 2 * MS):
        burst = device.advance(until)
        # At first everything comes 400 ms late, at last nothing does: the first line was wrong.
        at = until + (400 * MS if until < 2_000 * MS else 0)
        edges += reception.receive(*late(burst.data, at))[0]
    ordered = sorted(enumerate(edges), key=lambda pair: (pair[1].time_us, pair[0]))
    downs = [edge.down for _, edge in ordered]
    assert len(downs) > 20
    assert downs == [k % 2 == 0 for k in range(len(downs))]
