"""Errors that become answers."""

from game.records.errors import RecordsError


class ClinicError(RecordsError):
    """Something the clinic's server cannot do as it was asked; the message is one sentence."""


class RefusedError(Exception):
    """A request that is answered with ``status`` and one sentence, and nothing is done."""

    def __init__(self, status: int, sentence: str, retry_after_s: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after_s = retry_after_s
