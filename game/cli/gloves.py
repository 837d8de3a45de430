"""Opening the glove that a ``--glove`` spec names, with the patient model it may need."""

from collections.abc import Callable

from firmware_bridge.glove import Glove, parse_spec
from game.cli.common import UserError


def open_glove(
    spec: str,
    *,
    seed: int,
    play: int = 0,
    clock: Callable[[], int] | None = None,
    lockstep: bool = False,
) -> Glove:
    """The glove ``spec`` names.

    ``seed`` is the play's own and is mixed with the glove's, so that either alone makes another
    performance. ``play`` counts the patient's earlier plays: a virtual patient learns.
    """
    parsed = parse_spec(spec)
    actor = None
    if parsed.kind == "virtual" and parsed.name == "patient":
        from game.therapy.simulated import patient_from_params

        try:
            actor = patient_from_params(parsed.params, play_seed=seed, play=play)
        except ValueError as error:
            raise UserError(str(error)) from error
    elif parsed.kind == "virtual" and parsed.name == "steady":
        from firmware_bridge.virtual import steady_from_params

        actor = steady_from_params(parsed.params, play_seed=seed)
    options = {} if clock is None else {"clock": clock}
    return Glove.open(spec, actor, lockstep=lockstep, **options)
