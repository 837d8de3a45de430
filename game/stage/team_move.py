"""How far a play brought the team: told on the result where patients take turns.

Before and after are of one source: what the whole clinic did must not be taken for what this play
did, when the server is found or lost between the two.
"""

from dataclasses import replace

from game.records.boards import BoardKind, BoardSource
from game.stage.evening import Evening, TeamFill
from game.stage.screens import ResultView
from game.words import plural, tr

LAMPS = 10


def team_fill(evening: Evening) -> TeamFill | None:
    """How far the team is now; None for who is not on the boards, and while there is no team."""
    patient = None if evening.who is None else evening.who.patient
    if patient is None or not patient.on_board or patient.board_hidden:
        return None
    board = evening.services.desk.board(BoardKind.TEAM, patient)
    return None if board.team_fill is None else TeamFill(board.team_fill, board.source)


def before_play(evening: Evening) -> TeamFill | None:
    """How far the team was when the play that is over had not moved it; None if nobody knows.

    What a clinic did while the song was played is none of its doing: so of a clinic it is what its
    server told last, which has not heard of the play yet.
    """
    held = evening.team_fill
    if held is None or held.source is not BoardSource.CLINIC:
        return held
    latest = team_fill(evening)
    return latest if latest is not None and latest.source is held.source else None


def with_team(view: ResultView, before: TeamFill, now: TeamFill) -> ResultView:
    """``view`` with the way of the team from ``before`` to ``now``, of one source."""
    lit = round(now.fill * LAMPS)
    if now.source is BoardSource.STATION:
        words = plural("{lit} of {n} lamp lit here", "{lit} of {n} lamps lit here", LAMPS, lit=lit)
    else:
        words = plural("{lit} of {n} lamp lit", "{lit} of {n} lamps lit", LAMPS, lit=lit)
    if lit >= LAMPS:
        below = tr("Every lamp is lit")
    elif lit > round(before.fill * LAMPS):
        below = tr("You lit a lamp.")
    elif now.fill > before.fill:
        below = tr("The next lamp is nearer.")
    else:
        below = plural("{n} more by Sunday", "{n} more by Sunday", LAMPS - lit)
    return replace(
        view,
        team=words,
        team_words=below,
        team_before=before.fill,
        team_now=max(before.fill, now.fill),
    )
