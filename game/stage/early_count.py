"""The count of a song, heard while its targets are still being chosen.

To count a song in takes its beats and its tempo, which are known as soon as it is read; to choose
its targets takes ten times as long. So whoever chose a song hears at once that it was understood.
"""

from collections.abc import Callable
from typing import Final

from game.music.arranging import at_tempo
from game.music.song import Song
from game.music.sound import Stems
from game.play.setup import PreparedPlay, lead_us
from game.stage.audio import AudioOut
from game.stage.counting import CountIn
from game.stage.sounds import schedule_count

#: A play that joins later than this would show its first targets too late: it counts anew.
JOINS_WITHIN_US: Final = 1_000_000


class EarlyCount:
    """Counts ``song`` at ``tempo``, from now on, in front of its music ``stems``.

    ``from_us`` (song time) and ``begun_us`` (host time) are where and when it began. ``now`` is the
    host clock.
    """

    def __init__(
        self,
        audio: AudioOut,
        song: Song,
        stems: Stems,
        tempo: float,
        look_ahead_us: int,
        now: Callable[[], int],
    ) -> None:
        self._mixer = audio.mixer
        self._now = now
        self._tempo = tempo
        count = CountIn.of_beats(at_tempo(song.beats_us, tempo), at_tempo(song.bars_us, tempo))
        self.from_us = -count.lead_us(lead_us(song, tempo, look_ahead_us))
        self._mixer.load(stems)
        schedule_count(self._mixer, count, self.from_us)
        self._mixer.play(self.from_us)
        self.begun_us = now()

    def joins(self, prepared: PreparedPlay) -> bool:
        """Whether the play ``prepared`` may go on with this count: it is the same, and not late."""
        count = CountIn.of(prepared.chart)
        same = prepared.tempo == self._tempo and prepared.lead_us >= 0
        in_time = self._now() - self.begun_us <= JOINS_WITHIN_US
        return same and in_time and self.from_us == -count.lead_us(prepared.lead_us)

    def stop(self) -> None:
        """Silence: there is no play, or another one."""
        self._mixer.clear_schedule()
        self._mixer.load(None)
