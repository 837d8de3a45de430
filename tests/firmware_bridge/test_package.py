"""Importing costs nothing, and warming compiles every kernel."""

import subprocess
import sys


def test_importing_the_package_loads_no_kernels_and_nothing_of_the_game() -> None:
    program = (
        "import sys, firmware_bridge; "
        "assert not {'numba', 'serial', 'numpy', 'game'} & set(sys.modules); "
        "from firmware_bridge import Glove, parse_spec; "
        "assert 'game' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_after_warming_nothing_is_compiled_any_more() -> None:
    program = """
import firmware_bridge
firmware_bridge.warm_up()
from firmware_bridge import contacts, device_clock, encoder, frames
from firmware_bridge.glove import Glove
kernels = [frames._decode_runs, contacts._detect, device_clock._gather, device_clock._fit_line,
           encoder.encode_states]
before = [k.signatures for k in kernels]
assert all(len(s) == 1 for s in before), before
now = 0
glove = Glove.open("virtual:steady", clock=lambda: now, lockstep=True)
for now in range(0, 3_000_000, 50_000):
    glove.poll()
assert [k.signatures for k in kernels] == before
"""
    subprocess.run([sys.executable, "-c", program], check=True)
