"""Practice: passages, one pass of one, waiting for the pinch, any finger."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.core import EDGE, TARGET, Window, judge
from game.core.data import HIT
from game.music.library import bundled_folder
from game.music.reading import read_song
from game.play.performance import Performance
from game.play.plan import WAITING, WAS_HIT, WAS_MISSED, FixedPlan
from game.play.practice import (
    AnyFinger,
    Passage,
    as_dense,
    one_pass,
    passages,
    phrase_at,
    rest_from,
    waits,
)
from game.play.setup import Player, PlayOptions, prepare
from tests.play.charts import SECOND_US, chart, pinches

WINDOW = Window()
ODE = bundled_folder() / "ode-to-joy.mid"


def prepared(rate: float = 0.8, tempo: float = 0.75):
    return prepare(read_song(ODE), "ode-to-joy", Player(), PlayOptions(rate=rate, tempo=tempo))


def test_named_sections_are_the_passages_and_cover_the_song():
    play = prepared()
    sections = [(round(at / play.tempo), name) for at, name in play.song.sections]
    found = passages(play.chart, sections)
    assert [name for _, name in play.song.sections][:2] == ["Intro", "Verse 1"]
    assert [p.title for p in found][:2] == ["Verse 1", "Verse 2"], "a short introduction leads in"
    assert found[0].start_us == 0
    assert found[-1].end_us == play.chart.length_us
    assert all(a.end_us == b.start_us for a, b in pairwise(found))
    starts = set(play.chart.phrases[:, 0].tolist())
    assert all(p.start_us in starts for p in found)


def test_a_song_without_sections_is_offered_in_passages_of_about_twenty_seconds():
    found = passages(chart(seconds=60, phrase_s=8), [])
    assert [(p.start_us, p.end_us) for p in found] == [
        (0, 24 * SECOND_US),
        (24 * SECOND_US, 48 * SECOND_US),
        (48 * SECOND_US, 60 * SECOND_US),
    ]


def test_a_pass_asks_the_targets_of_its_passage_and_begins_a_bar_before():
    play = prepared()
    sections = [(round(at / play.tempo), name) for at, name in play.song.sections]
    passage = passages(play.chart, sections)[2]
    made = one_pass(play, passage)
    whole = one_pass(play, None)
    begins_us = -made.lead_us
    assert begins_us in play.chart.bars_us
    assert 0 < passage.start_us - begins_us <= 4 * SECOND_US
    asked = run(made.performance, begins_us)
    every = run(whole.performance, -whole.lead_us)
    inside = (every["time_us"] >= passage.start_us) & (every["time_us"] < passage.end_us)
    assert len(asked) > 3
    assert asked.tobytes() == every[inside].tobytes()


def test_the_first_passage_is_counted_in():
    play = prepared()
    first = passages(play.chart, [])[0]
    assert one_pass(play, first).lead_us == play.lead_us > 0


def run(performance: Performance, from_us: int) -> np.ndarray:
    now_us = from_us
    while not performance.finished:
        now_us += 50_000
        performance.step(np.zeros(0, EDGE), now_us)
    return performance.asked()[0]


@pytest.mark.parametrize(
    ("states", "song_us", "stands"),
    [
        ([WAITING, WAITING], 999_999, False),
        ([WAITING, WAITING], 1_000_000, True),
        ([WAS_HIT, WAITING], 1_500_000, False),
        ([WAS_HIT, WAITING], 2_000_000, True),
        ([WAS_MISSED, WAITING], 1_999_999, False),
        ([WAS_HIT, WAS_HIT], 9_000_000, False),
    ],
)
def test_the_song_stands_while_a_target_is_due_and_open(states, song_us, stands):
    rows = np.zeros(2, TARGET)
    rows["time_us"] = [1_000_000, 2_000_000]
    assert waits(rows, np.array(states, "u1"), song_us) is stands


def test_any_finger_hits_and_its_release_follows():
    rows = chart().targets[:3]
    fingers = pinches(*((int(t["time_us"]) + 30_000, (int(t["grip"]) + 2) % 5) for t in rows))
    assert not judge(rows, fingers, WINDOW).targets["hit"].any()
    taken = AnyFinger(WINDOW)(fingers, rows)
    judged = judge(rows, taken, WINDOW).targets
    assert judged["hit"].all()
    assert (judged["dwell_us"] == 100_000).all()


def test_where_nothing_is_asked_a_press_stays_what_it_is():
    rows = chart().targets[:1]
    late = pinches((int(rows[0]["time_us"]) + 250_000, 4))
    assert AnyFinger(WINDOW)(late, rows).tobytes() == late.tobytes()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cuts=st.lists(st.integers(1, 40), max_size=20))
def test_any_finger_is_one_hit_a_press_at_most_and_the_same_however_it_is_fed(seed, cuts):
    random = np.random.default_rng(seed)
    rows = chart(seconds=30).tier(8)
    times = np.sort(random.integers(0, 30 * SECOND_US, 40))
    edges = pinches(*((int(t), int(random.integers(0, 5))) for t in times), dwell_us=20_000)
    whole = AnyFinger(WINDOW)(edges, rows)
    piecewise, rest = AnyFinger(WINDOW), edges
    parts = []
    for cut in cuts:
        parts.append(piecewise(rest[:cut], rows))
        rest = rest[cut:]
    parts.append(piecewise(rest, rows))
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    judged = judge(rows, whole, WINDOW)
    hits = int((judged.presses["outcome"] == HIT).sum())
    own = int((judge(rows, edges, WINDOW).presses["outcome"] == HIT).sum())
    assert hits == int(judged.targets["hit"].sum()) >= own


def test_the_plan_of_a_pass_is_fixed():
    assert isinstance(one_pass(prepared(), Passage("", 0, 30_000_000)).plan, FixedPlan)


@pytest.mark.parametrize("song", ["ode-to-joy", "greensleeves", "loch-lomond"])
def test_passages_are_the_same_at_every_tempo(song):
    read = read_song(bundled_folder() / f"{song}.mid")
    found = []
    for tempo in (0.6, 0.75, 0.9, 1.0):
        play = prepare(read, song, Player(), PlayOptions(rate=0.5, tempo=tempo))
        sections = [(round(at / tempo), name) for at, name in read.sections]
        made = passages(play.chart, sections)
        found.append([(p.title, phrase_at(play.chart, p.start_us)) for p in made])
    assert len(found[0]) > 1
    assert found[1:] == found[:1] * 3


@pytest.mark.parametrize("tempo", [0.6, 0.75, 0.9])
def test_slower_asks_the_same_notes_with_more_time_for_each(tempo):
    slow, full = (as_dense(prepared(tempo=t), 0.5) for t in (tempo, 1.0))
    asked = [run(one_pass(p, None).performance, -p.lead_us) for p in (slow, full)]
    assert abs(len(asked[0]) - len(asked[1])) <= 0.15 * len(asked[1])
    assert len(asked[0]) > 30
    assert slow.rate == pytest.approx(full.rate * tempo)


def test_the_rest_of_a_song_begins_with_a_phrase_and_goes_to_its_end():
    play = prepared()
    third_us = int(play.chart.phrases[2, 0])
    for song_us, phrase in ((-5, 0), (0, 0), (third_us - 1, 1), (third_us, 2), (10**12, None)):
        last = len(play.chart.phrases) - 1
        assert phrase_at(play.chart, song_us) == (last if phrase is None else phrase)
    rest = rest_from(play, 2)
    assert (rest.start_us, rest.end_us) == (third_us, play.chart.length_us)


def test_a_pass_opens_no_sitting():
    opened = replace(prepared(), session_start=object())
    assert one_pass(opened, None).session_start is None
    assert one_pass(opened, rest_from(opened, 1)).session_start is None
