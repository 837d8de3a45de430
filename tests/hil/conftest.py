"""The firmware and its simulator, built once a session, or a reason why they are not."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from firmware_bridge.warm import warm_up
from tests.hil import toolchain
from tests.hil.simulator_process import Run, Simulator, scripted

#: GRIPTUNE_SOAK=1 makes samples large enough for the figures that are promised.
SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

MakeFirmware = Callable[..., Path]
MakeGlove = Callable[..., Simulator]
RunScript = Callable[..., Run]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is built; skips where it cannot be."""
    if reason := toolchain.missing():
        pytest.skip(reason)
    return tmp_path_factory.mktemp("built")


@pytest.fixture(scope="session")
def firmware(built: Path) -> MakeFirmware:
    """Builds the firmware with these make variables, once for each; returns the ELF file."""

    def _make(**variables: object) -> Path:
        name = "-".join(f"{key}{value}" for key, value in sorted(variables.items())) or "default"
        elf = built / name / "glove.elf"
        if not elf.exists():
            toolchain.build(toolchain.FIRMWARE, BUILD=elf.parent, **variables)
        return elf

    return _make


@pytest.fixture(scope="session")
def program(built: Path) -> Path:
    """The simulator."""
    toolchain.build(toolchain.SIMULATOR, BUILD=built / "simulator")
    return built / "simulator" / "glove-simulator"


@pytest.fixture
def run_script(program: Path, firmware: MakeFirmware, tmp_path: Path) -> RunScript:
    """``run_script(script, for_us, *options, **make_variables)``: without real time."""
    runs = 0

    def _run(
        script: list[tuple[int, str]], for_us: int, *options: object, **variables: object
    ) -> Run:
        nonlocal runs
        runs += 1
        options = (*options, "--baud", variables.get("BAUD", 500_000))
        folder = tmp_path / f"run{runs}"
        return scripted(program, firmware(**variables), folder, script, for_us, *options)

    return _run


@pytest.fixture
def make_glove(program: Path, firmware: MakeFirmware) -> Iterator[MakeGlove]:
    """``make_glove(*options, **make_variables)``: a glove in real time, unplugged in the end."""
    with ExitStack() as gloves:

        def _make(*options: object, **variables: object) -> Simulator:
            options = (*options, "--baud", variables.get("BAUD", 500_000))
            return gloves.enter_context(Simulator(program, firmware(**variables), *options))

        yield _make


@pytest.fixture(scope="session")
def warm() -> None:
    """The kernels are compiled."""
    warm_up()


@pytest.fixture(scope="session")
def symbol_address(firmware: MakeFirmware) -> dict[str, int]:
    """Where the firmware's variables lie in data space."""
    listed = subprocess.run(
        ["avr-nm", str(firmware())], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()]
    return {row[2]: int(row[0], 16) & 0xFFFF for row in rows if len(row) == 3 and row[1] in "bBdD"}
