"""The game's icon: five strings in the evening, one of them plucked."""

import struct
from pathlib import Path

import pygame

from game.core.grips import ACROSS_THE_HAND, Grip
from game.stage.theme import CARD, GROUND, LAMP, LANE

#: The sizes that systems ask for; each is drawn anew, since a small one needs thicker strings.
SIZES = (16, 32, 48, 64, 128, 256, 512)

#: Types of the pictures in an ``.icns`` file, by size (Apple's icon format: PNG since 10.7).
_ICNS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def icon(side: int) -> pygame.Surface:
    """The icon, ``side`` pixels square, with clear corners."""
    big = side * 4  # drawn large and made small: the edges come out smooth
    picture = pygame.Surface((big, big), pygame.SRCALPHA)
    pygame.draw.rect(picture, GROUND, (0, 0, big, big), border_radius=big // 5)
    pygame.draw.rect(picture, CARD, (0, 0, big, big), max(1, big // 40), border_radius=big // 5)
    wide = max(4, big // 26)
    for place, grip in enumerate(ACROSS_THE_HAND):
        x = big * (0.2 + 0.15 * place)
        if grip is Grip.MIDDLE:
            _plucked(picture, x, big, wide)
        pygame.draw.line(picture, LANE[grip], (x, big * 0.16), (x, big * 0.84), wide)
    return pygame.transform.smoothscale(picture, (side, side))


def _plucked(picture: pygame.Surface, x: float, big: int, wide: int) -> None:
    """A lamplit ring around the string that was plucked."""
    centre = (round(x), round(big * 0.62))
    pygame.draw.circle(picture, LAMP, centre, round(big * 0.13), wide)
    pygame.draw.circle(picture, LAMP, centre, round(big * 0.05))


def write_icon(folder: Path, platform: str) -> Path:
    """Write the icon in the format ``platform`` (``sys.platform``) takes; returns the file."""
    if platform == "win32":
        path, content = folder / "griptune.ico", _ico()
    elif platform == "darwin":
        path, content = folder / "griptune.icns", _icns()
    else:
        path, content = folder / "griptune.png", _png(256)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _png(side: int) -> bytes:
    import io

    file = io.BytesIO()
    pygame.image.save(icon(side), file, "icon.png")
    return file.getvalue()


def _ico() -> bytes:
    """Windows' format: a directory of pictures, each of them a PNG (since Vista)."""
    sides = [side for side in SIZES if side <= 256]
    pictures = [_png(side) for side in sides]
    offset = 6 + 16 * len(sides)
    directory = struct.pack("<HHH", 0, 1, len(sides))
    for side, png in zip(sides, pictures, strict=True):
        # A side of 256 is written as 0.
        directory += struct.pack("<BBBBHHII", side & 255, side & 255, 0, 0, 1, 32, len(png), offset)
        offset += len(png)
    return directory + b"".join(pictures)


def _icns() -> bytes:
    pieces = b""
    for side, kind in _ICNS.items():
        png = _png(side)
        pieces += kind + struct.pack(">I", len(png) + 8) + png
    return b"icns" + struct.pack(">I", len(pieces) + 8) + pieces
