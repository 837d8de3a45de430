"""The tempo a song may be played at."""

from game.music.errors import MusicError
from game.music.song import Song


def check_tempo(song: Song, tempo: float) -> None:
    """Raise MusicError if ``song`` cannot be played at ``tempo``: a recording keeps its own."""
    if song.recorded is not None and tempo != 1.0:
        raise MusicError(
            f"“{song.title}” plays its own recording, which has one tempo only; leave --tempo out."
        )
