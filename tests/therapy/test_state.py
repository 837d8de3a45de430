"""The state goes to JSON and back unharmed, and nothing else passes for a state."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.grip_mix import GripRecord
from game.therapy.limits import Limits
from game.therapy.state import DifficultyState

records = st.builds(
    lambda targets, share, seen, run, resting: GripRecord(
        targets * share, targets, seen, run, resting
    ),
    st.floats(0.01, 100),
    st.floats(0, 1),
    st.integers(0, 10_000),
    st.integers(0, 500),
    st.booleans(),
)
states = st.builds(
    DifficultyState,
    x=st.floats(-5, 4),
    grips=st.tuples(*[records] * 5),
    seen=st.integers(0, 10**6),
    easy_win=st.booleans(),
)


@given(states)
def test_a_state_survives_json(state: DifficultyState) -> None:
    assert DifficultyState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


def written() -> dict[str, Any]:
    return DifficultyState.first(Limits()).to_dict()


BROKEN: list[tuple[str, Any]] = [
    ("x", None),
    ("x", "0.3"),
    ("x", True),
    ("x", float("nan")),
    ("x", float("inf")),
    ("x", 40.0),
    ("schema", 2),
    ("schema", "1"),
    ("seen", -1),
    ("seen", 1.5),
    ("seen", True),
    ("easy_win", 0),
    ("grips", []),
    ("grips", {}),
    ("extra", 1),
]


@pytest.mark.parametrize(("key", "value"), BROKEN)
def test_anything_else_is_refused_with_a_sentence(key: str, value: Any) -> None:
    with pytest.raises(ValueError):
        DifficultyState.from_dict(written() | {key: value})


@pytest.mark.parametrize("key", ["schema", "x", "seen", "easy_win", "grips"])
def test_nothing_may_be_missing(key: str) -> None:
    data = written()
    del data[key]
    with pytest.raises(ValueError, match=key):
        DifficultyState.from_dict(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hits", 5.0),  # of 4 targets
        ("hits", -0.1),
        ("targets", 0.0),
        ("seen", "3"),
        ("run", -2),
        ("resting", 1),
        ("colour", "blue"),
    ],
)
def test_a_grip_that_cannot_be_is_refused(key: str, value: Any) -> None:
    data = written()
    data["grips"]["ring"] |= {key: value}
    with pytest.raises(ValueError, match="ring"):
        DifficultyState.from_dict(data)
