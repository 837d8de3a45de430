"""What is wrong with a glove, in the language in use: what it is, and what to do about it.

The bridge names a finding by its code and electrodes and says it in English; the same is said
here so that it can be translated. A test holds the two to the same English.
"""

from collections.abc import Sequence

from firmware_bridge.diagnosis import Code, Finding
from firmware_bridge.edges import GRIP_COUNT
from game.core.say import mark
from game.words import plural, tr

_PLACES = (
    mark("index fingertip"),
    mark("middle fingertip"),
    mark("ring fingertip"),
    mark("little fingertip"),
    mark("side of the index finger"),
)

_FINGERS = (
    mark("index"),
    mark("middle"),
    mark("ring"),
    mark("little"),
    mark("side of the index finger"),
)

#: Findings that need no names of electrodes.
_PLAIN = {
    Code.MISSING: (
        mark("No glove was found."),
        mark("Check that its cable is plugged in at both ends."),
    ),
    Code.LOST: (
        mark("The glove does not answer any more."),
        mark("Check its cable at both ends."),
    ),
    Code.SILENT: (
        mark("The glove is not speaking yet."),
        mark("If this stays, unplug it and plug it in again."),
    ),
    Code.NOISY: (
        mark("The glove is hard to hear."),
        mark("Try another cable, or another USB port."),
    ),
    Code.WET: (mark("The glove is damp."), mark("Let it dry before you play on.")),
    Code.THUMB: (mark("No finger ever made contact."), mark("Check the snap on the thumb.")),
    Code.UNMEASURED: (
        mark(
            "This glove does not measure how good its contacts are; "
            "only whether they close was checked."
        ),
        "",
    ),
}


def said(finding: Finding) -> tuple[str, str]:
    """What was found, and what to do about it (empty where there is nothing to do)."""
    if finding.code in _PLAIN:
        what, to_do = _PLAIN[finding.code]
        return tr(what), tr(to_do)
    return _of_electrodes(finding.code, finding.grips)


def _of_electrodes(code: Code, grips: Sequence[int]) -> tuple[str, str]:
    count = len(grips)
    places = _listed([tr(_PLACES[grip]) for grip in grips])
    fingers = _listed([tr(_FINGERS[grip]) for grip in grips])
    fingers = fingers[:1].upper() + fingers[1:]
    match code:
        case Code.LEAKY:
            return (
                plural(
                    "The {places} is damp or dirty.",
                    "The {places} are damp or dirty.",
                    count,
                    places=places,
                ),
                tr("Clean and dry the fabric."),
            )
        case Code.STUCK if count == GRIP_COUNT:
            return (
                tr("Every finger seems to touch the thumb."),
                tr("Open the hand, or let the glove dry."),
            )
        case Code.STUCK:
            return (
                plural(
                    "The {places} seems to touch the thumb all the time.",
                    "The {places} seem to touch the thumb all the time.",
                    count,
                    places=places,
                ),
                tr("Open the hand, and look for a wire or damp fabric there."),
            )
        case Code.BRIDGED:
            return (
                tr("{fingers} always close together: something bridges them.", fingers=fingers),
                tr("Look for touching wires or damp fabric between them."),
            )
        case Code.OPEN:
            return (
                plural(
                    "The {places} never made contact.",
                    "The {places} never made contact.",
                    count,
                    places=places,
                ),
                plural(
                    "Check the snap on that finger.", "Check the snaps on those fingers.", count
                ),
            )
        case Code.SWAPPED:
            return (
                tr("{fingers} are swapped.", fingers=fingers),
                tr("Change their two snaps over."),
            )
        case Code.MISPLACED:
            asked, came = (tr(_FINGERS[grip]) for grip in grips)
            return (
                tr("Asked for {asked}, {came} answered.", asked=asked, came=came),
                tr("Check that each snap is on its own finger."),
            )
        case Code.WEAK:
            return (
                plural(
                    "The {places} makes poor contact.",
                    "The {places} make poor contact.",
                    count,
                    places=places,
                ),
                tr("Clean the fabric and press the snap on firmly."),
            )
    raise ValueError(f"there are no words for {code}")


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
