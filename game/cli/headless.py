"""A play without screen or sound: in real time, or in lockstep with a manual clock."""

import time
from typing import Any

from firmware_bridge.glove import Glove, host_clock
from game.cli.gloves import open_glove
from game.cli.keeping import Keeper
from game.play.clock import Delays, HostSongClock, ManualClock
from game.play.conductor import Conductor
from game.play.outcome import play_document
from game.play.setup import PlayOptions, PreparedPlay, outcome_of

#: The manual clock's step. Judging does not depend on it; smaller steps only cost time.
_FAST_STEP_US = 20_000

#: How long the real-time loop sleeps between polls.
_NAP_S = 0.002


def play_headless(
    keeper: Keeper,
    song: str,
    patient: str | None,
    glove_spec: str,
    options: PlayOptions,
    *,
    fast: bool,
) -> dict[str, Any]:
    """Play ``song`` and return the play's document."""
    entry = keeper.library.find(song)
    who = keeper.person(patient)
    plays = keeper.count_plays(who)
    seed = plays if options.seed is None else options.seed
    clock = ManualClock() if fast else None
    with open_glove(glove_spec, seed=seed, play=plays, clock=clock, lockstep=fast) as glove:
        prepared = keeper.prepare(entry, who, glove.kind, options)
        about = {"input_kind": glove.kind, "input_description": glove.description}
        conductor, recording = keeper.conduct(
            prepared,
            who,
            glove,
            HostSongClock(),
            **about,
            delays=Delays(),
            silent=True,
            silent_since=lambda: glove.silent_since_us,
        )
        try:
            if clock is not None:
                _run_fast(conductor, prepared, clock)
            else:
                _run_in_real_time(conductor, prepared, glove)
        except KeyboardInterrupt:
            conductor.stop()  # what was played until now is kept
        outcome = outcome_of(prepared, conductor, **about)
        play_id = keeper.close_play(recording, outcome, who)
    return play_document(outcome, play_id)


def _run_fast(conductor: Conductor, prepared: PreparedPlay, clock: ManualClock) -> None:
    clock.advance_to(clock() + 100_000)  # the electrodes are seen open before the play begins
    conductor.begin(clock(), -prepared.lead_us)
    while not conductor.finished:
        clock.advance_to(clock() + _FAST_STEP_US)
        conductor.step()


def _run_in_real_time(conductor: Conductor, prepared: PreparedPlay, glove: Glove) -> None:
    conductor.begin(host_clock(), -prepared.lead_us)
    while not conductor.finished:
        time.sleep(_NAP_S)
        conductor.step()
