"""``griptune launcher``: what a desktop is given really opens the game."""

import configparser
import shlex
import struct
import subprocess
import sys
from pathlib import Path

import pygame
import pytest

from game.stage.app_icon import SIZES, icon, write_icon
from tests.cli.running import griptune, refusal

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at the files of a Linux desktop")


@linux
def test_the_launcher_on_the_desktop_opens_the_game_with_its_records(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "the records"
    (home / "Desktop").mkdir(parents=True)
    done = griptune("launcher", "--data", data, HOME=str(home))
    assert done.returncode == 0, done.stderr
    files = [home / "Desktop" / "Griptune.desktop"]
    files.append(home / ".local" / "share" / "applications" / "Griptune.desktop")
    assert done.stdout.splitlines() == [f"Griptune opens with {file}" for file in files]
    for file in files:
        entry = configparser.ConfigParser(interpolation=None, strict=False)
        entry.optionxform = str  # type: ignore[assignment,method-assign]
        entry.read(file)
        about = entry["Desktop Entry"]
        assert (about["Name"], about["Terminal"]) == ("Griptune", "false")
        assert Path(about["Icon"]).is_file()
        command = shlex.split(about["Exec"])
        assert command[-2:] == ["--data", str(data)]
        # What it runs is there and is this game: it tells its version.
        told = subprocess.run([*command[:-2], "--version"], capture_output=True, text=True)
        assert told.stdout.startswith("griptune "), told.stderr


def test_nothing_to_make_is_said() -> None:
    assert "nothing to do" in refusal("launcher", "--no-desktop", "--no-menu")


def test_the_icon_is_drawn_at_every_size_and_its_strings_can_be_told_apart() -> None:
    for side in SIZES:
        picture = icon(side)
        assert picture.get_size() == (side, side)
        assert picture.get_at((0, 0)).a < 60
        colours = {tuple(picture.get_at((x, side // 4)))[:3] for x in range(side)}
        assert len(colours) >= 6


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_each_platform_gets_a_file_it_can_read(platform: str, tmp_path: Path) -> None:
    path = write_icon(tmp_path / "new", platform)
    content = path.read_bytes()
    if platform == "linux":
        assert pygame.image.load(path).get_size() == (256, 256)
    elif platform == "win32":
        reserved, kind, count = struct.unpack_from("<HHH", content)
        assert (reserved, kind, count) == (0, 1, 6)
        for number in range(count):
            size, offset = struct.unpack_from("<II", content, 6 + 16 * number + 8)
            assert content[offset : offset + 4] == b"\x89PNG"
            assert offset + size <= len(content)
    else:
        assert content[:4] == b"icns"
        assert struct.unpack_from(">I", content, 4) == (len(content),)
