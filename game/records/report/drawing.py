"""The report's pictures, each on matplotlib axes that are handed in.

They read in black and white: grips differ by hatch and by shape, before and after by hollow and
filled, plan and done by outline and fill; colour is not used at all. Matplotlib is imported by
whoever makes the axes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from game.core.grips import ACROSS_THE_HAND, Grip
from game.core.say import Language, mark
from game.records.report.figures import Figures
from game.records.report.naming import folded_grip_name, grip_name
from game.records.report.trends import FLAGGED_BELOW
from game.records.report.wording import day_words, number, percent

INK, MIDDLE, PALE, PAPER = "#1d2126", "#6b7178", "#d5d8dc", "#ffffff"

#: Fill, hatch and shape of each grip; the shapes are those of the lanes.
_LOOK: dict[Grip, tuple[str, str, str]] = {
    Grip.KEY: (PAPER, "//////", "s"),
    Grip.INDEX: (INK, "", "^"),
    Grip.MIDDLE: (PAPER, "", "o"),
    Grip.RING: ("#9aa0a6", "", "D"),
    Grip.LITTLE: (PAPER, "-----", "*"),
}

#: Fill and hatch of each kind of miss: no pinch, early, late, other grip.
_MISSES = (
    (mark("no pinch"), INK, ""),
    (mark("early"), PAPER, "//////"),
    (mark("late"), PAPER, "\\\\\\\\\\\\"),
    (mark("other grip"), "#9aa0a6", ""),
)

#: Above so many days pinches are drawn week by week.
_MOST_DAY_BARS = 70

#: Letters, in points; the paper is A4.
SMALL = 6.5

#: Matplotlib's settings for everything that is drawn.
STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": SMALL,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2,
    "ytick.major.pad": 2,
    "hatch.linewidth": 0.6,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 1.0,
    "patch.linewidth": 0.5,
    "svg.hashsalt": "griptune",
    "svg.fonttype": "none",
    "pdf.fonttype": 3,
    "axes.unicode_minus": True,
}


@dataclass(frozen=True)
class Picture:
    """One picture: what draws it, its size in mm, and what it shows in a sentence."""

    draw: Callable[[Any, Figures, Language], None]
    width_mm: float
    height_mm: float
    says: str


def weeks(ax: Any, figures: Figures, words: Language) -> None:
    """Minutes planned (outline) and done (filled), week by week."""
    rows = figures.weeks
    at = np.arange(len(rows))
    planned = [0 if w.planned_minutes is None else w.planned_minutes for w in rows]
    done = [w.done_minutes for w in rows]
    ax.bar(
        at, planned, 0.74, facecolor=PAPER, edgecolor=INK, linewidth=0.9, label=words.tr("planned")
    )
    ax.bar(at, done, 0.42, facecolor=INK, edgecolor=INK, label=words.tr("carried out"))
    _every(ax, [day_words(words, w.monday) for w in rows])
    ax.set_ylabel(words.tr("minutes a week"))
    ax.set_ylim(0, max([*planned, *done, 1]) * 1.25)
    ax.legend(loc="upper left", ncols=2, borderaxespad=0, handlelength=1.4)


def days(ax: Any, figures: Figures, words: Language) -> None:
    """Counted grips a day, stacked by grip; a week's in a long period."""
    columns, labels, step = _columns(figures, words)
    at = np.arange(len(columns))
    bottom = np.zeros(len(columns))
    for i, grip in enumerate(ACROSS_THE_HAND):
        fill, hatch, _ = _LOOK[grip]
        high = np.array([column[i] for column in columns], float)
        some = high > 0
        ax.bar(
            at[some],
            high[some],
            0.86,
            bottom[some],
            facecolor=fill,
            edgecolor=INK,
            hatch=hatch,
            linewidth=0.35,
        )
        bottom += high
    ticks = range(0, len(labels), step)
    ax.set_xticks(list(ticks), [labels[i] for i in ticks])
    ax.set_xlim(-0.7, max(len(columns), 1) - 0.3)
    ax.set_ylim(0, max(bottom.max(initial=0), 1) * 1.25)
    by_day = step == 7 or len(columns) <= 14
    ax.set_ylabel(words.tr("counted grips a day") if by_day else words.tr("counted grips a week"))
    looks = [(grip_name(words, grip), *_LOOK[grip][:2]) for grip in ACROSS_THE_HAND]
    _legend(ax, looks, loc="upper left")


