"""Running ``griptune`` as a process, as a person would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def griptune(
    *arguments: str | Path, timeout: float = 120, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """``griptune ARGUMENTS`` in the test's own data folder; ``NAME=None`` takes a variable away."""
    # Other tests draw without a window; these processes see what a person's would.
    variables = {name: v for name, v in os.environ.items() if not name.startswith("SDL_")}
    variables["PYTHONIOENCODING"] = "utf-8"
    for name, value in environment.items():
        if value is None:
            variables.pop(name, None)
        else:
            variables[name] = value
    return subprocess.run(
        [sys.executable, "-m", "game", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
        env=variables,
    )


def answer(*arguments: str | Path, **environment: str | None) -> Any:
    """What ``griptune ARGUMENTS --json`` printed: exactly one JSON document, and nothing else."""
    done = griptune(*arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def refusal(*arguments: str | Path, **environment: str | None) -> str:
    """The one line with which ``griptune ARGUMENTS`` refuses, with exit code 2 and no traceback."""
    done = griptune(*arguments, **environment)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]
