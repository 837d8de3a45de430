"""What a line of the table of paths says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.responses import Response

from game.clinic.security.roles import Role
from game.clinic.visit import Visit

Answer = Callable[[Visit], Response] | Callable[[Visit], Awaitable[Response]]

#: What a form may weigh, and what a song with its form may.
FORM_BYTES = 200_000
SONG_BYTES = 8_100_000
#: A station sends a few facts at a time; one long play with its data is well below.
FACTS_BYTES = 24_000_000


class Open(Enum):
    """Pages without a role: for everybody, for everybody if the clinic wants it, for stations."""

    ALL = "all"
    BOARD = "board"
    STATION = "station"
    #: A station that has only its one-time code yet.
    PAIRING = "pairing"


@dataclass(frozen=True)
class Page:
    """A path and who may take it. ``name`` is what the log calls it.

    ``plain`` pages may be answered over plain HTTP to other machines.
    """

    method: str
    path: str
    name: str
    who: frozenset[Role] | Open
    answer: Answer
    plain: bool = False
    most_bytes: int = FORM_BYTES
