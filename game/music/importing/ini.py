"""``song.ini``: what is known of a song, as ``key = value`` lines under ``[song]``."""

from game.music.importing.text import decoded

MAX_BYTES = 1_000_000


def read_ini(data: bytes) -> dict[str, str]:
    """The values of the section ``[song]`` by their keys in lower case; never raises.

    Written by many hands, so nothing is insisted on: the section's name may have any case or be
    missing, spaces around ``=`` as well, and a line that is no pair is passed over. ``;``, ``#``
    and ``//`` begin a comment where they begin a line; inside a line they belong to the title.
    The first of two equal keys counts.
    """
    found: dict[str, str] = {}
    inside = True
    for raw in decoded(data[:MAX_BYTES]).splitlines():
        line = raw.strip()
        if not line or line.startswith((";", "#", "//")):
            continue
        if line.startswith("[") and line.endswith("]"):
            inside = line[1:-1].strip().casefold() == "song"
            continue
        key, equals, value = line.partition("=")
        if inside and equals:
            found.setdefault(key.strip().casefold(), value.strip())
    return found


def number(values: dict[str, str], key: str) -> float:
    """The number under ``key``; 0 if there is none or it is none (or not a finite one)."""
    try:
        value = float(values.get(key, "").strip('" '))
    except ValueError:
        return 0.0
    return value if abs(value) < 1e9 else 0.0
