"""What each electrode is said to be like: of a glove's health, its levels and a guided check."""

import pytest

from firmware_bridge.diagnosis import Code, finding
from firmware_bridge.health import Health
from game.core.grips import GRIPS, Grip
from game.stage.glove_state import Condition, state_of

DRY = (254,) * 5
INDEX, MIDDLE, RING, LITTLE, KEY = GRIPS


def health(**changes: object) -> Health:
    return Health(**{"link": "ok", "levels": DRY, "readings": 1, **changes})  # type: ignore[arg-type]


def test_a_dry_glove_waits_to_be_tried_and_what_was_felt_is_good():
    state = state_of(health(), felt=1 << INDEX | 1 << KEY)
    assert state.findings == ()
    assert state.conditions == {
        INDEX: Condition.GOOD,
        MIDDLE: Condition.UNTRIED,
        RING: Condition.UNTRIED,
        LITTLE: Condition.UNTRIED,
        KEY: Condition.GOOD,
    }


@pytest.mark.parametrize("link", ["lost", "waiting", "none"])
def test_of_a_glove_that_is_not_heard_nothing_is_said_of_its_fingers(link):
    state = state_of(health(link=link, stuck=0b111), felt=0b11111)
    assert set(state.conditions.values()) == {Condition.UNHEARD}
    assert bool(state.findings) == (link != "none")


@pytest.mark.parametrize(
    ("changes", "code", "conditions"),
    [
        ({"stuck": 1 << RING}, Code.STUCK, {RING: Condition.STUCK}),
        ({"bridged": ((0, 1),)}, Code.BRIDGED, {INDEX: Condition.SHORT, MIDDLE: Condition.SHORT}),
        ({"wet": True}, Code.WET, dict.fromkeys(GRIPS, Condition.DAMP)),
        ({"levels": (254, 150, 254, 254, 254)}, Code.LEAKY, {MIDDLE: Condition.DAMP}),
        (
            {"levels": (254, 254, 254, 85, 254), "levels_closed": 1 << LITTLE},
            Code.WEAK,
            {LITTLE: Condition.WEAK},
        ),
        ({"levels": (254, 254, 254, 3, 254), "levels_closed": 1 << LITTLE}, None, {}),
        ({"levels": (0, 0, 0, 0, 0)}, None, {}),
        ({"levels": ()}, None, {}),
        ({"link": "degraded"}, Code.NOISY, {}),
    ],
)
def test_what_the_glove_tells_is_told_of_the_finger_it_concerns(changes, code, conditions):
    state = state_of(health(**changes), felt=0b11111)
    assert [one.code for one in state.findings] == ([code] if code else [])
    assert {g: c for g, c in state.conditions.items() if c is not Condition.GOOD} == conditions


@pytest.mark.parametrize(
    ("code", "grips", "condition"),
    [
        (Code.OPEN, (MIDDLE,), Condition.MISSING),
        (Code.SWAPPED, (INDEX, RING), Condition.SWAPPED),
        (Code.MISPLACED, (INDEX, RING), Condition.SWAPPED),
    ],
)
def test_what_a_check_found_stays_until_the_next(code, grips, condition):
    state = state_of(health(), 0b11111, [finding(code, grips)])
    assert {g for g, c in state.conditions.items() if c is condition} == set(map(Grip, grips))


def test_without_a_thumb_no_finger_makes_contact():
    state = state_of(health(), 0, [finding(Code.THUMB)])
    assert set(state.conditions.values()) == {Condition.MISSING}


def test_the_most_telling_has_the_last_word_and_notes_are_no_faults():
    checked = [finding(Code.OPEN, (RING,)), finding(Code.UNMEASURED)]
    state = state_of(health(stuck=1 << RING), 0, checked)
    assert [one.code for one in state.findings] == [Code.STUCK, Code.OPEN]
    assert state.conditions[RING] is Condition.STUCK
