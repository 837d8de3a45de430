"""Virtual patients who play one song after the other, through the whole program but the screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from game.cli.headless import play_headless
from game.cli.keeping import Keeper, play_options
from game.cli.settings import Settings

SEVERITIES = ("mild", "moderate", "severe")


def evening(
    data: Path, severity: str, seed: int, songs: Sequence[str], plays: int
) -> list[dict[str, Any]]:
    """The documents of ``plays`` plays in a row by one new patient, songs in turn."""
    documents = []
    with Keeper.open(data) as keeper:
        code = f"{severity}-{seed}"
        keeper.store.add_patient(code)
        for number in range(plays):
            documents.append(
                play_headless(
                    keeper,
                    songs[number % len(songs)],
                    code,
                    f"virtual:patient?severity={severity}&seed={seed}",
                    play_options(Settings()),
                    fast=True,
                )
            )
    return documents


def pooled_success(documents: Sequence[dict[str, Any]]) -> float:
    """Hits over targets of all ``documents`` together."""
    return sum(d["hits"] for d in documents) / sum(d["targets"] for d in documents)
