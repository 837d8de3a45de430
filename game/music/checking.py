"""What was understood of a file: ``songs check`` and ``songs chart`` as data and as text."""

from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from game.core import Grip
from game.music.arranging import arrange
from game.music.audio_file import stereo_blocks
from game.music.chart import Chart
from game.music.errors import MusicError
from game.music.reading import read_song
from game.music.song import Song
from game.music.tiers import busiest

#: So much of a recording is decoded to see that it can be.
_LISTEN_S = 2.0
#: So many of the first words are shown.
_WORDS = 8


def check(path: str | Path) -> dict[str, Any]:
    """The document of ``songs check --json`` for one file; never raises for a bad file.

    Besides the promised fields it holds ``melody.reason``, and ``beat`` (``per_minute``, lowest
    and highest; ``per_bar``, every metre there is; ``pickup``, beats before the first full bar),
    ``phrases``, ``sections``, ``lyrics`` (``syllables`` and the first ``words``; None without
    any), ``author_chart`` (``targets``, ``levels``; None if there is none) and ``recording``
    (``file``, ``lead``, ``offset_s``; None if there is none). ``melody`` is None in a song whose
    author wrote the targets to a recording. A refused file has ``ok`` false, nothing but its path
    and name, and the reason in ``problems``.
    """
    try:
        song = read_song(path)
        heard = _listen(song)
    except MusicError as error:
        return {
            "path": str(path),
            "ok": False,
            "title": Path(path).stem,
            "seconds": 0.0,
            "notes": 0,
            "melody": None,
            "beat": None,
            "phrases": 0,
            "sections": [],
            "lyrics": None,
            "author_chart": None,
            "recording": None,
            "tiers": [],
            "problems": [str(error)],
        }
    chart = arrange(song)
    return {
        "path": str(path),
        "ok": True,
        "title": song.title,
        "seconds": round(song.length_us / 1e6, 3),
        "notes": len(song.notes),
        "melody": _melody(song),
        "beat": _beat(song),
        "phrases": len(chart.phrases),
        "sections": [name for _, name in song.sections],
        "lyrics": _lyrics(song),
        "author_chart": _author_chart(song),
        "recording": heard,
        "tiers": [
            {"tier": k, "targets": len(chart.tier(k)), "targets_per_s": round(rate, 4)}
            for k, rate in enumerate(chart.rates, start=1)
        ],
        "problems": [*chart.problems, *_crowded(chart)],
    }


def _melody(song: Song) -> dict[str, Any] | None:
    if not len(song.melody):
        return None
    return {
        "track": song.melody_track + 1,
        "name": song.melody_name,
        "notes": len(song.melody),
        "reason": song.melody_reason,
    }


def _beat(song: Song) -> dict[str, Any]:
    """The beats as a listener taps them; a bar that occurs once is no metre."""
    per_minute = 6e7 / np.diff(song.beats_us)
    beats = np.diff(np.append(song.bar_beats, len(song.beats_us) - 1))
    lengths, counts = np.unique(beats, return_counts=True)
    usual = lengths[counts > 1] if (counts > 1).any() else lengths
    return {
        "per_minute": [round(float(per_minute.min())), round(float(per_minute.max()))],
        "per_bar": [int(length) for length in usual],
        "pickup": int(beats[0]) if len(beats) > 1 and beats[0] < beats[1] else 0,
    }


def _lyrics(song: Song) -> dict[str, Any] | None:
    if not song.lyrics:
        return None
    words = "".join(text for _, text in song.lyrics[: 3 * _WORDS]).replace("\n", " ").split()
    return {"syllables": len(song.lyrics), "words": " ".join(words[:_WORDS])}


def _author_chart(song: Song) -> dict[str, Any] | None:
    if not len(song.authored):
        return None
    levels = np.unique(song.authored["level"])
    return {"targets": len(song.authored), "levels": [int(level) for level in levels]}


def _listen(song: Song) -> dict[str, Any] | None:
    """The recording, if its beginning can be decoded; raises MusicError if it cannot."""
    if song.recorded is None:
        return None
    for path in filter(None, (song.recorded.path, song.recorded.lead)):
        for _ in stereo_blocks(path, 44_100, _LISTEN_S):
            pass
    return {
        "file": song.recorded.path.name,
        "lead": song.recorded.lead.name if song.recorded.lead else None,
        "offset_s": song.recorded.offset_us / 1e6,
    }


