"""Do one thing in a process of its own, which may die of it."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from game.music.errors import MusicError
from game.music.processes import start

_Result = TypeVar("_Result")

#: How often a wait looks whether it was called off.
_LOOK_S = 0.1


class CalledOffError(Exception):
    """The work was called off before it was done."""


def apart(
    function: Callable[..., _Result],
    *arguments: Any,
    what: str,
    longest_s: float,
    stop: threading.Event,
) -> _Result:
    """``function(*arguments)``, which must be importable, computed in a new process.

    ``what`` names the thing in errors. Raises what the function raises if that is a MusicError,
    MusicError if it raises anything else, dies or takes longer than ``longest_s``, and
    CalledOffError once ``stop`` is set.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, function, arguments), daemon=True)
    start(process)
    theirs.close()
    try:
        waited = 0.0
        while not ours.poll(_LOOK_S):
            waited += _LOOK_S
            if stop.is_set():
                raise CalledOffError
            if waited > longest_s:
                raise MusicError(f"{what}: reading it took over {longest_s:.0f} s; it is broken.")
        fine, value = ours.recv()
    except EOFError:
        raise MusicError(f"{what}: reading it ended in a crash; the file is broken.") from None
    finally:
        ours.close()
        process.kill()
        process.join()
        process.close()
    if not fine:
        raise MusicError(value)
    result: _Result = value
    return result


def _answer(pipe: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends us
    # C libraries complain about broken files on the terminal; what matters goes up the pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        answer = (True, function(*arguments))
    except MusicError as error:
        answer = (False, str(error))
    except OSError as error:
        answer = (False, f"{error.filename or 'the disk'}: {error.strerror or error}.")
    except Exception as error:
        answer = (False, f"{type(error).__name__}: {error}")
    pipe.send(answer)
