"""Building the firmware and its simulator, once a session."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware_bridge" / "firmware"
SIMULATOR = Path(__file__).resolve().parent / "simulator"


@cache
def missing() -> str:
    """What is missing to build and run the firmware; empty: nothing."""
    lacking = [name for name in ("make", "cc", "avr-gcc", "avr-objcopy") if not shutil.which(name)]
    if "cc" not in lacking:
        probe = "#include <simavr/sim_avr.h>\n#include <libelf.h>\n#include <avr/io.h>\n"
        for compiler, text, name in (
            ("cc", probe.splitlines()[0], "libsimavr-dev"),
            ("cc", probe.splitlines()[1], "libelf-dev"),
            ("avr-gcc", probe.splitlines()[2], "avr-libc"),
        ):
            if compiler in lacking:
                continue
            tried = subprocess.run(
                [compiler, "-E", "-x", "c", "-", "-o", os.devnull],
                input=text,
                text=True,
                capture_output=True,
            )
            if tried.returncode:
                lacking.append(name)
    if not lacking:
        return ""
    return (
        f"the firmware cannot be built here, missing: {', '.join(lacking)} (Debian: "
        "apt-get install --no-install-recommends gcc make gcc-avr binutils-avr avr-libc "
        "libsimavr-dev libelf-dev)"
    )


def make(folder: Path, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run make in ``folder`` with these variables; output as text, errors not raised."""
    told = [f"{name}={value}" for name, value in variables.items()]
    # Neither a MAKEFLAGS of the caller nor a translated compiler message may change what we read.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")} | {
        "LC_ALL": "C"
    }
    return subprocess.run(
        ["make", "-C", str(folder), *told], capture_output=True, text=True, env=environment
    )


def build(folder: Path, **variables: object) -> str:
    """Run make, which must succeed; returns what it said."""
    made = make(folder, **variables)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout + made.stderr
