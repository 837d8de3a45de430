"""``griptune glove``: what is attached, and a virtual glove for others to open."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from game.cli.common import JsonOption, print_json, within
from game.core import GRIPS

app = typer.Typer(help="Gloves: list them, simulate one.", no_args_is_help=True)


@app.command("list")
def list_gloves(as_json: JsonOption = False) -> None:
    """List the serial ports a glove could be on."""
    from firmware_bridge.ports import usb_ports

    found = usb_ports()
    if as_json:
        print_json(
            [
                {
                    "spec": f"serial:{p.path}",
                    "what": p.description,
                    "serial_number": p.serial_number,
                }
                for p in found
            ]
        )
        return
    for port in found:
        print(f"serial:{port.path:<24} {port.description}")
    if not found:
        print("No serial port found. Is the glove plugged in? The keyboard plays too.")


@app.command("simulate")
def simulate(
    link: Annotated[Path, typer.Option("--link", help="Where the glove's port shall appear.")],
    success: Annotated[float, typer.Option(help="Share of cues that are answered, 0 to 1.")] = 1.0,
    jitter_ms: Annotated[
        float, typer.Option(help="Spread of the time from cue to pinch, ms.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of what is random.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Offer a virtual glove on a serial port, until Ctrl-C; it pinches when it is cued."""
    from firmware_bridge.simulator import simulate as be_a_glove

    within("--success", success, 0, 1)
    within("--jitter-ms", jitter_ms, 0, 1000)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())

    def started(_: str) -> None:
        print(f"A virtual glove is on serial:{link}. Ctrl-C ends it.", file=sys.stderr, flush=True)

    sent = be_a_glove(link, stop, seed=seed, success=success, jitter_ms=jitter_ms, started=started)
    by_name = {grip.label: int(sent[grip]) for grip in GRIPS}
    if as_json:
        print_json({"presses": by_name, "total": sum(by_name.values())})
    else:
        print("presses sent: " + ", ".join(f"{name} {n}" for name, n in by_name.items()))
