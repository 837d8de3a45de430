"""Tutorial, glove help and calibration, worked by pinches and keys on a clock set by hand."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pygame
import pytest

from firmware_bridge.glove import Glove
from firmware_bridge.virtual import Contact
from game.cli.helping import FIRST_TRY
from game.cli.keeping import Keeper
from game.core.grips import GRIPS, Grip
from game.core.judge import warm_up
from game.play.calibration import BEAT_US
from game.play.clock import ManualClock
from game.stage.audio import AudioOut
from game.stage.bindings import Bindings
from game.stage.commands import Command, Pointer, Typed
from game.stage.desk import Services
from game.stage.evening import Evening
from game.stage.inputs import Inputs
from game.stage.navigation import follow
from game.stage.play_flow import PlayFlow
from game.stage.rooms.base import Room
from game.stage.rooms.calibration import DelaysRoom, FoundRoom, TappingRoom
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.glove_help import GloveHelpRoom
from game.stage.rooms.help import HelpRoom
from game.stage.rooms.plan import PlanRoom
from game.stage.rooms.today import TodayRoom
from game.stage.rooms.tutorial import FirstBeatRoom, TutorialOffer, TutorialRoom
from game.stage.screens import Screen
from game.stage.screens.glove_help import GloveHelpScreen
from game.stage.screens.message import MessageScreen
from game.stage.theme import Scale
from game.stage.view import Options
from game.therapy.prescription import changed, preset
from game.words import use
from tests.stage.test_inputs import Hand

S, MS = 1_000_000, 1_000
SCALE = Scale(480, 270)
STEP_US = 10 * MS


class House:
    """The game's rooms with real records, inputs and mixer; time goes by when it is told to."""

    def __init__(self, folder: Path, spec: str = "keyboard", actor: Hand | None = None) -> None:
        use("en")
        warm_up()
        self.now = ManualClock(50 * S)
        lockstep = spec != "keyboard"
        glove = Glove.open(spec, actor, clock=self.now, lockstep=lockstep)
        self.keeper = Keeper.open(folder)
        self.audio = AudioOut(backend="thread", clock=self.now)
        self.services = Services(self.keeper, glove, self.audio, None, previews=False)  # type: ignore[arg-type]
        self.left = False
        self.room = Room()
        self.screen = Screen(SCALE)
        self.evening = Evening(
            self.services,
            Inputs(glove, self.now, Bindings(buttons=None)),
            self.go,
            lambda: None,
            self.now,
            Options(),
            lambda: SCALE,
        )
        self.flow = PlayFlow(self.evening)

    def go(self, room: Room) -> None:
        if room is not self.room:
            self.room.leave()
        self.room = room
        self.screen = room.screen(SCALE)

    def choose(self, action: str) -> None:
        follow(action, self.room, self.evening, self.flow)

    def command(self, command: Command | Pointer | Typed) -> None:
        action = self.screen.handle(command)
        if action is not None:
            self.choose(action)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float:
        """Lets time go by, at most so many seconds; returns how many it were."""
        began_us = self.now()
        while self.now() < began_us + seconds * S and not until():
            self.now.advance(STEP_US)
            self.audio._pull(441)
            if self.room.takes_pinches:
                self.room.hear()
            self.room.step(self.screen)
        return (self.now() - began_us) / S

    def pinch(self, grip: int, held_us: int = 100 * MS) -> None:
        """With keys or whatever is pushed."""
        self.evening.inputs.glove.push((self.now(), grip, True))
        self.run(held_us / S)
        self.evening.inputs.glove.push((self.now(), grip, False))

    def words(self) -> str:
        """What is written on the screen now."""
        self.room.step(self.screen)
        self.screen.draw(pygame.Surface(SCALE.size, 0, 32))
        return " ".join(text.words for text in self.screen.written)


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    yield made
    made.keeper.close()


# ---------------------------------------------------------------- the tutorial


def test_a_guest_is_never_kept_by_a_tutorial(house):
    house.choose("guest")
    assert isinstance(house.room, TodayRoom)


def test_a_patients_first_start_offers_it_and_leads_past_it(house):
    house.keeper.store.add_patient("ANNA-1", hand="left")
    house.choose("person:ANNA-1")
    assert isinstance(house.room, TutorialOffer)
    house.command(Command.MOVE_NEXT)
    house.command(Command.CHOOSE)
    assert isinstance(house.room, PlanRoom)


