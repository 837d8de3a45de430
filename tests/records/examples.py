"""Plays for the tests of the records: a plausible hand at a plausible song, from a seed."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from game.core.data import EDGE, TARGET, Window
from game.records.identifiers import new_identifier
from game.records.judged import judged_play
from game.records.plays import DifficultyChange, PlayRecord, PlayStart
from game.records.store import Store

NOON = datetime(2025, 3, 12, 12, 0, tzinfo=timezone(timedelta(hours=2)))  # a Wednesday

STATE: dict[str, Any] = {"schema": 1, "x": -1.25, "seen": 24, "easy_win": False, "grips": {}}

CHANGE = DifficultyChange(4_000_000, -1.3, -1.25, "followed success", {"hits": 20, "asked": 24})


def start_of_play(seed: int | None = 1, **other: Any) -> PlayStart:
    at = other.pop("started_at", None) or NOON + timedelta(minutes=seed or 0)
    values: dict[str, Any] = {
        "id": new_identifier(at),
        "patient_id": None,
        "started_at": at,
        "song_key": "ode-to-joy",
        "song_title": "Ode to Joy",
        "song_hash": "5f" * 32,
        "hand": "right",
        "input_kind": "virtual",
        "input_description": "virtual:steady?seed=1",
        "rate_asked": 0.5,
        "rate_fixed": False,
        "tempo": 1.0,
        "window": Window(),
        "software_version": "0.1.0",
        "seed": seed,
        "delays": {"audio_us": 40_000, "audio_from": "measured"},
    }
    return PlayStart(**{**values, **other})


def performance(seed: int = 1, targets: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Targets and edges in song time: mostly hits, some misses, some presses of other grips."""
    random = np.random.default_rng(seed)
    rows = np.zeros(targets, TARGET)
    rows["time_us"] = 2_000_000 + 1_000_000 * np.arange(targets)
    rows["grip"] = random.integers(0, 5, targets)
    rows["duration_us"] = 400_000
    rows["pitch"] = random.integers(48, 84, targets)
    rows["tier"] = 1
    edges = []
    for row in rows:
        if random.random() < 0.85:
            press = int(row["time_us"] + random.normal(-30_000, 120_000))
            grip = int(row["grip"]) if random.random() < 0.9 else int(random.integers(0, 5))
            edges += [(press, grip, True), (press + int(random.integers(60_000, 200_000)), grip, 0)]
    return rows, np.array(sorted(edges, key=lambda e: e[0]), EDGE)


def play(seed: int = 1, targets: int = 24, level: float | None = None, **start: Any) -> PlayRecord:
    """A closed play, judged."""
    rows, edges = performance(seed, targets)
    raw = edges.copy()
    raw["time_us"] += 900_000_000
    return judged_play(
        start_of_play(seed, **start),
        targets=rows,
        edges=edges,
        raw_edges=raw,
        segments=[(900_000_000, 0, 1.0), (903_000_000, 3_000_000, 0.0), (904_000_000, 3_000_000)],
        duration_us=2_000_000 + 1_000_000 * targets,
        interrupted=False,
        level=level,
        x_after=-1.25,
        events=({"phrase": 0, "tier": 1}, {"paused_us": 5}),
    )


def url_of(folder: Path) -> str | None:
    """The database whose other files are in ``folder``; see :mod:`tests.records.databases`."""
    return None


def open_store(folder: Path) -> Store:
    return Store.open(folder, clock=lambda: NOON.astimezone(UTC), url=url_of(folder))
