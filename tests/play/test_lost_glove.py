"""A glove that is unplugged in the middle of a song takes no target with it.

A real virtual glove, whose cable is pulled out and put in again, a real song, real records.
"""

import pytest

from firmware_bridge.errors import GloveError
from firmware_bridge.faults import parse_faults
from firmware_bridge.glove import Glove
from game.cli.headless import play_headless
from game.cli.keeping import Keeper, play_options
from game.cli.settings import Settings
from game.play.clock import ManualClock
from game.records.judged import faults_of
from game.records.replays import Scene, replay_of
from game.therapy.simulated import simulated_patient

OUT_S, IN_S = 12, 26


def played(tmp_path, fault):
    """A song of a patient with a state of their own; returns document, kept play and changes."""
    glove = "virtual:patient?severity=mild&seed=2" + (f"&fault={fault}" if fault else "")
    with Keeper.open(tmp_path / (fault.replace(":", "-") or "whole")) as keeper:
        keeper.store.add_patient("ANNA")
        for spec in ("virtual:steady", glove):
            options = play_options(Settings())
            document = play_headless(keeper, "ode-to-joy", "ANNA", spec, options, fast=True)
        keeper.wait_until_kept()
        kept = keeper.store.load_play(document["play_id"])
        changes = [
            c.change
            for c in keeper.store.difficulty_changes("ANNA")
            if c.play_id == document["play_id"]
        ]
    return document, kept, changes[::-1]


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    return played(tmp_path_factory.mktemp("lost"), f"unplugged:{OUT_S}-{IN_S}")


def test_lost_targets_are_left_out_of_every_figure_and_kept(lost):
    document, kept, _ = lost
    (fault,) = faults_of(kept.events)
    assert fault[0] == pytest.approx(OUT_S * 1e6, abs=60_000)
    assert fault[1] == pytest.approx(IN_S * 1e6, abs=400_000)
    inside = (kept.targets["time_us"] > fault[0]) & (kept.targets["time_us"] < fault[1])
    assert inside.sum() >= 5
    assert document["hits"] + document["misses"] == document["targets"]
    assert len(kept.targets) - document["targets"] >= inside.sum() - 1
    assert kept.asked == document["targets"]
    assert kept.score == document["score"]
    assert kept.hits / kept.asked > 0.75, "what was lost is not held against the hand"


def test_the_difficulty_neither_rises_nor_falls_by_what_was_lost(lost):
    _, _, changes = lost
    held = [change for change in changes if change.reason == "held_fault"]
    assert held
    for change in changes:
        if change.reason.startswith("held_fault"):
            assert change.after == change.before


def test_it_is_judged_again_to_the_same(lost):
    _, kept, _ = lost
    assert replay_of(kept, Scene(60_000_000)).differences == ()


def test_without_the_fault_the_same_hand_is_asked_everything(tmp_path, lost):
    document, kept, _ = played(tmp_path, "")
    assert len(kept.targets) == document["targets"]
    assert faults_of(kept.events) == []


def test_the_cable_is_out_for_exactly_that_long():
    clock = ManualClock()
    actor = simulated_patient("mild", 1)
    spec = "virtual:patient?fault=unplugged:2-5"
    with Glove.open(spec, actor, clock=clock, lockstep=True) as glove:
        glove.poll()
        glove.begin(clock())
        began = clock()
        seen = {}
        for k in range(80):
            clock.advance_to(began + k * 100_000)
            glove.poll()
            seen[k] = glove.silent_since_us
    assert all(seen[k] is None for k in range(20))
    assert all(seen[k] is not None for k in range(20, 50))
    assert all(abs(seen[k] - began - 2_000_000) < 30_000 for k in range(20, 50))
    assert all(seen[k] is None for k in range(53, 80))


@pytest.mark.parametrize("span", ["", "5", "5-3", "a-b", "-1-3", "1-9999", "nan-3", "1-inf"])
def test_a_span_that_cannot_be_is_refused(span):
    with pytest.raises(GloveError, match="unplugged:40-55"):
        parse_faults(f"unplugged:{span}")


def test_in_real_time_a_virtual_glove_has_no_cable_to_pull():
    with pytest.raises(GloveError, match="--fast"):
        Glove.open("virtual:steady?fault=unplugged:1-2")


def test_a_fault_kept_without_times_is_refused():
    with pytest.raises(ValueError, match="without its times"):
        faults_of([{"kind": "fault"}])
    assert faults_of([{"kind": "note"}, "anything"]) == []
