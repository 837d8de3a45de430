"""What is made ready before a song is chosen, so that it sounds at once when it is.

Reading and arranging a song and making the voices of its presses take a few tenths of a second.
While somebody looks at the song there is time for that.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from game.music.library import Entry
from game.music.reading import read_song
from game.music.song import Song
from game.music.sound import RenderJob, RenderWorker, Stems
from game.play.setup import PlayOptions, PreparedPlay
from game.stage.desk import Desk
from game.stage.early_count import EarlyCount
from game.stage.sounds import PlaySounds
from game.stage.task import Task

#: What was made ready goes stale: a therapist may have prescribed something else meanwhile.
FRESH_S: Final = 60.0


@dataclass(frozen=True)
class _Asked:
    """What a play is made ready from, as far as it can change while one chooses."""

    key: str
    content_hash: str
    who: Any
    input_kind: str
    options: PlayOptions


class Making:
    """A play being made ready in threads: first its chart, then the voices of its presses.

    ``prepare`` makes it of the song in the file at ``path``. It can begin with the chart alone: the
    voices are in ``sounds`` long before a bar is counted.
    """

    def __init__(self, path: Path, prepare: Callable[[Song], PreparedPlay]) -> None:
        self.sounds = PlaySounds({})
        #: The song as soon as it was read; arranging it takes ten times as long.
        self.song: Song | None = None
        #: Its answer is the PreparedPlay.
        self.play = Task(lambda report: self._prepare(path, prepare))
        #: Tunes ``sounds``; if there is no play, its error is that of the play.
        self.tuning = Task(lambda report: self._tune())

    def _prepare(self, path: Path, prepare: Callable[[Song], PreparedPlay]) -> PreparedPlay:
        self.song = read_song(path)
        return prepare(self.song)

    def _tune(self) -> None:
        prepared: PreparedPlay = self.play.wait()
        self.sounds.tune(prepared.song, prepared.chart)


class WithItsMusic:
    """``making``, and the music it will probably have (at ``tempo``): if that is kept, it is read
    from the disk while the song is arranged. The answer is the PreparedPlay.

    ``count`` begins to count the song in, given its music, as soon as that is there; None if it
    cannot yet. To be asked by the thread that the ``renderer`` belongs to.
    """

    def __init__(
        self,
        making: Making,
        renderer: RenderWorker,
        tempo: float,
        count: Callable[[Song, Stems], EarlyCount | None] = lambda song, stems: None,
    ) -> None:
        self._making = making
        self._renderer = renderer
        self._tempo = tempo
        self._count = count
        self._job: RenderJob | None = None
        self._looked = False
        #: The count that is heard already.
        self.counted: EarlyCount | None = None

    @property
    def progress(self) -> float:
        """How far the play is."""
        return self._making.play.progress

    @property
    def done(self) -> bool:
        """Whether the play is ready, or there is none."""
        song = self._making.song
        if song is not None and not self._looked:
            self._looked = True
            self._job = self._renderer.kept(song, self._tempo)
        job, done = self._job, self._making.play.done
        if song is not None and job is not None and job.done and not job.failed and not done:
            self.counted = self.counted or self._count(song, job.result())
        return done

    def result(self) -> PreparedPlay:
        """The play; raises what went wrong. A count that is not that of the play ends."""
        prepared: PreparedPlay | None = None
        try:
            prepared = self._making.play.result()
        finally:
            if self.counted is not None and (prepared is None or not self.counted.joins(prepared)):
                self.counted.stop()
                self.counted = None
        return prepared

    def music(self, prepared: PreparedPlay) -> RenderJob:
        """The music of the play ``prepared``: what was read already, or it is asked for now."""
        job = self._job
        if job is not None and prepared.tempo == self._tempo and not job.failed:
            return job
        # What was kept and could not be read is rendered anew.
        return self._renderer.request(prepared.song, prepared.tempo)


class Ahead:
    """Makes ready what will probably be asked for; whoever asks gets it, ready or under way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: _Asked | None = None
        self._making: Making | None = None
        self._begun_s = 0.0

    def song(
        self, desk: Desk, entry: Entry, who: Any, input_kind: str, options: PlayOptions
    ) -> Making:
        """The play of ``entry`` being made ready: begun now, unless that has been done already."""
        asked = _Asked(entry.key, entry.content_hash, who, input_kind, options)
        old = self._clock() - self._begun_s > FRESH_S
        if self._making is None or asked != self._asked or old:
            self._asked, self._begun_s = asked, self._clock()
            self._making = Making(
                entry.path,
                lambda song: desk.prepare(entry, who, input_kind, options, song),
            )
        return self._making

    def take(
        self, desk: Desk, entry: Entry, who: Any, input_kind: str, options: PlayOptions
    ) -> Making:
        """The same, to be played: the next one is made anew, since a play is played once."""
        making = self.song(desk, entry, who, input_kind, options)
        self.forget()
        return making

    def forget(self) -> None:
        """Something changed (a play was kept): what was made ready is of no use any more."""
        self._asked, self._making = None, None
