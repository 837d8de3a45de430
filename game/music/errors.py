"""What is wrong with a file that came from outside."""


class MusicError(Exception):
    """A song that cannot be read or played. ``str(error)`` is one sentence that names the file."""
