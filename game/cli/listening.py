"""What lists of songs know of somebody."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from game.music.library import Entry
from game.music.library.lists import Listener, keys_of, played_by_key
from game.records.boards import Week
from game.records.patients import Patient
from game.records.store import Store
from game.therapy.difficulty import DifficultyState


def listener_of(
    store: Store, songs: Sequence[Entry], patient: Patient, hand: str, input_kind: str, today: date
) -> Listener:
    """What the records know of ``patient`` that lists of ``songs`` need; best scores are those of
    the present week."""
    document = store.difficulty_state(patient.code, hand, input_kind)
    level = None
    if document is not None:
        # One that cannot be read is told when a song is chosen; the list is no place for it.
        with suppress(ValueError):
            level = DifficultyState.from_dict(document).rate
    monday = Week.of(today).first_day
    return Listener(
        name=patient.id,
        level=level,
        played=played_by_key(songs, store.played_songs(patient.code, monday)),
        favourites=frozenset(keys_of(songs, store.favourites(patient.code))),
    )