def test_it_asks_the_prescribed_grips_and_ends_at_choosing_a_song(house):
    house.keeper.store.add_patient("ANNA-1")
    plan = changed(preset("middle", date(2026, 1, 5)), grips={"index": 0.5, "key": 0.5})
    house.keeper.store.prescribe("ANNA-1", plan, "Dr. Ruiz")
    house.choose("person:ANNA-1")
    house.choose("tutorial")
    asked = []
    began_us = house.now()
    while isinstance(house.room, TutorialRoom):
        grip = house.room._lesson.grip
        if grip is not None:
            asked.append(grip)
            assert house.words()
            house.pinch(grip)
            house.run(0.3)
            house.pinch(grip)
        house.run(
            2,
            lambda g=grip: (
                not isinstance(house.room, TutorialRoom) or house.room._lesson.grip is not g
            ),
        )
    assert asked == [Grip.INDEX, Grip.KEY]
    assert isinstance(house.room, FirstBeatRoom)
    house.run(30, lambda: not isinstance(house.room, FirstBeatRoom))
    assert isinstance(house.room, ChoosingRoom)
    assert house.now() - began_us < 90 * S
    assert house.keeper.store.plays("ANNA-1") == []


def test_pinches_in_time_are_hits_and_are_heard(house):
    house.choose("guest")
    house.choose("tutorial")
    house.run(60, lambda: isinstance(house.room, FirstBeatRoom))
    live = house.room._live
    targets = live.prepared.chart.targets
    for target in targets:
        due_us = live.conductor.host_us(int(target["time_us"]))
        house.run(20, lambda due=due_us: house.now() >= due)
        house.pinch(int(target["grip"]), 50 * MS)
    assert live.counted == len(targets) == 4
    house.run(10, lambda: not isinstance(house.room, FirstBeatRoom))
    assert isinstance(house.room, ChoosingRoom)


def test_a_song_that_goes_on_is_counted_in_by_the_bar_before_the_one_it_stood_in(house):
    house.choose("guest")
    house.choose("tutorial")
    house.run(60, lambda: isinstance(house.room, FirstBeatRoom))
    live = house.room._live
    for stood_s, from_s, counted_s in ((1.0, -3.0, -3.0), (6.5, 0.0, 3.0)):
        house.run(20, lambda at=stood_s: live.song_us >= at * S)
        live.pause()
        house.audio._pull(441)
        live.resume()
        assert live.song_us == pytest.approx(from_s * S, abs=50 * MS)
        seen: dict[int, float] = {}
        while live.song_us < (counted_s + 3.2) * S:
            house.run(0.02)
            seen.setdefault(live.view(0).count_in, live.song_us / S)
        beats = {number: at for number, at in seen.items() if number}
        assert sorted(beats) == [1, 2, 3, 4]
        for number, at_s in beats.items():
            assert at_s == pytest.approx(counted_s + 0.75 * (number - 1), abs=0.06)


def test_whoever_does_nothing_is_through_in_less_than_a_minute_and_a_half(house):
    house.choose("guest")
    house.choose("tutorial")
    assert house.run(120, lambda: isinstance(house.room, ChoosingRoom)) < 90


@pytest.mark.parametrize("after_s", [7.9, 47.0])
def test_escape_and_the_key_skip_at_any_moment(house, after_s):
    house.choose("guest")
    for way in (Command.BACK, "key"):
        house.choose("tutorial")
        house.run(after_s)
        key = getattr(house.screen, "_pause", None) or house.screen.choices[0]
        x, y = key.box.middle
        pointer = Pointer(SCALE.x(x), SCALE.y(y), pressed=True)
        house.command(pointer if way == "key" else way)
        assert isinstance(house.room, ChoosingRoom)


@pytest.mark.parametrize("after_s", [1.0, 47.0])
def test_one_grip_held_for_three_seconds_skips_and_a_slow_pinch_does_not(house, after_s):
    house.choose("guest")
    house.choose("tutorial")
    house.run(after_s)
    house.pinch(Grip.LITTLE, 2_500 * MS)
    assert not isinstance(house.room, ChoosingRoom)
    house.run(0.6)
    house.evening.inputs.glove.push((house.now(), Grip.LITTLE, True))
    assert 2.9 < house.run(4, lambda: isinstance(house.room, ChoosingRoom)) < 3.2


def try_grips(house: House, made: set[Grip]) -> None:
    """The whole first try with a glove; only the grips of ``made`` come."""
    house.choose("person:ANNA-1")
    house.choose("tutorial")
    while isinstance(house.room, TutorialRoom):
        grip = house.room._lesson.grip
        if grip in made:
            house.pinch(grip)
            house.run(0.3)
            house.pinch(grip)
        house.run(
            12,
            lambda g=grip: (
                not isinstance(house.room, TutorialRoom) or house.room._lesson.grip is not g
            ),
        )


