"""How far a play brought the team: told on the result where patients take turns."""

from dataclasses import replace

from game.records.boards import BoardKind
from game.stage.evening import Evening
from game.stage.screens import ResultView
from game.words import plural, tr

LAMPS = 10


def team_fill(evening: Evening) -> float | None:
    """How far the team is now, 0 to 1; None for who is not on the boards, and while there is no
    team."""
    patient = None if evening.who is None else evening.who.patient
    if patient is None or not patient.on_board or patient.board_hidden:
        return None
    return evening.services.desk.board(BoardKind.TEAM, patient).team_fill


def with_team(view: ResultView, before: float, now: float) -> ResultView:
    """``view`` with the way of the team from ``before`` to ``now``, each 0 to 1."""
    lit = round(now * LAMPS)
    words = plural("{lit} of {n} lamp lit", "{lit} of {n} lamps lit", LAMPS, lit=lit)
    if lit >= LAMPS:
        below = tr("Every lamp is lit")
    elif lit > round(before * LAMPS):
        below = tr("You lit a lamp.")
    elif now > before:
        below = tr("The next lamp is nearer.")
    else:
        below = plural("{n} more by Sunday", "{n} more by Sunday", LAMPS - lit)
    return replace(
        view, team=words, team_words=below, team_before=before, team_now=max(before, now)
    )
