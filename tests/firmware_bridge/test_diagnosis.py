"""From what was seen to what is wrong, in words."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.diagnosis import (
    Answer,
    Code,
    Evidence,
    Reading,
    bridges,
    diagnose,
    finding,
    is_wet,
    leaky,
)

INDEX, MIDDLE, RING, LITTLE, KEY = range(5)
DRY = Reading((254,) * 5, 0)


def answered(**came: list[int]) -> tuple[Answer, ...]:
    """Each grip answers itself three times, 700 ms apart, but for those that are named."""
    names = ("index", "middle", "ring", "little", "key")
    answers = []
    for asked, name in enumerate(names):
        grips = came.get(name, [asked])
        answers.append(
            Answer(
                asked,
                tuple((asked * 10**7 + k * 700_000, grip) for k in range(3) for grip in grips),
            )
        )
    return tuple(answers)


def found(evidence: Evidence) -> list[tuple[str, tuple[int, ...]]]:
    return [(str(one.code), one.grips) for one in diagnose(evidence)]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ({}, []),
        ({"middle": []}, [("open", (MIDDLE,))]),
        ({"middle": [], "key": []}, [("open", (MIDDLE, KEY))]),
        ({"index": [], "middle": [], "ring": [], "little": [], "key": []}, [("thumb", ())]),
        ({"index": [RING], "ring": [INDEX]}, [("swapped", (INDEX, RING))]),
        ({"index": [RING]}, [("misplaced", (INDEX, RING))]),
        (
            {"index": [MIDDLE], "middle": [RING], "ring": [INDEX]},
            [
                ("misplaced", (INDEX, MIDDLE)),
                ("misplaced", (MIDDLE, RING)),
                ("misplaced", (RING, INDEX)),
            ],
        ),
        ({"index": [INDEX, MIDDLE], "middle": [MIDDLE, INDEX]}, [("short", (INDEX, MIDDLE))]),
        (
            {name: [INDEX, MIDDLE, RING] for name in ("index", "middle", "ring")},
            [("short", (INDEX, MIDDLE, RING))],
        ),
        # A hand that cannot pinch one finger alone is no fault of the glove.
        ({"little": [LITTLE, RING]}, []),
    ],
)
def test_what_came_for_what_was_asked(
    came: dict[str, list[int]], expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert found(Evidence(readings=(DRY,), answers=answered(**came))) == expected


def test_fingers_that_close_some_milliseconds_apart_are_not_bridged() -> None:
    fist = tuple(
        Answer(
            asked, tuple((k * 700_000 + grip * 4_000, grip) for k in range(3) for grip in (0, 1))
        )
        for asked in (0, 1)
    )
    assert found(Evidence(readings=(DRY,), answers=fist)) == []


def test_one_pinch_of_three_is_enough() -> None:
    once = tuple(Answer(grip, ((grip * 10**6, grip),)) for grip in range(5))
    assert found(Evidence(readings=(DRY,), answers=once)) == []


def test_an_electrode_that_is_stuck_is_not_told_twice() -> None:
    evidence = Evidence(rest_closed=(0, 0, 1.0, 0, 0), readings=(DRY,), answers=answered(ring=[]))
    assert found(evidence) == [("stuck", (RING,))]


@pytest.mark.parametrize(
    ("levels", "closed", "damp", "wet"),
    [
        ((254,) * 5, 0, (), False),
        ((230,) * 5, 0, (), False),
        ((229,) * 5, 0, (0, 1, 2, 3, 4), True),
        ((150, 150, 150, 150, 254), 0, (0, 1, 2, 3), True),
        ((150, 150, 150, 254, 254), 0, (0, 1, 2), False),
        ((3, 3, 3, 3, 254), 0b01111, (), False),  # a fist
        ((3, 254, 254, 254, 254), 0, (), False),  # a pinch that has just ended
        ((60, 60, 60, 150, 150), 0b00111, (3, 4), True),  # so wet that three read closed
        ((60, 60, 60, 60, 60), 0b11111, (), True),
    ],
)
def test_levels(levels: tuple[int, ...], closed: int, damp: tuple[int, ...], wet: bool) -> None:
    assert leaky(Reading(levels, closed)) == damp
    assert is_wet(Reading(levels, closed)) is wet


def test_one_damp_electrode_is_dirt_and_most_are_a_wet_glove() -> None:
    one = Reading((254, 254, 180, 254, 254), 0)
    assert found(Evidence(readings=(one, one), answers=answered())) == [("leaky", (RING,))]
    most = Reading((180, 180, 180, 180, 254), 0)
    assert found(Evidence(readings=(most,), answers=answered())) == [("wet", ())]
    assert found(Evidence((1.0,) * 5, (Reading((60,) * 5, 31),))) == [("wet", ())]
    assert found(Evidence((1.0,) * 5, (Reading((2,) * 5, 31),))) == [("stuck", (0, 1, 2, 3, 4))]


def test_a_poor_contact_is_told() -> None:
    poor = Reading((254, 90, 254, 254, 254), 0b00010)
    assert found(Evidence(readings=(DRY, poor), answers=answered())) == [("weak", (MIDDLE,))]
    good = Reading((254, 4, 254, 254, 254), 0b00010)
    assert found(Evidence(readings=(DRY, good, good, poor), answers=answered())) == []


@pytest.mark.parametrize("readings", [(), (Reading((0,) * 5, 0),), (Reading((), 0),)])
def test_a_glove_that_does_not_measure_is_told_as_a_note(readings: tuple[Reading, ...]) -> None:
    [note] = diagnose(Evidence(readings=readings, answers=answered()))
    assert note.code == Code.UNMEASURED
    assert not note.fault


def test_of_a_lost_glove_nothing_else_is_told() -> None:
    assert found(Evidence(lost=True, answers=answered(middle=[]))) == [("lost", ())]
    assert found(Evidence(noisy=True, readings=(DRY,), answers=answered())) == [("noisy", ())]


def test_bridges_that_share_an_electrode_are_one() -> None:
    for pairs in permutations([(0, 1), (1, 2), (3, 4)]):
        assert bridges(pairs) == ((0, 1, 2), (3, 4))


@pytest.mark.parametrize(
    ("code", "grips", "words"),
    [
        (
            Code.OPEN,
            (MIDDLE,),
            "The middle fingertip never made contact. Check the snap on that finger.",
        ),
        (
            Code.BRIDGED,
            (INDEX, MIDDLE),
            "Index and middle always close together: something bridges them. "
            "Look for touching wires or damp fabric between them.",
        ),
        (Code.SWAPPED, (RING, KEY), "Ring and side of the index finger are swapped."),
        (Code.STUCK, (RING,), "The ring fingertip seems to touch the thumb all the time."),
        (Code.MISPLACED, (INDEX, RING), "Asked for index, ring answered."),
        (Code.MISSING, (), "No glove was found. Check that its cable is plugged in"),
    ],
)
def test_the_words(code: Code, grips: tuple[int, ...], words: str) -> None:
    assert finding(code, grips).words.startswith(words)


FOREIGN = ("electrode", "ADC", "CRC", "frame", "link", "mask", "Ω", "resistance", "diagnos")


@given(st.sampled_from(list(Code)), st.permutations(range(5)), st.integers(1, 5))
def test_a_daughter_understands_every_word(code: Code, grips: list[int], count: int) -> None:
    count = 2 if code in (Code.MISPLACED, Code.SWAPPED) else count
    words = finding(code, grips[:count]).words
    assert words[0].isupper()
    assert words.endswith(".")
    assert not any(word in words for word in FOREIGN)
    assert len(words) <= 180


@given(
    st.builds(
        Evidence,
        rest_closed=st.tuples(*[st.floats(0, 1)] * 5),
        readings=st.lists(
            st.builds(Reading, st.tuples(*[st.integers(0, 255)] * 5), st.integers(0, 31)),
            max_size=5,
        ).map(tuple),
        answers=st.lists(
            st.builds(
                Answer,
                st.integers(0, 4),
                st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 4)), max_size=9).map(
                    tuple
                ),
            ),
            max_size=5,
        ).map(tuple),
        lost=st.booleans(),
        noisy=st.booleans(),
    )
)
def test_any_evidence_has_findings_each_told_once(evidence: Evidence) -> None:
    findings = diagnose(evidence)
    assert len(set(findings)) == len(findings)
