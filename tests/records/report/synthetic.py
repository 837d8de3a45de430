"""A made-up patient of some weeks, from a seed: plays, plans, steps of the difficulty, answers."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from game.core.data import EDGE, TARGET, Window
from game.core.grips import ACROSS_THE_HAND, GRIPS
from game.records.identifiers import new_identifier
from game.records.judged import judged_play
from game.records.patients import Patient
from game.records.plays import PlayRecord
from game.records.prescriptions import KeptPrescription
from game.records.report.material import Felt, Material, Measure, Sitting, Step, measured
from game.therapy.prescription import changed, preset
from tests.records.examples import start_of_play

HERE = timezone(timedelta(hours=2))
FIRST, LAST = date(2025, 3, 3), date(2025, 4, 27)

PATIENT = Patient(
    id="0195c3a0-0000-7000-8000-000000000001",
    code="ANNA-1",
    nickname="Blue Heron",
    picture="heron",
    hand="left",
    on_board=True,
    board_hidden=False,
    created_at=datetime(2025, 3, 1, 9, tzinfo=UTC),
)

#: How likely each grip is hit, in code order: the little finger is the hardest.
SKILL = (0.90, 0.86, 0.78, 0.62, 0.93)


def hand_at_work(
    random: np.random.Generator,
    targets: int,
    rate: float,
    skill: tuple[float, ...] = SKILL,
    grips: tuple[int, ...] = tuple(GRIPS),
) -> tuple[np.ndarray, np.ndarray]:
    """Targets and edges (song time): hits a little early, near presses, neighbours, extras."""
    rows = np.zeros(targets, TARGET)
    rows["time_us"] = 3_000_000 + np.round(np.arange(targets) * 1e6 / rate).astype("i8")
    rows["grip"] = random.choice(grips, targets)
    rows["duration_us"] = 300_000
    rows["pitch"] = 60
    rows["tier"] = 1
    edges: list[tuple[int, int, bool]] = []

    def press(at: float, grip: int, held_ms: float) -> None:
        edges.append((int(at), grip, True))
        edges.append((int(at + max(30.0, held_ms) * 1000), grip, False))

    for row in rows:
        grip, at, luck = int(row["grip"]), float(row["time_us"]), random.random()
        held = random.normal(160, 40)
        if luck < skill[grip]:
            press(at + random.normal(-35_000, 70_000), grip, held)
        elif luck < skill[grip] + 0.04:
            press(at + random.choice([-1, 1]) * random.uniform(220_000, 380_000), grip, held)
        elif luck < skill[grip] + 0.07:
            place = ACROSS_THE_HAND.index(GRIPS[grip])
            beside = ACROSS_THE_HAND[place - 1 if place else 1]
            press(at + random.normal(0, 60_000), int(beside), held)
    edges.sort(key=lambda e: e[0])
    return rows, np.array(edges, EDGE)


def one_play(
    random: np.random.Generator, at: datetime, x: float, targets: int = 60, **other: object
) -> PlayRecord:
    """One play at level ``x``."""
    rate = 2.0**x
    rows, edges = hand_at_work(random, targets, rate)
    entropy = random.bytes(10)
    values = {
        "id": new_identifier(at, entropy),
        "patient_id": PATIENT.id,
        "started_at": at,
        "hand": "left",
        "input_kind": "glove",
        "input_description": "Griptune glove (USB serial); resolution 1 ms",
        "window": Window(),
        **other,
    }
    return judged_play(
        start_of_play(int(random.integers(0, 1000)), **values),
        targets=rows,
        edges=edges,
        raw_edges=edges,
        segments=[(0, 0, 1.0)],
        duration_us=int(3e6 + targets * 1e6 / rate),
        interrupted=False,
        level=x if values.get("mode", "play") == "play" else None,
        x_after=x,
    )


def plays_of(seed: int, weeks: int = 8) -> list[PlayRecord]:
    """Plays on most days, getting faster; one with the keyboard."""
    random = np.random.default_rng(seed)
    found = []
    for day in range(weeks * 7):
        if (day % 7) in (5, 6) or random.random() < 0.12:
            continue
        noon = datetime(FIRST.year, FIRST.month, FIRST.day, 10, tzinfo=HERE) + timedelta(days=day)
        for number in range(3):
            x = -1.4 + 0.9 * day / (weeks * 7) + random.normal(0, 0.08) - 0.05 * number
            found.append(one_play(random, noon + timedelta(minutes=6 * number), x, 70))
    keys = {"input_kind": "keyboard", "input_description": "keyboard; resolution 25 ms"}
    last = found[-1].started_at + timedelta(minutes=7)
    found.append(one_play(random, last, -0.8, 40, **keys))
    return found


def plans() -> list[KeptPrescription]:
    """Two versions."""
    first = preset("middle", FIRST, "left")
    second = changed(
        first, minutes=20, grips={"index": 1, "middle": 1, "ring": 2, "key": 1, "little": 1}
    )
    at = datetime(2025, 3, 2, 15, tzinfo=UTC)
    return [
        KeptPrescription(1, first, "J. Berg, OT", at),
        KeptPrescription(2, second, "J. Berg, OT", at + timedelta(days=23)),
    ]


def material(seed: int = 1, weeks: int = 8) -> Material:
    """All of it."""
    plays = plays_of(seed, weeks)
    random = np.random.default_rng(seed + 1)
    steps, felt, sittings = [], [], []
    seen: dict[date, int] = {}
    for play in plays:
        for number in range(8):
            share = number / 7
            x = (play.level or 0.0) + 0.15 - 0.1 * share - 0.05 * seen.get(play.local_date, 0)
            steps.append(Step(play.id, int(share * play.duration_us), x + random.normal(0, 0.03)))
        seen[play.local_date] = seen.get(play.local_date, 0) + 1
    for day in sorted(seen):
        at = datetime(day.year, day.month, day.day, 10, tzinfo=HERE)
        pain = int(random.integers(0, 4))
        felt.append(Felt(at, "before", pain, 2, sitting=str(day)))
        after = min(10, pain + int(random.integers(0, 3)))
        felt.append(Felt(at + timedelta(minutes=30), "after", after, 4, sitting=str(day)))
        flags = ("pain",) if after - pain >= 2 else ()
        sittings.append(Sitting(day, 7.0, "the day's plan is done", flags))
    return Material(
        patient=PATIENT,
        hand="left",
        first=FIRST,
        last=LAST,
        made=datetime(2025, 4, 28, 9, tzinfo=HERE),
        software="0.1.0",
        plays=[measured(play) for play in plays],
        plans=plans(),
        steps=steps,
        felt=felt,
        sittings=sittings,
        assessments=[
            Measure(FIRST + timedelta(days=d), "speed", "left", v, "/s", input_kind="glove")
            for d, v in ((2, 0.52), (9, 0.55), (30, 0.71), (50, 0.80))
        ],
        outcomes=[
            Measure(FIRST, "BBT", "left", 24, "blocks", "J. Berg, OT"),
            Measure(LAST, "BBT", "left", 29, "blocks", "J. Berg, OT"),
            Measure(FIRST, "grip", "left", 11.5, "kg", "J. Berg, OT"),
        ],
        goals=[("button my shirt", None)],
    )
