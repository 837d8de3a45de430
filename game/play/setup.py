"""From a song and a player to a play ready to begin, and from a finished one to its figures.

Pure but for the glove and the clock that are handed in: the command line and the stage both
prepare their plays here, so that a play is the same wherever it is played.
"""

from dataclasses import dataclass, field, replace
from math import log2

import numpy as np

from game.core.data import EDGE, Window
from game.core.grips import GRIPS, Grip
from game.music.arranging import arrange, at_tempo
from game.music.chart import Chart
from game.music.song import Song
from game.music.tempo import check_tempo
from game.play.conductor import Conductor
from game.play.outcome import PlayOutcome, level_of
from game.play.performance import Performance
from game.play.plan import AdaptivePlan, FixedPlan, LoggedChange, Plan, RampPlan
from game.therapy.conditions import USUAL, Conditions
from game.therapy.difficulty import Change, DifficultyState, Limits, mix
from game.therapy.to_music import next_offer, tempo_for, tier_for

#: How long before it is due a target comes into view, unless the player chose otherwise.
LOOK_AHEAD_US = 3_000_000

#: A song ends this long after its last note at the latest, so that the last chord rings out.
_RING_OUT_US = 1_500_000


@dataclass(frozen=True)
class Player:
    """Who plays, as far as a play needs to know.

    ``state`` is the difficulty kept for this hand and kind of input, None if there is none yet.
    ``first_song`` asks for the ramp. ``code`` is None for a guest.
    """

    code: str | None = None
    hand: str = "right"
    limits: Limits = field(default_factory=Limits)
    state: DifficultyState | None = None
    first_song: bool = False
    previous_tempo: float = 1.0


@dataclass(frozen=True)
class PlayOptions:
    """What was asked for this play. ``rate`` in targets/s and ``tempo`` fix what they name.

    ``window`` gives way to a prescribed one unless ``window_fixed``. ``conditions`` are those of
    the session and of the way of practising. ``most_us`` is how long the play may be, at the
    latest at a phrase's end, and ``most_presses`` how many presses it may take.
    """

    rate: float | None = None
    tempo: float | None = None
    window: Window = field(default_factory=Window)
    look_ahead_us: int = LOOK_AHEAD_US
    seed: int | None = None
    window_fixed: bool = False
    conditions: Conditions = USUAL
    most_us: int | None = None
    most_presses: int | None = None


@dataclass(frozen=True)
class PreparedPlay:
    """A play ready to begin: give :attr:`performance` to a conductor. ``is_cut`` says that the
    music goes on where the play ends, so that it has to fade."""

    song: Song
    song_key: str
    player: Player
    options: PlayOptions
    chart: Chart
    plan: Plan
    performance: Performance
    tempo: float
    rate: float
    lead_us: int
    session_start: Change | None = None
    is_cut: bool = False


def prepare(
    song: Song,
    song_key: str,
    player: Player,
    options: PlayOptions,
    session_start: Change | None = None,
) -> PreparedPlay:
    """Arrange ``song`` for ``player`` and choose the plan: fixed rate, first-song ramp or adaptive.

    ``session_start`` is the change that opened the sitting, if this play is its first; it is
    logged with the play. Raises MusicError if a tempo is asked for that the song cannot have.
    """
    if options.tempo is not None:
        check_tempo(song, options.tempo)
    limits = player.limits
    state = player.state or DifficultyState.first(limits)
    if session_start is not None:
        state = session_start.state
    conditions = options.conditions
    wanted = options.rate or limits.rate_within(state.rate * conditions.rate_share)
    weights = _all_grips(mix(state, limits))
    chart = arrange(song, grips=limits.grips, weights=weights, window=options.window)
    if options.tempo is not None:
        tempo = options.tempo
    elif song.recorded is not None or (player.first_song and options.rate is None):
        tempo = 1.0
    else:
        tempo = tempo_for(wanted, chart.rates, player.previous_tempo)
    if tempo != 1.0:
        chart = arrange(
            song, grips=limits.grips, weights=weights, window=options.window, tempo=tempo
        )
    whole_us = chart.length_us
    if options.most_us is not None:
        chart = shortened(chart, options.most_us)
    plan: Plan
    if options.rate is not None or not conditions.adapts:
        rate = wanted
        plan = FixedPlan(chart, tier_for(rate, chart.rates), options.look_ahead_us)
    elif player.first_song:
        rate = state.rate
        plan = RampPlan(chart, limits, options.look_ahead_us)
    else:
        rate = state.rate
        plan = AdaptivePlan(
            chart, state, limits, options.look_ahead_us, options.window.late_us, conditions
        )
    last_us = int(chart.targets["time_us"][-1]) if len(chart.targets) else 0
    end_us = max(chart.length_us + _RING_OUT_US, last_us + options.window.reach_us + 1)
    return PreparedPlay(
        song=song,
        song_key=song_key,
        player=player,
        options=options,
        chart=chart,
        plan=plan,
        performance=Performance(plan, options.window, end_us, options.most_presses),
        is_cut=chart.length_us < whole_us,
        tempo=tempo,
        rate=rate,
        lead_us=lead_us(song, tempo, options.look_ahead_us),
        session_start=session_start,
    )


