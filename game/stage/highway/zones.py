"""The parts of the play screen that change rarely: each is drawn again only when it does.

A zone has a box outside the road and a key; while the key is the same, so is its picture.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pygame

from game.core.grips import GRIPS, Grip
from game.play.plan import WAS_HIT
from game.stage import hand, paint
from game.stage.fit import fit
from game.stage.grip_words import grip_label, grip_within
from game.stage.highway.pictures import PULSE_STEPS, Pictures
from game.stage.highway.places import Places
from game.stage.lyrics import LyricLine
from game.stage.page import Box, Page, Written
from game.stage.palettes import Palette
from game.stage.shapes import shape
from game.stage.theme import (
    BODY,
    GOOD,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    RGB,
    SOFT_TEXT,
    TEXT,
    TITLE,
    Scale,
    mix,
)
from game.stage.view import HighwayView, Options
from game.words import number, plural, tr

#: A pinch that is held longer than this opens the drawn hand: time to let go.
HELD_TOO_LONG_US = 1_000_000


class Zones:
    """Count, next pinch, hand, words and progress around the road."""

    def __init__(
        self,
        scale: Scale,
        hand_name: str,
        options: Options,
        places: Places,
        pictures: Pictures,
        palette: Palette,
    ):
        self.scale, self.hand, self.options = scale, hand_name, options
        self.places, self.palette = places, palette
        self._pictures = pictures
        self._keys: dict[str, Any] = {}
        self._written: dict[str, list[Written]] = {}
        self._shown: tuple[Grip | None, int] = (None, -1)
        self._pose: tuple[Grip | None, int] | None = None
        self._pose_from = 0
        self._pose_since = 0
        self._beads: tuple[Any, pygame.Surface, pygame.Surface] | None = None

    @property
    def written(self) -> list[Written]:
        """What is written in the zones now."""
        return [text for texts in self._written.values() for text in texts]

    def forget(self) -> None:
        """The next :meth:`draw` draws every zone."""
        self._keys.clear()

    def prepare(self, view: HighwayView) -> None:
        """Makes the hand's pictures and the words of the song beforehand."""
        for grip in (None, *GRIPS):
            for step in range(hand.BLEND_STEPS):
                hand.frame(grip, step, self._hand_height, self.hand, self.palette)
        for grip in GRIPS:
            for rings in {False, not self.options.reduced_motion}:
                hand.contact_light(grip, self._hand_height, rings, self.palette)
        page = Page(pygame.Surface(self.scale.size, 0, 32), self.scale)
        for line in view.lyrics:
            self._draw_lyrics(page, (line, len(line.words), None))
            self._draw_lyrics(page, (line, -1, line))
            for word in range(len(line.words)):
                self._draw_lyrics(page, (line, word, None))

    @property
    def _hand_height(self) -> int:
        return self.scale.px(self.places.hand.h - 20)

    def draw(
        self, surface: pygame.Surface, view: HighwayView, still: pygame.Surface
    ) -> list[pygame.Rect]:
        """Draws again what changed since the last call over ``still``; returns where."""
        places = self.places
        changed: list[pygame.Rect] = []

        def zone(name: str, box: Box | None, key: Any, draw: Callable[[Page, Any], None]) -> None:
            if box is None or (name in self._keys and self._keys[name] == key):
                return
            self._keys[name] = key
            page = Page(surface, self.scale)
            rect = page.rect(box)
            surface.blit(still, rect, rect)
            surface.set_clip(rect)
            draw(page, key)
            self._written[name] = page.written
            surface.set_clip(None)
            changed.append(rect)

        zone("count", places.count, view.count, self._draw_count)
        zone("following", places.following, view.following, self._draw_following)
        pose = self._hand_key(view)
        if places.notice is None and view.notice and self._shown[0] is None:
            top = places.asked.y
            both = Box(places.hand.x, top, places.hand.w, places.hand.bottom - top)
            zone("asked", places.asked, view.notice, lambda page, key: None)
            zone("hand", both, view.notice, self._draw_notice_on_card)
        else:
            zone("asked", places.asked, self._shown[0], self._draw_asked)
            zone("hand", places.hand, pose, self._draw_hand)
        zone("feels", places.feels, (view.feels, view.contacts), self._draw_feels)
        section = ""
        for start_us, name in view.sections:
            if start_us <= view.song_us:
                section = name
        zone("title", places.title, (view.title, section), self._draw_title)
        zone("notice", places.notice, view.notice, self._draw_notice)
        zone("beads", places.beads, self._beads_key(view), self._draw_beads)
        if self.options.error_bar:
            zone(
                "errors", places.errors, (tuple(view.errors_us), view.window_us), self._draw_errors
            )
        zone("lyrics", places.lyrics, self._lyrics_key(view), self._draw_lyrics)
        return changed

    def _draw_count(self, page: Page, count: int) -> None:
        box = self.places.count
        if self.places.following is None:
            words = plural("{n} pinch", "{n} pinches", count)
            page.write(words, box, LABEL, SOFT_TEXT, align="right", kept=False)
            return
        align = self._count_align
        # Every number is seen once in a play: hundreds of them would fill the memory for texts.
        figures = Box(box.x, box.y, box.w, 104)
        page.write(number(count), figures, TITLE, bold=True, align=align, kept=False)
        page.write(
            plural("pinch", "pinches", count),
            Box(box.x, box.y + 104, box.w, 56),
            BODY,
            SOFT_TEXT,
            align=align,
        )

    @property
    def _count_align(self) -> str:
        return "right" if self.places.count.x < self.places.road.x else "left"

    def _draw_following(self, page: Page, grip: Grip | None) -> None:
        box = self.places.following
        if grip is None or box is None:
            return
        align = self._count_align
        page.write(tr("Next"), Box(box.x, box.y, box.w, 56), BODY, SOFT_TEXT, align=align)
        picture = shape(grip, self.scale.px(44), "plain", self.hand, palette=self.palette)
        x = box.x + 46 if align == "left" else box.right - 46
        page.centre(picture, x, box.y + 102)
        words = Box(box.x, box.y + 150, box.w, 108)
        page.write(grip_label(grip), words, BODY, bold=True, align=align, valign="top", lines=2)

    def _draw_asked(self, page: Page, grip: Grip | None) -> None:
        box = self.places.asked
        if grip is None:
            page.write(tr("Rest"), box.inset(32, 0), HEADING, bold=True, lines=2)
            return
        radius = 46.0 if self.places.following is not None else 31.0
        page.centre(
            shape(grip, self.scale.px(radius), "plain", self.hand, palette=self.palette),
            box.x + 1.5 * radius,
            box.middle[1],
        )
        left = box.x + 3 * radius - 2
        words = Box(left, box.y, box.right - 8 - left, box.h)
        page.write(grip_label(grip), words, HEADING, bold=True, lines=2)

    def _draw_feels(self, page: Page, key: tuple[str, int]) -> None:
        feels, contacts = key
        box = self.places.feels
        if box is None:
            return
        closed = [grip for grip in GRIPS if contacts >> grip & 1]
        light = _dot(self.scale.px(15), GOOD if closed else MARK, bool(closed))
        page.centre(light, box.x + 22, box.middle[1])
        what = tr("nothing")
        if closed:
            what = plural("{n} pinch", "{n} pinches", len(closed))
        if len(closed) == 1:
            what = grip_within(closed[0])
        page.write(
            tr(feels, what=what),
            Box(box.x + 52, box.y, box.w - 52, box.h),
            BODY,
            TEXT if closed else SOFT_TEXT,
            lines=2,
        )

    def _card_pinch(self, view: HighwayView) -> tuple[Grip | None, int]:
        """The grip and target the card shows: a pinch that hit stays until it opens.

        Otherwise the hand would turn to the next pinch at the very moment this one is felt.
        """
        grip, index = self._shown
        felt = grip is not None and bool(view.contacts >> grip & 1)
        hit = 0 <= index < len(view.states) and view.states[index] == WAS_HIT
        if not (felt and hit and view.contact_held_us < HELD_TOO_LONG_US):
            self._shown = (view.asked, view.asked_index if view.asked is not None else -1)
        return self._shown

    def _hand_key(self, view: HighwayView) -> tuple[Grip | None, int, int]:
        """Which picture of the hand, and the contacts shown on it."""
        pose = self._card_pinch(view)
        if view.contact_held_us >= HELD_TOO_LONG_US:
            pose = (None, -1)
        last = hand.BLEND_STEPS - 1
        if pose != self._pose:
            # The same pinch again only opens half-way: the hand should not flap in a fast song.
            # A play that begins finds the hand where it should be.
            same = self._pose is None or pose[0] == self._pose[0]
            self._pose_from = (last if self._pose is None else 3) if same else 0
            self._pose = pose
            self._pose_since = view.song_us
        if view.song_us < self._pose_since:
            # The song went back, or another began: nothing to blend from.
            self._pose_since = view.song_us - hand.BLEND_US
        asked = pose[0]
        step = last
        if not self.options.reduced_motion:
            moved = max(0, view.song_us - self._pose_since) * last // hand.BLEND_US
            step = min(last, self._pose_from + int(moved))
        return (asked, step if asked is not None else 0, view.contacts)

    def _draw_hand(self, page: Page, key: tuple[Grip | None, int, int]) -> None:
        asked, step, contacts = key
        box = self.places.hand
        height = self._hand_height
        width, _ = hand.frame_size(height)
        left = self.scale.x(box.x + box.w / 2) - width // 2
        top = self.scale.y(box.y + 14) if box.h > 400 else self.scale.y(box.y + 6)
        page.surface.blit(hand.frame(asked, step, height, self.hand, self.palette), (left, top))
        rings = not self.options.reduced_motion
        for grip in GRIPS:
            if not contacts >> grip & 1:
                continue
            touching = grip == asked and step == hand.BLEND_STEPS - 1
            if touching:
                at = hand.touch_point(grip, height, self.hand)
            else:
                at = hand.resting_tip(grip, None if grip == asked else asked, height, self.hand)
            light = hand.contact_light(grip, height, rings and touching, self.palette)
            page.surface.blit(
                light,
                (left + at[0] - light.get_width() // 2, top + at[1] - light.get_height() // 2),
            )

    def _draw_title(self, page: Page, key: tuple[str, str]) -> None:
        title, section = key
        box = self.places.title
        if box.h < 110:
            page.write(title, box, LABEL, bold=True)
        elif section:
            page.write(title, Box(box.x, box.y, box.w, 72), LABEL, bold=True)
            page.write(section, Box(box.x, box.y + 62, box.w, 56), BODY, SOFT_TEXT)
        else:
            page.write(title, Box(box.x, 38, box.w, 100), LABEL, bold=True)

    def _draw_notice(self, page: Page, notice: str) -> None:
        if not notice:
            return
        box = self.places.notice
        if box is None:
            return
        page.icon("attention", box.x + 30, box.y + 34, 48, SOFT_TEXT)
        words = Box(box.x + 72, box.y + 4, box.w - 72, box.h - 4)
        page.write(notice, words, BODY, SOFT_TEXT, valign="top", lines=5)

    def _draw_notice_on_card(self, page: Page, notice: str) -> None:
        top = self.places.asked.y
        box = Box(self.places.hand.x, top, self.places.hand.w, self.places.hand.bottom - top)
        page.write(notice, box.inset(4, 8), BODY, SOFT_TEXT, align="centre", lines=6)

    # -- how early and how late

    def _draw_errors(self, page: Page, key: tuple[tuple[int, ...], tuple[int, int]]) -> None:
        """The latest hits on a scale of time, early left: the latest tallest and brightest.

        The middle is the instant asked for; the ends are the window's.
        """
        errors, (early_us, late_us) = key
        box = self.places.errors
        x, y = box.middle
        half = box.w / 2 - 8
        page.line(box.x, y - 2, box.right, y + 2, mix(GROUND, MARK, 0.7), 4)
        page.line(x - 3, box.y, x + 3, box.bottom, LAMP, 6)
        for place, error in enumerate(errors, start=1):
            share = place / len(errors)
            at = x + half * max(-1.0, min(1.0, error / max(1, late_us if error > 0 else early_us)))
            tall = (0.5 + 0.4 * (share == 1)) * box.h
            page.line(
                at - 2, y - tall / 2, at + 3, y + tall / 2, mix(GROUND, TEXT, 0.3 + 0.7 * share), 5
            )

    # -- progress

    def _beads_key(self, view: HighwayView) -> tuple[int, int, Any]:
        box = self._bead_track
        share = min(1.0, max(0.0, view.song_us / max(1, view.length_us)))
        x = self.scale.x(box.x + share * box.w)
        pulse = 0 if self.options.reduced_motion else int(view.pulse * (PULSE_STEPS - 0.01))
        return (x, pulse, (tuple(view.sections), view.length_us))

    @property
    def _bead_track(self) -> Box:
        return (self.places.beads or Box(0, 0, 0, 0)).inset(40, 0)

    def _draw_beads(self, page: Page, key: tuple[int, int, Any]) -> None:
        x, pulse, song = key
        beads = self.places.beads
        if beads is None:
            return
        rect = page.rect(beads)
        if self._beads is None or self._beads[0] != song:
            sections, length = song
            track = self._bead_track
            at = [start / max(1, length) for start, _ in sections if 0 < start < length]
            spots = at if at else [i / 8 for i in range(1, 8)]
            pair = [
                _bead_strip(self.scale, beads, track, tuple(spots), lit) for lit in (False, True)
            ]
            self._beads = (song, pair[0], pair[1])
        _, dark, lit = self._beads
        split = x - rect.x
        page.surface.blit(dark, (x, rect.y), (split, 0, rect.w - split, rect.h))
        page.surface.blit(lit, rect, (0, 0, split, rect.h))
        bead = self._pictures.bead(pulse)
        page.surface.blit(bead, (x - bead.get_width() // 2, rect.centery - bead.get_height() // 2))

    # -- lyrics

    def _lyrics_key(self, view: HighwayView) -> tuple[Any, int, Any]:
        """The line being sung, the number of its word, and the line after it."""
        lines = view.lyrics
        current = -1
        for i, line in enumerate(lines):
            if line.start_us - 1_500_000 > view.song_us:
                break
            current = i
        if current < 0:
            upcoming = lines[0] if lines and lines[0].start_us - view.song_us < 8_000_000 else None
            return (None, -1, upcoming)
        line = lines[current]
        after = lines[current + 1] if current + 1 < len(lines) else None
        if view.song_us >= line.end_us:
            soon = after is not None and after.start_us - view.song_us < 8_000_000
            return (None, -1, after if soon else None)
        word = -1
        for i, time_us in enumerate(line.times_us):
            if time_us <= view.song_us:
                word = i
        return (line, word, after)

    def _draw_lyrics(self, page: Page, key: tuple[Any, int, Any]) -> None:
        line, word, after = key
        box = self.places.lyrics
        if line is not None:
            self._draw_sung(page, line, word)
        if after is not None and (line is None or box.h >= 128):
            y = box.y + 72 if box.h >= 128 else box.y
            page.write(
                after.text,
                Box(box.x, y, box.w, 56),
                BODY,
                SOFT_TEXT,
                align="centre",
            )

    def _draw_sung(self, page: Page, line: LyricLine, word: int) -> None:
        """The line with the word being sung in lamplight, underlined."""
        box = self.places.lyrics
        # The longest lines get smaller letters, the same for all words of the line.
        fitted = fit(line.text, box.w, LABEL, self.scale, bold=True)
        if not fitted.whole:
            page.write(line.text, Box(box.x, box.y, box.w, 72), LABEL, bold=True, align="centre")
            return
        words = fitted.lines[0].split(" ")
        gap = page.width(" ", fitted.size, True)
        wide = [page.width(w, fitted.size, True) for w in words]
        x = box.x + (box.w - sum(wide) - gap * (len(words) - 1)) / 2
        for i, (text, width) in enumerate(zip(words, wide, strict=True)):
            colour = LAMP if i == word else SOFT_TEXT if i < word else TEXT
            place = Box(x, box.y, width + 2, 72)
            page.write(text, place, fitted.size, colour, bold=True)
            if i == word:
                page.line(x, box.y + 66, x + width, box.y + 71, LAMP, 5)
            x += width + gap


def _bead_strip(
    scale: Scale, box: Box, track: Box, spots: tuple[float, ...], lit: bool
) -> pygame.Surface:
    """The whole way of the song, done (lamplight) or still to come (slate)."""
    width = scale.x(box.right) - scale.x(box.x)
    height = scale.y(box.bottom) - scale.y(box.y)
    colour = LAMP if lit else mix(GROUND, MARK, 0.62)
    dots = LAMP if lit else MARK

    def draw(surface: pygame.Surface, times: float) -> None:
        unit = scale.factor * times
        y = height * times / 2
        x0, x1 = (track.x - box.x) * unit, (track.right - box.x) * unit
        paint.stroke(surface, colour, [(x0, y), (x1, y)], 6 * unit)
        for spot in spots:
            pygame.draw.circle(surface, dots, (x0 + (x1 - x0) * spot, y), 9 * unit)
        for x in (x0, x1):
            pygame.draw.circle(surface, dots, (x, y), 13 * unit)

    return paint.smooth(width, height, draw)


@lru_cache(maxsize=16)
def _dot(radius: int, colour: RGB, filled: bool) -> pygame.Surface:
    """A small round light, filled when something is felt."""
    side = 2 * radius + 3

    def draw(surface: pygame.Surface, times: float) -> None:
        at = (side * times / 2, side * times / 2)
        pygame.draw.circle(
            surface, colour, at, radius * times, 0 if filled else round(radius * times * 0.35)
        )

    return paint.smooth(side, side, draw)
