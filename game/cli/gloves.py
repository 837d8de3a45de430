"""Opening the glove that a ``--glove`` spec names, with the patient model it may need."""

from collections.abc import Callable
from typing import cast

from firmware_bridge.glove import Glove, host_clock, parse_spec, steady_actor
from firmware_bridge.recording import Recorder
from firmware_bridge.spec import whole_number
from firmware_bridge.virtual import Actor
from game.cli.common import UserError


def open_glove(
    spec: str,
    *,
    seed: int,
    play: int = 0,
    clock: Callable[[], int] | None = None,
    lockstep: bool = False,
    recorder: Recorder | None = None,
) -> Glove:
    """The glove ``spec`` names.

    ``seed`` is the play's own and is mixed with the glove's, so that either alone makes another
    performance. ``play`` counts the patient's earlier plays: a virtual patient learns.
    ``recorder`` is told all that is said on the wire.
    """
    parsed = parse_spec(spec)
    actor: Actor | None = None
    if parsed.kind == "virtual" and parsed.name == "patient":
        from game.therapy.simulated import patient_from_params

        try:
            # Unless the spec says which of their plays it is, it is the next one.
            params = {"play": str(play), **parsed.params}
            params.pop("fault", None)  # the glove's, not the patient's
            # Its contacts have the bridge's fields, but therapy may not import the bridge's type.
            actor = cast(Actor, patient_from_params(params, play_seed=seed))
        except ValueError as error:
            raise UserError(str(error)) from error
    elif parsed.kind == "virtual" and parsed.name == "steady":
        own = whole_number(parsed.params, "seed", 0, 0, 2**63 - 1)
        actor = steady_actor(parsed, [own, seed])
    return Glove.open(spec, actor, clock=clock or host_clock, lockstep=lockstep, recorder=recorder)
