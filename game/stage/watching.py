"""A replay, ready for the stage: what :class:`~game.stage.live_play.LivePlay` needs to show it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from game.music.chart import Chart
from game.music.song import CONTROL, NOTE, TEMPO, Song
from game.play.clock import SongClock
from game.play.setup import LOOK_AHEAD_US, Player, PlayOptions, PreparedPlay
from game.play.watching import Spectator, watched
from game.records.replays import Replay

#: The picture begins this long before the song, at least: nobody has to be ready for it.
_LEAD_US = 1_500_000

#: Where the song is not known there is no beat either; a tempo map needs one all the same.
_BEAT_US = 500_000


def to_watch(
    replay: Replay, song: Song | None, clock: SongClock, now: Callable[[], int]
) -> tuple[PreparedPlay, Spectator]:
    """The play to show and who steps it; ``song`` is None where the library does not have it."""
    play = replay.play
    chart = _chart(replay)
    look_ahead_us = max(LOOK_AHEAD_US, play.window.reach_us + 250_000)
    plan, performance = watched(chart, play.edges, play.window, look_ahead_us)
    first_us = int(chart.targets["time_us"][0]) if len(chart.targets) else 0
    prepared = PreparedPlay(
        song=song if song is not None else _without_notes(replay),
        song_key=play.song_key,
        player=Player(hand=play.hand),
        options=PlayOptions(window=play.window, look_ahead_us=look_ahead_us),
        chart=chart,
        plan=plan,
        performance=performance,
        tempo=play.tempo,
        rate=play.rate_asked or 0.0,
        lead_us=max(_LEAD_US, look_ahead_us - first_us),
    )
    return prepared, Spectator(performance, play.edges, clock, now)


def _chart(replay: Replay) -> Chart:
    play, scene = replay.play, replay.scene
    length_us = max(scene.length_us, int(play.targets["time_us"].max(initial=0)), 1)
    beats_us, bars_us = scene.beats_us, scene.bars_us
    if len(beats_us) < 2 or len(bars_us) < 2:
        beats_us = bars_us = np.array([0, length_us], "i8")
    return Chart(
        targets=play.targets,
        # All that counts here is how many tiers there are: everything is shown as it was asked.
        rates=(1.0,) * max(1, int(play.targets["tier"].max(initial=1))),
        phrases=np.array([[0, length_us]], "i8"),
        tempo=play.tempo,
        length_us=length_us,
        beats_us=beats_us,
        bars_us=bars_us,
    )


def _without_notes(replay: Replay) -> Song:
    """The song as far as the replay knows it: its name and its words, and silence."""
    play, scene = replay.play, replay.scene
    length_us = round(scene.length_us * play.tempo)

    def at_tempo_one(pairs: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
        return tuple((round(time_us * play.tempo), text) for time_us, text in pairs)

    return Song(
        path=Path(),
        title=play.song_title,
        notes=np.zeros(0, NOTE),
        controls=np.zeros(0, CONTROL),
        tempo_map=np.array([(0, _BEAT_US)], TEMPO),
        beats_us=np.array([0, length_us], "i8"),
        bar_beats=np.zeros(1, "i8"),
        melody=np.zeros(0, "i8"),
        melody_track=-1,
        melody_reason="",
        length_us=length_us,
        content_hash=play.song_hash,
        lyrics=at_tempo_one(scene.lyrics),
        sections=at_tempo_one(scene.sections),
    )
