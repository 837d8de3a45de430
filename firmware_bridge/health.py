"""How a glove is doing: what the screen, ``glove check`` and the records are told."""

from dataclasses import dataclass

from firmware_bridge.reception import Reception

#: Contacts older than this are not shown as live: a port may hand over seconds of old bytes after
#: the computer slept.
LIVE_US = 100_000


@dataclass(frozen=True)
class Health:
    """The state of a glove at one moment.

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
    stuck: int = 0  #: mask of the contacts closed for more than 8 s
    age_ms: float | None = None  #: age of the newest sample
    skew_ppm: float = 0.0  #: how far the glove's clock is off
    serial_number: str = ""
    firmware: str = ""
    scan_hz: int = 0
    supply_mv: int | None = None
    levels: tuple[int, ...] = ()  #: the level on each electrode, 0 to 255, from DIAG


def health_of(reception: Reception, link: str, now_us: int) -> Health:
    """The health of what comes through ``reception`` over a link that is ``link``."""
    counters = reception.counters
    newest = reception.newest_sample_us
    age_us = None if newest is None else now_us - newest
    live = link in ("ok", "degraded") and age_us is not None and age_us <= LIVE_US
    hello, diag = reception.hello, reception.diag
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
        age_ms=None if age_us is None else age_us / 1000,
        skew_ppm=reception.clock.skew_ppm,
        serial_number=serial_text(hello.serial_number) if hello else "",
        firmware=f"{hello.firmware_major}.{hello.firmware_minor}" if hello else "",
        scan_hz=hello.scan_hz if hello else 0,
        supply_mv=diag.supply_mv if diag else None,
        levels=tuple(diag.adc) if diag else (),
    )


def serial_text(serial_number: bytes) -> str:
    """A glove's serial number as text: printable ASCII, whatever the bytes."""
    text = serial_number.decode("ascii", errors="replace")
    return "".join(c for c in text if c.isascii() and c.isprintable()).strip()
