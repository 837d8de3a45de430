"""``griptune glove``: what is attached, and a virtual glove for others to open."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from game.cli.common import JsonOption, UserError, print_json, within
from game.core import GRIPS

app = typer.Typer(help="Gloves: list them, simulate one.", no_args_is_help=True)


@app.command("list")
def list_gloves(as_json: JsonOption = False) -> None:
    """List the serial ports a glove could be on."""
    from firmware_bridge.link import ports

    found = ports()
    if as_json:
        print_json([{"spec": f"serial:{p.device}", "what": p.description} for p in found])
        return
    for port in found:
        print(f"serial:{port.device:<24} {port.description}")
    if not found:
        print("No serial port found. Is the glove plugged in? The keyboard plays too.")


@app.command("simulate")
def simulate(
    link: Annotated[Path, typer.Option("--link", help="Where the glove's port shall appear.")],
    success: Annotated[float, typer.Option(help="Share of cues that are answered, 0 to 1.")] = 1.0,
    delay_ms: Annotated[float, typer.Option(help="From cue to pinch, ms.")] = 0.0,
    jitter_ms: Annotated[float, typer.Option(help="Spread of that delay, ms.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of what is random.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Offer a virtual glove on a serial port, until Ctrl-C; it pinches when it is cued."""
    from firmware_bridge.simulator import Simulator

    within("--success", success, 0, 1)
    within("--delay-ms", delay_ms, 0, 5000)
    within("--jitter-ms", jitter_ms, 0, 1000)
    if link.exists() and not link.is_symlink():
        raise UserError(f"{link} exists already; choose another name for --link")
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    simulator = Simulator(
        link,
        success=success,
        delay_us=round(delay_ms * 1000),
        jitter_us=round(jitter_ms * 1000),
        seed=seed,
    )
    typer.echo(f"A virtual glove is on serial:{link}. Ctrl-C ends it.", err=True)
    sent = simulator.run(stop)
    by_name = {grip.label: int(sent[grip]) for grip in GRIPS}
    if as_json:
        print_json({"presses": by_name, "total": sum(by_name.values())})
    else:
        print("presses sent: " + ", ".join(f"{name} {n}" for name, n in by_name.items()))
