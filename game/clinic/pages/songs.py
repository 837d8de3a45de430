"""Songs: what the clinic offers, uploads with their check, the song of the week."""

from functools import cache
from pathlib import PurePosixPath, PureWindowsPath

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.security.errors import RefusedError
from game.clinic.settings import choose_song_of_the_week, song_of_the_week
from game.clinic.shared_songs import SharedSongs, shown_title
from game.clinic.song_check import checked_song
from game.clinic.visit import Visit
from game.core.say import mark
from game.music.checking import explain
from game.music.library import Library, bundled_folder
from game.music.midi_file import MAX_BYTES

_BUSY_S = 20.0


def page(visit: Visit) -> Response:
    """Every song that was uploaded, and the form for another."""
    return _show(visit)


def upload(visit: Visit) -> Response:
    """Look at a MIDI file and, if it can be played, offer it. What is wrong with it is shown."""
    file = visit.upload("song")
    data = file.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedError(413, mark("That is too large to be taken in here."))
    clinic = visit.clinic
    if not clinic.checking.acquire(timeout=_BUSY_S):
        raise RefusedError(503, mark("Another song is being looked at; try again."), 20)
    try:
        document = checked_song(data)
    finally:
        clinic.checking.release()
    name = _name_of(file.filename or "")
    if not document["ok"]:
        return _show(visit, problems=list(document["problems"]), name=name, status=422)
    own_title = document["title"] if document["title"] != "song" else ""
    title = shown_title(visit.field("title", 200) or own_title or name) or "Song"
    taken = frozenset(key for key, _ in bundled_songs())
    song = SharedSongs(clinic.store).add(data, title, visit.account.name, taken)
    note(clinic, visit.account.name, "edit", f"song {song.key} uploaded")
    lines = explain({**document, "path": song.title})
    return _show(visit, lines=lines, name=song.title)


def hide(visit: Visit) -> Response:
    """Take a song away from the stations."""
    SharedSongs(visit.clinic.store).set_hidden(visit.path("key"), True)
    note(visit.clinic, visit.account.name, "edit", "song hidden")
    return visit.go("/songs", "hidden")


def show(visit: Visit) -> Response:
    """Offer it again."""
    SharedSongs(visit.clinic.store).set_hidden(visit.path("key"), False)
    note(visit.clinic, visit.account.name, "edit", "song shown")
    return visit.go("/songs", "shown")


def of_the_week(visit: Visit) -> Response:
    """Make it the song of the week, for the board."""
    key = visit.path("key")
    if key not in {choice[0] for choice in _choices(visit)}:
        raise RefusedError(404, mark("There is no such song."))
    choose_song_of_the_week(visit.clinic.store, visit.clinic.today, key)
    visit.clinic.hub.poke()
    note(visit.clinic, visit.account.name, "edit", "song of the week")
    return visit.go("/songs", "chosen")


@cache
def bundled_songs() -> tuple[tuple[str, str], ...]:
    """Key and title of the songs that come with the game."""
    with Library([bundled_folder()]) as library:
        library.scan()
        return tuple((entry.key, entry.title) for entry in library.songs if entry.ok)


def _choices(visit: Visit) -> list[tuple[str, str]]:
    """Key and title of every song that may be the song of the week: bundled ones and uploads."""
    shared = {s.key: s.title for s in SharedSongs(visit.clinic.store).all() if not s.hidden}
    return sorted({**dict(bundled_songs()), **shared}.items(), key=lambda song: song[1].casefold())


def _show(
    visit: Visit,
    *,
    problems: list[str] | None = None,
    lines: list[str] | None = None,
    name: str = "",
    status: int = 200,
) -> Response:
    return visit.show(
        "songs.html",
        status=status,
        songs=SharedSongs(visit.clinic.store).all(),
        choices=_choices(visit),
        chosen=song_of_the_week(visit.clinic.store, visit.clinic.today),
        problems=problems or [],
        # The console's marks; here every line has one of its own.
        lines=[line.lstrip("✓· ") for line in lines or []],
        name=name,
    )


def _name_of(filename: str) -> str:
    """The last piece of a file's name without its ending, whatever system it came from."""
    last = PurePosixPath(PureWindowsPath(filename.replace("\0", "")).as_posix()).name
    return shown_title(last.rpartition(".")[0] or last)
