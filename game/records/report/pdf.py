"""The report as a PDF of two A4 pages. The same figures give the same bytes."""

import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from game.core.say import Language
from game.records.report import heading, noted_tables, practice_tables
from game.records.report.drawing import INK, MIDDLE, PICTURES, SMALL, STYLE
from game.records.report.figures import Figures
from game.records.report.table import Table

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 210.0, 297.0, 14.0
_INSIDE_MM = WIDTH_MM - 2 * MARGIN_MM

#: Here the foot of a page begins: nothing else goes below.
FOOT_MM = HEIGHT_MM - 17

_ROW_MM, _GAP_MM = 3.55, 4.0

#: Beside a picture the names of the grips need so much, in the language with the longest.
_NAMES_MM = 18.0
_MM_PER_POINT = 25.4 / 72


class Sheet:
    """One page, written on from the top in mm, in one language."""

    def __init__(self, words: Language) -> None:
        from matplotlib.figure import Figure

        self.words = words
        self.figure = Figure(figsize=(WIDTH_MM / 25.4, HEIGHT_MM / 25.4))
        #: The lowest baseline so far, mm from the top.
        self.lowest = 0.0

    def text(self, x: float, y: float, words: str, size: float = SMALL, **how: Any) -> None:
        """``words`` with their baseline at ``y`` mm from the top."""
        self.lowest = max(self.lowest, y)
        self.figure.text(
            x / WIDTH_MM, 1 - y / HEIGHT_MM, _plain(words), fontsize=size, va="baseline", **how
        )

    def line(self, x: float, y: float, width: float, weight: float, color: str = INK) -> None:
        """A horizontal line."""
        from matplotlib.lines import Line2D

        at = 1 - y / HEIGHT_MM
        self.figure.add_artist(
            Line2D([x / WIDTH_MM, (x + width) / WIDTH_MM], [at, at], linewidth=weight, color=color)
        )

    def picture(self, name: str, figures: Figures, box: tuple[float, float, float, float]) -> None:
        """The picture of this name; ``box`` is that of its axes: x, y, width and height in mm."""
        x, y, w, h = box
        ax = self.figure.add_axes(
            (x / WIDTH_MM, 1 - (y + h) / HEIGHT_MM, w / WIDTH_MM, h / HEIGHT_MM)
        )
        PICTURES[name].draw(ax, figures, self.words)

    def heading(self, y: float, words: str, x: float = MARGIN_MM, width: float = 0.0) -> None:
        """A section's name over a thin line."""
        width = width or WIDTH_MM - MARGIN_MM - x
        self.text(x, y, words, 8.5, weight="bold")
        self.line(x, y + 1.4, width, 0.5, MIDDLE)

    def table(
        self, x: float, y: float, width: float, table: Table, columns: Sequence[float]
    ) -> float:
        """``table`` with columns of these widths (mm, the sum is ``width``); returns its end.

        ``y`` is the top. A cell that is too long goes on in the next line where it is set left.
        """
        y += _ROW_MM * 0.75
        self._cells(x, y, table.head, columns, table.set_as, weight="bold")
        self.line(x, y + 1.1, width, 0.5)
        y += 0.4
        for number, row in enumerate(table.rows):
            last = table.total and number == len(table.rows) - 1
            if last:
                self.line(x, y + 0.85, width, 0.35)
            y += _ROW_MM * self._cells(
                x, y + _ROW_MM, row, columns, table.set_as, weight="bold" if last else "normal"
            )
        if table.note:
            for line in textwrap.wrap(table.note, _letters(width, SMALL - 0.6)):
                y += _ROW_MM * 0.9
                self.text(x, y + 0.7, line, SMALL - 0.6, color=MIDDLE)
        return y

    def _cells(
        self,
        x: float,
        y: float,
        cells: tuple[str, ...],
        columns: Sequence[float],
        set_as: str,
        **how: Any,
    ) -> int:
        lines, before = 1, "l"
        for cell, width, side in zip(cells, columns, set_as, strict=True):
            if side == "r":
                self.text(x + width - 0.6, y, cell, ha="right", **how)
            else:
                # Figures that end at the right edge of the column before need some air.
                gap = _GAP_MM if before == "r" else 0.0
                wrapped = textwrap.wrap(cell, _letters(width - gap)) or [""]
                for number, line in enumerate(wrapped):
                    self.text(x + gap, y + number * _ROW_MM, line, **how)
                lines = max(lines, len(wrapped))
            x, before = x + width, side
        return lines


