"""What is kept of a play, as plain values: its opening, its figures, and its data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta, timezone
from typing import Any, Protocol

import numpy as np

from game.core.data import EDGE, TARGET, Window
from game.core.grips import GRIPS, Grip

HANDS = ("left", "right")

#: A stretch of the song clock: from ``host_us`` on the song is at ``song_us`` and moves by ``rate``
#: song microseconds a host microsecond; 0 is paused.
SEGMENT = np.dtype([("host_us", "i8"), ("song_us", "i8"), ("rate", "f8")])

#: The same as the song clock gives them. Without a rate the song moves with the host.
Segments = Sequence[Sequence[float]] | np.ndarray


@dataclass(frozen=True)
class GripFigures:
    """One grip in one play: targets asked, and its presses by what became of them."""

    presented: int = 0
    hits: int = 0
    near: int = 0
    wrong: int = 0
    extra: int = 0

    @property
    def repetitions(self) -> int:
        """Every press, hit or not."""
        return self.hits + self.near + self.wrong + self.extra

    @property
    def counted(self) -> int:
        """Hits and near presses: what doses, goals and boards use."""
        return self.hits + self.near


@dataclass(frozen=True)
class Missed:
    """Targets missed, by kind."""

    omission: int = 0
    early: int = 0
    late: int = 0
    wrong_grip: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.omission + self.early + self.late + self.wrong_grip


@dataclass(frozen=True, kw_only=True, eq=False)
class PlayStart:
    """What is known when a play begins.

    ``id`` is a UUIDv7 (:func:`game.records.identifiers.new_identifier`), ``patient_id`` a
    :class:`~game.records.patients.Patient`'s ``id`` or None for a guest. ``started_at`` is aware
    and in the station's own time zone: the local day is taken from it. ``rate_asked`` is in
    targets per second, ``rate_fixed`` says that it was set by hand. ``delays`` are the four delays
    under their names, with where each came from: anything that is JSON. ``session_id`` is the
    sitting it belongs to, None outside one. Raises ValueError for what cannot be.
    """

    id: str
    patient_id: str | None
    started_at: datetime
    song_key: str
    song_title: str
    song_hash: str
    hand: str
    input_kind: str
    input_description: str
    rate_asked: float | None
    rate_fixed: bool
    tempo: float
    window: Window
    software_version: str
    seed: int | None = None
    delays: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "play"
    session_id: str | None = None

    def __post_init__(self) -> None:
        if self.hand not in HANDS:
            raise ValueError(f"a hand is “left” or “right”, not “{self.hand}”")
        if self.started_at.tzinfo is None:
            raise ValueError("a play needs its start with a time zone")
        if self.seed is not None and not -(2**63) <= self.seed < 2**63:
            raise ValueError(f"a seed is a whole number of 64 bits, not {self.seed}")
        for name in ("song_key", "song_title", "input_description"):
            # A file's name may hold bytes that are no text. That must not cost the play.
            text = getattr(self, name).encode("utf-8", "replace").decode("utf-8")
            text = text.replace("\0", "\ufffd")  # PostgreSQL has no such letter
            object.__setattr__(self, name, text)

    @property
    def local_date(self) -> date:
        """The day of the play where it was played."""
        return self.started_at.date()

    @property
    def utc_offset_s(self) -> int:
        """Seconds that the station's clock was ahead of UTC."""
        offset = self.started_at.utcoffset()
        assert offset is not None
        return round(offset.total_seconds())

    def opening(self) -> dict[str, Any]:
        """The opening as a JSON document; :meth:`from_opening` reads it."""
        values = {f.name: getattr(self, f.name) for f in fields(PlayStart)}
        values["started_at"] = self.started_at.isoformat()
        values["window"] = asdict(self.window)
        values["delays"] = dict(self.delays)
        return values

    @staticmethod
    def from_opening(document: Mapping[str, Any]) -> "PlayStart":
        """The opening that :meth:`opening` wrote."""
        values = dict(document)
        values["started_at"] = datetime.fromisoformat(values["started_at"])
        values["window"] = Window(**values["window"])
        return PlayStart(**values)


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaySummary(PlayStart):
    """A closed play without its data: what lists, reports and boards need.

    ``grips`` has five rows in code order. Medians and SD are in ms, negative early, None where
    there was nothing to take them of. ``duration_us`` is the song time that was played. ``level``
    is the median of x over the second half of the play, ``x_after`` x when it closed, both in
    octaves (log2 of targets/s) and None when the difficulty was not adapted.
    """

    grips: tuple[GripFigures, ...]
    missed: Missed
    asynchrony_median_ms: float | None
    asynchrony_sd_ms: float | None
    dwell_median_ms: float | None
    score: int
    duration_us: int
    level: float | None
    x_after: float | None
    interrupted: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.grips) != len(GRIPS):
            raise ValueError(f"a play has figures for {len(GRIPS)} grips, not {len(self.grips)}")
        if self.hits + self.missed.total != self.asked:
            raise ValueError(
                f"{self.asked} targets cannot have {self.hits} hits and {self.missed.total} misses"
            )

    @property
    def asked(self) -> int:
        """How many targets were asked."""
        return sum(g.presented for g in self.grips)

    @property
    def hits(self) -> int:
        """Targets hit."""
        return sum(g.hits for g in self.grips)

    @property
    def near(self) -> int:
        """Presses of the right grip at the wrong time."""
        return sum(g.near for g in self.grips)

    @property
    def wrong(self) -> int:
        """Presses of a grip where another was asked for."""
        return sum(g.wrong for g in self.grips)

    @property
    def extra(self) -> int:
        """Presses that nothing asked for."""
        return sum(g.extra for g in self.grips)

    @property
    def counted(self) -> int:
        """Hits and near presses."""
        return self.hits + self.near

    @property
    def repetitions(self) -> int:
        """Every press."""
        return sum(g.repetitions for g in self.grips)

    def of_grip(self, grip: Grip) -> GripFigures:
        """The figures of one grip."""
        return self.grips[grip]


