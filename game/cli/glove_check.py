"""``griptune glove check``: asks for each grip in turn, and says in plain words what was found."""

import math
import sys
import time
from typing import Any

from firmware_bridge.diagnosis import GOOD_LEVEL, Code, Finding, finding
from firmware_bridge.errors import NoGloveError
from firmware_bridge.glove import Glove, host_clock
from firmware_bridge.guided import GuidedCheck
from firmware_bridge.spec import parse_spec
from firmware_bridge.warm import warm_up
from game.cli.common import UserError
from game.cli.gloves import open_glove
from game.core import GRIPS

_NAP_S = 0.01


def run_check(spec: str, limit_s: float, *, quiet: bool) -> dict[str, Any]:
    """Check the glove that ``spec`` names; returns the document, with ``good`` as the verdict.

    The guiding words go to standard output, or, with ``quiet``, to standard error.
    """
    _refuse_what_cannot_be_asked(spec)
    page = _Page(to_error=quiet)
    warm_up()
    try:
        glove = open_glove(spec, seed=0)
    except NoGloveError as error:
        found = (finding(Code.MISSING),)
        page.verdict(found)
        return _document(None, found) | {"detail": str(error)}
    with glove:
        page.say(f"Checking {glove.description}.")
        check = GuidedCheck(glove, host_clock(), limit_us=round(limit_s * 1e6))
        told = 0
        while not check.done:
            page.ask(check)
            time.sleep(_NAP_S)
            check.step(host_clock())
            answered = zip(check.answers[told:], check.levels[told:], strict=True)
            for answer, level in answered:
                page.answered(answer.asked, [grip for _, grip in answer.presses], level)
            told = len(check.answers)
        page.verdict(check.findings)
        return _document(glove, check.findings) | {
            "asked": [
                {
                    "grip": GRIPS[answer.asked].label,
                    "felt": _counts([grip for _, grip in answer.presses]),
                    "level": level,
                }
                for answer, level in zip(check.answers, check.levels, strict=True)
            ]
        }


def _refuse_what_cannot_be_asked(spec: str) -> None:
    kind = parse_spec(spec).kind
    if kind == "keyboard":
        raise UserError("the keyboard has no contacts to check; name a glove with --glove")
    if kind == "replay":
        raise UserError("a recording cannot be asked to pinch; “griptune glove monitor” shows it")


def _counts(presses: list[int]) -> dict[str, int]:
    return {grip.label: presses.count(grip) for grip in GRIPS}


def _document(glove: Glove | None, found: tuple[Finding, ...]) -> dict[str, Any]:
    health = None if glove is None else glove.health
    return {
        "glove": None if glove is None else glove.description,
        "good": not any(one.fault for one in found),
        "findings": [
            {
                "code": str(one.code),
                "grips": [GRIPS[grip].label for grip in one.grips],
                "words": one.words,
                "fault": one.fault,
            }
            for one in found
        ],
        "asked": [],
        "levels": None if health is None else list(health.levels),
        "supply_mv": None if health is None else health.supply_mv,
    }


class _Page:
    """What the person in front of the terminal reads; in ASCII, for consoles that know no more."""

    def __init__(self, *, to_error: bool) -> None:
        self._out = sys.stderr if to_error else sys.stdout
        self._live = self._out.isatty()
        self._asked: object = self
        self._shown = ""

    def say(self, line: str) -> None:
        if self._shown:
            self._out.write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""
        print(line, file=self._out, flush=True)

    def ask(self, check: GuidedCheck) -> None:
        """The prompt: once, or on a terminal with its countdown and what was felt so far."""
        if not self._live:
            if self._asked != check.grip:
                self._asked = check.grip
                print(f"{check.prompt}.", file=self._out, flush=True)
            return
        felt = 0 if check.grip is None else check.felt[check.grip]
        # Less than 80 columns: a line that wraps could not be drawn again.
        line = f"{check.prompt}  {'*' * min(felt, 3):3} {math.ceil(check.remaining_s)} s"
        if line != self._shown:
            self._out.write("\r" + line.ljust(len(self._shown)))
            self._out.flush()
            self._shown = line

    def answered(self, asked: int, presses: list[int], level: int | None) -> None:
        """What the glove felt when it was asked for a grip."""
        felt = ", ".join(f"{name} {n}" for name, n in _counts(presses).items() if n)
        measured = "" if level is None else f" (level {level} of 255; good is up to {GOOD_LEVEL})"
        self.say(f"    {GRIPS[asked].label}: felt {felt or 'nothing'}{measured}")

    def verdict(self, found: tuple[Finding, ...]) -> None:
        """What was found, in a sentence each."""
        if not any(one.fault for one in found):
            self.say("The glove is good: every contact opens and closes.")
        for one in found:
            self.say(f"{'!' if one.fault else '-'} {one.words}")
