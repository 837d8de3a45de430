import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from game.core.data import EDGE, TARGET
from game.records import blobs

ARRAYS = st.one_of(
    hnp.arrays(EDGE, hnp.array_shapes(max_dims=1, min_side=0)),
    hnp.arrays(TARGET, hnp.array_shapes(max_dims=1, min_side=0)),
    hnp.arrays("i8", hnp.array_shapes(max_dims=3, min_side=0)),
    hnp.arrays(">f4", hnp.array_shapes(max_dims=2)),
    hnp.arrays("?", hnp.array_shapes(max_dims=1)),
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(arrays=st.dictionaries(st.text(max_size=8), ARRAYS, max_size=4), document=DOCUMENTS)
def test_arrays_and_document_come_back_byte_for_byte(
    arrays: dict[str, np.ndarray], document: Any
) -> None:
    back, back_document = blobs.decode(blobs.encode(arrays, document))
    assert back_document == document
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype.newbyteorder("=")
        assert back[name].shape == array.shape
        assert back[name].tobytes() == array.astype(array.dtype.newbyteorder("=")).tobytes()
        assert back[name].flags.writeable
    assert blobs.digest(back, back_document) == blobs.digest(arrays, document)


def test_a_slice_of_a_larger_array_is_kept_as_what_it_shows() -> None:
    rows = np.zeros(10, EDGE)
    rows["time_us"] = np.arange(10)
    back, _ = blobs.decode(blobs.encode({"edges": rows[::-3]}))
    assert back["edges"]["time_us"].tolist() == [9, 6, 3, 0]


def test_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="numbers and booleans"):
        blobs.encode({"objects": np.array([object()])})


@given(position=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_a_damaged_block_is_refused_or_unchanged(position: int, flip: int) -> None:
    arrays = {"edges": np.arange(100, dtype="i8")}
    block = bytearray(blobs.encode(arrays, {"a": 1}))
    block[position % len(block)] ^= flip
    try:
        back, document = blobs.decode(bytes(block))
    except ValueError:
        return
    assert blobs.digest(back, document) == blobs.digest(arrays, {"a": 1})


def packed(payload: bytes) -> bytes:
    return b"GRIPTUNE\x01" + zlib.compress(payload)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"GRIPTUNE\x02" + zlib.compress(b"later"),
        b"\x80\x04pickle",
        blobs.encode({"a": np.zeros(9)})[:-3],
        blobs.encode({"a": np.zeros(9)}) + b"more",
        packed(b""),
        packed(b"\xff\xff\xff\xff"),
        packed(b"\x02\0\0\0{}"),
        packed(b"\x02\0\0\0[]"),
        packed(b'\x2e\0\0\0{"arrays":[["a","<i8",[9]]],"document":null   }'),
        packed(b'\x2e\0\0\0{"arrays":[["a","|O",[0]]],"document":null    }'),
        packed(b'\x2e\0\0\0{"arrays":[["a","<i8",[-1]]],"document":null  }'),
        packed(b'\x2e\0\0\0{"arrays":[["a","<i8",["x"]]],"document":null }'),
    ],
)
def test_what_is_no_block_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError):
        blobs.decode(block)


def test_a_block_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="damaged"):
        blobs.decode(packed(bytes(2000)))
