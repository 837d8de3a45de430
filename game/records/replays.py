"""A play as one file: chart, window, edges and results, to be judged again and watched anywhere.

A replay holds what went into the judge *and* what came out of it, with the version of the format
and of the program, so that a later program can say whether it would judge the same. It says
nothing of who played. Format 1: the line ``GRIPTUNE REPLAY 1``, then a block of
:mod:`game.records.blobs` with these arrays:

========================  =======================================================================
``targets`` ``edges``     TARGET and EDGE in song time, as the judge got them
``raw_edges``             EDGE in host time, everything the glove reported
``segments``              the song clock (SEGMENT)
``judged`` ``presses``    what became of targets and presses (JUDGED, PRESS)
``beats_us`` ``bars_us``  the song's beats and bars at the tempo played, empty if not known
========================  =======================================================================

and a document: ``software``, ``opening`` (:meth:`PlayStart.opening` less the patient), ``results``
(score, duration, whether interrupted, level), ``events``, and ``song`` (length, words, sections).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from game.core.data import EDGE, JUDGED, PRESS, TARGET, Judgements
from game.core.grips import GRIPS
from game.records import blobs
from game.records.errors import RecordsError
from game.records.judged import judged_play
from game.records.plays import SEGMENT, PlayRecord, PlayStart, segment_rows

SUFFIX = ".griptune-replay"

_FIRST_LINE = b"GRIPTUNE REPLAY "
_FORMAT = 1

#: A replay of an hour is a few hundred kilobytes.
MOST_BYTES = 64 * 1024 * 1024

_TYPES = {
    "targets": TARGET,
    "edges": EDGE,
    "raw_edges": EDGE,
    "segments": SEGMENT,
    "judged": JUDGED,
    "presses": PRESS,
    "beats_us": np.dtype("i8"),
    "bars_us": np.dtype("i8"),
}

_Words = tuple[tuple[int, str], ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """What a picture of the play needs besides its targets, song µs at the tempo played.

    ``beats_us`` and ``bars_us`` (int64) end with the end of the song, or are empty if the song is
    not known; ``lyrics`` and ``sections`` are pairs of time and text.
    """

    length_us: int
    beats_us: np.ndarray = field(default_factory=lambda: np.zeros(0, "i8"))
    bars_us: np.ndarray = field(default_factory=lambda: np.zeros(0, "i8"))
    lyrics: _Words = ()
    sections: _Words = ()


@dataclass(frozen=True, eq=False)
class Replay:
    """A play, how it was judged, and what its picture needs."""

    play: PlayRecord
    judgements: Judgements
    scene: Scene

    @property
    def differences(self) -> tuple[str, ...]:
        """What comes out differently when the judge of today judges it; nothing if all agrees."""
        from game.core.judge import judge

        play = self.play
        again = judge(play.targets, play.edges, play.window)
        found = []
        targets = _rows_that_differ(again.targets, self.judgements.targets)
        if targets:
            found.append(f"{targets} of {len(again.targets)} targets")
        presses = _rows_that_differ(again.presses, self.judgements.presses)
        if presses:
            found.append(f"{presses} of {len(again.presses)} presses")
        score = _judged_again(play).score
        if score != play.score:
            found.append(f"the score ({play.score} then, {score} now)")
        return tuple(found)


def replay_of(play: PlayRecord, scene: Scene) -> Replay:
    """The replay of a kept play; who played is left out."""
    from game.core.judge import judge

    return Replay(
        play=replace(play, patient_id=None),
        judgements=judge(play.targets, play.edges, play.window),
        scene=scene,
    )


def to_bytes(replay: Replay) -> bytes:
    """The replay as a file."""
    play, scene = replay.play, replay.scene
    opening = play.opening()
    del opening["patient_id"]
    document = {
        "software": play.software_version,
        "opening": opening,
        "results": {
            "score": play.score,
            "duration_us": play.duration_us,
            "interrupted": play.interrupted,
            "level": play.level,
            "x_after": play.x_after,
        },
        "events": list(play.events),
        "song": {
            "length_us": scene.length_us,
            "lyrics": [list(pair) for pair in scene.lyrics],
            "sections": [list(pair) for pair in scene.sections],
        },
    }
    arrays = {
        "targets": play.targets,
        "edges": play.edges,
        "raw_edges": play.raw_edges,
        "segments": segment_rows(play.segments),
        "judged": replay.judgements.targets,
        "presses": replay.judgements.presses,
        "beats_us": scene.beats_us,
        "bars_us": scene.bars_us,
    }
    return _FIRST_LINE + b"%d\n" % _FORMAT + blobs.encode(arrays, document)


def from_bytes(content: bytes) -> Replay:
    """The replay that :func:`to_bytes` wrote.

    Raises RecordsError, a sentence, if ``content`` is no replay, damaged, of a later format, or
    if its figures contradict one another.
    """
    first, newline, block = content.partition(b"\n")
    if not newline or not first.startswith(_FIRST_LINE):
        raise RecordsError("this file is not a replay of Griptune; export one with --out")
    version = first[len(_FIRST_LINE) :].decode("ascii", "replace")
    if version != str(_FORMAT):
        raise RecordsError(
            f"this replay has format {version}, and this Griptune reads format {_FORMAT}: "
            "update Griptune"
        )
    try:
        arrays, document = blobs.decode(block)
        return _replay(arrays, document)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise RecordsError(f"this replay is damaged ({error}): export it again") from error


def _replay(arrays: Mapping[str, np.ndarray], document: Any) -> Replay:
    for name, dtype in _TYPES.items():
        if arrays[name].dtype != dtype or arrays[name].ndim != 1:
            raise ValueError(f"{name} has another shape")
    start = PlayStart.from_opening({**document["opening"], "patient_id": None})
    results = document["results"]
    play = judged_play(
        start,
        targets=_of_grips(_in_order(arrays["targets"], "targets")),
        edges=_pressed_in_order(arrays["edges"]),
        raw_edges=arrays["raw_edges"],
        segments=arrays["segments"],
        duration_us=int(results["duration_us"]),
        interrupted=bool(results["interrupted"]),
        level=_number(results["level"]),
        x_after=_number(results["x_after"]),
        events=tuple(document["events"]),
    )
    song = document["song"]
    return Replay(
        play=replace(play, score=int(results["score"])),
        judgements=Judgements(arrays["judged"], arrays["presses"]),
        scene=Scene(
            length_us=int(song["length_us"]),
            beats_us=_in_order(arrays["beats_us"], "beats_us"),
            bars_us=_in_order(arrays["bars_us"], "bars_us"),
            lyrics=_words(song["lyrics"]),
            sections=_words(song["sections"]),
        ),
    )


def _judged_again(play: PlayRecord) -> PlayRecord:
    return judged_play(
        play,
        targets=play.targets,
        edges=play.edges,
        raw_edges=play.raw_edges,
        segments=play.segments,
        duration_us=play.duration_us,
        interrupted=play.interrupted,
        events=play.events,
    )


def _rows_that_differ(one: np.ndarray, other: np.ndarray) -> int:
    if len(one) != len(other):
        return max(len(one), len(other))
    return int((one != other).sum())


def _in_order(rows: np.ndarray, name: str) -> np.ndarray:
    times = rows["time_us"] if rows.dtype.names else rows
    if (np.diff(times) < 0).any():
        raise ValueError(f"{name} are not in the order of time")
    return rows


def _pressed_in_order(edges: np.ndarray) -> np.ndarray:
    _in_order(edges[edges["down"]], "presses")
    return _of_grips(edges)


def _of_grips(rows: np.ndarray) -> np.ndarray:
    if (rows["grip"] >= len(GRIPS)).any():
        raise ValueError("a grip that does not exist")
    return rows


def _words(pairs: Any) -> _Words:
    return tuple((int(time_us), str(text)) for time_us, text in pairs)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