def test_the_grips_that_came_in_the_very_first_try_are_those_that_are_asked(tmp_path):
    house = House(tmp_path / "data", "virtual:steady", Hand())
    store = house.keeper.store
    store.add_patient("ANNA-1", hand="left")
    try_grips(house, {Grip.INDEX, Grip.KEY})
    kept = store.prescription("ANNA-1")
    assert kept is not None
    assert (list(kept.prescription.grips), kept.author) == (["index", "key"], FIRST_TRY)
    assert kept.prescription.hand == "left"
    # Another try takes no other grip away, and gives none back: the plan is the therapist's now.
    try_grips(house, {Grip.INDEX})
    assert store.prescription("ANNA-1") == kept
    house.keeper.close()


def test_a_first_try_in_which_every_grip_came_prescribes_nothing(tmp_path):
    house = House(tmp_path / "data", "virtual:steady", Hand())
    house.keeper.store.add_patient("ANNA-1")
    try_grips(house, set(GRIPS))
    assert house.keeper.store.prescription("ANNA-1") is None
    house.keeper.close()


def test_a_glove_that_felt_nothing_leads_to_glove_help(tmp_path):
    house = House(tmp_path / "data", "virtual:steady", Hand())
    house.choose("guest")
    house.choose("tutorial")
    house.run(60, lambda: not isinstance(house.room, TutorialRoom))
    assert "No pinch was felt" in house.words()
    house.choose("glove")
    assert isinstance(house.room, GloveHelpRoom)
    house.keeper.close()


def test_the_glove_is_cued_so_that_its_lamp_shows_the_finger(tmp_path):
    hand = Hand()
    house = House(tmp_path / "data", "virtual:steady", hand)
    house.choose("guest")
    house.choose("tutorial")
    house.run(1)
    assert {grip for _, grip in hand.cued} == {Grip.INDEX}
    house.keeper.close()


# ---------------------------------------------------------------- glove help


class Answers(Hand):
    """Pinches whatever it is cued."""

    def cue(self, at_us: int, grip: int) -> None:
        super().cue(at_us, grip)
        self.waiting.append(Contact(at_us, at_us + 150 * MS, grip))


def test_a_check_of_a_good_glove_ends_with_five_good_fingers(tmp_path):
    house = House(tmp_path / "data", "virtual:steady", Answers())
    house.choose("guest")
    house.choose("help")
    house.choose("glove")
    assert "The glove is there." in house.words()
    house.choose("check")
    assert "Open the hand" in house.words()
    asked = set()
    room = house.room
    assert isinstance(room, GloveHelpRoom)
    while room.takes_pinches:
        house.run(0.2)
        asked.add(room._asked)
    assert asked - {None} == set(GRIPS)
    assert "All five fingers are good." in house.words()
    house.choose("leave")
    assert isinstance(house.room, HelpRoom)
    house.keeper.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("open:ring", "The ring fingertip never made contact."),
        ("stuck:index", "The index fingertip seems to touch the thumb all the time."),
        ("swap:index+ring", "swapped"),
    ],
)
def test_a_check_says_what_is_wrong_and_where(tmp_path, fault, words):
    house = House(tmp_path / "data", f"virtual:steady?fault={fault}", Answers())
    house.choose("guest")
    house.choose("help")
    house.choose("glove")
    house.choose("check")
    room = house.room
    assert isinstance(room, GloveHelpRoom)
    house.run(70, lambda: not room.takes_pinches)
    assert words in house.words()
    house.keeper.close()


def test_contacts_are_seen_live_and_tried_fingers_are_good(tmp_path):
    hand = Hand()
    house = House(tmp_path / "data", "virtual:steady", hand)
    house.choose("guest")
    house.choose("help")
    house.choose("glove")
    assert isinstance(house.screen, GloveHelpScreen)
    hand.pinch(house.now() + 50 * MS, Grip.MIDDLE)
    contacts = set()
    for _ in range(60):
        house.evening.inputs.poll()
        house.run(0.01)
        contacts.add(house.screen.view.contacts)
    assert contacts == {0, 1 << Grip.MIDDLE}
    assert house.screen.view.conditions[Grip.MIDDLE].value == "good"
    assert house.screen.view.conditions[Grip.INDEX].value == "pinch to try"
    house.keeper.close()


def test_a_glove_that_was_plugged_in_later_is_found(house):
    found = Glove.open("virtual:steady", Hand(), clock=house.now, lockstep=True)
    looks = [None, found]
    house.services.look_for_glove = lambda: looks.pop(0)
    house.choose("guest")
    house.choose("help")
    house.choose("glove")
    assert "No glove was found." in house.words()
    for _ in range(2):
        house.choose("check")
        room = house.room
        assert isinstance(room, GloveHelpRoom)
        room._search.wait()
        house.run(0.02)
    assert house.services.glove is found is house.evening.inputs.glove
    assert house.evening.inputs.kind == "virtual"
    assert "The glove is there." in house.words()


