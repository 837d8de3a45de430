"""What the animals beside nicknames are called."""

from game.core.say import mark

NAMES = {
    "otter": mark("Otter"),
    "heron": mark("Heron"),
    "fox": mark("Fox"),
    "whale": mark("Whale"),
    "owl": mark("Owl"),
    "hare": mark("Hare"),
    "bear": mark("Bear"),
    "swan": mark("Swan"),
    "turtle": mark("Turtle"),
    "lynx": mark("Lynx"),
    "robin": mark("Robin"),
    "seal": mark("Seal"),
    "deer": mark("Deer"),
    "crane": mark("Crane"),
    "badger": mark("Badger"),
    "dolphin": mark("Dolphin"),
    "falcon": mark("Falcon"),
    "koala": mark("Koala"),
    "beaver": mark("Beaver"),
    "ibis": mark("Ibis"),
}
