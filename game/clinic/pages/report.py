"""A patient's report: its pictures for the page, the whole of it to keep, and an export."""

import os
import tempfile
import threading
from collections import OrderedDict
from io import BytesIO
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, HTMLResponse, Response

from game.clinic.audit_trail import note
from game.clinic.pages.patient import SHOWN, patient_of
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit
from game.core.say import mark
from game.records.report.figures import Figures, figures
from game.records.report.gather import gather
from game.words import Words

#: Drawn one at a time: the library that draws is not made for threads.
_drawing = threading.Lock()

#: Pictures that were drawn lately, by patient, day, how many plays there were, and language.
_drawn: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
_MOST_DRAWN = 64
_DOTS_PER_INCH = 144

#: The report is one page with its style inside, and nothing else: no script, nothing fetched.
_OF_THE_REPORT = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups"
)


def picture(visit: Visit) -> Response:
    """One picture of the report, as PNG."""
    patient = patient_of(visit)
    name = visit.path("name")
    if name not in SHOWN:
        raise RefusedError(404, mark("There is no such page."))
    store = visit.clinic.store
    plays, language = str(store.count_plays(patient.code)), visit.words.language
    mark_ = (patient.id, name, str(visit.clinic.today), plays, language)
    with _drawing:
        content = _drawn.get(mark_)
        if content is None:
            content = _png(name, _figures(visit, patient.code), visit.words)
            _drawn[mark_] = content
            while len(_drawn) > _MOST_DRAWN:
                _drawn.popitem(last=False)
    return Response(content, media_type="image/png")


def whole(visit: Visit) -> Response:
    """The report as a page, to read and to print."""
    from game.records.report.html import to_html

    patient = patient_of(visit)
    with _drawing:
        page = to_html(_figures(visit, patient.code), visit.words)
    note(visit.clinic, visit.account.name, "view", "report", patient.code)
    return HTMLResponse(page, headers={"Content-Security-Policy": _OF_THE_REPORT})


def pdf(visit: Visit) -> Response:
    """The report as a file."""
    from game.records.report.pdf import to_pdf

    patient = patient_of(visit)
    with _drawing:
        content = to_pdf(_figures(visit, patient.code), visit.words)
    note(visit.clinic, visit.account.name, "export", "report as PDF", patient.code)
    # The name of a file ends up in lists of downloads: it names nobody.
    headers = {"Content-Disposition": 'attachment; filename="griptune-report.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def export(visit: Visit) -> Response:
    """Everything that is kept of a patient, as JSON that another Griptune reads."""
    from game.records.export.json_file import write_json

    patient = patient_of(visit)
    handle, name = tempfile.mkstemp(prefix="griptune-export-", suffix=".json")
    os.close(handle)
    path = Path(name)
    path.unlink()
    write_json(visit.clinic.store, path, [patient.code], software=visit.clinic.serving.version)
    note(visit.clinic, visit.account.name, "export", "all records as JSON", patient.code)
    return FileResponse(
        path,
        filename="griptune-export.json",
        media_type="application/json",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _figures(visit: Visit, code: str) -> Figures:
    return figures(gather(visit.clinic.store, code, software=visit.clinic.serving.version))


def _png(name: str, found: Figures, words: Words) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    from game.records.report.drawing import PICTURES, STYLE

    shown = PICTURES[name]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(shown.width_mm / 25.4, shown.height_mm / 25.4))
        figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02)
        shown.draw(figure.add_subplot(), found, words)
        out = BytesIO()
        figure.savefig(out, format="png", dpi=_DOTS_PER_INCH, facecolor="white")
    return out.getvalue()
