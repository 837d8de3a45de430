"""The walls of the house: who may import whom, and that importing does nothing else."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

OURS = ("game", "songs", "firmware_bridge")

#: What each part may import of ours, besides itself.
ALLOWED = {
    "game.core": set(),
    "game.words": {"game.core"},
    "game.music": {"game.core", "songs"},
    "game.therapy": {"game.core"},
    "game.records": {"game.core", "game.therapy"},
    "game.play": {"game.core", "game.music", "game.therapy", "firmware_bridge"},
    "game.stage": {
        "game.core",
        "game.music",
        "game.therapy",
        "game.records",
        "game.play",
        "game.words",
        "firmware_bridge",
    },
    "game.clinic": {
        "game.core",
        "game.music",
        "game.therapy",
        "game.records",
        "game.play",
        "game.words",
    },
    "firmware_bridge": set(),
    "songs": set(),
}


def part_of(module: str) -> str:
    """``game.core.judge`` -> ``game.core``; ``firmware_bridge.link`` -> ``firmware_bridge``."""
    pieces = module.split(".")
    return ".".join(pieces[:2]) if pieces[0] == "game" else pieces[0]


def module_of(path: Path) -> str:
    pieces = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces)


def imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            base = node.module or ""
            # `from game import core` names the part only in the alias.
            found += [f"{base}.{a.name}" if base in OURS else base for a in node.names]
    return found


def sources() -> list[Path]:
    return sorted(p for top in OURS for p in (ROOT / top).rglob("*.py"))


def test_there_are_sources_in_every_part() -> None:
    parts = {part_of(module_of(p)) for p in sources()}
    assert set(ALLOWED) <= parts


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(module_of(path))
    if part in ("game", "game.cli", "game.__main__"):
        return  # the command line wires everything together
    for name in imports(path):
        other = part_of(name)
        if name.split(".")[0] in OURS and other not in ("game", part):
            assert other in ALLOWED[part], f"{module_of(path)} may not import {name}"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_only_the_stage_imports_pygame(path: Path) -> None:
    if part_of(module_of(path)) != "game.stage":
        assert not [n for n in imports(path) if n.split(".")[0] == "pygame"]


_IMPORT_ALL = """
import sys, importlib, pkgutil
opened = []
def hook(event, args):
    if event == "socket.bind" or event == "sqlite3.connect" or event == "subprocess.Popen":
        opened.append((event, str(args[0])))
    if event == "open" and args[1] is not None and any(c in str(args[1]) for c in "wax+"):
        if "__pycache__" not in str(args[0]) and not str(args[0]).endswith((".nbi", ".nbc")):
            opened.append((event, str(args[0])))
sys.addaudithook(hook)
names = []
for top in ("firmware_bridge", "game", "songs"):
    package = importlib.import_module(top)
    for info in pkgutil.walk_packages(package.__path__, top + "."):
        if info.name.endswith(("__main__", ".env")) or ".versions." in info.name:
            continue
        importlib.import_module(info.name)
        names.append(info.name)
import pygame
assert not pygame.display.get_init(), "a window was opened"
assert not (pygame.mixer and pygame.mixer.get_init()), "the mixer was opened"
import threading
assert threading.active_count() == 1, threading.enumerate()
print(len(names))
print(opened)
"""


def test_importing_opens_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
    )
    assert done.returncode == 0, done.stderr
    count, opened = done.stdout.splitlines()
    assert int(count) > 10
    assert opened == "[]"