def success(ax: Any, figures: Figures, words: Language) -> None:
    """Success per grip with its interval; hollow and dotted where there are too few targets."""
    aim = 0.80 if figures.plan is None else figures.plan.prescription.success_target
    ax.axvline(aim * 100, color=MIDDLE, linewidth=0.8, linestyle=(0, (4, 2)))
    for row, y in _down(figures):
        if not row.asked:
            ax.text(50, y, words.tr("not asked"), ha="center", va="center", color=MIDDLE)
            continue
        share = 100 * row.hits / row.asked
        look = "-" if row.enough else ":"
        ax.plot([row.low * 100, row.high * 100], [y, y], color=INK, linestyle=look, linewidth=1.4)
        ax.plot(
            share,
            y,
            marker=_LOOK[row.grip][2],
            markersize=6 if row.grip is Grip.LITTLE else 4.5,
            markerfacecolor=INK if row.enough else PAPER,
            markeredgecolor=INK,
            linestyle="none",
        )
    _grips_down(ax, words)
    ax.set_xlim(0, 102)
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_xlabel(words.tr("% of targets hit; dashed: {aim} aimed for", aim=percent(words, aim)))


def misses(ax: Any, figures: Figures, words: Language) -> None:
    """What kind of misses there were, per grip."""
    most = 1
    for row, y in _down(figures):
        parts = (row.missed.omission, row.missed.early, row.missed.late, row.missed.wrong_grip)
        most = max(most, sum(parts))
        left = 0
        for count, (_, fill, hatch) in zip(parts, _MISSES, strict=True):
            ax.barh(y, count, 0.66, left, facecolor=fill, edgecolor=INK, hatch=hatch, linewidth=0.4)
            left += count
    _grips_down(ax, words)
    ax.set_xlim(0, most * 1.03)
    ax.set_xlabel(words.tr("targets missed"))
    ax.xaxis.get_major_locator().set_params(integer=True)
    looks = [(words.tr(name), fill, hatch) for name, fill, hatch in _MISSES]
    _legend(ax, looks, loc="lower left", bbox_to_anchor=(0, 1))


def level(ax: Any, figures: Figures, words: Language) -> None:
    """The level day by day (points) and its error band (grey)."""
    rows = figures.levels
    if not rows:
        _nothing(ax, words.tr("no plays that adapt"))
        return
    at = [_day_number(r.day) for r in rows]
    banded = [(a, r.low, r.high) for a, r in zip(at, rows, strict=True) if r.low is not None]
    if banded:
        xs, lows, highs = zip(*banded, strict=True)
        ax.fill_between(xs, lows, highs, facecolor=PALE, edgecolor="none")
        ax.vlines(xs, lows, highs, color="#aeb3b8", linewidth=1.2)
    ax.plot(at, [r.rate for r in rows], color=INK, marker="o", markersize=2.6, linewidth=0.9)
    values = [r.rate for r in rows] + [v for r in rows for v in (r.low, r.high) if v is not None]
    ax.set_yscale("log", base=2)
    low, high = min(values) / 1.12, max(values) * 1.12
    ax.set_ylim(low, high)
    ticks = [t for t in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3) if low <= t <= high]
    if len(ticks) < 2:
        ticks = [round(low * 1.1, 2), round(high / 1.1, 2)]
    ax.set_yticks(ticks, [number(words, t, most=2) for t in ticks])
    ax.minorticks_off()
    ax.set_ylabel(words.tr("level, targets/s"))
    _dates(ax, figures, words)


def fatigue(ax: Any, figures: Figures, words: Language) -> None:
    """The slope of the level in every sitting that was long enough."""
    rows = figures.fatigue.sittings
    if not rows:
        _nothing(ax, words.tr("no sitting long enough"))
        return
    ax.axhline(0, color=INK, linewidth=0.6)
    ax.axhline(FLAGGED_BELOW, color=MIDDLE, linewidth=0.8, linestyle=(0, (4, 2)))
    for row in rows:
        ax.plot(
            _day_number(row.day),
            row.slope,
            marker="v" if row.flagged else "o",
            markersize=4.5 if row.flagged else 3,
            markerfacecolor=INK if row.flagged else PAPER,
            markeredgecolor=INK,
            linestyle="none",
        )
    slopes = [r.slope for r in rows]
    ax.set_ylim(min([*slopes, FLAGGED_BELOW]) - 0.15, max([*slopes, 0.2]) + 0.15)
    ax.set_ylabel(words.tr("octaves per 10 min"))
    ax.yaxis.set_major_formatter(lambda value, _: number(words, value, most=2))
    _dates(ax, figures, words, 5)


