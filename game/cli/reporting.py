"""``griptune report`` and ``griptune note``: what a clinic files about a patient's practice."""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from game import __version__
from game.cli.common import (
    DataOption,
    JsonOption,
    UserError,
    data_folder,
    known_language,
    print_json,
)
from game.words import Words, best_language

if TYPE_CHECKING:
    from game.records.report.figures import Figures
    from game.records.store import Store

LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language", "--lang", help="en, es or de; default: that of the settings, else of LANG."
    ),
]

#: Of a longer time the pictures, a bar for each week, show nothing and take for ever.
_LONGEST = timedelta(days=3653)

_WRITTEN = {".pdf": "PDF", ".html": "HTML", ".htm": "HTML"}


def report(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    out: Annotated[
        Path, typer.Option("--out", help="The report to write: a name ending in .pdf or .html.")
    ],
    first: Annotated[
        str | None, typer.Option("--from", help="First day, as 2026-03-02; default: 8 weeks ago.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day; default: today.")] = None,
    hand: Annotated[
        str | None, typer.Option(help="Of which hand; default: the one that trains.")
    ] = None,
    language: LanguageOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a patient's progress report: two pages, to print or to send."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login

    kind_of(out)
    since, until = _day("--from", first), _day("--to", last)
    if since is not None and until is not None and since > until:
        raise UserError(f"--from ({since}) lies after --to ({until})")
    if hand is not None and hand not in ("left", "right"):
        raise UserError(f"--hand is left or right, not “{hand}”")
    known_language(language)
    with open_records(data_folder(data)) as store:
        found = figures_of(store, code, first=since, last=until, hand=hand)
        write_report(found, out, words_of(data_folder(data), language))
        store.audit(login(), "export", f"report as {kind_of(out)}", code)
    if as_json:
        print_json(_document(found, out))
    else:
        from game.records.report.heading import period

        when = period(Words("en"), found)
        print(f"{out}: {found.code}, {when}, {found.counted} counted grips.")


def note(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    day: Annotated[
        str | None, typer.Option("--day", help="Of which day; default: the last with play.")
    ] = None,
    language: LanguageOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print six lines about a patient's last session, to paste into the records."""
    from game.cli.keeping import open_records
    from game.cli.prescribing import login
    from game.records.session_notes import note_lines

    wanted = _day("--day", day)
    words = words_of(data_folder(data), language)
    with open_records(data_folder(data)) as store:
        lines = [words.tr(line) for line in note_lines(store, code, wanted)]
        store.audit(login(), "view", "session note", code)
    if as_json:
        print_json({"lines": lines})
    else:
        print("\n".join(lines))


def words_of(data: Path, language: str | None) -> Words:
    """The reader's language: as asked, else as in the settings, else the computer's own.

    Raises UserError for a language that there is not.
    """
    from game.cli.settings import read_settings

    known_language(language)
    wanted = language or read_settings(data).display.language
    posix = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Words(best_language([wanted or next(filter(None, posix), "")]))


def kind_of(path: Path) -> str:
    """How the report at ``path`` is written. Raises UserError for other endings."""
    try:
        return _WRITTEN[path.suffix.lower()]
    except KeyError:
        raise UserError(
            f"a report is written as .pdf or .html: “{path.name}” ends in neither"
        ) from None


def figures_of(
    store: "Store",
    code: str,
    *,
    first: date | None = None,
    last: date | None = None,
    hand: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> "Figures":
    """The figures of a patient's report. Raises UserError for days that cannot be."""
    from game.records.report.figures import figures
    from game.records.report.gather import gather

    today = store.clock().astimezone().date()
    if first is not None and (last or today) - first > _LONGEST:
        raise UserError(f"a report covers ten years at most: {first} to {last or today} is longer")
    if first is not None and first > (last or today):
        raise UserError(f"the report would end ({last or today}) before it begins ({first})")
    material = gather(
        store, code, first=first, last=last, hand=hand, software=__version__, progress=progress
    )
    return figures(material)


def write_report(found: "Figures", path: Path, words: Words) -> None:
    """Write the report in that language, whole or not at all.

    Raises RecordsError if it cannot be written, UserError for an ending that says nothing.
    """
    from game.records.export.sink import whole_file

    if kind_of(path) == "PDF":
        from game.records.report.pdf import to_pdf

        content = to_pdf(found, words)
    else:
        from game.records.report.html import to_html

        content = to_html(found, words).encode("utf-8")
    with whole_file(path) as out:
        out.write(content)


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UserError(f"{name} is a day such as 2026-03-02, not “{text}”") from None


def _document(found: "Figures", out: Path) -> dict[str, Any]:
    overall = found.overall
    return {
        "file": str(out),
        "patient": found.code,
        "hand": found.hand,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "plays": overall.plays,
        "minutes": round(found.minutes, 1),
        "counted": found.counted,
        "repetitions": found.repetitions,
        "asked": overall.asked,
        "hits": overall.hits,
        "asynchrony_ms": {
            "plays": overall.timed_plays,
            "median": overall.timing.median,
            "mean": overall.timing.mean,
            "sd": overall.timing.sd,
        },
        "grips": {
            row.grip.label: {
                "presented": row.asked,
                "hits": row.hits,
                "counted": row.counted,
                "repetitions": row.repetitions,
            }
            for row in found.grips
        },
    }
