"""The guided check of virtual gloves that have something wrong with them, in lockstep."""

from pathlib import Path

import pytest

from firmware_bridge.errors import GloveError
from firmware_bridge.faults import parse_faults
from firmware_bridge.glove import Glove
from firmware_bridge.guided import GuidedCheck
from firmware_bridge.recording import Recorder
from tests.firmware_bridge.test_glove import SECOND, ManualClock

GOOD = "virtual:steady?success=1&jitter_ms=0&dwell_ms=300"


def checked(spec: str, *, limit_us: int = 3 * SECOND) -> tuple[GuidedCheck, int]:
    """The check when it is done, and how long it took."""
    clock = ManualClock()
    with Glove.open(spec, clock=clock, lockstep=True) as glove:
        begin = clock.now_us
        check = GuidedCheck(glove, begin, limit_us=limit_us)
        while not check.done:
            clock.now_us += 10_000
            check.step(clock.now_us)
            assert clock.now_us - begin < 60 * SECOND
    return check, clock.now_us - begin


def found(check: GuidedCheck) -> list[tuple[str, tuple[int, ...]]]:
    return [(str(one.code), one.grips) for one in check.findings]


def test_a_good_glove_has_nothing_and_takes_no_longer_than_it_must() -> None:
    check, took = checked(GOOD)
    assert found(check) == []
    assert [answer.asked for answer in check.answers] == [0, 1, 2, 3, 4]
    assert [[g for _, g in answer.presses] for answer in check.answers] == [
        [grip] * 3 for grip in range(5)
    ]
    assert took < 15 * SECOND


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("stuck:ring", [("stuck", (2,))]),
        ("stuck:key+index", [("stuck", (0, 4))]),
        ("open:middle", [("open", (1,))]),
        ("open:index+middle+ring+little+key", [("thumb", ())]),
        ("short:index+middle", [("short", (0, 1))]),
        ("short:ring+little+key", [("short", (2, 3, 4))]),
        ("swap:index+ring", [("swapped", (0, 2))]),
        ("wet", [("wet", ())]),
        ("unmeasured", [("unmeasured", ())]),
        ("stuck:ring,open:middle", [("stuck", (2,)), ("open", (1,))]),
    ],
)
def test_every_fault_is_named_and_nothing_else(
    fault: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    check, _ = checked(f"{GOOD}&fault={fault}")
    assert found(check) == expected


def test_a_poor_contact_is_measured_while_the_last_pinch_is_held() -> None:
    spec = "virtual:steady?success=1&jitter_ms=0&dwell_ms=1200"
    check, _ = checked(f"{spec}&fault=weak:little", limit_us=8 * SECOND)
    assert found(check) == [("weak", (3,))]
    assert check.levels[3] == 85
    assert all(level == 3 for grip, level in enumerate(check.levels) if grip != 3)


def test_a_hand_that_does_nothing_is_asked_for_as_long_as_was_said() -> None:
    check, took = checked("virtual:steady?success=0", limit_us=2 * SECOND)
    assert found(check) == [("thumb", ())]
    assert took == pytest.approx(2.5 * SECOND + 5 * 2 * SECOND, abs=SECOND)


def test_what_is_asked_and_how_long_it_takes_is_told() -> None:
    clock = ManualClock()
    with Glove.open(GOOD, clock=clock, lockstep=True) as glove:
        check = GuidedCheck(glove, clock.now_us)
        assert (check.prompt, check.grip) == ("Open the hand and keep it still", None)
        assert check.remaining_s == 2.5
        while check.grip != 1:
            clock.now_us += 10_000
            check.step(clock.now_us)
        assert check.prompt == "Pinch thumb and middle finger, three times; hold the last"
        assert check.remaining_s == pytest.approx(10)
        clock.now_us += SECOND
        check.step(clock.now_us)
        assert check.remaining_s == pytest.approx(9)
        assert check.felt == (0, 2, 0, 0, 0)


def test_a_glove_that_is_unplugged_ends_the_check(tmp_path: Path) -> None:
    # A recording in which the port goes away after three seconds.
    path = tmp_path / "unplugged.glove"
    clock = ManualClock()
    recorder = Recorder(path, program="test")
    with Glove.open(GOOD, clock=clock, lockstep=True, recorder=recorder) as glove:
        recorder.start()
        glove.begin(clock.now_us)
        for _ in range(30):
            clock.now_us += 100_000
            glove.poll()
        recorder.unplugged(clock.now_us)
        recorder.silent(clock.now_us + 9 * SECOND)
    recorder.close()
    check, took = checked(f"replay:{path}")
    assert found(check) == [("lost", ())]
    assert took < 5 * SECOND


def test_a_moment_in_which_nothing_is_heard_does_not_end_the_check(tmp_path: Path) -> None:
    path = tmp_path / "stutters.glove"
    clock = ManualClock()
    recorder = Recorder(path, program="test")
    with Glove.open(GOOD, clock=clock, lockstep=True, recorder=recorder) as glove:
        recorder.start()
        glove.begin(clock.now_us)
        for tenth in range(60):
            clock.now_us += 100_000
            kept = recorder.bytes_heard
            if tenth == 33:
                recorder.silent(clock.now_us)
            if 30 <= tenth < 36:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(Recorder, "received", lambda *_: None)
                    glove.poll()
                assert recorder.bytes_heard == kept
            else:
                glove.poll()
    recorder.close()
    check, took = checked(f"replay:{path}")
    assert "lost" not in [code for code, _ in found(check)]
    assert took > 10 * SECOND, "it went on to every grip"


# -- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("", {0b00001: 0b00001, 0b10110: 0b10110}),
        ("stuck:ring", {0: 0b00100, 0b00001: 0b00101}),
        ("open:middle", {0b00010: 0, 0b00011: 0b00001}),
        ("short:index middle", {0b00001: 0b00011, 0b00010: 0b00011, 0b00100: 0b00100}),
        ("swap:index+ring", {0b00001: 0b00100, 0b00100: 0b00001, 0b00101: 0b00101, 2: 2}),
        ("swap:index+ring,open:ring", {0b00001: 0, 0b00100: 0b00001}),
    ],
)
def test_how_a_faulty_glove_reads_a_hand(fault: str, expected: dict[int, int]) -> None:
    readings = parse_faults(fault).readings
    assert {mask: int(readings[mask]) for mask in expected} == expected


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("broken", "expected one of stuck:ring, open:middle"),
        ("stuck", "expected one of"),
        ("stuck:thumb", "there is no grip “thumb”; the grips are index, middle"),
        ("short:index", "expected one of"),
        ("swap:index+ring+key", "expected one of"),
        ("wet:index", "expected one of"),
        ("wet,", "expected one of"),
    ],
)
def test_a_fault_that_does_not_exist_is_told(fault: str, why: str) -> None:
    with pytest.raises(GloveError, match=why):
        Glove.open(f"{GOOD}&fault={fault}", lockstep=True)
