"""Plays whose process died: real processes, really killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from game.core.data import EDGE, TARGET
from game.core.judge import judge
from game.core.statistics import totals
from game.records.interrupted import close_interrupted
from game.records.schema import open_plays
from game.records.store import Store
from game.records.writer import Writer
from tests.records.examples import (
    CHANGE,
    STATE,
    open_store,
    performance,
    play,
    start_of_play,
)

#: Kills in the killing test; GRIPTUNE_SOAK=1 asks for the full figure.
KILLS = 60 if os.environ.get("GRIPTUNE_SOAK") == "1" else 4

#: Plays a target and a press every 20 ms, and says on standard output when each was handed over.
PLAY = """
import json, sys, time
from pathlib import Path
import numpy as np
from game.core.data import EDGE, TARGET
from game.records.store import Store
from game.records.writer import Writer
from tests.records.examples import CHANGE, STATE, start_of_play
store = Store.open(Path(sys.argv[1]))
writer = Writer(store)
start = start_of_play(int(sys.argv[2]), patient_id=store.patient("P01").id)
book = writer.open_play(start)
book.segments([(1_000_000, 0)])
book.changed({**STATE, "x": -2.5}, [CHANGE])
print(start.id, flush=True)
for number in range(10_000):
    song_us = number * 1_000_000
    target = np.zeros(1, TARGET)
    target["time_us"], target["grip"], target["tier"] = song_us + 500_000, number % 5, 1
    press = (song_us + 550_000, number % 5, True)
    release = (song_us + 650_000, number % 5, False)
    edges = np.array([press, release], EDGE)
    raw = edges.copy()
    raw["time_us"] += 1_000_000
    book.targets(target)
    book.edges(raw)
    book.judged(edges, song_us + 900_000)
    print(json.dumps([number, time.time()]), flush=True)
    time.sleep(0.02)