def shortened(chart: Chart, most_us: int) -> Chart:
    """``chart`` with an end: that of the last whole phrase within ``most_us``, or ``most_us`` where
    already the first is longer."""
    if chart.length_us <= most_us:
        return chart
    ends = chart.phrases[:, 1]
    whole = ends[ends <= most_us]
    cut_us = int(whole[-1]) if len(whole) else most_us
    phrases = chart.phrases[chart.phrases[:, 0] < cut_us].copy()
    phrases[-1, 1] = cut_us
    return replace(
        chart,
        targets=chart.targets[chart.targets["time_us"] < cut_us],
        phrases=phrases,
        length_us=cut_us,
        beats_us=chart.beats_us[chart.beats_us <= cut_us],
        bars_us=chart.bars_us[chart.bars_us <= cut_us],
    )


def _all_grips(shares: tuple[float, ...]) -> dict[Grip, float]:
    return {grip: shares[grip] for grip in GRIPS}


def lead_us(song: Song, tempo: float, look_ahead_us: int) -> int:
    """How long before the music the play of a whole song begins: one counted bar, and time for the
    first target to come. It is known before the song is arranged: no target comes before the first
    note that could be one."""
    bars_us = at_tempo(song.bars_us[:2], tempo)
    bar_us = int(bars_us[1] - bars_us[0]) if len(bars_us) > 1 else 2_000_000
    times_us = (song.authored if len(song.authored) else song.melody_notes)["time_us"]
    first_us = int(times_us.min() / tempo) if len(times_us) else 0
    return max(bar_us, look_ahead_us - first_us, 1_500_000)


def outcome_of(
    prepared: PreparedPlay,
    conductor: Conductor,
    *,
    input_kind: str,
    input_description: str,
) -> PlayOutcome:
    """The figures of a play that has finished or was stopped."""
    performance = prepared.performance
    targets, judgements = performance.asked()
    plan = prepared.plan
    changes = list(plan.changes)
    if prepared.session_start is not None:
        changes.insert(0, LoggedChange(0, prepared.session_start))
    state = plan.state
    offered = state or prepared.player.state or DifficultyState.first(prepared.player.limits)
    raw = conductor.raw_edges
    return PlayOutcome(
        song_key=prepared.song_key,
        song_title=prepared.song.title,
        song_hash=prepared.song.content_hash,
        patient=prepared.player.code,
        hand=prepared.player.hand,
        input_kind=input_kind,
        input_description=input_description,
        rate=prepared.rate,
        fixed_rate=prepared.options.rate is not None,
        tempo=prepared.tempo,
        window=prepared.options.window,
        targets=targets,
        edges=performance.edges.copy(),
        raw_edges=np.concatenate(raw) if raw else np.zeros(0, EDGE),
        segments=list(conductor.clock.segments),
        judgements=judgements,
        duration_us=max(0, min(performance.settled_us, performance.end_us)),
        interrupted=performance.settled_us < performance.end_us,
        offer=next_offer(
            offered,
            prepared.player.limits,
            prepared.chart.rates if prepared.tempo == 1.0 else _at_tempo_one(prepared),
            changes=[logged.change for logged in changes],
            previous_tempo=prepared.tempo,
            own_tempo=prepared.song.recorded is not None,
        ),
        changes=changes,
        difficulty=None if state is None else state.to_dict(),
        level=_level(prepared, performance.settled_us),
        x_after=None if state is None else state.x,
        seed=prepared.options.seed,
        faults_us=tuple(
            (start_us, min(until_us, performance.end_us))
            for start_us, until_us in performance.faults_us
        ),
    )


def _level(prepared: PreparedPlay, played_us: int) -> float | None:
    if not isinstance(prepared.plan, AdaptivePlan):
        return None
    return level_of(log2(prepared.rate), prepared.plan.changes, max(0, played_us))


def _at_tempo_one(prepared: PreparedPlay) -> list[float]:
    return [rate / prepared.tempo for rate in prepared.chart.rates]
