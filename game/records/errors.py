"""What is said to a person when the records cannot do what was asked."""


class RecordsError(Exception):
    """Bad input from outside, or records that cannot be read or written.

    ``str(error)`` is one sentence: what, where, and what to do next.
    """
