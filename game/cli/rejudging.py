"""``griptune rejudge``: what the present rules make of old plays."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from game import __version__
from game.cli.common import DataOption, JsonOption, data_folder, print_json

if TYPE_CHECKING:
    from game.records.rejudging import Outcome, Rejudged

#: So many plays are listed; the rest are counted.
_MOST_LISTED = 20


def rejudge(
    code: Annotated[
        str | None, typer.Argument(help="Only this patient's plays; default: all plays.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only show what would change; write nothing.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge old plays with the present rules. New results stand beside the old, never over them."""
    from game.cli.exporting import progress_bar
    from game.cli.keeping import open_records
    from game.records.rejudging import rejudge as judge_again

    with open_records(data_folder(data)) as store, progress_bar("Judging", as_json) as progress:
        outcome = judge_again(store, code, software=__version__, write=not check, progress=progress)
    if as_json:
        print_json(_document(outcome, check))
    else:
        _tell(outcome, check)


def _tell(outcome: "Outcome", check: bool) -> None:
    changed = outcome.changed
    print(f"{outcome.plays} plays judged again, {len(changed)} come out otherwise.")
    for one in changed[:_MOST_LISTED]:
        play = one.play
        told = ", ".join(f"{name} {_shown(a)} → {_shown(b)}" for name, (a, b) in _main(one))
        print(f"{play.id}  {play.started_at:%Y-%m-%d %H:%M}  {play.song_title}: {told}")
    if len(changed) > _MOST_LISTED:
        print(f"… and {len(changed) - _MOST_LISTED} more; --json lists all.")
    new = sum(one.new for one in changed)
    if changed and not check:
        print(f"{new} new results are kept beside the old ones.")


def _main(one: "Rejudged") -> list[tuple[str, tuple[Any, Any]]]:
    """The changes of the whole play; of single grips if there are no others."""
    whole = [(name, pair) for name, pair in one.changes.items() if not _of_grip(name)]
    return whole or list(one.changes.items())


def _of_grip(name: str) -> bool:
    return name.split("_")[0] in ("index", "middle", "ring", "little", "key")


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _document(outcome: "Outcome", check: bool) -> dict[str, Any]:
    return {
        "plays": outcome.plays,
        "written": 0 if check else sum(one.new for one in outcome.changed),
        "changed": [
            {
                "play_id": one.play.id,
                "changes": {name: list(pair) for name, pair in one.changes.items()},
            }
            for one in outcome.changed
        ],
    }
