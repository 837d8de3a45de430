"""A play as one file comes back as it was, says nothing of who played, and refuses rubbish."""

import os
import zlib
from dataclasses import replace

import numpy as np
import pytest

from game.core.data import Judgements
from game.records.errors import RecordsError
from game.records.replays import Replay, Scene, from_bytes, replay_of, to_bytes
from tests.records import examples

SCENE = Scene(
    30_000_000,
    np.arange(0, 30_500_000, 500_000),
    np.arange(0, 31_000_000, 2_000_000),
    ((2_000_000, "Freude"), (2_500_000, "schöner")),
    ((0, "Verse"),),
)


def a_replay(seed: int = 1) -> Replay:
    return replay_of(examples.play(seed, patient_id="0190-somebody", level=-1.2), SCENE)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_replay_comes_back_from_its_file_and_is_judged_as_it_was(seed):
    replay = a_replay(seed)
    back = from_bytes(to_bytes(replay))
    assert back.differences == ()
    assert back.judgements == replay.judgements
    assert to_bytes(back) == to_bytes(replay)
    for name in ("targets", "edges", "raw_edges", "segments"):
        assert getattr(back.play, name).tobytes() == getattr(replay.play, name).tobytes()
    assert (back.play.score, back.play.level) == (replay.play.score, replay.play.level)
    assert back.play.grips == replay.play.grips
    assert back.play.missed == replay.play.missed
    assert back.scene.lyrics == SCENE.lyrics
    assert back.scene.sections == SCENE.sections
    assert np.array_equal(back.scene.beats_us, SCENE.beats_us)


def test_a_replay_says_nothing_of_who_played():
    assert a_replay().play.patient_id is None
    assert b"somebody" not in to_bytes(a_replay())


def test_a_replay_whose_results_were_altered_says_what_comes_out_differently():
    replay = a_replay()
    better = replay.judgements.targets.copy()
    missed = np.flatnonzero(~better["hit"])[:2]
    better["hit"][missed] = True
    altered = replace(
        replay,
        play=replace(replay.play, score=10_000),
        judgements=Judgements(better, replay.judgements.presses),
    )
    found = from_bytes(to_bytes(altered)).differences
    assert found == (
        "2 of 24 targets",
        f"the score (10000 then, {replay.play.score} now)",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a replay"),
        (b"MThd\x00\x00\x00\x06", "not a replay"),
        (b"GRIPTUNE REPLAY 2\n", "update Griptune"),
        (b"GRIPTUNE REPLAY \xff\n", "update Griptune"),
        (b"GRIPTUNE REPLAY 1\n", "damaged"),
        (b"GRIPTUNE REPLAY 1\nGRIPTUNE\x01", "damaged"),
    ],
)
def test_what_is_no_replay_is_refused_in_a_sentence(content, words):
    with pytest.raises(RecordsError, match=words):
        from_bytes(content)


@pytest.mark.parametrize("inside", [False, True], ids=["the file", "what is compressed in it"])
def test_damaged_files_are_refused_or_read_and_never_crash(inside):
    random = np.random.default_rng(11)
    whole = to_bytes(a_replay())
    head = whole.index(b"\x01", whole.index(b"\n")) + 1
    plain = zlib.decompress(whole[head:]) if inside else whole
    refused = 0
    for _ in range(400 if not os.environ.get("GRIPTUNE_SOAK") else 20_000):
        content = bytearray(plain)
        for _ in range(int(random.integers(1, 4))):
            # The header is where a wrong byte can do the most.
            reach = len(content) if random.random() < 0.5 else min(len(content), 1200)
            content[int(random.integers(0, reach))] = int(random.integers(0, 256))
        if random.random() < 0.2:
            del content[int(random.integers(0, len(content))) :]
        damaged = whole[:head] + zlib.compress(bytes(content)) if inside else bytes(content)
        sentence = ""
        try:
            from_bytes(damaged).differences  # noqa: B018
        except RecordsError as error:
            sentence = str(error)
            refused += 1
        assert "\n" not in sentence
    assert refused > 100


def test_arrays_of_another_shape_or_out_of_order_are_refused():
    replay = a_replay()
    backwards = replace(replay.play, targets=replay.play.targets[::-1].copy())
    with pytest.raises(RecordsError, match="order"):
        from_bytes(to_bytes(replace(replay, play=backwards)))
    edges = replay.play.edges.copy()
    edges["grip"][0] = 9
    with pytest.raises(RecordsError, match="grip"):
        from_bytes(to_bytes(replace(replay, play=replace(replay.play, edges=edges))))
