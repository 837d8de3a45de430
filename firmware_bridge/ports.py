"""Serial ports: which there are, and opening one."""

import errno
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import serial
from serial.tools import list_ports

from firmware_bridge.errors import GloveError
from firmware_bridge.port_reader import READ_TIMEOUT_S

_TERMIOS_ERROR: type[Exception] = OSError
if sys.platform != "win32":
    import termios

    _TERMIOS_ERROR = termios.error  # not an OSError

#: What a port that is unplugged, or never was one, raises: `read` a SerialException, which is an
#: OSError, `in_waiting` a plain OSError, and setting it up a termios.error.
PORT_ERRORS: tuple[type[Exception], ...] = (OSError, _TERMIOS_ERROR)

_WRITE_TIMEOUT_S = 0.2

_IN_USE = (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK)


class PortInfo(NamedTuple):
    """A serial port of this computer; the serial number is that of its USB adapter, or empty.

    ``usb`` is the adapter's vendor and product (``0403:6001``), ``adapter`` what that is known as.
    """

    path: str
    description: str
    serial_number: str
    usb: str = ""
    adapter: str = ""


#: Makers of what gloves are built with, by USB vendor.
_ADAPTERS = {
    0x0403: "FTDI USB-serial adapter",
    0x067B: "Prolific USB-serial adapter",
    0x10C4: "Silicon Labs USB-serial adapter",
    0x1A86: "WCH USB-serial adapter",
    0x04D8: "Microchip USB-serial adapter",
    0x1B4F: "SparkFun board",
    0x2341: "Arduino board",
    0x2A03: "Arduino board",
    0x2E8A: "Raspberry Pi board",
    0x239A: "Adafruit board",
}


def usb_ports() -> list[PortInfo]:
    """The USB serial ports of this computer, by path."""
    return sorted(
        PortInfo(
            port.device,
            port.description or "",
            port.serial_number or "",
            f"{port.vid:04x}:{port.pid or 0:04x}",
            _ADAPTERS.get(port.vid, ""),
        )
        for port in list_ports.comports()
        if port.vid is not None
    )


def serial_number_of(path: str, ports: Iterable[PortInfo]) -> str:
    """The USB serial number of the port at ``path``; empty if it has none."""
    real = os.path.realpath(path)
    return next((port.serial_number for port in ports if port.path in (path, real)), "")


def open_port(path: str, baud: int) -> serial.Serial:
    """Open a serial port for ourselves alone.

    Raises GloveError with one sentence if it is not there, is no serial port, is in use, or may
    not be opened by this user.
    """
    if sys.platform != "win32":
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            raise GloveError(
                f"there is no serial port {path}; is the glove plugged in? "
                "“griptune glove list” shows the ports there are"
            ) from None
        except OSError as error:
            raise GloveError(f"serial port {path} cannot be opened: {error.strerror}") from None
        if not stat.S_ISCHR(mode):
            raise GloveError(f"{path} is not a serial port; “griptune glove list” shows them")
    try:
        port = serial.Serial(
            path,
            baud,
            timeout=READ_TIMEOUT_S,
            write_timeout=_WRITE_TIMEOUT_S,
            exclusive=True,
        )
    except (OSError, _TERMIOS_ERROR, ValueError, OverflowError) as error:
        raise GloveError(_why_not(path, baud, error)) from None
    # Not offered on Windows and macOS, and refused by pseudo-terminals.
    with suppress(ValueError, AttributeError, NotImplementedError, *PORT_ERRORS):
        port.set_low_latency_mode(True)
    return port


def _why_not(path: str, baud: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    text = str(error)
    if sys.platform == "win32":  # pyserial hands the cause over as text only
        if "FileNotFoundError" in text:
            return (
                f"there is no serial port {path}; “griptune glove list” shows the ports there are"
            )
        if "PermissionError" in text:
            number = errno.EBUSY
    if number in _IN_USE:
        return f"serial port {path} is in use by another program; close that program first"
    if number in (errno.EACCES, errno.EPERM):
        return (
            f"serial port {path} may not be opened by this user; join the group dialout "
            "(sudo usermod -aG dialout $USER), then log in again"
        )
    if number in (errno.ENOTTY, errno.EINVAL) or "Could not configure port" in text:
        return f"{path} is not a serial port; “griptune glove list” shows them"
    if isinstance(error, (ValueError, OverflowError)):
        return f"serial port {path} does not run at {baud} baud"
    return f"serial port {path} cannot be opened: {text}"
