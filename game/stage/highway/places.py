"""Where the parts of the play screen stand, in design pixels."""

from dataclasses import dataclass

from game.stage.page import Box
from game.stage.theme import DESIGN_HEIGHT, DESIGN_WIDTH, KEY_HEIGHT, MARGIN, SPACE_3
from game.stage.view import Scroll

_ROAD_TOP, _ROAD_BOTTOM = 142.0, 898.0
_ERRORS_TOP, _ERRORS_HEIGHT, _ERRORS_WIDTH = 899.0, 30.0, 480.0
_LYRICS_TOP = 930.0
_COUNT_WIDTH, _ROAD_WIDTH, _CARD_WIDTH = 236.0, 1028.0, 480.0


@dataclass(frozen=True)
class Places:
    """The box of every part. Only ``road`` changes in every frame; the others do not overlap it.

    ``road`` is in design pixels of 100 %, the others in those of the scale: words and keys grow,
    the road does not. Where they have grown there is no room for everything: ``following``,
    ``beads``, ``notice`` and, where the card is narrow, ``feels`` are None, and the count stands
    beside the title. A notice then takes the place of name and hand while nothing is asked.
    """

    road: Box
    count: Box
    following: Box | None
    card: Box
    hand: Box
    asked: Box
    feels: Box | None
    title: Box
    beads: Box | None
    pause: Box
    notice: Box | None
    lyrics: Box
    errors: Box


def places(
    hand_name: str, place: str = "centre", zoom: float = 1.0, scroll: Scroll = "towards"
) -> Places:
    """The layout for a hand and a place of the group, with words and keys ``zoom`` times as large.

    The hand stands beside the strike line on the little finger's side of a right hand; a left hand
    mirrors it. ``place`` left or right puts the road at that side. Where targets come up, the
    strike line is high, and hand and next pinch with it.
    """
    return _everything(hand_name, place, scroll) if zoom <= 1 else _larger(hand_name, place, zoom)


def _everything(hand_name: str, place: str, scroll: Scroll) -> Places:
    order = {
        "centre": ("count", "road", "card"),
        "left": ("road", "card", "count"),
        "right": ("count", "card", "road"),
    }[place]
    if hand_name == "left":
        order = {
            "centre": ("card", "road", "count"),
            "left": ("road", "card", "count"),
            "right": ("count", "card", "road"),
        }[place]
    widths = {"count": _COUNT_WIDTH, "road": _ROAD_WIDTH, "card": _CARD_WIDTH}
    x, at = float(MARGIN), {}
    for name in order:
        at[name] = x
        x += widths[name] + SPACE_3
    high = scroll == "up"
    card = Box(at["card"], 152 if high else 358, _CARD_WIDTH, 640)
    count_y, next_y, notice_y = (460, 178, 800) if high else (430, 652, 142)
    return Places(
        road=Box(at["road"], _ROAD_TOP, _ROAD_WIDTH, _ROAD_BOTTOM - _ROAD_TOP),
        count=Box(at["count"], count_y, _COUNT_WIDTH, 164),
        following=Box(at["count"], next_y, _COUNT_WIDTH, 260),
        card=card,
        asked=Box(card.x + 20, card.y + 4, card.w - 40, 100),
        hand=Box(card.x + 20, card.y + 104, card.w - 40, 430),
        feels=Box(card.x + 24, card.y + 536, card.w - 48, 102),
        title=Box(132, 22, 540, 118),
        beads=Box(700, 40, 830, 92),
        pause=Box(1856 - 280, 40, 280, KEY_HEIGHT),
        notice=Box(at["card"], notice_y, _CARD_WIDTH, 212),
        lyrics=Box(at["road"], 930, _ROAD_WIDTH, 130),
        errors=_errors(at["road"], 1.0),
    )


def _larger(hand_name: str, place: str, zoom: float) -> Places:
    """Road and card stand side by side; Pause above the card, the song's title above the road."""
    wide, high, margin = DESIGN_WIDTH / zoom, DESIGN_HEIGHT / zoom, MARGIN / zoom
    card_first = place == "right" or (place == "centre" and hand_name == "left")
    column = wide - 2 * margin - (_ROAD_WIDTH + SPACE_3) / zoom
    road_x = DESIGN_WIDTH - MARGIN - _ROAD_WIDTH if card_first else float(MARGIN)
    left = margin if card_first else wide - margin - column
    pause = Box(left + column - 280, 24 / zoom + 4, 280, KEY_HEIGHT)
    words = _LYRICS_TOP / zoom
    card = Box(left, pause.bottom + 10, column, words - pause.bottom - 18)
    # On a narrow card the name of a grip takes two lines, and the hand alone shows what is felt.
    narrow = high < 700
    asked, felt = (104.0, 0.0) if narrow else (72.0, 104.0)
    hand = Box(card.x + 12, card.y + 2 + asked, card.w - 24, card.h - asked - felt - 6)
    title = Box(road_x / zoom, 4, _ROAD_WIDTH / zoom, _ROAD_TOP / zoom - 8)
    count = title.w * 0.56
    return Places(
        road=Box(road_x, _ROAD_TOP, _ROAD_WIDTH, _ROAD_BOTTOM - _ROAD_TOP),
        count=Box(title.right - count, title.y, count, title.h),
        following=None,
        card=card,
        asked=Box(card.x + 8, card.y + 2, card.w - 16, asked),
        hand=hand,
        feels=None if narrow else Box(card.x + 16, hand.bottom + 2, card.w - 32, 100),
        title=Box(title.x, title.y, title.w - count - SPACE_3, title.h),
        beads=None,
        pause=pause,
        notice=None,
        lyrics=Box(margin, words, wide - 2 * margin, high - words - 4),
        errors=_errors(road_x, zoom),
    )


def _errors(road_x: float, zoom: float) -> Box:
    """The hit-error bar: below the road, above the words, as large as it is at 100 %."""
    left = road_x + (_ROAD_WIDTH - _ERRORS_WIDTH) / 2
    return Box(left / zoom, _ERRORS_TOP / zoom, _ERRORS_WIDTH / zoom, _ERRORS_HEIGHT / zoom)
