"""The song that waits: it stands at a target until the right pinch, and goes on with it."""

import numpy as np

from game.core import EDGE, Window
from game.music.song import Song
from game.music.sound import SAMPLE_RATE, Stems
from game.play.clock import AudioSongClock, Delay, Delays, ManualClock
from game.play.conductor import Conductor
from game.play.performance import Performance
from game.play.plan import FixedPlan
from game.play.setup import LOOK_AHEAD_US, Player, PlayOptions, PreparedPlay
from game.records.replays import Scene, replay_of
from game.stage.live_play import LivePlay
from game.stage.mixer import Mixer
from game.stage.sounds import PlaySounds
from game.stage.watching import to_watch
from tests.play.charts import SECOND_US, chart
from tests.records.examples import play as kept_play

BUFFER = 441
AUDIO_US = 30_000


def song_without_notes() -> Song:
    """As the replay of an unknown song has it."""
    replay = replay_of(kept_play(1), Scene(10 * SECOND_US))
    prepared, _ = to_watch(replay, None, AudioSongClock(), lambda: 0)
    return prepared.song


class Card:
    """A sound card by the hand: it takes the frames that are due, ten milliseconds at a time."""

    silent_reason = None

    def __init__(self, now: ManualClock) -> None:
        self.mixer = Mixer()
        self._now = now
        self._taken_us = now()
        self._seen: list[tuple[int, int]] = []
        self._out = np.zeros((BUFFER, 2), np.float32)
        self.loudest = 0.0

    def take(self) -> None:
        while self._taken_us + 10_000 <= self._now():
            self._taken_us += 10_000
            before = self.mixer.run_frames if self.mixer.run == self.mixer.run_asked else 0
            if self.mixer.run == self.mixer.run_asked and self.mixer.playing:
                self._seen.append((self._taken_us, before))
            self._out[:] = 0
            self.mixer.fill(self._out)
            self.loudest = float(np.abs(self._out).max())

    def observations(self) -> list[tuple[int, int]]:
        seen, self._seen = self._seen, []
        return seen


class Hand:
    """A glove worked by the test."""

    def __init__(self, now: ManualClock) -> None:
        self._now = now
        self.waiting: list[tuple[int, int, bool]] = []

    def pinch(self, grip: int) -> None:
        at = self._now() + 1
        self.waiting += [(at, grip, True), (at + 60_000, grip, False)]

    def begin(self, host_us: int) -> None:
        pass

    def poll(self):
        ready = [edge for edge in self.waiting if edge[0] < self._now()]
        self.waiting = [edge for edge in self.waiting if edge[0] >= self._now()]
        return np.array(ready, EDGE), self._now()

    def cue(self, host_us: int, grip: int) -> None:
        pass

    def cancel_cues(self) -> None:
        pass


class Practice:
    """Ten seconds with a target every second, played with the song waiting."""

    def __init__(self) -> None:
        self.now = ManualClock(1_000_000)
        self.card, self.hand = Card(self.now), Hand(self.now)
        made = chart(seconds=10, per_second=1)
        tiers = len(made.rates)
        plan = FixedPlan(made, tiers, LOOK_AHEAD_US)
        performance = Performance(plan, Window(), 12 * SECOND_US)
        clock, delays = AudioSongClock(SAMPLE_RATE), Delays(Delay(AUDIO_US, "measured"))
        conductor = Conductor(performance, self.hand, clock, delays)
        song = song_without_notes()
        prepared = PreparedPlay(
            song=song,
            song_key="",
            player=Player(),
            options=PlayOptions(),
            chart=made,
            plan=plan,
            performance=performance,
            tempo=1.0,
            rate=1.0,
            lead_us=3 * SECOND_US,
        )
        tone = np.full((12 * SAMPLE_RATE, 2), 0.2, np.float32)
        sounds = PlaySounds({})
        self.live = LivePlay(
            prepared,
            conductor,
            clock,
            self.card,
            Stems(tone, tone * 0, tone * 0),
            sounds,
            delays,
            self.now,
            feels="",
            wait=True,
        )
        self.performance, self.clock = performance, clock
        self.live.begin()

    def run(self, seconds: float) -> None:
        until = self.now() + round(seconds * 1e6)
        while self.now() < until:
            self.now.advance(4_000)
            self.card.take()
            self.live.step()

    @property
    def song_us(self) -> int:
        return self.clock.song_us(self.now())

    @property
    def asked(self) -> int:
        return int(self.performance.targets["grip"][self.performance.states == 0][0])


def test_the_song_stands_at_a_target_and_goes_on_with_the_right_pinch():
    play = Practice()
    first_us = 500_000
    play.run(20)
    assert play.live.standing
    assert abs(play.song_us - AUDIO_US - first_us) < 12_000
    assert play.card.loudest == 0.0
    right = play.asked
    play.hand.pinch((right + 1) % 5)
    play.run(1)
    assert play.live.standing, "a wrong grip does not move it"
    play.hand.pinch(right)
    play.run(0.3)
    assert not play.live.standing
    assert play.card.loudest > 0.1
    judged = play.performance.asked()[1].targets
    assert judged["hit"][0]
    assert abs(int(judged["asynchrony_us"][0])) < 15_000
    play.run(10)
    assert play.live.standing
    assert abs(play.song_us - AUDIO_US - first_us - SECOND_US) < 12_000


def test_who_pinches_in_time_is_never_kept_waiting():
    play = Practice()
    targets = chart(seconds=10, per_second=1).targets
    stood = 0
    for target in targets:
        while play.song_us - AUDIO_US < target["time_us"] - 40_000:
            play.run(0.004)
            stood += play.live.standing
        play.hand.pinch(int(target["grip"]))
    play.run(4)
    assert stood == 0
    assert play.live.finished
    assert play.performance.asked()[1].targets["hit"].all()


def test_a_pause_while_it_stands_goes_back_and_stands_again():
    play = Practice()
    play.run(6)
    assert play.live.standing
    stood = play.song_us
    play.live.pause()
    play.run(2)
    play.live.resume()
    assert not play.live.standing
    play.run(8)
    assert play.live.standing
    assert abs(play.song_us - stood) < 12_000