# ---------------------------------------------------------------- calibration


def tap_along(house: House, delay_us: int, spread_us: int = 15 * MS, seed: int = 3) -> None:
    """Somebody whose every tap lies ``delay_us`` behind the beat, more or less."""
    rng = np.random.default_rng(seed)
    room = house.room
    assert isinstance(room, TappingRoom)
    for beat in range(1, 45):
        if house.room is not room:
            return
        at_us = room._metronome.host_us(beat * BEAT_US) + round(rng.normal(delay_us, spread_us))
        house.run(3, lambda at=at_us: house.now() >= at)
        if room._pinching:
            house.evening.inputs.glove.push((at_us, Grip.INDEX, True))
            house.run(0.05)
            house.evening.inputs.glove.push((house.now(), Grip.INDEX, False))
        else:
            house.command(Typed("x") if beat % 2 else Command.CHOOSE)
        house.run(0.02)


def settings(house: House) -> dict[str, object]:
    return tomllib.loads((house.keeper.data / "settings.toml").read_text(encoding="utf-8"))[
        "delays"
    ]


@pytest.mark.parametrize(
    ("way", "setting", "source"), [("ear", "audio", "by ear"), ("eye", "display", "by eye")]
)
def test_a_delay_is_found_by_tapping_and_kept_with_where_it_came_from(house, way, setting, source):
    house.choose("guest")
    house.choose("delays")
    house.choose(f"measure:{way}")
    assert "never the hand in therapy" in house.words()
    house.choose("begin")
    tap_along(house, 90 * MS)
    assert isinstance(house.room, FoundRoom)
    assert isinstance(house.screen, MessageScreen)
    house.command(Command.CHOOSE)
    assert isinstance(house.room, DelaysRoom)
    kept = settings(house)
    assert kept[f"{setting}_ms"] == pytest.approx(86, abs=16)
    assert str(kept[f"{setting}_from"]).startswith(source)
    delays = house.keeper.delays
    delay = delays.audio if way == "ear" else delays.display
    assert delay.us == kept[f"{setting}_ms"] * MS
    assert delay.source == kept[f"{setting}_from"]
    assert "Now" in house.words()


def test_the_gloves_delay_is_what_pinches_come_later_than_keys(tmp_path):
    house = House(tmp_path / "data", "virtual:steady", Hand())
    house.choose("guest")
    house.choose("delays")
    house.choose("measure:pinches")
    house.choose("begin")
    tap_along(house, 60 * MS, 10 * MS)
    assert isinstance(house.room, TappingRoom)
    assert house.room._pinching
    tap_along(house, 160 * MS, 10 * MS, seed=4)
    assert isinstance(house.room, FoundRoom)
    house.choose("keep")
    assert settings(house)["glove_ms"] == pytest.approx(104, abs=16)
    house.keeper.close()


def test_taps_at_any_time_are_told_and_nothing_is_kept(house):
    house.choose("guest")
    house.choose("delays")
    house.choose("measure:eye")
    house.choose("begin")
    tap_along(house, 100 * MS, 300 * MS)
    assert "too far apart" in house.words()
    assert not (house.keeper.data / "settings.toml").exists()
    house.choose("measure:eye")
    house.choose("begin")
    house.command(Command.BACK)
    assert isinstance(house.room, DelaysRoom)


@pytest.mark.parametrize("way", ["ear", "microphone", "pinches"])
def test_what_needs_sound_is_not_measured_in_silence(house, way):
    house.audio.silent_reason = "No sound device was found: the song plays in silence."
    house.choose("guest")
    house.choose("delays")
    house.choose(f"measure:{way}")
    assert "No sound device" in house.words()
    house.choose("delays")
    house.choose("measure:eye")
    house.choose("begin")
    assert isinstance(house.room, TappingRoom)


def test_a_setting_that_cannot_be_written_is_told(house):
    house.choose("guest")
    house.choose("delays")
    house.choose("measure:eye")
    house.choose("begin")
    tap_along(house, 90 * MS)
    (house.keeper.data / "settings.toml").write_text("[delays\n", encoding="utf-8")
    house.choose("keep")
    assert "could not be kept" in house.words()


def test_a_sound_without_delay_that_was_measured_is_believed_and_else_the_device(
    house, monkeypatch
):
    monkeypatch.setattr(AudioOut, "latency_us", property(lambda audio: 30 * MS))
    assert house.evening.delays.audio.us == 30 * MS
    assert house.evening.delays.audio.source == "the sound device's buffer"
    assert house.keeper.change_settings({"delays.audio_ms": 0, "delays.audio_from": "by ear"}) == ""
    assert house.evening.delays.audio.us == 0
    assert house.evening.delays.audio.source == "by ear"
