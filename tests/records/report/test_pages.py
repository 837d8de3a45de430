"""The two pages, as HTML and as PDF: whole, the same every time, safe, and readable in grey."""

import re
import zlib
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import numpy as np
import pytest

from game.core.grips import ACROSS_THE_HAND
from game.records.prescriptions import KeptPrescription
from game.records.report import drawing
from game.records.report.figures import Counted, Figures, figures
from game.records.report.html import to_html
from game.records.report.material import Felt, Measure
from game.records.report.naming import grip_name
from game.records.report.noted_tables import changes, felt
from game.records.report.pdf import FOOT_MM, Sheet, foot, sheets, to_pdf
from game.records.report.practice_tables import success
from game.records.report.wording import MOST_LETTERS
from game.therapy.prescription import changed
from game.words import LANGUAGES, Words
from tests.records.report.synthetic import FIRST, PATIENT, material

ENGLISH = Words("en")

NASTY = '<script>alert("1")</script>&$x^2$'


@pytest.fixture(scope="module")
def whole() -> Figures:
    return figures(material(1, weeks=2))


@pytest.fixture(scope="module")
def page(whole: Figures) -> str:
    return to_html(whole, ENGLISH)


@pytest.fixture(scope="module")
def paper(whole: Figures) -> bytes:
    return to_pdf(whole, ENGLISH)


def words_of(html: str) -> str:
    found: list[str] = []
    reader = HTMLParser()
    reader.handle_data = found.append  # type: ignore[method-assign]
    reader.feed(html)
    return " ".join(" ".join(found).split())


def streams(pdf: bytes) -> list[str]:
    """What is drawn, unpacked."""
    found = []
    for packed in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(packed).decode("latin-1"))
        except zlib.error:
            continue
    return found


def test_the_same_figures_are_the_same_bytes(whole, page, paper) -> None:
    assert to_html(whole, ENGLISH) == page
    assert to_pdf(whole, ENGLISH) == paper
    assert b"CreationDate" not in paper


def test_the_paper_has_two_pages(paper: bytes, page: str) -> None:
    assert re.findall(rb"/Type /Page\b", paper).__len__() == 2
    assert re.search(rb"/MediaBox \[ 0 0 595\.\d+ 841\.\d+ \]", paper), "A4"
    assert page.count('<div class="page">') == 2


def test_everything_a_clinic_asks_for_is_said(whole: Figures, page: str) -> None:
    words = words_of(page)
    for told in (
        "3 Mar to 27 Apr 2025",
        "Plan and practice",
        "Counted grips",
        "Success and misses",
        "Level",
        "Fatigue within a sitting",
        "Timing of hits",
        "Selectivity",
        "Pain and tiredness",
        "Assessments and outcome tests",
        "What the therapist changed",
        "Devices, software",
        "Not a diagnosis.",
        "0.1.0",
        "resolution 1 ms",
        "1 play with coarse input left out",
    ):
        assert told in words, told
    for row in whole.grips:
        assert f"{grip_name(ENGLISH, row.grip)} {row.asked} {row.hits}" in words
    assert ENGLISH.percent(whole.overall.share or 0) in words


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_no_clinical_test_is_estimated(whole: Figures, form: str, page: str) -> None:
    """The name stands there only where staff typed a result in."""
    without = replace(whole, outcomes=())
    said = (
        to_html(without, ENGLISH) if form == "html" else "".join(streams(to_pdf(without, ENGLISH)))
    )
    assert "Box and Block" not in page
    assert "BBT" not in words_of(said) if form == "html" else "BBT" not in said
    assert "equivalent" not in said


def test_few_targets_are_not_judged_and_grips_keep_their_order() -> None:
    given = material(1, weeks=1)
    whole = figures(replace(given, plays=given.plays[:1]))
    assert all(row.asked < 20 for row in whole.grips)
    table = success(ENGLISH, whole)
    assert [row[0] for row in table.rows[:-1]] == [grip_name(ENGLISH, g) for g in ACROSS_THE_HAND]
    assert all(row[3].startswith("(") for row in table.rows[:-1])
    assert "too few to judge" in table.note


def test_what_people_wrote_is_text_and_nothing_else(whole: Figures) -> None:
    plan = whole.plan_changes[0].after
    noted = replace(plan, prescription=changed(plan.prescription, note=NASTY))
    spoilt = replace(
        whole,
        nickname=NASTY,
        code=NASTY,
        plan_changes=(replace(whole.plan_changes[0], author=NASTY, after=noted),),
        devices=(Counted(NASTY, 1),),
        goals=((NASTY, None),),
        notes=((FIRST, NASTY, NASTY),),
        outcomes=(replace(whole.outcomes[0], name=NASTY, unit=NASTY),),
    )
    html = to_html(spoilt, ENGLISH)
    assert "<script" not in html
    assert words_of(html).count(NASTY) >= 9
    assert len(to_pdf(spoilt, ENGLISH)) > 10_000, "no mathematics is read into it"


