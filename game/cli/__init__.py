"""The command line: the only place that wires everything together.

Bad input, whatever it is, ends in one line on standard error and exit code 2.
"""

import sys
from collections.abc import Sequence

from typer.exceptions import TyperException

from game.cli.common import UserError, bad_input_errors

__all__ = ["UserError", "main"]


def main(argv: Sequence[str] | None = None) -> None:
    """Run ``griptune`` with ``argv`` (default: the process's arguments) and exit."""
    from game.cli.app import app

    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = app(arguments, standalone_mode=False)
    except TyperException as error:
        _refuse(error.format_message() if hasattr(error, "format_message") else str(error))
    except bad_input_errors() as error:
        _refuse(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(sentence: str) -> None:
    line = " ".join(sentence.split())
    print(f"griptune: {line}", file=sys.stderr)
    sys.exit(2)
