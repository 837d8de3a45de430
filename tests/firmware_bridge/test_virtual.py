"""The steady hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.virtual import MIN_OPEN_US, Actor, Cancelling, Contact, SteadyActor

SECOND = 1_000_000


def acted(actor: SteadyActor, cues: list[tuple[int, int]], ask_us: list[int]) -> list[Contact]:
    """The contacts when each cue is given 2 s ahead and the actor is asked at these times."""
    contacts = []
    waiting = sorted(cues)
    for now in sorted(ask_us):
        while waiting and waiting[0][0] - 2 * SECOND <= now:
            actor.cue(*waiting.pop(0))
        contacts += actor.contacts(now)
    return contacts


def test_it_presses_the_share_it_should_as_early_and_late_as_it_should() -> None:
    actor = SteadyActor(seed=7, success=0.8, jitter_us=60_000)
    cues = [(k * SECOND, k % 5) for k in range(4_000)]
    for at, grip in cues:
        actor.cue(at, grip)
    contacts = actor.contacts(10**12)
    assert len(contacts) == pytest.approx(3_200, abs=100)
    off = np.array([c.start_us - round(c.start_us / SECOND) * SECOND for c in contacts])
    assert off.std() == pytest.approx(60_000, rel=0.05)
    assert abs(off.mean()) < 4_000
    assert np.abs(off).max() <= 180_000
    assert {c.end_us - c.start_us for c in contacts} == {120_000}


@pytest.mark.parametrize(("success", "presses"), [(0.0, 0), (1.0, 50)])
def test_the_ends_of_success(success: float, presses: int) -> None:
    actor = SteadyActor(success=success)
    for k in range(50):
        actor.cue(k * SECOND, 0)
    assert len(actor.contacts(10**12)) == presses


@given(
    st.lists(st.tuples(st.integers(3, 60), st.integers(0, 4)), max_size=25),
    st.lists(st.integers(0, 70 * SECOND), max_size=40),
    st.one_of(st.integers(0, 2**40), st.lists(st.integers(0, 2**31), min_size=1, max_size=3)),
)
def test_what_it_does_depends_on_seed_and_cues_not_on_being_asked(
    cues: list[tuple[int, int]], ask_us: list[int], seed: int | list[int]
) -> None:
    timed = [(at * SECOND, grip) for at, grip in cues]
    often = acted(SteadyActor(seed), timed, [*range(0, 70 * SECOND, 10_000)])
    seldom = acted(SteadyActor(seed), timed, [*range(0, 70 * SECOND, SECOND), *ask_us])
    assert often == seldom
    assert often == sorted(often)


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 1)), min_size=2, max_size=20))
def test_two_contacts_of_a_grip_never_run_together(cues: list[tuple[int, int]]) -> None:
    actor = SteadyActor(success=1.0, jitter_us=180_000)
    for at_ms, grip in cues:
        actor.cue(at_ms * 1_000, grip)
    for grip in (0, 1):
        own = [c for c in actor.contacts(10**12) if c.grip == grip]
        for one, other in pairwise(own):
            assert other.start_us >= one.end_us + MIN_OPEN_US


def test_a_cue_that_comes_too_late_is_pressed_no_earlier_than_it_was_asked() -> None:
    actor = SteadyActor(success=1.0, jitter_us=0)
    assert actor.contacts(5 * SECOND) == []
    actor.cue(SECOND, 2)
    assert actor.contacts(6 * SECOND) == [Contact(5 * SECOND, 5 * SECOND + 120_000, 2)]


def test_cancelled_cues_are_not_pressed_but_a_contact_in_progress_stays() -> None:
    actor = SteadyActor(success=1.0, jitter_us=0)
    actor.cue(SECOND, 2)
    actor.cue(2 * SECOND, 2)
    assert len(actor.contacts(SECOND + 1)) == 1
    actor.cancel_cues()
    actor.cue(SECOND + 10, 2)
    (contact,) = actor.contacts(10 * SECOND)
    assert contact.start_us == SECOND + 120_000 + MIN_OPEN_US


def test_it_is_an_actor_that_can_cancel() -> None:
    actor: Actor = SteadyActor()
    assert isinstance(actor, Cancelling)
