"""What can go wrong on the stage through no fault of the program."""


class StageError(Exception):
    """Something the stage needs is missing or unusable; ``str(error)`` is one clear sentence."""
