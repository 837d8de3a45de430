"""Wire bytes for the tests, built with the one-message encoder."""

from firmware_bridge import protocol
from firmware_bridge.protocol import Hello, State


def hello(
    *,
    nonce: int = 7,
    epoch: int = 0,
    history: int = 8,
    hop: int = 4,
    scan_hz: int = 4_000,
    version: int = 1,
    serial_number: bytes = b"GLOVE001",
) -> bytes:
    message = Hello(version, 0, 1, 5, history, hop, epoch, 1, 0, scan_hz, nonce, serial_number)
    return protocol.frame(protocol.encode(message))


def state(sequence: int, device_us: int, masks: bytes = bytes(8), *, flags: int = 0) -> bytes:
    message = State(sequence % 2**16, device_us % 2**32, flags, masks)
    return protocol.frame(protocol.encode(message))


def states(
    count: int, *, first: int = 0, start_us: int = 1_000_000, step_us: int = 1_000, mask: int = 0
) -> bytes:
    return b"".join(
        state(first + n, start_us + n * step_us, bytes([mask]) * 8) for n in range(count)
    )