def timing(ax: Any, figures: Figures, words: Language) -> None:
    """Per grip the median (shape), ± spread (thick) and ± SD (thin)."""
    ax.axvline(0, color=INK, linewidth=0.6)
    reach = 120.0
    for row, y in _down(figures):
        found = row.timing
        if found.median is None:
            ax.text(0, y, words.tr("nothing timed"), ha="center", va="center", color=MIDDLE)
            continue
        if found.sd is not None and found.mean is not None:
            ends = [found.mean - found.sd, found.mean + found.sd]
            ax.plot(ends, [y - 0.22] * 2, color=MIDDLE, linewidth=0.9, marker="|", markersize=3.5)
            reach = max(reach, *(abs(e) for e in ends))
        if found.spread is not None:
            ends = [found.median - found.spread, found.median + found.spread]
            ax.plot(ends, [y, y], color=INK, linewidth=2.2, solid_capstyle="butt")
            reach = max(reach, *(abs(e) for e in ends))
        ax.plot(
            found.median,
            y,
            marker=_LOOK[row.grip][2],
            markersize=7 if row.grip is Grip.LITTLE else 5.5,
            markerfacecolor=PAPER,
            markeredgecolor=INK,
            linestyle="none",
        )
    _grips_down(ax, words)
    ax.set_xlim(-reach * 1.1, reach * 1.1)
    ax.set_xlabel(words.tr("← early      ms      late →"))


def selectivity(ax: Any, figures: Figures, words: Language) -> None:
    """Grip asked (rows) × grip made (columns): shares of a row, darker is more."""
    counts = np.array(figures.selectivity.counts, float)
    whole = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)
    for i in range(len(counts)):
        for j in range(len(counts)):
            grey = 1 - 0.82 * shares[i, j]
            square = {"facecolor": (grey, grey, grey), "edgecolor": PALE, "linewidth": 0.4}
            ax.bar(j, 1, 1, i - 0.5, **square)
            told = f"{shares[i, j] * 100:.0f}" if whole[i] else "–"
            ax.text(
                j, i, told, ha="center", va="center", color=PAPER if shares[i, j] > 0.5 else INK
            )
    names = [grip_name(words, grip) for grip in ACROSS_THE_HAND]
    ax.set_xticks(range(len(names)), [folded_grip_name(words, g) for g in ACROSS_THE_HAND])
    ax.set_yticks(range(len(names)), names)
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_ylabel(words.tr("asked"))
    ax.set_xlabel(words.tr("made, % of the row"))
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(True)


def felt(ax: Any, figures: Figures, words: Language) -> None:
    """Pain before (hollow) and after (filled) every sitting."""
    rows = [r for r in figures.felt if r.pain_before is not None or r.pain_after is not None]
    if not rows:
        _nothing(ax, words.tr("no check-ins in this period"))
        return
    for row in rows:
        at = _day_number(row.day)
        if row.pain_before is not None and row.pain_after is not None:
            ax.plot([at, at], [row.pain_before, row.pain_after], color=INK, linewidth=0.9)
        for value, filled in ((row.pain_before, False), (row.pain_after, True)):
            if value is not None:
                ax.plot(
                    at,
                    value,
                    marker="o",
                    # The hollow ring stays visible around the filled point.
                    markersize=2.4 if filled else 4.6,
                    markerfacecolor=INK if filled else "none",
                    markeredgecolor=INK,
                    linestyle="none",
                )
    hollow = {"markersize": 4.6, "markerfacecolor": "none", "markeredgecolor": INK}
    ax.plot([], [], "o", label=words.tr("before"), **hollow)
    ax.plot([], [], "o", markersize=2.4, color=INK, label=words.tr("after"))
    ax.axhline(4, color=MIDDLE, linewidth=0.6, linestyle=(0, (1, 2)))
    ax.set_ylim(-0.6, 10.6)
    ax.set_yticks([0, 2, 4, 6, 8, 10])
    ax.set_ylabel(words.tr("pain, 0 to 10"))
    ax.legend(loc="upper left", ncols=2, borderaxespad=0, handlelength=1)
    _dates(ax, figures, words)


