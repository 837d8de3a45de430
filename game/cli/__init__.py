"""The command line: the only place that wires everything together.

Bad input, whatever it is, ends in one line on standard error and exit code 2.
"""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> None:
    """Run ``griptune`` with ``argv`` (default: the process's arguments) and exit."""
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    # Imported here, so that Ctrl-C while a module loads is no traceback either.
    from typer.exceptions import TyperException

    from game.cli.app import app
    from game.cli.common import ProgramError, bad_input_errors

    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            # A console that lacks a letter shows a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        code = app(arguments, standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except TyperException as error:
        return _refuse(error.format_message() if hasattr(error, "format_message") else str(error))
    except bad_input_errors() as error:
        return _refuse(str(error))
    except ProgramError as error:
        _refuse(str(error))
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.filename is not None:
            return _refuse(f"{error.filename} cannot be used: {error.strerror}")
        _forget_output()
        return _refuse(f"the answer could not be written: {error.strerror}")
    return code if isinstance(code, int) else 0


def _forget_output() -> None:
    """Let go of a standard output that takes nothing, so that nothing is flushed to it at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _refuse(sentence: str) -> int:
    from game.cli.common import one_line

    print(f"griptune: {one_line(sentence)}", file=sys.stderr)
    return 2
