"""A scripted hand: lines ``song_ms mask``, the raw contacts from that moment of the song on."""

from pathlib import Path
from typing import NamedTuple

from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.errors import GloveError
from firmware_bridge.virtual import Contact

_FOREVER_US = 10**15  # 31 years: the last line of a script holds


class Step(NamedTuple):
    """From ``song_us`` on the contacts are ``mask``."""

    song_us: int
    mask: int


def read_script(path: Path) -> tuple[Step, ...]:
    """The steps in a script file, by time.

    One ``song_ms mask`` a line, the mask decimal or ``0x…`` (b0 index … b4 key); ``#`` begins a
    comment. Raises GloveError naming the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GloveError(f"there is no script file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text file"
        raise GloveError(f"the script {path} cannot be read: {reason}") from None
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            step = _step(words)
        except ValueError as error:
            raise GloveError(f"{path}, line {number}: {error}") from None
        if steps and step.song_us < steps[-1].song_us:
            raise GloveError(f"{path}, line {number}: time runs back; put the lines in order")
        steps.append(step)
    return tuple(steps)


def _step(words: list[str]) -> Step:
    if len(words) != 2:
        raise ValueError("expected “song_ms mask”, for example “1500 0x01”")
    try:
        song_us = round(float(words[0]) * 1000)
    except (ValueError, OverflowError):
        raise ValueError(f"“{words[0]}” is no time in milliseconds") from None
    if abs(song_us) > _FOREVER_US:
        raise ValueError(f"“{words[0]}” is no time in milliseconds")
    try:
        mask = int(words[1], 0)
    except ValueError:
        raise ValueError(f"“{words[1]}” is no mask (a number such as 5 or 0x05)") from None
    if not 0 <= mask < 1 << GRIP_COUNT:
        raise ValueError(f"mask {words[1]} lies outside 0 to {(1 << GRIP_COUNT) - 1}")
    return Step(song_us, mask)


def contacts_of(steps: tuple[Step, ...], begin_us: int) -> list[Contact]:
    """The contacts that the steps make when song time 0 is at host time ``begin_us``, by start."""
    contacts = []
    for grip in range(GRIP_COUNT):
        start: int | None = None
        for song_us, mask in steps:
            closed = mask >> grip & 1
            if closed and start is None:
                start = song_us
            elif not closed and start is not None:
                contacts.append(Contact(begin_us + start, begin_us + song_us, grip))
                start = None
        if start is not None:
            contacts.append(Contact(begin_us + start, begin_us + _FOREVER_US, grip))
    return sorted(contacts)


class ScriptActor:
    """Makes the contacts of a script, from :meth:`begin` on; cues mean nothing to it."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._waiting: list[Contact] = []

    def begin(self, host_us: int) -> None:
        """Song time 0 is at ``host_us``: the script starts, from its beginning."""
        self._waiting = contacts_of(self._steps, host_us)

    def cue(self, at_us: int, grip: int) -> None:
        """A script knows beforehand what it will do."""

    def contacts(self, until_us: int) -> list[Contact]:
        """The contacts that begin before ``until_us`` and were not returned yet, by start."""
        count = sum(contact.start_us < until_us for contact in self._waiting)
        told, self._waiting = self._waiting[:count], self._waiting[count:]
        return told
