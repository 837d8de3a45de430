"""``python -m benchmarks [--json FILE] [--only PART] | --compare OLD NEW``."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import (
    clinic,
    glove,
    judging,
    lasting,
    latency,
    library,
    music,
    picture,
    records,
    rendering,
    song_clock,
    sound,
    starting,
    therapy,
)
from benchmarks.measure import Figure, as_document, compared, environment, load

PARTS = {
    "glove": glove.figures,
    "latency": latency.figures,
    "judge": judging.figures,
    "clock": song_clock.figures,
    "music": music.figures,
    "sound": sound.figures,
    "rendering": rendering.figures,
    "library": library.figures,
    "therapy": therapy.figures,
    "picture": picture.figures,
    "records": records.figures,
    "lasting": lasting.figures,
    "clinic": clinic.figures,
    "start": starting.figures,
}


def main() -> int:
    """Measure, print, and keep or compare if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in FILE")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="only this part")
    parser.add_argument(
        "--compare", nargs=2, type=Path, metavar=("OLD", "NEW"), help="compare two kept runs"
    )
    asked = parser.parse_args()
    if asked.compare:
        try:
            old, new = (load(path) for path in asked.compare)
        except ValueError as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 2
        print("\n".join(compared(old, new)))
        return 0
    print("  ".join(f"{name} {value}" for name, value in environment().items()))
    found: list[Figure] = []
    for name, measure in PARTS.items():
        if asked.only and name not in asked.only:
            continue
        print(f"\n{name}")
        for figure in measure():
            print(f"  {figure.name:<58} {figure.value:14,.3f} {figure.unit}", flush=True)
            found.append(figure)
    if asked.json:
        asked.json.write_text(json.dumps(as_document(found), indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
