"""The one sentence that the screen has room for, when something is not as it should be."""

from game.stage.evening import Evening

UNPLUGGED = "The glove is unplugged. Plug it in."
BACK_AGAIN = "The glove is back. Continue when you like."


def notice(evening: Evening) -> str:
    """What is wrong, the most important first; empty if all is well."""
    services = evening.services
    return (
        services.desk.trouble
        or _glove(evening)
        or _ways_in(evening)
        or services.notice
        or services.audio.silent_reason
        or ""
    )


def glove_is_lost(evening: Evening) -> bool:
    """Whether the glove was unplugged or tells nothing any more."""
    return evening.services.glove.health.link == "lost"


def _glove(evening: Evening) -> str:
    # The place for it holds one sentence; what to do about it is said by glove check.
    return (evening.services.glove.health.sentence or "").partition(". ")[0]


def _ways_in(evening: Evening) -> str:
    """What is wrong with another way in or with the markers."""
    markers = None if evening.markers is None else evening.markers.trouble
    return markers or evening.inputs.notice
