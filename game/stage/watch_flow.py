"""Watching a play that is over: the same highway, with the presses of then."""

import numpy as np

from game.core.say import mark
from game.music.song import Song
from game.music.sound import SAMPLE_RATE, Stems
from game.play.clock import AudioSongClock
from game.play.setup import PlayOptions
from game.records.replays import Replay
from game.stage.evening import Evening
from game.stage.live_play import LivePlay
from game.stage.play_flow import PlayFlow
from game.stage.rooms.pause import PauseRoom
from game.stage.rooms.playing import PlayingRoom
from game.stage.rooms.today import go_home
from game.stage.sounds import PlaySounds
from game.stage.task import Task
from game.stage.watching import to_watch


class WatchFlow(PlayFlow):
    """Shows ``replay`` and leaves the game. ``song`` is None where the library does not have it.

    Nothing is judged anew and nothing kept; pinches and keys work the menus.
    """

    def __init__(self, evening: Evening, replay: Replay, song: Song | None) -> None:
        super().__init__(evening)
        evening.who = evening.services.desk.person(None)
        evening.one_song = PlayOptions()  # Stop leads out of the game
        self._replay = replay
        self._song = song

    @property
    def playing(self) -> bool:
        """Nobody plays: keys are no grips here."""
        return False

    def watch(self) -> None:
        """Render the song if it is known, and begin."""
        title = self._replay.play.song_title
        if self._song is None:
            self._show(_silence(self._replay))
            return
        self.wait(
            title,
            self._evening.services.renderer.request(self._song, self._replay.play.tempo),
            self._show,
            lambda: mark("Playing the music in"),
            (0.0, 1.0),
        )

    def _show(self, stems: Stems) -> None:
        """Make the single sounds, then show the first moment."""
        evening = self._evening
        clock = AudioSongClock(SAMPLE_RATE)
        delays = evening.delays
        prepared, spectator = to_watch(
            self._replay,
            self._song,
            clock,
            # A press is seen when its sound is heard, not when that is handed to the device.
            lambda: evening.now() - delays.audio_us,
        )

        def begin(sounds: PlaySounds) -> None:
            live = self.live = LivePlay(
                prepared,
                spectator,
                clock,
                evening.services.audio,
                stems,
                sounds,
                delays,
                evening.now,
                feels=mark("Glove felt {what}"),
            )
            self._room = PlayingRoom(
                evening, live, self._screens, self.pause, lambda: spectator.contacts
            )
            evening.go(self._room)
            live.begin()

        task = Task(lambda report: PlaySounds.of(prepared.song, prepared.chart))
        self.wait(
            prepared.song.title, task, begin, lambda: mark("Tuning the instruments"), (0.9, 1.0)
        )

    def step(self) -> np.ndarray:
        """Lets the play go on; all pinches are for the menus."""
        live = self.live
        if live is not None:
            live.step()
            if live.finished:
                self.end(interrupted=False)
        edges, _ = self._evening.inputs.poll()
        return edges

    def pause(self, reason: str = "") -> None:
        """The song waits."""
        live, room = self.live, self._room
        if live is not None and room is not None:
            live.pause()
            behind = room.still()
            self._evening.go(PauseRoom(self._evening, live, reason, behind, watched=True))

    def again(self) -> None:
        """From the beginning."""
        self.close(interrupted=True)
        self.watch()

    def end(self, *, interrupted: bool) -> None:
        """Leaves: nobody played."""
        self.close(interrupted=interrupted)
        go_home(self._evening)

    def close(self, *, interrupted: bool) -> None:
        """Ends it; there is nothing to keep and nothing to tell."""
        if self.live is not None:
            self.live.stop()
            self.live = None
            self._evening.services.audio.mixer.load(None)


def _silence(replay: Replay) -> Stems:
    frames = (replay.scene.length_us * SAMPLE_RATE) // 1_000_000 + SAMPLE_RATE
    nothing = np.zeros((frames, 2), np.float32)
    return Stems(nothing, nothing, nothing)