def _crowded(chart: Chart) -> list[str]:
    """Where tiers ask more in a stretch than their rate allows, as one sentence."""
    crowded = [
        (busiest(chart.tier(k)["time_us"], rate) > 1, rate)
        for k, rate in enumerate(chart.rates, start=1)
    ]
    ranges = []
    for too_dense, rows in groupby(crowded, key=lambda row: row[0]):
        if too_dense:
            rates = [f"{rate:.2f}" for _, rate in rows]
            ranges.append(rates[0] if rates[0] == rates[-1] else f"{rates[0]} to {rates[-1]}")
    if not ranges:
        return []
    return [
        f"some places are denser than the rest at {', '.join(ranges)} targets/s, "
        "where the melody leaves no other way"
    ]


def explain(document: dict[str, Any]) -> list[str]:
    """The same as lines of text for a person."""
    if not document["ok"]:
        return [f"✗ {problem}" for problem in document["problems"]]
    lines = [
        f"✓ {document['path']}: “{document['title']}”, {document['seconds']:.0f} s, "
        f"{_counted(document['notes'], 'note')}",
        f"  melody: {_melody_line(document['melody'])}",
        f"  beat: {_beat_line(document['beat'])}; {_counted(document['phrases'], 'phrase')}",
    ]
    if document["sections"]:
        lines.append(f"  sections: {', '.join(document['sections'])}")
    if lyrics := document["lyrics"]:
        syllables = _counted(lyrics["syllables"], "syllable")
        lines.append(f"  words: {syllables}, “{lyrics['words']} …”")
    if author := document["author_chart"]:
        levels = author["levels"]
        lines.append(
            f"  chart: the author's, {_counted(author['targets'], 'target')} on "
            f"{'level' if len(levels) == 1 else 'levels'} {', '.join(map(str, levels))}"
        )
    if recording := document["recording"]:
        lead = f" with the lead in {recording['lead']}" if recording["lead"] else ""
        lines.append(
            f"  recording: {recording['file']}{lead}, song time 0 at {recording['offset_s']:g} s"
        )
    tiers = document["tiers"]
    first, last = tiers[0], tiers[-1]
    lines.append(
        f"  {_counted(len(tiers), 'tier')}: {first['targets_per_s']:.2f} to "
        f"{last['targets_per_s']:.2f} targets/s ({first['targets']} to "
        f"{_counted(last['targets'], 'target')})"
    )
    return lines + [f"  · {problem}" for problem in document["problems"]]


def _melody_line(melody: dict[str, Any] | None) -> str:
    if melody is None:
        return "none; the author wrote the targets, and the recording is heard"
    name = f"“{melody['name']}”" if melody["name"] else "without a name"
    return (
        f"track {melody['track']} {name}, {_counted(melody['notes'], 'note')}: {melody['reason']}"
    )


def _beat_line(beat: dict[str, Any]) -> str:
    low, high = beat["per_minute"]
    pace = f"{low}" if low == high else f"{low} to {high}"
    metre = " or ".join(str(beats) for beats in beat["per_bar"])
    upbeat = f", {_counted(beat['pickup'], 'beat')} before the first bar" if beat["pickup"] else ""
    return f"{pace} a minute, {metre} in a bar{upbeat}"


def _counted(number: int, what: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def chart_document(chart: Chart, tier: int | None = None) -> dict[str, Any]:
    """The document of ``songs chart --json``: the targets of ``tier`` (None: of all), in order."""
    targets = chart.targets if tier is None else chart.tier(tier)
    return {
        "targets": [
            {
                "time_s": round(int(target["time_us"]) / 1e6, 6),
                "grip": Grip(int(target["grip"])).label,
                "duration_s": round(int(target["duration_us"]) / 1e6, 6),
                "pitch": int(target["pitch"]),
                "tier": int(target["tier"]),
                "phrase": int(target["phrase"]),
            }
            for target in targets
        ]
    }
