"""``griptune glove monitor``: a glove's contacts, levels and link, live."""

import sys
import threading
import time
from typing import NamedTuple

from firmware_bridge.glove import Glove, host_clock
from firmware_bridge.health import Health
from firmware_bridge.spec import parse_spec
from firmware_bridge.warm import warm_up
from game.cli.common import UserError
from game.cli.gloves import open_glove
from game.core import GRIPS

_NAP_S = 0.02
_LINE_EVERY_S = 1.0


class _Rates(NamedTuple):
    """Counts of the last second or so."""

    frames_per_s: float
    presses: tuple[int, ...]  # since the beginning, per grip


class _Counter:
    """Polls the glove, and turns its counts into rates."""

    def __init__(self, glove: Glove) -> None:
        self._glove = glove
        self._presses = [0] * len(GRIPS)
        self._since = (time.monotonic(), glove.health.frames)
        self._rate = 0.0

    def look(self) -> tuple[Health, _Rates]:
        for edge in self._glove.poll()[0]:
            self._presses[edge["grip"]] += bool(edge["down"])
        health = self._glove.health
        now = time.monotonic()
        then, frames = self._since
        if now - then >= 0.9:
            self._rate = max(0, health.frames - frames) / (now - then)
            self._since = (now, health.frames)
        return health, _Rates(self._rate, tuple(self._presses))


def watch(spec: str, ended: threading.Event, seconds: float | None) -> None:
    """Show the glove that ``spec`` names until ``ended`` is set, or for ``seconds``.

    In a terminal the picture stays in place; elsewhere a line is printed every second.
    Raises UserError for the keyboard, which has nothing to show.
    """
    if parse_spec(spec).kind == "keyboard":
        raise UserError("the keyboard has no contacts to watch; name a glove with --glove")
    warm_up()
    with open_glove(spec, seed=0) as glove:
        glove.begin(host_clock())
        until = None if seconds is None else time.monotonic() + seconds
        counter = _Counter(glove)
        if sys.stdout.isatty():
            _show(glove, counter, ended, until)
        else:
            _print(glove, counter, ended, until)


def _over(ended: threading.Event, until: float | None) -> bool:
    return ended.wait(_NAP_S) or (until is not None and time.monotonic() >= until)


def _print(glove: Glove, counter: _Counter, ended: threading.Event, until: float | None) -> None:
    print(glove.description, flush=True)
    due = time.monotonic() + _LINE_EVERY_S
    while not _over(ended, until):
        health, rates = counter.look()
        if time.monotonic() >= due:
            due += _LINE_EVERY_S
            print(_line(health, rates), flush=True)


def _line(health: Health, rates: _Rates) -> str:
    closed = [grip.label for grip in GRIPS if health.contacts >> grip & 1]
    parts = [
        f"{health.link}: {rates.frames_per_s:.0f} frames/s",
        f"{health.gaps} gaps ({health.repaired} repaired)",
        f"{health.refused} refused",
        f"contacts {'+'.join(closed) or 'open'}",
        "presses " + " ".join(str(n) for n in rates.presses),
        "levels " + (" ".join(str(level) for level in health.levels) or "none"),
    ]
    if health.sentence is not None:
        parts.append(health.sentence)
    return ", ".join(parts)


def _show(glove: Glove, counter: _Counter, ended: threading.Event, until: float | None) -> None:
    from rich.console import Group
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    def picture() -> Group:
        health, rates = counter.look()
        table = Table(box=None, pad_edge=False)
        for title in ("grip", "contact", "state", "level", "presses"):
            table.add_column(title, justify="right" if title in ("level", "presses") else "left")
        for grip in GRIPS:
            closed = bool(health.contacts >> grip & 1)
            table.add_row(
                grip.label,
                Text("closed" if closed else "open", style="bold reverse" if closed else "dim"),
                health.states[grip] if health.states else "",
                str(health.levels[grip]) if health.levels else "",
                str(rates.presses[grip]),
            )
        age = "" if health.age_ms is None else f", {health.age_ms:.0f} ms old"
        supply = f"supply {health.supply_mv} mV, " if health.supply_mv else ""
        return Group(
            Text(glove.description, style="bold"),
            Text(f"{health.link}: {rates.frames_per_s:.0f} frames/s{age}"),
            table,
            Text(
                f"{health.frames} frames, {health.gaps} gaps ({health.repaired} repaired), "
                f"{health.refused} refused"
            ),
            Text(f"{supply}clock off by {health.skew_ppm:.0f} ppm"),
            Text(health.sentence or "", style="bold"),
            Text("Ctrl-C ends it", style="dim"),
        )

    with Live(picture(), auto_refresh=False) as live:
        while not _over(ended, until):
            live.update(picture(), refresh=True)
