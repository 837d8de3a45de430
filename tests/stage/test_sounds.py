"""What a play sounds like beyond its song: real events into the real mixer, measured."""

from dataclasses import replace

import numpy as np
import pytest

from game.music.sound import SAMPLE_RATE, SOFT_GAIN, Stems, tick
from game.play.performance import Event, EventKind
from game.stage.mixer import Mixer
from game.stage.sounds import LAYER_AFTER, PlaySounds, PressSounds
from tests.music.sound.songs import notes, song
from tests.music.sound.test_notes import pitch_cents
from tests.play.charts import SECOND_US, chart

#: A flute sings; the chart below asks for its pitches.
FLUTE = song(notes(*((k, 0.9, 60 + k % 5, 90, 0, 73, False) for k in range(12))), 12)


def tone(hertz, seconds=12.0, level=0.1):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


NOTHING = np.zeros((12 * SAMPLE_RATE, 2), np.float32)


class Play:
    """Targets a second apart, the first at 0.5 s; a beat is half a second. Frames are pulled."""

    def __init__(self, stems=None, made=None):
        self.chart = chart(seconds=12, per_second=1) if made is None else made
        self.targets = self.chart.targets
        self.mixer = Mixer()
        self.sounds = PlaySounds.of(FLUTE, self.chart)
        self.presses = PressSounds(self.mixer, self.sounds, self.chart)
        self.mixer.load(Stems(NOTHING, NOTHING, NOTHING) if stems is None else stems)
        self.heard = np.zeros((0, 2), np.float32)

    def run(self, until_s):
        while len(self.heard) < until_s * SAMPLE_RATE:
            part = np.zeros((441, 2), np.float32)
            self.mixer.fill(part)
            self.heard = np.concatenate([self.heard, part])
        return self

    def tell(self, kind, target=-1, at_s=None, in_view=None):
        """An event; at ``at_s`` on the way, with ``in_view`` targets known."""
        if at_s is not None:
            self.run(at_s)
        song_us = round(len(self.heard) / SAMPLE_RATE * SECOND_US)
        targets = self.targets[:in_view]
        self.presses.hear([Event(kind, song_us, 0, target)], targets)
        return self

    def part(self, start_s, end_s):
        return self.heard[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)].astype(float)

    def db(self, start_s, end_s):
        return 10 * np.log10(np.mean(self.part(start_s, end_s) ** 2) + 1e-20)


def begun(stems=None, made=None):
    play = Play(stems, made)
    play.mixer.play(0)
    return play


@pytest.mark.parametrize("target", range(5))
def test_a_hit_sounds_the_targets_pitch_in_the_melodys_voice(target):
    play = begun().tell(EventKind.HIT, target, at_s=0.5).run(2.5)
    pitch = int(play.targets["pitch"][target])
    assert not play.part(0.0, 0.5).any()
    own = play.sounds.voices[pitch]
    assert play.part(0.5, 0.5 + len(own) / SAMPLE_RATE) == pytest.approx(own, abs=2e-3)
    # A flute comes to its pitch from below.
    assert abs(pitch_cents(play.part(0.5, 1.5), pitch, 0.05, 0.4)) < 15
    assert np.abs(play.part(0.5, 0.53)).max() > 0.05, "it must be heard at once"


def test_a_near_press_sounds_the_same_but_soft():
    hit = begun().tell(EventKind.HIT, 3, at_s=0.5).run(2.0)
    near = begun().tell(EventKind.NEAR, 3, at_s=0.5).run(2.0)
    assert near.part(0.5, 2.0) == pytest.approx(SOFT_GAIN * hit.part(0.5, 2.0), abs=1e-3)
    assert hit.db(0.5, 1.0) - near.db(0.5, 1.0) > 6


@pytest.mark.parametrize("kind", [EventKind.WRONG_GRIP, EventKind.EXTRA])
def test_any_other_press_is_a_quiet_tick(kind):
    press = begun().tell(kind, 3, at_s=0.5).run(1.5)
    near = begun().tell(EventKind.NEAR, 3, at_s=0.5).run(1.5)
    short = tick()
    assert press.part(0.5, 0.5 + len(short) / SAMPLE_RATE) == pytest.approx(short, abs=1e-6)
    assert 0.02 < np.abs(press.heard).max() < 0.12
    assert press.db(0.5, 1.0) < near.db(0.5, 1.0) - 6


def test_every_press_sounds_whatever_it_is_noted_against():
    made = chart(seconds=12, per_second=1)
    targets = made.targets.copy()
    targets["pitch"][:2] = 0, 127  # no pitch at all, and one that no flute has
    strange = replace(made, targets=targets)
    for kind in (EventKind.HIT, EventKind.NEAR, EventKind.WRONG_GRIP, EventKind.EXTRA):
        for target in range(4):
            play = begun(made=strange).tell(kind, target, at_s=0.5).run(1.0)
            assert np.abs(play.heard).max() > 0.02, (kind, target)


def sung():
    """A song whose melody alone can be measured: the voices of hits are taken out."""
    play = begun(Stems(tone(440), NOTHING, NOTHING))
    play.sounds.voices.update(dict.fromkeys(play.sounds.voices, NOTHING[:10]))
    return play