def test_the_page_fetches_nothing(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    for url in re.findall(r"https?://[^\"' <]+", page):
        assert url.startswith(("http://www.w3.org", "http://purl.org", "http://creativecommons"))
    ids = re.findall(r'\bid="([^"]+)"', page)
    own = [one for one in ids if not one.startswith("h")]
    assert len(set(own)) == len(own), "every picture has its own names"


def test_nothing_is_told_by_colour(page: str, paper: bytes) -> None:
    """All that is drawn is a shade between black and white, as good as grey."""
    for colour in re.findall(r"#([0-9a-fA-F]{6})\b", page):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
        assert max(red, green, blue) - min(red, green, blue) <= 16, colour
    shades = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", "\n".join(streams(paper)))
    assert shades
    for shade in shades:
        values = [float(one) for one in shade]
        assert max(values) - min(values) <= 0.07, shade
    looks = [drawing._LOOK[grip] for grip in ACROSS_THE_HAND]
    assert len({look[:2] for look in looks}) == len({look[2] for look in looks}) == len(looks)


@pytest.mark.parametrize("language", ["de", "es"])
def test_the_reader_has_it_in_their_language(whole: Figures, page: str, language: str) -> None:
    words = Words(language)
    translated = to_html(whole, words)
    told = words_of(translated)
    assert f'<html lang="{language}">' in translated
    assert {"de": "Keine Diagnose.", "es": "No es un diagnóstico."}[language] in told
    assert {"de": "3. Mär bis 27. Apr 2025", "es": "3 mar a 27 abr 2025"}[language] in told
    for row in whole.grips:
        assert f"{grip_name(words, row.grip)} {row.asked} {row.hits}" in told
    english = {"Week of", "made on", "targets", "pinches", "early", "Level", "Hand ", "Success"}
    assert [word for word in english if word in words_of(page)], "else this shows nothing"
    assert not [word for word in english if word in told and word not in ("Level", "Hand ")]


def the_longest_of_everything() -> Figures:
    given = material(1, weeks=1)
    last = given.plans[-1]
    longer = " ".join(["a longer explanation of what was changed and why"] * 6)
    plans = [
        *given.plans,
        *(
            KeptPrescription(
                n,
                changed(last.prescription, note=f"{n} {longer}", minutes=n),
                "A. Therapist with a long name",
                last.created_at + timedelta(days=n),
            )
            for n in range(3, 12)
        ),
    ]
    day = given.felt[0].at
    full = replace(
        given,
        patient=replace(PATIENT, code="W" * 32, nickname="W" * 32),
        plans=plans,
        felt=[
            Felt(day + timedelta(days=d), when, 3, 4, True, True, str(d))
            for d in range(40)
            for when in ("before", "after")
        ],
        assessments=[
            Measure(FIRST + timedelta(days=d), kind, hand, 0.5 + d, "/s", input_kind="virtual")
            for kind in ("speed", "dexterity", "tapping", "paced-tapping")
            for hand in ("left", "right")
            for d in range(3)
        ],
        outcomes=[
            Measure(FIRST, name, "left", 12.25, "a long unit", "A. Therapist")
            for name in ("BBT", "9HPT", "grip", "pinch", "ARAT", "FMA-UE", "WMFT", "MAL")
        ],
        notes=[(FIRST, "A. Therapist", longer * 3)] * 5,
        goals=[(longer, None)] * 6,
    )
    return figures(full)


@pytest.fixture(scope="module")
def longest() -> Figures:
    return the_longest_of_everything()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_of_everything_still_fits_two_pages(longest: Figures, language: str) -> None:
    words = Words(language)
    for sheet in sheets(longest, words):
        assert sheet.lowest < FOOT_MM - 1
    (told,) = felt(words, longest).rows[:1]
    assert told[3] == f"{words.tr('sharp')}, {words.tr('new signs')}"
    table = changes(words, longest)
    assert table.note == words.tr("And {more} earlier.", more=len(longest.plan_changes) - 3)
    assert all(len(row[2]) <= MOST_LETTERS for row in table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_lie_on_others_or_off_the_paper(longest: Figures, language: str) -> None:
    import matplotlib

    with matplotlib.rc_context(drawing.STYLE):
        for sheet in sheets(longest, Words(language)):
            foot(sheet)
            assert overlapping(sheet) == []


def overlapping(sheet: Sheet) -> list[tuple[str, str]]:
    """Pairs of words that lie on one another, and words beyond the edge (beside an empty one)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure = sheet.figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    shown = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    # Tick labels beyond the ends of an axis are never drawn, and lie anywhere.
    drawn = set(map(id, shown))
    for ax in figure.axes:
        for axis, ends in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(ends)
            for tick in axis.get_major_ticks():
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9 or not ax.axison:
                    drawn -= {id(tick.label1), id(tick.label2)}
            if not ax.axison:
                drawn.discard(id(axis.label))
    texts = [t for t in shown if id(t) in drawn]
    boxes = [t.get_window_extent(renderer) for t in texts]
    low = np.array([(b.x0, b.y0) for b in boxes])
    high = np.array([(b.x1, b.y1) for b in boxes])
    # A hair's breadth of touching is none: boxes are a little larger than letters.
    hair = 0.4 / 25.4 * figure.dpi
    both = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None]) > hair
    first, second = np.nonzero(np.triu(both.all(axis=2), 1))
    found = [(texts[i].get_text(), texts[j].get_text()) for i, j in zip(first, second, strict=True)]
    edge = 8 / 25.4 * figure.dpi
    width, height = figure.bbox.width, figure.bbox.height
    off = (low < edge).any(axis=1) | (high[:, 0] > width - edge) | (high[:, 1] > height - edge)
    return found + [(texts[i].get_text(), "") for i in np.flatnonzero(off)]
