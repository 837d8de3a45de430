"""What the screen is told about a glove while it is played."""

import pytest

from firmware_bridge.glove import Glove
from firmware_bridge.health import Health
from firmware_bridge.signs import Signs
from tests.firmware_bridge.test_glove import SECOND, ManualClock

GOOD = "virtual:steady?success=1&jitter_ms=0"


def played(fault: str, seconds: int = 12, cued: bool = True) -> tuple[Health, ManualClock, Glove]:
    clock = ManualClock()
    glove = Glove.open(GOOD + (f"&fault={fault}" if fault else ""), clock=clock, lockstep=True)
    for k in range(2 * seconds if cued else 0):
        glove.cue(clock.now_us + 300_000 + k * 500_000, k % 2)
    for _ in range(seconds * 20):
        clock.now_us += 50_000
        glove.poll()
    return glove.health, clock, glove


def test_a_good_glove_says_nothing() -> None:
    health, _, _ = played("")
    assert health.sentence is None
    assert health.findings == ()
    assert health.states == ("open",) * 5
    assert health.levels == (254,) * 5
    assert health.readings >= 12


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("stuck:ring", "The ring fingertip seems to touch the thumb all the time."),
        ("stuck:middle+key", "The middle fingertip and side of the index finger seem to touch"),
        ("short:index+middle", "Index and middle always close together: something bridges them."),
        ("wet", "The glove is damp. Let it dry before you play on."),
    ],
)
def test_a_fault_is_named_on_screen(fault: str, sentence: str) -> None:
    health, _, _ = played(fault)
    assert health.sentence is not None
    assert health.sentence.startswith(sentence)
    assert len(health.findings) == 1


def test_the_state_of_each_electrode_can_be_read() -> None:
    clock = ManualClock()
    with Glove.open(
        "virtual:steady?success=1&jitter_ms=0&dwell_ms=5000&fault=stuck:ring",
        clock=clock,
        lockstep=True,
    ) as glove:
        glove.cue(clock.now_us + SECOND, 1)
        clock.now_us += 2 * SECOND
        glove.poll()
        health = glove.health
    assert health.states == ("open", "pressed", "blocked", "open", "open")
    assert health.contacts == 0b00110
    assert health.stuck == 0, "not yet: it may be a hand that was closed when the glove was opened"


def test_a_pinch_that_is_held_too_long_is_stuck_until_it_opens() -> None:
    health, clock, glove = played("", seconds=1, cued=False)
    with Glove.open(
        "virtual:steady?success=1&jitter_ms=0&dwell_ms=5000", clock=clock, lockstep=True
    ) as held:
        held.cue(clock.now_us + SECOND, 4)
        for _ in range(100):
            clock.now_us += 50_000
            held.poll()
        assert held.health.sentence is None
    assert health.stuck == 0
    glove.close()


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (Health("none"), None),
        (Health("none", stuck=4), None),
        (Health("ok"), None),
        (Health("waiting"), "The glove is not speaking yet."),
        (Health("lost", stuck=4, wet=True), "The glove does not answer any more."),
        (Health("degraded"), "The glove is hard to hear."),
        (Health("degraded", stuck=1), "The index fingertip seems"),
        (Health("ok", wet=True, stuck=31, bridged=((0, 1),)), "The glove is damp."),
        (Health("ok", stuck=31), "Every finger seems to touch the thumb."),
    ],
)
def test_the_most_telling_comes_first(health: Health, words: str | None) -> None:
    if words is None:
        assert health.sentence is None
    else:
        assert health.sentence is not None
        assert health.sentence.startswith(words)


# -- signs ----------------------------------------------------------------------------------------


def test_six_pinches_of_each_that_came_together_are_a_bridge() -> None:
    signs = Signs()
    for k in range(6):
        assert signs.bridged == ()
        signs.presses([(k * 10**6, 0), (k * 10**6 + 900, 3)])
    assert signs.bridged == ((0, 3),)
    signs.presses([(7 * 10**6, 0)])
    assert signs.bridged == (), "one pinch alone, and there is no bridge"


def test_a_fist_is_no_bridge() -> None:
    signs = Signs()
    for k in range(30):
        signs.presses([(k * 10**6 + grip * (1_500 + 300 * (k % 5)), grip) for grip in range(4)])
    assert signs.bridged == ()


def test_a_bridge_of_three() -> None:
    signs = Signs()
    for k in range(6):
        signs.presses([(k * 10**6, grip) for grip in (1, 2, 4)])
    assert signs.bridged == ((1, 2, 4),)
    signs.reset()
    assert signs.bridged == ()


def test_a_glove_is_wet_when_three_readings_in_a_row_say_so() -> None:
    signs = Signs()
    damp = bytes([150, 150, 150, 150, 150])
    for levels, wet in (
        (damp, False),
        (damp, False),
        (damp, True),
        (bytes([254] * 5), False),
        (damp, False),
    ):
        signs.levels(levels, 0)
        assert signs.wet is wet
    assert signs.readings == 5


def test_what_never_opened_is_held_after_three_seconds() -> None:
    signs = Signs()
    for tenth in range(30):
        signs.never_opened(0b00100, tenth * 100_000)
        assert signs.held_mask == 0
    signs.never_opened(0b00101, 3_000_000)
    assert signs.held_mask == 0b00100
    signs.never_opened(0b00001, 3_100_000)
    assert signs.held_mask == 0
