"""Outcome tests that staff type in: their units, what can be, and the least change that matters.

Never estimated from the game. A minimal clinically important difference (MCID) is given only where
a source gives one (``docs/therapy.md``); beyond it a change matters to patients on average, which
is not the same as being beyond the error of the test.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One outcome test. ``mcid`` are the lowest and the highest figure the sources give, with
    ``of`` saying what they are for; None: no source is known."""

    name: str
    title: str
    unit: str
    lowest: float
    highest: float
    more_is_better: bool
    mcid: tuple[float, float] | None = None
    of: str = ""


OUTCOMES: dict[str, Outcome] = {
    one.name: one
    for one in (
        Outcome("BBT", "Box and Block Test", "blocks/min", 0, 150, True),
        Outcome("9HPT", "9-Hole Peg Test", "s", 5, 600, False),
        Outcome(
            "grip", "Grip force", "kg", 0, 120, True, (5.0, 6.2), "dominant, other hand affected"
        ),
        Outcome("pinch", "Pinch force", "kg", 0, 40, True),
        Outcome(
            "ARAT",
            "Action Research Arm Test",
            "points",
            0,
            57,
            True,
            (12.0, 17.0),
            "early: dominant, other hand affected",
        ),
        Outcome(
            "FMA-UE", "Fugl-Meyer, upper extremity", "points", 0, 66, True, (9.0, 13.0), "subacute"
        ),
        Outcome(
            "WMFT",
            "Wolf Motor Function Test, functional ability",
            "points",
            0,
            5,
            True,
            (1.0, 1.2),
            "dominant, other hand affected",
        ),
        Outcome(
            "MAL",
            "Motor Activity Log",
            "points",
            0,
            5,
            True,
            (1.0, 1.1),
            "dominant, other hand affected",
        ),
    )
}


@dataclass(frozen=True)
class OutcomeChange:
    """From ``first`` to ``last``, in the test's unit; ``improvement`` is positive if it is better.

    ``reaches`` says how it stands to the MCID: ``"none known"``, ``"below"``, ``"between"`` (the
    lower figure and not the higher) or ``"reached"``.
    """

    test: str
    first: float
    last: float
    improvement: float
    reaches: str


def checked_outcome(test: str, value: float) -> float:
    """``value`` if that test can give it. Raises ValueError with one sentence otherwise."""
    if test not in OUTCOMES:
        raise ValueError(f"there is no test “{test}”; there are {', '.join(OUTCOMES)}")
    known = OUTCOMES[test]
    if not known.lowest <= value <= known.highest:
        raise ValueError(
            f"{known.title} lies between {known.lowest:g} and {known.highest:g} {known.unit}, "
            f"not at {value:g}"
        )
    return float(value)


def outcome_change(test: str, first: float, last: float) -> OutcomeChange:
    """The change of a typed-in test beside its MCID. Raises ValueError for what cannot be."""
    first, last = checked_outcome(test, first), checked_outcome(test, last)
    known = OUTCOMES[test]
    # Rounded, so that 16.2 − 10 is 6.2 and not a hair less.
    improvement = round(last - first if known.more_is_better else first - last, 6)
    if known.mcid is None:
        reaches = "none known"
    else:
        low, high = known.mcid
        reaches = "reached" if improvement >= high else "between" if improvement >= low else "below"
    return OutcomeChange(test, first, last, improvement, reaches)
