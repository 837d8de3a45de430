"""A song made audible: stems at any tempo, the sounds of presses, a process that renders."""

from game.music.sound.cache import CACHE_BYTES
from game.music.sound.oneshots import SOFT_GAIN, count_in_click, pluck, tick, voice_bank, wood_tap
from game.music.sound.rendering import render
from game.music.sound.stems import Stems
from game.music.sound.voices import SAMPLE_RATE
from game.music.sound.worker import RenderJob, RenderWorker

__all__ = [
    "CACHE_BYTES",
    "SAMPLE_RATE",
    "SOFT_GAIN",
    "RenderJob",
    "RenderWorker",
    "Stems",
    "count_in_click",
    "pluck",
    "render",
    "tick",
    "voice_bank",
    "wood_tap",
]
