"""The firmware builds without a warning, and is small."""

import re
from pathlib import Path

import pytest

from tests.hil import toolchain
from tests.hil.conftest import MakeFirmware

#: What a board has: flash after its bootloader, RAM.
FLASH, RAM = (
    {"atmega328p": 32_256, "atmega32u4": 28_672},
    {"atmega328p": 2_048, "atmega32u4": 2_560},
)


@pytest.mark.parametrize(
    ("mcu", "f_cpu", "baud"),
    [
        ("atmega328p", 16_000_000, 500_000),
        ("atmega328p", 16_000_000, 115_200),
        ("atmega328p", 8_000_000, 1_000_000),
        ("atmega32u4", 16_000_000, 500_000),
    ],
)
def test_it_builds_without_a_warning_and_leaves_room(
    built: Path, tmp_path: Path, mcu: str, f_cpu: int, baud: int
) -> None:
    said = toolchain.build(toolchain.FIRMWARE, BUILD=tmp_path, MCU=mcu, F_CPU=f_cpu, BAUD=baud)
    assert "-Wall -Wextra -Werror" in said
    assert "warning" not in said
    size = re.search(r"^\s*(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+[0-9a-f]+\s", said, re.MULTILINE)
    assert size is not None, said
    text, data, bss = map(int, size.groups())
    print(f"\n{mcu} at {f_cpu} Hz, {baud} baud: {text + data} bytes flash, {data + bss} bytes RAM")
    assert text + data < 0.25 * FLASH[mcu]
    assert data + bss < 0.45 * RAM[mcu]  # the rest is the stack's: 256 bytes are enough
    assert (tmp_path / "glove.hex").read_text().startswith(":")


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"BAUD": 9_600}, "BAUD is 115200, 500000 or 1000000"),
        ({"F_CPU": 12_000_000}, "F_CPU is 16000000 or 8000000"),
        ({"MCU": "atmega8"}, "no pinout for this MCU"),
        ({"SERIAL": "TOOLONG99"}, "SERIAL has eight characters"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_a_reason(
    built: Path, tmp_path: Path, variables: dict[str, object], why: str
) -> None:
    made = toolchain.make(toolchain.FIRMWARE, BUILD=tmp_path, **variables)
    assert made.returncode
    assert why in made.stdout + made.stderr


def test_building_leaves_nothing_in_the_repository(firmware: MakeFirmware, program: Path) -> None:
    firmware()
    assert not (toolchain.FIRMWARE / "build").exists()
    assert not (toolchain.SIMULATOR / "build").exists()