"""


def played_until_killed(folder: Path, seed: int, seconds: float) -> tuple[str, int, int]:
    """Play in another process and kill it. Returns the play's identifier, how many targets were
    handed over, and how many of them more than two seconds before the end."""
    with subprocess.Popen(
        [sys.executable, "-c", PLAY, str(folder), str(seed)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        identifier = process.stdout.readline().strip()
        assert identifier, "the play did not begin"
        time.sleep(seconds)
        killed_at = time.time()
        os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        lines = [json.loads(line) for line in process.stdout if line.endswith("]\n")]
        process.wait()
    return identifier, len(lines), sum(at < killed_at - 2 for _, at in lines)


def test_a_killed_play_is_kept_with_what_it_counted(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        patient = store.add_patient("P01")
    random_seconds = random.Random(7)
    plays = {}
    for seed in range(KILLS):
        seconds = random_seconds.uniform(0.1, 3.4) if seed else 3.2
        identifier, handed_over, safe = played_until_killed(tmp_path, seed, seconds)
        plays[identifier] = (handed_over, safe)
        with open_store(tmp_path) as store:
            assert close_interrupted(store).problems == ()
    kept = {}
    with open_store(tmp_path) as store:
        kept = {p.id: store.load_play(p.id) for p in store.plays("P01")}
        state = store.difficulty_state("P01", "right", "virtual")
        changes = store.difficulty_changes("P01")
        assert close_interrupted(store).kept == (), "there is nothing left to close"
    for identifier, (handed_over, safe) in plays.items():
        if identifier not in kept:
            assert safe == 0
            continue
        record = kept[identifier]
        assert safe <= record.asked <= handed_over
        assert record.hits == record.asked == record.repetitions
        assert record.asynchrony_median_ms == 50
        assert record.interrupted
        assert record.patient_id == patient.id
        assert record.duration_us == record.asked * 1_000_000 - 100_000
        assert (
            record.raw_edges["time_us"].tolist() == (record.edges["time_us"] + 1_000_000).tolist()
        )
    assert state is not None
    assert state["x"] == -2.5
    assert len(changes) == len(kept) >= KILLS // 2


def test_what_is_kept_is_what_the_judge_says_of_the_journal(tmp_path: Path) -> None:
    targets, edges = performance(3)
    start = start_of_play(3)
    with open_store(tmp_path) as store:
        with Writer(store) as writer:
            book = writer.open_play(start)
            book.targets(targets[:10])
            book.judged(edges[:12], int(edges["time_us"][:12].max()))
            book.targets(targets[10:])
            book.judged(edges[12:], int(edges["time_us"].max()))
            book.event({"phrase": 1})
            book.changed(STATE, [CHANGE])
        assert close_interrupted(store).kept == (start.id,)
        record = store.load_play(start.id)
    whole = play(3)
    assert record.hits == whole.hits
    assert record.repetitions == whole.repetitions
    assert record.events == ({"phrase": 1},)
    assert record.x_after == STATE["x"]
    assert record.level is None
    again = totals(record.targets, judge(record.targets, record.edges, record.window), record.edges)
    assert again.near.tolist() == [g.near for g in record.grips]


def test_a_target_that_was_still_open_was_not_asked(tmp_path: Path) -> None:
    targets = np.zeros(3, TARGET)
    targets["time_us"] = (1_000_000, 2_000_000, 3_000_000)
    edges = np.array([(2_950_000, 0, True)], EDGE)  # early, within the window of the third
    for reached_us, asked, hits in (
        (2_100_000, 2, 1),  # the second's window is open until 2.2 s
        (2_200_000, 2, 1),
        (2_200_001, 3, 1),
    ):
        folder = tmp_path / str(reached_us)
        with open_store(folder) as store:
            with Writer(store) as writer:
                book = writer.open_play(start_of_play())
                book.targets(targets)
                book.judged(edges, reached_us)
            close_interrupted(store)
            (record,) = store.guest_plays()
        assert (record.asked, record.hits) == (asked, hits)


def test_a_play_that_counted_nothing_is_let_go(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with Writer(store) as writer:
            book = writer.open_play(start_of_play())
            book.targets(performance()[0])
            book.judged(np.zeros(0, EDGE), 100_000)
        assert close_interrupted(store).empty == 1
        assert store.guest_plays() == []
        with store.reading() as connection:
            assert connection.execute(open_plays.select()).all() == []


def test_a_play_that_still_runs_is_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, Writer(store) as writer:
        record = play()
        book = writer.open_play(record)
        book.targets(record.targets)
        book.judged(record.edges, 30_000_000)
        assert writer.wait_until_written(10)
        with open_store(tmp_path) as other:
            assert close_interrupted(other).kept == ()
        book.close(record)
        assert writer.wait_until_written(10)
        assert not store.load_play(record.id).interrupted


def test_a_play_that_runs_in_another_process_is_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("P01")
        with subprocess.Popen(
            [sys.executable, "-c", PLAY, str(tmp_path), "1"], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            identifier = process.stdout.readline().strip()
            wait_for_journal(store)
            assert close_interrupted(store).kept == ()
            process.kill()
            process.stdout.read()
            process.wait()
        assert close_interrupted(store).kept == (identifier,)


def wait_for_journal(store: Store) -> None:
    end = time.monotonic() + 20
    while True:
        with store.reading() as connection:
            # The first chunk may come before the first press.
            if connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one() > 1:
                return
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    "damage",
    ["UPDATE journal SET chunk = x'00'", "UPDATE open_plays SET opening = '{}'"],
)
def test_a_journal_that_cannot_be_read_stays_and_stops_nobody(tmp_path: Path, damage: str) -> None:
    with open_store(tmp_path) as store:
        with Writer(store) as writer:
            bad = writer.open_play(start_of_play(1))
            bad.targets(performance()[0])
        with store.writing() as connection:
            connection.exec_driver_sql(damage)
        with Writer(store) as writer:
            good = writer.open_play(start_of_play(2))
            good.targets(performance()[0])
            good.judged(performance()[1], 30_000_000)
        for attempt in range(2):
            closed = close_interrupted(store)
            assert len(closed.kept) == 1 - attempt
            assert len(closed.problems) == 1
        assert len(store.guest_plays()) == 1