#: Every picture by its name.
PICTURES: dict[str, Picture] = {
    "weeks": Picture(weeks, 104, 37, mark("Minutes planned and minutes done, week by week.")),
    "days": Picture(days, 104, 37, mark("Counted grips, stacked by grip.")),
    "success": Picture(success, 88, 32, mark("Success per grip with its 95 % interval.")),
    "misses": Picture(misses, 88, 32, mark("Kinds of misses per grip.")),
    "level": Picture(level, 88, 32, mark("Level day by day with its error band.")),
    "fatigue": Picture(fatigue, 88, 32, mark("Slope of the level within each sitting.")),
    "timing": Picture(timing, 88, 33, mark("Timing per grip: median, spread and SD.")),
    "selectivity": Picture(selectivity, 88, 36, mark("Grip asked against grip made, in per cent.")),
    "felt": Picture(felt, 104, 34, mark("Pain before and after every sitting.")),
}


def _columns(figures: Figures, words: Language) -> tuple[list[tuple[int, ...]], list[str], int]:
    """Counts per grip and labels, by day or by week; and how many bars lie between labels."""
    if len(figures.days) <= _MOST_DAY_BARS:
        labels = [day_words(words, d.day) for d in figures.days]
        return [d.counted for d in figures.days], labels, 7 if len(labels) > 14 else 1
    by_week: dict[date, list[int]] = {}
    for day in figures.days:
        monday = day.day - timedelta(days=day.day.weekday())
        sums = by_week.setdefault(monday, [0] * len(ACROSS_THE_HAND))
        for i, count in enumerate(day.counted):
            sums[i] += count
    labels = [day_words(words, monday) for monday in by_week]
    return [tuple(s) for s in by_week.values()], labels, max(1, len(labels) // 8)


def _down(figures: Figures) -> list[tuple[Any, int]]:
    """The grips' rows with the place of each: the first at the top."""
    return [(row, len(figures.grips) - 1 - i) for i, row in enumerate(figures.grips)]


def _grips_down(ax: Any, words: Language) -> None:
    names = [grip_name(words, grip) for grip in ACROSS_THE_HAND]
    ax.set_yticks(range(len(names)), names[::-1])
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0)


def _legend(ax: Any, looks: Sequence[tuple[str, str, str]], **where: Any) -> None:
    """Names with their fills and hatches, in one row."""
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=fill, edgecolor=INK, hatch=hatch, linewidth=0.4, label=name)
        for name, fill, hatch in looks
    ]
    legend = ax.legend(
        handles=patches,
        ncols=len(patches),
        borderaxespad=0.2,
        handlelength=1.1,
        handletextpad=0.5,
        columnspacing=0.7,
        **where,
    )
    # Long names must not make the picture itself smaller; what stands above it needs its room.
    legend.set_in_layout("bbox_to_anchor" in where)


def _every(ax: Any, labels: Sequence[str]) -> None:
    """At most nine labels under bars."""
    step = max(1, -(-len(labels) // 9))
    ticks = list(range(0, len(labels), step))
    ax.set_xticks(ticks, [labels[i] for i in ticks])


def _day_number(day: date) -> int:
    return day.toordinal()


def _dates(ax: Any, figures: Figures, words: Language, most: int = 6) -> None:
    first, last = figures.first, figures.last
    whole = (last - first).days + 1
    step = max(1, -(-whole // most))
    step = -(-step // 7) * 7 if whole > 14 else step
    ticks = [first + timedelta(days=n) for n in range(0, whole, step)]
    ax.set_xticks([_day_number(d) for d in ticks], [day_words(words, d) for d in ticks])
    ax.set_xlim(_day_number(first) - 1, _day_number(last) + 1)


def _nothing(ax: Any, told: str) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, told, ha="center", va="center", color=MIDDLE, transform=ax.transAxes)
