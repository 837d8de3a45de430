import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.identifiers import identifier_prefix, milliseconds_of, new_identifier

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(at=MOMENTS, entropy=st.binary(min_size=10, max_size=10))
def test_an_identifier_is_a_uuid_of_version_7(at: datetime, entropy: bytes) -> None:
    identifier = new_identifier(at, entropy)
    read = uuid.UUID(identifier)
    assert str(read) == identifier
    assert read.version == 7
    assert read.variant == uuid.RFC_4122
    assert abs(milliseconds_of(identifier) - at.timestamp() * 1000) <= 1


def test_the_example_of_the_standard() -> None:
    # RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert new_identifier(at, random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(at=MOMENTS, later=st.integers(1, 10**9))
def test_what_is_made_later_sorts_later(at: datetime, later: int) -> None:
    first = new_identifier(at, b"\xff" * 10)
    second = new_identifier(at + timedelta(milliseconds=later + 1), b"\0" * 10)
    assert first < second


def test_no_two_are_alike() -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    assert len({new_identifier(at) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("at", "entropy"),
    [
        (datetime(2025, 1, 1), None),
        (datetime(1960, 1, 1, tzinfo=UTC), None),
        (datetime(2025, 1, 1, tzinfo=UTC), b"short"),
    ],
)
def test_what_cannot_be_an_identifier_is_refused(at: datetime, entropy: bytes | None) -> None:
    with pytest.raises(ValueError):
        new_identifier(at, entropy)


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("017f22e2", "017f22e2"),
        ("017F22E279", "017f22e2-79"),
        ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
        (" 017f22e279b07cc3 ", "017f22e2-79b0-7cc3"),
        ("", None),
        ("-", None),
        ("play 3", None),
        ("0" * 33, None),
        ("%", None),
    ],
)
def test_the_beginning_of_an_identifier_as_people_type_it(typed: str, prefix: str | None) -> None:
    assert identifier_prefix(typed) == prefix
