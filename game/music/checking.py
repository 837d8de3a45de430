"""What was understood of a file: ``songs check`` and ``songs chart`` as data and as text."""

from pathlib import Path
from typing import Any

from game.core import Grip
from game.music.arranging import arrange
from game.music.chart import Chart
from game.music.errors import MusicError
from game.music.reading import read_song


def check(path: str | Path) -> dict[str, Any]:
    """The document of ``songs check --json`` for one file; never raises for a bad file.

    Besides the promised fields it holds ``melody.reason``. A refused file has ``ok`` false, no
    melody and no tiers, and the reason in ``problems``.
    """
    try:
        song = read_song(path)
    except MusicError as error:
        return {
            "path": str(path),
            "ok": False,
            "title": Path(path).stem,
            "seconds": 0.0,
            "notes": 0,
            "melody": None,
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
        "melody": {
            "track": song.melody_track + 1,
            "name": song.melody_name,
            "notes": len(song.melody),
            "reason": song.melody_reason,
        },
        "tiers": [
            {"tier": k, "targets": len(chart.tier(k)), "targets_per_s": round(rate, 4)}
            for k, rate in enumerate(chart.rates, start=1)
        ],
        "problems": list(chart.problems),
    }


def explain(document: dict[str, Any]) -> list[str]:
    """The same as lines of text for a person."""
    if not document["ok"]:
        return [f"✗ {problem}" for problem in document["problems"]]
    melody, tiers = document["melody"], document["tiers"]
    name = f"“{melody['name']}”" if melody["name"] else "without a name"
    lines = [
        f"✓ {document['path']}: “{document['title']}”, {document['seconds']:.0f} s, "
        f"{document['notes']} notes",
        f"  melody: track {melody['track']} {name}, {melody['notes']} notes: {melody['reason']}",
        f"  {len(tiers)} tiers: {tiers[0]['targets_per_s']:.2f} to "
        f"{tiers[-1]['targets_per_s']:.2f} targets/s "
        f"({tiers[0]['targets']} to {tiers[-1]['targets']} targets)",
    ]
    return lines + [f"  · {problem}" for problem in document["problems"]]


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
