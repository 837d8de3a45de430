"""How a glove is doing: what the screen, ``glove check`` and the records are told."""

from dataclasses import dataclass

from firmware_bridge.diagnosis import Code, Finding, finding
from firmware_bridge.reception import Reception

#: Contacts older than this are not shown as live: a port may hand over seconds of old bytes after
#: the computer slept.
LIVE_US = 100_000


@dataclass(frozen=True)
class Health:
    """The state of a glove at one moment.

    :attr:`sentence` says it in plain words, if anything is wrong.

    ``link`` is ``"ok"``, ``"degraded"`` (more than 5 % bad frames in a second), ``"lost"`` (no
    frame for 250 ms, or unplugged), ``"waiting"`` (no HELLO and frames yet) or ``"none"`` (nothing
    that could be lost, as with the keyboard). Masks have bit 0 for index … bit 4 for key.
    """

    link: str
    frames: int = 0  #: STATE frames taken
    gaps: int = 0  #: places where frames are missing
    missing: int = 0  #: frames missing
    repaired: int = 0  #: gaps that history covered
    refused: int = 0  #: frames refused: CRC, length, or a value that cannot be
    unknown: int = 0  #: frames of a type this version does not know
    contacts: int = 0  #: mask of the contacts closed now
    stuck: int = 0  #: mask of the contacts closed for 8 s, or for 3 s since they were first seen
    states: tuple[str, ...] = ()  #: of each electrode: open, pressed, stuck, blocked or lost
    bridged: tuple[tuple[int, ...], ...] = ()  #: electrodes of which none closes without the others
    wet: bool = False  #: whether most electrodes leak
    age_ms: float | None = None  #: age of the newest sample
    lost_since_us: int | None = None  #: when the last frame came (host time), if the link is lost
    skew_ppm: float = 0.0  #: how far the glove's clock is off
    serial_number: str = ""
    firmware: str = ""
    scan_hz: int = 0
    supply_mv: int | None = None
    levels: tuple[int, ...] = ()  #: the level on each electrode, 0 to 255, from DIAG
    levels_closed: int = 0  #: mask of the contacts that were closed when the levels were told
    readings: int = 0  #: how many times levels were told

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, the most telling first; empty if all is well."""
        if self.link == "lost":
            return (finding(Code.LOST),)
        if self.link == "waiting":
            return (finding(Code.SILENT),)
        if self.link == "none":
            return ()
        found = []
        if self.wet:
            found.append(finding(Code.WET))
        found += [finding(Code.BRIDGED, group) for group in self.bridged]
        if self.stuck:
            found.append(finding(Code.STUCK, _grips(self.stuck)))
        if self.link == "degraded":
            found.append(finding(Code.NOISY))
        return tuple(found)

    @property
    def sentence(self) -> str | None:
        """What is wrong, in a sentence for the screen; None if all is well."""
        found = self.findings
        return found[0].words if found else None


#: What the state of an electrode is called, by its number in ``contacts``.
STATES = ("blocked", "open", "pressed", "stuck", "lost")


def _grips(mask: int) -> tuple[int, ...]:
    return tuple(grip for grip in range(mask.bit_length()) if mask >> grip & 1)


def health_of(
    reception: Reception, link: str, now_us: int, lost_since_us: int | None = None
) -> Health:
    """The health of what comes through ``reception`` over a link that is ``link``."""
    counters = reception.counters
    newest = reception.newest_sample_us
    age_us = None if newest is None else now_us - newest
    live = link in ("ok", "degraded") and age_us is not None and age_us <= LIVE_US
    hello, diag, signs = reception.hello, reception.diag, reception.signs
    reading = signs.reading
    return Health(
        link=link,
        frames=counters.frames,
        gaps=counters.gaps,
        missing=counters.missing,
        repaired=counters.repaired,
        refused=counters.refused,
        unknown=counters.unknown,
        contacts=reception.closed_mask if live else 0,
        stuck=reception.stuck_mask,
        states=tuple(STATES[state] for state in reception.states),
        bridged=signs.bridged,
        wet=signs.wet,
        age_ms=None if age_us is None else age_us / 1000,
        lost_since_us=lost_since_us,
        skew_ppm=reception.clock.skew_ppm,
        serial_number=serial_text(hello.serial_number) if hello else "",
        firmware=f"{hello.firmware_major}.{hello.firmware_minor}" if hello else "",
        scan_hz=hello.scan_hz if hello else 0,
        supply_mv=diag.supply_mv if diag else None,
        levels=reading.levels if reading else (),
        levels_closed=reading.closed if reading else 0,
        readings=signs.readings,
    )


def serial_text(serial_number: bytes) -> str:
    """A glove's serial number as text: printable ASCII, whatever the bytes."""
    text = serial_number.decode("ascii", errors="replace")
    return "".join(c for c in text if c.isascii() and c.isprintable()).strip()
