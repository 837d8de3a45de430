"""When something was kept: the instant, and the day it was where it happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Moment:
    """An instant on the station's own clock. Raises ValueError for a time without a zone."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a time that is kept needs a time zone")

    @classmethod
    def of(cls, at: datetime | None, clock: Callable[[], datetime]) -> "Moment":
        """``at``, or else the present as this computer's zone shows it."""
        return cls(clock().astimezone() if at is None else at)

    @property
    def local_date(self) -> str:
        """The day there, as kept."""
        return self.at.date().isoformat()

    @property
    def utc_offset_s(self) -> int:
        """Seconds that the clock there was ahead of UTC."""
        offset = self.at.utcoffset()
        assert offset is not None
        return round(offset.total_seconds())


def day_of(local_date: str) -> date:
    """The day that was kept as ``local_date``."""
    return date.fromisoformat(local_date)
