"""The list of patients: who is on track, who needs a look, and why."""

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.lately import everybody_lately
from game.clinic.triage import kept_days, planned_days, reasons
from game.clinic.triage_words import reason_words
from game.clinic.visit import Visit


def page(visit: Visit) -> Response:
    """Everybody, those who need a look first."""
    today = visit.clinic.today
    rows = []
    for one in everybody_lately(visit.clinic.store, today):
        found = reasons(one.lately, today)
        rows.append(
            {
                "patient": one.patient,
                "last_played": one.last_played,
                "reasons": [reason_words(reason, visit.words) for reason in found],
                "kept": kept_days(one.lately, today),
                "planned": planned_days(one.lately, today),
            }
        )
    rows.sort(key=lambda row: not row["reasons"])
    note(visit.clinic, visit.account.name, "view", "the list of patients")
    return visit.show("patients.html", rows=rows)