def _no_targets() -> np.ndarray:
    return np.zeros(0, TARGET)


def _no_edges() -> np.ndarray:
    return np.zeros(0, EDGE)


def segment_rows(segments: Segments) -> np.ndarray:
    """``segments``, (host_us, song_us, rate) or (host_us, song_us) each, as rows of SEGMENT."""
    if isinstance(segments, np.ndarray) and segments.dtype == SEGMENT:
        return segments
    rows = [(int(s[0]), int(s[1]), float(s[2]) if len(s) > 2 else 1.0) for s in segments]
    return np.array(rows, SEGMENT)


@dataclass(frozen=True, kw_only=True, eq=False)
class PlayRecord(PlaySummary):
    """A closed play with everything needed to judge it again.

    ``targets`` (TARGET, song time): those that were asked, and any that the figures leave out for
    a fault of the glove; ``edges`` (EDGE, song time): those that were judged, in the order the
    judge got them. So ``judge(targets, edges, window)`` gives the judgements again. ``raw_edges``
    (EDGE, host time): everything the glove reported during the play.
    ``segments``: those of the song clock, as :func:`segment_rows` takes them; kept as SEGMENT.
    ``events`` are JSON documents in the order they happened.
    """

    targets: np.ndarray = field(default_factory=_no_targets)
    edges: np.ndarray = field(default_factory=_no_edges)
    raw_edges: np.ndarray = field(default_factory=_no_edges)
    segments: Segments = ()
    events: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "segments", segment_rows(self.segments))
        for name, dtype in (("targets", TARGET), ("edges", EDGE), ("raw_edges", EDGE)):
            if getattr(self, name).dtype != dtype:
                raise ValueError(f"{name} must be rows of {dtype.names}")
        if len(self.targets) < self.asked:
            raise ValueError(
                f"the figures speak of {self.asked} targets, but only {len(self.targets)} are given"
            )


class TherapyChange(Protocol):
    """The part of :class:`game.therapy.difficulty.Change` that is kept."""

    @property
    def before(self) -> float:
        """X before."""

    @property
    def after(self) -> float:
        """X after."""

    @property
    def evidence(self) -> Mapping[str, Any]:
        """The figures behind it."""

    @property
    def rested(self) -> tuple[Grip, ...]:
        """Grips that began to rest."""

    @property
    def returned(self) -> tuple[Grip, ...]:
        """Grips that came back."""


@dataclass(frozen=True)
class DifficultyChange:
    """One step of the difficulty: x before and after (octaves), why, and on what evidence (JSON).

    ``song_us`` is when in the song; None outside one.
    """

    song_us: int | None
    before: float
    after: float
    reason: str
    evidence: Mapping[str, Any]

    @classmethod
    def of(cls, song_us: int | None, reason: str, change: TherapyChange) -> "DifficultyChange":
        """The therapy's own change, with the grips that began or ended a rest in its evidence."""
        evidence: dict[str, Any] = dict(change.evidence)
        for name, grips in (("rested", change.rested), ("returned", change.returned)):
            if grips:
                evidence[name] = [grip.label for grip in grips]
        return cls(song_us, change.before, change.after, reason, evidence)

    def document(self) -> dict[str, Any]:
        """The change as a JSON document; ``DifficultyChange(**document)`` reads it."""
        return {**asdict(self), "evidence": dict(self.evidence)}


def at_the_station(at: datetime, utc_offset_s: int) -> datetime:
    """``at`` as the station's clock showed it."""
    return at.astimezone(timezone(timedelta(seconds=utc_offset_s)))
