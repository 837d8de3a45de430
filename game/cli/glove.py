"""``griptune glove``: what is attached, how it does, what it says, and a virtual one for others."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from game import __version__
from game.cli.common import JsonOption, print_json, within
from game.core import GRIPS

app = typer.Typer(help="Gloves: list, check, watch and record them, simulate one.")

GloveOption = Annotated[
    str, typer.Option("--glove", metavar="SPEC", help="Which glove; default: find one.")
]

#: How long a port may take to answer: a board that resets when its port is opened needs 2 s.
_PROBE_S = 3.0

_LONGEST_S = 86_400.0


@contextmanager
def _until_ended() -> Iterator[threading.Event]:
    """An event that Ctrl-C, or being told to end, sets."""
    ended = threading.Event()
    before = {
        name: signal.signal(name, lambda *_: ended.set())
        for name in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield ended
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@app.command("list")
def list_gloves(
    probing: Annotated[
        bool, typer.Option("--probe", help="Open each port and listen for a glove.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the serial ports a glove could be on."""
    from firmware_bridge.host_clock import host_us
    from firmware_bridge.ports import usb_ports
    from firmware_bridge.probe import probe

    ports = usb_ports()
    heard = {p.port: p for p in probe(ports, host_us, _PROBE_S)} if probing else {}
    if as_json:
        rows: list[dict[str, Any]] = []
        for port in ports:
            row: dict[str, Any] = {
                "spec": f"serial:{port.path}",
                "what": port.description,
                "serial_number": port.serial_number,
                "usb": port.usb,
                "adapter": port.adapter,
            }
            if port in heard:
                found = heard[port]
                row["glove"] = found.glove
                row["glove_serial_number"] = found.serial_number
                row["firmware"] = found.firmware
                row["baud"] = found.baud
                row["trouble"] = found.trouble
            rows.append(row)
        print_json(rows)
        return
    for port in ports:
        print(f"serial:{port.path:<24} {port.adapter or port.description}")
        if port in heard:
            found = heard[port]
            name = f"a glove, {found.serial_number}, firmware {found.firmware}"
            print(f"    {name if found.glove else found.trouble}")
    if not ports:
        print("No serial port found. Is the glove plugged in? The keyboard plays too.")


@app.command("check")
def check(
    glove: GloveOption = "auto",
    seconds: Annotated[
        float, typer.Option("--seconds", help="Time for each grip, at most.")
    ] = 10.0,
    as_json: JsonOption = False,
) -> None:
    """Check every contact of a glove: pinch each grip as you are asked to.

    Ends with 0 if the glove is good, with 1 if something was found.
    """
    from game.cli.glove_check import run_check

    within("--seconds", seconds, 2, 120, " s")
    document = run_check(glove, seconds, quiet=as_json)
    if as_json:
        print_json(document)
    if not document["good"]:
        raise typer.Exit(1)


@app.command("monitor")
def monitor(
    glove: GloveOption = "auto",
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="End after this time; default: Ctrl-C ends.")
    ] = None,
) -> None:
    """Watch a glove: its contacts, its levels, and how well it is heard. Ctrl-C ends it."""
    from game.cli.glove_monitor import watch

    within("--seconds", seconds, 0.1, _LONGEST_S, " s")
    with _until_ended() as ended:
        watch(glove, ended, seconds)


@app.command("record")
def record(
    file: Annotated[Path, typer.Argument(help="Where the recording goes.")],
    glove: GloveOption = "auto",
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="End after this time; default: Ctrl-C ends.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Record everything a glove says; play it with --glove replay:FILE. Ctrl-C ends it."""
    from firmware_bridge.host_clock import host_us
    from firmware_bridge.recording import Recorder, read_recording
    from firmware_bridge.warm import warm_up
    from game.cli.gloves import open_glove

    within("--seconds", seconds, 0.1, _LONGEST_S, " s")
    recorder = Recorder(file, program=f"griptune {__version__}", overwrite=force)
    warm_up()
    presses = [0] * len(GRIPS)
    with _until_ended() as ended, open_glove(glove, seed=0, recorder=recorder) as opened:
        recorder.start()
        try:
            opened.begin(host_us())
            print(f"Recording {opened.description}. Ctrl-C ends it.", file=sys.stderr, flush=True)
            until = time.monotonic() + (_LONGEST_S if seconds is None else seconds)
            while not ended.wait(0.02) and time.monotonic() < until and recorder.trouble is None:
                for edge in opened.poll()[0]:
                    presses[edge["grip"]] += bool(edge["down"])
        finally:
            # First the glove, so that nothing is said any more that would not be kept.
            opened.close()
            recorder.close()
    recording = read_recording(file)
    by_name = {grip.label: presses[grip] for grip in GRIPS}
    if as_json:
        print_json(
            {
                "file": str(file),
                "seconds": round(recording.seconds, 3),
                "bytes": recorder.bytes_heard,
                "presses": by_name,
            }
        )
    else:
        print(
            f"{recording.seconds:.1f} s recorded in {file}, {sum(presses)} pinches. "
            f'Play it with --glove "replay:{file}".'
        )


@app.command("simulate")
def simulate(
    link: Annotated[Path, typer.Option("--link", help="Where the glove's port shall appear.")],
    success: Annotated[float, typer.Option(help="Share of cues that are answered, 0 to 1.")] = 1.0,
    jitter_ms: Annotated[
        float, typer.Option(help="Spread of the time from cue to pinch, ms.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of what is random.")] = 0,
    fault: Annotated[
        str, typer.Option(help="What is wrong with it, such as stuck:ring or short:index+middle.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Offer a virtual glove on a serial port, until Ctrl-C; it pinches when it is cued."""
    from firmware_bridge.simulator import simulate as be_a_glove

    within("--success", success, 0, 1)
    within("--seed", seed, 0, 2**63 - 1)
    within("--jitter-ms", jitter_ms, 0, 1000)

    def started(_: str) -> None:
        print(f"A virtual glove is on serial:{link}. Ctrl-C ends it.", file=sys.stderr, flush=True)

    with _until_ended() as ended:
        sent = be_a_glove(
            link,
            ended,
            seed=seed,
            success=success,
            jitter_ms=jitter_ms,
            fault=fault,
            started=started,
        )
    by_name = {grip.label: int(sent[grip]) for grip in GRIPS}
    if as_json:
        print_json({"presses": by_name, "total": sum(by_name.values())})
    else:
        print("presses sent: " + ", ".join(f"{name} {n}" for name, n in by_name.items()))
