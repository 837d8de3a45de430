"""The play screen: five strings, targets that come down them, the hand, and what was felt.

How a frame is made cheap: everything that stands still lies in one picture per size. A frame puts
that picture back where the last frame drew, and draws what moves from pictures made beforehand:
one per shape and depth, with size, shade and fade already in them. Text comes from a cache by
value. Parts that change rarely (count, words, hand) are *zones* outside the road: redrawn only
when what they show changes. Nothing is scaled inside a frame.

Every picture depends on the view alone and on the views before it, never on a clock.
"""

import pygame

from game.stage import palettes
from game.stage.highway.perspective import Road
from game.stage.highway.pictures import Pictures
from game.stage.highway.places import places
from game.stage.highway.road import MovingRoad
from game.stage.highway.still import still_pictures
from game.stage.highway.zones import Zones
from game.stage.page import Written
from game.stage.theme import Scale
from game.stage.view import HighwayView, Options
from game.words import tr

__all__ = ["Highway"]


class Highway:
    """Draws a play on surfaces of one size. Make one per play; :meth:`draw` once per frame.

    ``corner`` are word and icon of the key in the corner: Pause, unless said otherwise. Lanes have
    the colours of the palette that is in use when it is made.
    """

    def __init__(
        self,
        size: tuple[int, int],
        hand: str,
        options: Options | None = None,
        corner: tuple[str, str] | None = None,
    ):
        options = options or Options()
        corner = corner or (tr("Pause"), "pause")
        scale = Scale(*size)
        letters = Scale(*size, options.scale)
        palette = palettes.in_use()
        self.places = places(hand, options.place, options.scale, options.scroll)
        road = Road(self.places.road.middle[0], options.scroll)
        self._pictures = Pictures(scale, hand, options, road, palette)
        self._road = MovingRoad(scale, hand, options, self.places, self._pictures, road, palette)
        self._zones = Zones(letters, hand, options, self.places, self._pictures, palette)
        self._still, self._bare, self._written = still_pictures(
            scale, letters, hand, options, self.places, corner, road, palette
        )
        self._moved: list[pygame.Rect] = []
        self._surface: pygame.Surface | None = None

    def draw(
        self, surface: pygame.Surface, view: HighwayView, whole: bool = False
    ) -> list[pygame.Rect]:
        """Draws the moment ``view`` and returns the parts of ``surface`` that changed.

        The surface must be the one of the last call, untouched since; otherwise, and with
        ``whole``, everything is drawn again.
        """
        if whole or surface is not self._surface:
            surface.blit(self._still, (0, 0))
            changed = [surface.get_rect()]
            self._zones.forget()
            self._surface = surface
        else:
            changed = self._moved
            for rect in changed:
                surface.blit(self._still, rect, rect)
        self._moved = self._road.draw(surface, view, self._bare)
        return changed + self._moved + self._zones.draw(surface, view, self._still)

    @property
    def written(self) -> list[Written]:
        """What is written on the screen now."""
        return self._written + self._zones.written

    def forget(self) -> None:
        """Something else was drawn on the surface: the next frame draws everything."""
        self._surface = None

    def prepare(self, view: HighwayView) -> None:
        """Makes beforehand every picture and text that this play can need (about a second)."""
        self._pictures.make_all()
        self._zones.prepare(view)
