"""What goes wrong outside: a port, a script or a glove specification that cannot be used."""


class GloveError(Exception):
    """Bad input from outside. ``str(error)`` is one sentence: what, where, and what to do."""


class NoGloveError(GloveError):
    """Ports were looked at, but no glove spoke there."""
