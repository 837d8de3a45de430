"""The report as one HTML file: no script, nothing fetched, the pictures inside as SVG.

It prints on two A4 pages. The same figures give the same bytes.
"""

import re
from functools import cache
from io import StringIO
from typing import Any

from game.core.say import Language
from game.records.report import heading, noted_tables, practice_tables
from game.records.report.drawing import PICTURES, STYLE
from game.records.report.figures import Figures

_TEMPLATE = "report.html.jinja"


def to_html(figures: Figures, words: Language) -> str:
    """The report as a page in that language."""
    return str(
        _template().render(
            figures=figures,
            words=words,
            tr=words.tr,
            heading=heading,
            practice=practice_tables,
            noted=noted_tables,
            pictures=_pictures(figures, words),
        )
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("game.records.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE)


def _pictures(figures: Figures, words: Language) -> dict[str, Any]:
    """Every picture as SVG, marked as safe: what is written in it matplotlib has escaped."""
    import matplotlib
    from markupsafe import Markup

    with matplotlib.rc_context(STYLE):
        return {name: Markup(_svg(name, figures, words)) for name in PICTURES}


def _svg(name: str, figures: Figures, words: Language) -> str:
    from matplotlib.figure import Figure

    picture = PICTURES[name]
    # Each picture has its own names for clips and hatches: one page holds them all.
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": f"griptune {name}"}):
        figure = Figure(figsize=(picture.width_mm / 25.4, picture.height_mm / 25.4))
        figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02)
        picture.draw(figure.add_subplot(), figures, words)
        out = StringIO()
        figure.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
        )
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    # Ids such as ``text_1`` are made per file; in one page they must differ from each other.
    svg = re.sub(r'(id="|href="#|url\(#)(?!h)', rf"\1{name}-", svg)
    opening = f'<svg role="img" aria-label="{words.tr(picture.says)}" class="picture" '
    return svg.replace("<svg ", opening, 1)
