"""``griptune patient explain``: why the difficulty is what it is, in words."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from game.cli.common import DataOption, JsonOption, UserError, data_folder, print_json

if TYPE_CHECKING:
    from game.records.store import Store
    from game.therapy.explain import Explanation


def explain(
    code: Annotated[str, typer.Argument(help="The patient's code.")],
    hand: Annotated[str | None, typer.Option(help="Only this hand: left or right.")] = None,
    input_kind: Annotated[
        str | None, typer.Option("--input", help="Only this kind of input: glove, keyboard …")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in words why the difficulty is what it is."""
    from game.cli.keeping import now_here, open_records
    from game.cli.prescribing import login
    from game.therapy.explain import input_words

    if hand not in (None, "left", "right"):
        raise UserError(f"--hand is left or right, not “{hand}”")
    with open_records(data_folder(data)) as store:
        patient = store.patient(code)
        found = explanations(store, patient.code, now_here().date())
        store.audit(login(), "view", "difficulty", code)
    chosen = [
        one for one in found if hand in (None, one.hand) and input_kind in (None, one.input_kind)
    ]
    if found and not chosen:
        there = ", ".join(
            f"the {one.hand} hand with the {input_words(one.input_kind)}" for one in found
        )
        raise UserError(f"nothing is kept of that for {patient.code}; there is {there}")
    if as_json:
        documents = [one.document() for one in chosen]
        print_json({"patient": patient.code, "explanations": documents})
        return
    for number, one in enumerate(chosen):
        if number:
            print()
        for sentence in one.sentences:
            print(sentence)


def explanations(store: "Store", code: str, today: date) -> "list[Explanation]":
    """Why the difficulty is what it is, for each hand and kind of input that is known.

    Of somebody who never played, the hand in therapy with the glove. Raises UserError if what is
    kept cannot be read.
    """
    from game.therapy.difficulty import DifficultyState, Limits
    from game.therapy.explain import Step, explain_difficulty

    kept = store.prescription(code)
    plan = None if kept is None else kept.prescription
    limits = Limits() if plan is None else plan.limits(today)
    first_week = plan is not None and plan.start <= today < plan.start + timedelta(weeks=1)
    changes = list(reversed(store.difficulty_changes(code)))
    kinds = list(dict.fromkeys((c.hand, c.input_kind) for c in reversed(changes)))
    found = []
    for hand, kind in kinds or [(store.patient(code).hand, "glove")]:
        document = store.difficulty_state(code, hand, kind)
        try:
            state = None if document is None else DifficultyState.from_dict(document)
        except ValueError as error:
            raise UserError(f"the difficulty kept for {code} cannot be read: {error}") from error
        steps = [
            Step(
                c.changed_at.astimezone().date(),
                c.change.reason,
                c.change.before,
                c.change.after,
                c.change.evidence,
            )
            for c in changes
            if (c.hand, c.input_kind) == (hand, kind)
        ]
        found.append(explain_difficulty(hand, kind, state, limits, steps, first_week=first_week))
    return found
