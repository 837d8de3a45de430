"""The one sentence that the screen has room for, when something is not as it should be."""

from game.core.say import mark
from game.stage.audio import DEVICE_LOST
from game.stage.evening import Evening
from game.stage.glove_words import said
from game.words import tr

UNPLUGGED = mark("The glove is unplugged. Plug it in.")
HELD = mark("You held a grip, so the song waits.")
HOLD_ON = mark("Hold on to pause, or let go.")
BACK_AGAIN = mark("The glove is back. Continue when you like.")


def notice(evening: Evening) -> str:
    """What is wrong, the most important first; empty if all is well."""
    services = evening.services
    if services.desk.trouble:
        # The reason names files and disks: it is told on the console, not to the player.
        return tr("Your pinches are not saved yet. Please tell your helper.")
    silent = services.audio.silent_reason or ""
    speech = "" if evening.voice is None else evening.voice.trouble
    # Sound that goes in the middle of an evening is news; that there is no glove was seen before.
    lost = silent if silent == DEVICE_LOST else ""
    return (
        _glove(evening)
        or _ways_in(evening)
        or tr(lost)
        or tr(services.notice)
        or tr(silent)
        or tr(speech)
    )


def glove_is_lost(evening: Evening) -> bool:
    """Whether the glove was unplugged or tells nothing any more."""
    return evening.services.glove.health.link == "lost"


def _glove(evening: Evening) -> str:
    # The place for it holds one sentence; what to do about it is said by glove check.
    findings = evening.services.glove.health.findings
    return said(findings[0])[0] if findings else ""


def _ways_in(evening: Evening) -> str:
    """What is wrong with another way in or with the markers."""
    if evening.markers is not None and evening.markers.trouble:
        return tr("No markers are sent. Check the device that takes them.")
    return tr(evening.inputs.notice)
