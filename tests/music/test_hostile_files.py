"""Files that were made to cost time or memory are read or refused within 2 s and 200 MB."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.music import hostile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")


def test_a_hostile_file_costs_at_most_two_seconds_and_200_mb(tmp_path: Path) -> None:
    names = []
    for name, data in hostile.files():
        (tmp_path / f"{name}.mid").write_bytes(data)
        names.append(name)
    run = subprocess.run(
        [sys.executable, "-m", "tests.music.hostile", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        # A thread for each core would have a buffer of its own, which is not ours to count.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(" s ") >= len(names)
    assert not run.stderr
