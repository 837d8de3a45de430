"""The host's clock: monotonic, in microseconds."""

from time import perf_counter_ns


def host_us() -> int:
    """Now, in int64 microseconds of the host's monotonic performance counter."""
    return perf_counter_ns() // 1000
