"""``griptune glove check``, the command itself, with faulty gloves that run the real firmware.

A hand on each simulated glove pinches when its lights ask it to; the fault is between the fingers
and the pins. Some are checked at once, since each check takes as long as a hand takes.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from firmware_bridge.host_clock import host_us
from tests.hil.conftest import SOAK, MakeFirmware
from tests.hil.hands import MS
from tests.hil.simulator_process import Simulator

DWELL_US = 120 * MS

#: Levels are told once a second.
HOLD_US = 1_150 * MS

INDEX, MIDDLE, RING, LITTLE, KEY = (1 << grip for grip in range(5))
FINGERS = ("index", "middle", "ring", "little", "key")

#: What an electrode reads, in mV: open and dry; leaking through some 12 kOhm of damp fabric at a
#: pull-up of 10 kOhm; closed through 5 kOhm of worn fabric.
DRY, DAMP, WORN = 5_000, 2_700, 1_670


def as_it_is(pinched: int) -> int:
    return pinched


def without(lost: int) -> Callable[[int], int]:
    return lambda pinched: pinched & ~lost


def always(stuck: int) -> Callable[[int], int]:
    return lambda pinched: pinched | stuck


def joined(bridge: int) -> Callable[[int], int]:
    return lambda pinched: pinched | (bridge if pinched & bridge else 0)


def exchanged(one: int, other: int) -> Callable[[int], int]:
    def crossed(pinched: int) -> int:
        kept = pinched & ~(one | other)
        return kept | (other if pinched & one else 0) | (one if pinched & other else 0)

    return crossed


class Fault(NamedTuple):
    """What is wrong with a glove, and what is to be said about it."""

    reads: Callable[[int], int]  #: the mask that is read, given the mask that is pinched
    codes: list[tuple[str, list[str]]]
    words: str
    levels: tuple[tuple[int, int], ...] = ()  #: electrodes that leak while open, and their mV
    worn: int = 0  #: electrodes whose contact is poor
    seconds: int = 10  #: for each grip
    holds: bool = False  #: the last pinch, as is asked, until the glove has told its levels
    unplugs: int = -1  #: the grip after whose first pinch the cable is pulled out
    silent: bool = False


FAULTS: dict[str, Fault] = {
    "none": Fault(as_it_is, [], "The glove is good: every contact opens and closes.", holds=True),
    "stuck": Fault(
        always(RING),
        [("stuck", ["ring"])],
        "The ring fingertip seems to touch the thumb all the time.",
    ),
    "short": Fault(
        joined(INDEX | MIDDLE),
        [("short", ["index", "middle"])],
        "Index and middle always close together: something bridges them.",
    ),
    "wet": Fault(
        as_it_is,
        [("wet", [])],
        "The glove is damp. Let it dry before you play on.",
        levels=tuple((grip, DAMP + 90 * (grip - 2)) for grip in range(5)),
    ),
    "damp at one finger": Fault(
        as_it_is,
        [("leaky", ["little"])],
        "The little fingertip is damp or dirty.",
        levels=((3, DAMP),),
    ),
    "swapped": Fault(
        exchanged(INDEX, RING),
        [("swapped", ["index", "ring"])],
        "Index and ring are swapped. Change their two snaps over.",
    ),
    "open": Fault(
        without(KEY),
        [("open", ["key"])],
        "The side of the index finger never made contact.",
        seconds=3,
    ),
    "thumb": Fault(without(31), [("thumb", [])], "No finger ever made contact.", seconds=3),
    "worn": Fault(
        as_it_is,
        [("weak", ["middle"])],
        "The middle fingertip makes poor contact.",
        worn=MIDDLE,
        holds=True,
    ),
    "unplugged": Fault(
        as_it_is,
        [("lost", [])],
        "The glove does not answer any more. Check its cable at both ends.",
        unplugs=2,
    ),
    "missing": Fault(
        as_it_is,
        [("missing", [])],
        "No glove was found. Check that its cable is plugged in at both ends.",
        silent=True,
    ),
}

#: The short run has the four that are promised, and a good glove, and one that was sewn wrongly.
CHECKED = [*FAULTS] if SOAK else ["none", "stuck", "short", "wet", "swapped", "missing"]


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    for first in range(0, len(names), size):
        yield names[first : first + size]


@dataclass
class Patient:
    """Pinches what the lights show, on a glove with a fault."""

    simulator: Simulator
    fault: Fault
    seen: int = 0
    lit: int = 0
    lit_us: list[int] = field(default_factory=lambda: [0] * 5)
    pinches: list[int] = field(default_factory=lambda: [0] * 5)

    def put_on(self) -> None:
        """The hand is open."""
        self.simulator.commands(self._touch(None, 0))

    def look(self) -> None:
        """Answer the lights that have come on since the last look."""
        news = self.simulator.told("cue")[self.seen :]
        self.seen += len(news)
        for told in news:
            mask = int(told.rest[0])
            for grip in range(5):
                # A cue whose answer came late is sent again, and asks for nothing new.
                if (mask & ~self.lit) >> grip & 1 and told.time_us - self.lit_us[grip] > 350 * MS:
                    self.lit_us[grip] = told.time_us
                    self._pinch(grip)
            self.lit = mask

    def _pinch(self, grip: int) -> None:
        now = host_us()
        self.pinches[grip] += 1
        held = self.fault.holds and self.pinches[grip] == 3
        dwell = HOLD_US if held else DWELL_US
        self.simulator.commands([*self._touch(now, 1 << grip), *self._touch(now + dwell, 0)])
        if grip == self.fault.unplugs:
            self.simulator.command("unplug")

    def _touch(self, at_us: int | None, pinched: int) -> list[tuple[int | None, str]]:
        mask = self.fault.reads(pinched)
        commands = [(at_us, f"mask {mask}")]
        for grip, level in self.fault.levels:
            if not mask >> grip & 1:
                commands.append((at_us, f"level {grip} {level}"))
        for grip in range(5):
            if (mask & self.fault.worn) >> grip & 1:
                commands.append((at_us, f"level {grip} {WORN}"))
        return commands


class Checked(NamedTuple):
    """What the command said."""

    returned: int
    document: dict[str, Any]
    page: str


def check(
    faults: dict[str, Fault], program: Path, elf: Path, running: ExitStack
) -> dict[str, Checked]:
    """Run the command on a glove with each of these faults."""
    patients, commands = [], {}
    for name, fault in faults.items():
        simulator = running.enter_context(Simulator(program, elf, "--baud", 500_000))
        patients.append(Patient(simulator, fault))
        patients[-1].put_on()
        if fault.silent:
            simulator.command("stall 600000")
        command = subprocess.Popen(
            [
                *(sys.executable, "-m", "game", "glove", "check", "--json"),
                *("--glove", f"serial:{simulator.path}", "--seconds", str(fault.seconds)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
        )
        running.callback(command.wait)
        running.callback(command.kill)
        commands[name] = command
    stop = threading.Event()

    def act() -> None:
        while not stop.wait(0.01):
            for patient in patients:
                patient.look()

    hands = threading.Thread(target=act)
    hands.start()
    try:
        said = {}
        for name, command in commands.items():
            out, page = command.communicate(timeout=150)
            said[name] = Checked(command.returncode, json.loads(out), page)
        return said
    finally:
        stop.set()
        hands.join()


@pytest.fixture(scope="module")
def checked(program: Path, firmware: MakeFirmware, warm: None) -> dict[str, Checked]:
    """Every fault, checked, as many at once as a small machine simulates in real time."""
    said: dict[str, Checked] = {}
    for names in batched(CHECKED, 3):
        with ExitStack() as running:
            faults = {name: FAULTS[name] for name in names}
            said |= check(faults, program, firmware(), running)
    return said


@pytest.mark.parametrize("name", CHECKED)
def test_what_is_wrong_is_named_and_nothing_else(checked: dict[str, Checked], name: str) -> None:
    fault, said = FAULTS[name], checked[name]
    print(f"\n{name}: {said.page.splitlines()[-1] if said.page else ''}")
    found = [(one["code"], one["grips"]) for one in said.document["findings"]]
    assert found == fault.codes
    assert said.document["good"] is (not fault.codes)
    assert said.returned == (1 if fault.codes else 0)
    last = said.page.splitlines()[-1]
    assert last.removeprefix("! ").startswith(fault.words)


def test_the_levels_of_good_contacts_are_told(checked: dict[str, Checked]) -> None:
    asked = checked["none"].document["asked"]
    assert [one["grip"] for one in asked] == list(FINGERS)
    assert all(one["felt"][one["grip"]] == 3 for one in asked)
    assert all(one["level"] is not None and one["level"] < 10 for one in asked)
    assert checked["none"].document["supply_mv"] == pytest.approx(5_000, abs=50)
