"""Where the parts of the play screen stand, in design pixels."""

from dataclasses import dataclass

from game.stage.page import Box
from game.stage.theme import KEY_HEIGHT, MARGIN, SPACE_3

_ROAD_TOP, _ROAD_BOTTOM = 142.0, 926.0
_COUNT_WIDTH, _ROAD_WIDTH, _CARD_WIDTH = 236.0, 1028.0, 480.0


@dataclass(frozen=True)
class Places:
    """The box of every part. Only ``road`` changes in every frame; the others do not overlap it."""

    road: Box
    count: Box
    following: Box
    card: Box
    title: Box
    beads: Box
    pause: Box
    notice: Box
    lyrics: Box

    @property
    def hand(self) -> Box:
        """Where the hand is drawn on its card."""
        return Box(self.card.x + 20, self.card.y + 104, self.card.w - 40, 430)

    @property
    def asked(self) -> Box:
        """Where the card names the pinch."""
        return Box(self.card.x + 20, self.card.y + 4, self.card.w - 40, 100)

    @property
    def feels(self) -> Box:
        """Where the card says what is felt."""
        return Box(self.card.x + 24, self.card.y + 536, self.card.w - 48, 102)


def places(hand_name: str, place: str = "centre") -> Places:
    """The layout for a hand and a place of the group.

    The hand stands beside the strike line on the little finger's side of a right hand; a left hand
    mirrors it. ``place`` left or right puts the road at that side.
    """
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
    return Places(
        road=Box(at["road"], _ROAD_TOP, _ROAD_WIDTH, _ROAD_BOTTOM - _ROAD_TOP),
        count=Box(at["count"], 486, _COUNT_WIDTH, 164),
        following=Box(at["count"], 706, _COUNT_WIDTH, 220),
        card=Box(at["card"], 376, _CARD_WIDTH, 640),
        title=Box(132, 22, 540, 118),
        beads=Box(700, 40, 830, 92),
        pause=Box(1856 - 280, 40, 280, KEY_HEIGHT),
        notice=Box(at["card"], 148, _CARD_WIDTH, 220),
        lyrics=Box(at["road"], 930, _ROAD_WIDTH, 130),
    )
