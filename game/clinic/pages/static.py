"""Files of the pages: style, the live board's script, letters and pictures. Each by name alone."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response

import game
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit
from game.core.say import mark
from game.records.patients import PICTURES

_HERE = Path(__file__).resolve().parents[1] / "static"
_FONTS = Path(game.__file__).resolve().parent / "stage" / "fonts"

#: What there is. A name that is not here is no path, whatever it holds.
FILES: dict[str, tuple[Path, str]] = {
    "look.css": (_HERE / "look.css", "text/css; charset=utf-8"),
    "board.css": (_HERE / "board.css", "text/css; charset=utf-8"),
    "board.js": (_HERE / "board.js", "text/javascript; charset=utf-8"),
    "NotoSans-Regular.ttf": (_FONTS / "NotoSans-Regular.ttf", "font/ttf"),
    "NotoSans-Bold.ttf": (_FONTS / "NotoSans-Bold.ttf", "font/ttf"),
    **{f"{name}.png": (_HERE / "emblems" / f"{name}.png", "image/png") for name in PICTURES},
}


def file(visit: Visit) -> Response:
    """One of ``FILES``."""
    name = visit.path("name")
    if name not in FILES:
        raise RefusedError(404, mark("There is no such page."))
    content, kind, tag = _read(name)
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


@cache
def _read(name: str) -> tuple[bytes, str, str]:
    path, kind = FILES[name]
    content = path.read_bytes()
    return content, kind, f'"{hashlib.sha256(content).hexdigest()[:20]}"'