def _letters(width_mm: float, size: float = SMALL) -> int:
    """How many letters of this size fit, as letters come in sentences."""
    return max(4, int(width_mm / (size * _MM_PER_POINT * 0.545)))


def _plain(words: str) -> str:
    """``words`` with nothing that matplotlib would read as mathematics."""
    return words.replace("$", r"\$")


def sheets(figures: Figures, words: Language) -> tuple[Sheet, Sheet]:
    """The two pages, without what stands at the foot of each."""
    return _first_page(figures, words), _second_page(figures, words)


def to_pdf(figures: Figures, words: Language) -> bytes:
    """The report as a PDF, two pages."""
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    # Neither when nor with what it was written: the same figures are the same bytes.
    about = {
        "Title": f"{words.tr('Griptune progress report')} {figures.code}",
        "Creator": f"Griptune {figures.software}",
        "Producer": None,
        "CreationDate": None,
    }
    out = BytesIO()
    with matplotlib.rc_context(STYLE), _quiet(), PdfPages(out, metadata=about) as pages:
        for sheet in sheets(figures, words):
            foot(sheet)
            pages.savefig(sheet.figure)
    return out.getvalue()


@contextmanager
def _quiet() -> Iterator[None]:
    """A letter of a nickname that the font lacks is drawn as a box; nobody need be told."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def _top(sheet: Sheet, figures: Figures, page: int) -> None:
    words = sheet.words
    sheet.text(MARGIN_MM, 15, words.tr("Griptune progress report"), 7.5, color=MIDDLE)
    about = heading.about(words, figures, page)
    sheet.text(WIDTH_MM - MARGIN_MM, 15, about, 7.5, ha="right")
    title = heading.title(figures)
    # The longest code and nickname, all of the widest letter, take the whole width.
    sheet.text(MARGIN_MM, 22, title, min(14, 440 / len(title)), weight="bold")
    sheet.line(MARGIN_MM, 24.5, _INSIDE_MM, 1.2)


def foot(sheet: Sheet) -> None:
    """What stands at the foot of every page."""
    words = sheet.words
    sheet.line(MARGIN_MM, FOOT_MM, _INSIDE_MM, 0.5, MIDDLE)
    sheet.text(MARGIN_MM, HEIGHT_MM - 13, words.tr(heading.NOT_A_DIAGNOSIS), 8, weight="bold")
    for number, line in enumerate(textwrap.wrap(words.tr(heading.WHAT_IT_IS), 115)):
        sheet.text(MARGIN_MM + 38, HEIGHT_MM - 13 + number * 3.4, line)


def _first_page(figures: Figures, words: Language) -> Sheet:
    sheet, tables = Sheet(words), practice_tables
    _top(sheet, figures, 1)
    cells = heading.summary(words, figures)
    for number, (value, what) in enumerate(cells):
        x = MARGIN_MM + number * _INSIDE_MM / len(cells)
        sheet.text(x, 33, value, 15, weight="bold")
        sheet.text(x, 37, what, SMALL, color=MIDDLE)
    for number, line in enumerate(textwrap.wrap(heading.plan_line(words, figures), 140)[:2]):
        sheet.text(MARGIN_MM, 42.5 + 3.4 * number, line, 7)

    beside = 134.0
    sheet.heading(53, words.tr("Plan and practice"))
    sheet.picture("weeks", figures, (MARGIN_MM + 9, 57, 104, 31))
    sheet.table(beside, 55, 62, tables.weeks(words, figures), [15, 14, 18, 15])

    sheet.heading(101, words.tr("Counted grips"))
    sheet.picture("days", figures, (MARGIN_MM + 9, 105, 104, 31))
    sheet.table(beside, 103, 62, tables.pinches(words, figures), [22, 20, 20])

    half = 107.0
    sheet.heading(149, words.tr("Success and misses"))
    sheet.picture("success", figures, (MARGIN_MM + _NAMES_MM, 155, 81 - _NAMES_MM, 24))
    sheet.picture("misses", figures, (half + _NAMES_MM, 155, 89 - _NAMES_MM, 24))
    columns = [30, 19, 19, 19, 19, 19, 19, 19, 19]
    sheet.table(MARGIN_MM, 188, _INSIDE_MM, tables.success(words, figures), columns)

    sheet.heading(226, words.tr("Level"), width=81)
    sheet.picture("level", figures, (MARGIN_MM + 9, 230, 72, 26))
    sheet.table(MARGIN_MM, 261, 81, tables.level(words, figures), [31, 14, 14, 22])
    sheet.heading(226, words.tr("Fatigue within a sitting"), x=half)
    sheet.picture("fatigue", figures, (half + 9, 230, 80, 26))
    sheet.table(half, 261, 89, tables.fatigue(words, figures), [29, 20, 20, 20])
    return sheet


def _second_page(figures: Figures, words: Language) -> Sheet:
    sheet, tables = Sheet(words), noted_tables
    _top(sheet, figures, 2)
    beside, wide = 99.0, 97.0

    sheet.heading(33, words.tr("Timing of hits"))
    sheet.picture("timing", figures, (MARGIN_MM + _NAMES_MM, 37, 81 - _NAMES_MM, 26))
    columns = [18.5, 10.5, 11.5, 9, 6, 14, 12.5, 7.2, 7.8]
    sheet.table(beside, 35, wide, practice_tables.timing(words, figures), columns)

    sheet.heading(77, words.tr("Selectivity: is the grip made the grip asked?"))
    sheet.picture("selectivity", figures, (MARGIN_MM + _NAMES_MM + 3, 86, 78 - _NAMES_MM, 28))
    columns = [25, 20, 18, 18, 16]
    sheet.table(beside, 79, wide, practice_tables.selectivity(words, figures), columns)

    sheet.heading(126, words.tr("Pain and tiredness, before and after"))
    sheet.picture("felt", figures, (MARGIN_MM + 9, 130, 88, 27))
    sheet.table(118, 128, 78, tables.felt(words, figures), [13, 14, 17, 34])

    y = 171.0
    columns = [33, 14, 12, 34, 34, 20, 35]
    sheet.heading(y, words.tr("Assessments and outcome tests"))
    y += 2
    for table, none in (
        (tables.tests(words, figures), words.tr("No assessments in this period.")),
        (tables.outcomes(words, figures), words.tr("No outcome tests were typed in.")),
    ):
        if table.rows:
            y = sheet.table(MARGIN_MM, y, _INSIDE_MM, table, columns) + 2
        else:
            y += _ROW_MM
            sheet.text(MARGIN_MM, y, none, color=MIDDLE)
    y += 6
    sheet.heading(y, words.tr("What the therapist changed"))
    changes = tables.changes(words, figures)
    if changes.rows:
        y = sheet.table(MARGIN_MM, y + 2, _INSIDE_MM, changes, [18, 30, _INSIDE_MM - 48])
    else:
        y += 2 + _ROW_MM
        sheet.text(MARGIN_MM, y, words.tr("Nothing in this period."), color=MIDDLE)
    y += 1
    for line in tables.said(words, figures):
        y += _ROW_MM
        sheet.text(MARGIN_MM, y, line)
    y += 6
    sheet.heading(y, words.tr("Devices, software, and what is left out"))
    sheet.table(MARGIN_MM, y + 2, _INSIDE_MM, tables.used(words, figures), [28, _INSIDE_MM - 28])
    return sheet