def test_a_hit_lifts_its_melody_by_3_db_until_the_next_target():
    play = sung().tell(EventKind.HIT, 0, at_s=0.5).run(3.0)
    plain = play.db(0.1, 0.45)
    assert play.db(0.6, 1.48) - plain == pytest.approx(3, abs=0.05)
    assert play.db(1.6, 3.0) - plain == pytest.approx(0, abs=0.05)


def test_a_lift_lasts_four_beats_at_most():
    sparse = chart(seconds=12, per_second=1)
    play = sung()
    play.targets = sparse.targets[::8]
    play.tell(EventKind.HIT, 0, at_s=0.5).run(4.0)
    assert play.db(0.6, 2.45) - play.db(0.1, 0.45) == pytest.approx(3, abs=0.05)
    assert play.db(2.6, 4.0) - play.db(0.1, 0.45) == pytest.approx(0, abs=0.05)


def test_a_target_that_comes_into_view_later_ends_the_lift_all_the_same():
    play = sung().tell(EventKind.HIT, 0, at_s=0.5, in_view=1)
    play.tell(EventKind.IN_VIEW, 1, at_s=0.9, in_view=2).run(3.0)
    plain = play.db(0.1, 0.45)
    assert play.db(0.6, 1.48) - plain == pytest.approx(3, abs=0.05)
    assert play.db(1.6, 3.0) - plain == pytest.approx(0, abs=0.05)


def test_a_miss_ducks_it_by_at_most_6_db_for_at_most_a_beat():
    play = sung().tell(EventKind.MISSED, 0, at_s=0.7).run(3.0)
    plain = play.db(0.1, 0.65)
    assert -6 <= play.db(0.76, 1.18) - plain <= -4
    assert play.db(1.3, 3.0) - plain == pytest.approx(0, abs=0.05)


def test_a_miss_that_shows_after_a_later_hit_leaves_its_lift_alone():
    play = sung().tell(EventKind.HIT, 1, at_s=0.5).tell(EventKind.MISSED, 0, at_s=0.7).run(1.5)
    assert play.db(0.8, 1.4) - play.db(0.1, 0.45) == pytest.approx(3, abs=0.05)


def layered():
    play = begun(Stems(NOTHING, NOTHING, tone(880)))
    play.sounds.voices.update(dict.fromkeys(play.sounds.voices, NOTHING[:10]))
    return play


def test_eight_hits_in_a_row_bring_in_another_layer_and_a_miss_takes_it_out():
    play = layered()
    for number in range(LAYER_AFTER):
        assert not play.heard.any()
        play.tell(EventKind.HIT, number, at_s=0.5 + number * 0.1)
    play.run(4.0)
    assert play.db(2.5, 4.0) == pytest.approx(10 * np.log10(np.mean(tone(880) ** 2)), abs=0.1)
    play.tell(EventKind.MISSED, LAYER_AFTER).run(7.0)
    assert play.db(6.0, 7.0) < -60


def test_a_row_is_broken_by_a_miss_and_by_nothing_else():
    play = layered()
    for number in range(7):
        play.tell(EventKind.HIT, number, at_s=0.1 * number)
    play.tell(EventKind.MISSED, 7).tell(EventKind.HIT, 8).run(2.0)
    assert play.db(1.0, 2.0) < -90
    again = layered()
    for number in range(LAYER_AFTER):
        again.tell(EventKind.HIT, number, at_s=0.1 * number)
        for kind in (EventKind.EXTRA, EventKind.WRONG_GRIP, EventKind.NEAR, EventKind.RELEASED):
            again.tell(kind, number)
    again.run(3.0)
    assert again.db(2.0, 3.0) > -30


def clicks_of(play):
    """When something was struck, in seconds from the start; and how loud."""
    level = np.abs(play.heard[:, 0])
    frame, found = 0, []
    while frame < len(level):
        if level[frame] > 0.01:
            struck = level[frame : frame + 4_410]
            found.append((round(frame / SAMPLE_RATE, 2), float(struck.max())))
            frame += 11_025
        frame += 1
    return found


def test_a_bar_is_counted_in_and_the_first_click_comes_at_once():
    play = Play()
    play.presses.count_in(-4 * SECOND_US)
    play.mixer.play(-4 * SECOND_US)
    play.run(5.0)
    found = clicks_of(play)
    assert [at for at, _ in found] == pytest.approx([k / 2 for k in range(8)], abs=0.011)
    loud = np.array([level for _, level in found])
    assert loud[:4] == pytest.approx(loud[0], rel=0.05)  # what leads up to the bar
    assert loud[4] > 1.2 * loud[5]  # one
    assert loud[5:] == pytest.approx(loud[5], rel=0.05)
    assert loud[0] < loud[5]


def test_sounds_of_different_kinds_do_not_clip_together():
    play = begun(Stems(tone(440, level=0.6), tone(220, level=0.3), NOTHING))
    for number in range(40):
        play.tell(EventKind.HIT, number % 11, at_s=0.02 * number)
        play.tell(EventKind.EXTRA)
    play.run(2.0)
    assert np.abs(play.heard).max() < 1.0
