"""What the helper at home, or a command, does with patients, their grips, figures and backups."""

import os
import shutil
import string
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import platformdirs

from game import __version__
from game.cli.common import own_songs_folder
from game.cli.daily_backup import DailyBackup
from game.core.grips import GRIPS, Grip
from game.records.backup import back_up, latest_backup
from game.records.errors import RecordsError
from game.records.lately import GripNumbers, numbers_of
from game.records.patients import (
    Patient,
    checked_glove_size,
    checked_hand,
    checked_nickname,
    checked_picture,
    code_key,
)
from game.records.pins import checked_pin
from game.records.store import Store
from game.therapy.prescription import LONGEST_BLOCK, Prescription, changed
from game.words import language

#: Who is said to have written a version of a plan on the helper's page.
AUTHOR = "helper at home"

#: Who is said to have written the plan that the very first try of the grips led to.
FIRST_TRY = "first try of the grips"

#: The figures on the helper's page are those of so many weeks.
WEEKS = 4

#: A report takes some seconds; on a busy and slow computer longer.
_REPORT_WITHIN_S = 300.0


class Helping:
    """The part of the desk that the helper's page needs; see ``game/stage/helper_desk.py``."""

    def __init__(self, data: Path, store: Store, daily: DailyBackup) -> None:
        self._data = data
        self._store = store
        self._daily = daily

    # People

    def new_code(self) -> str:
        """A code that nobody has yet: ``P1``, ``P2`` …"""
        taken = {code_key(patient.code) for patient in self._store.patients()}
        number = len(taken) + 1
        while code_key(f"P{number}") in taken:
            number += 1
        return f"P{number}"

    def add(self, code: str, nickname: str | None, picture: str | None) -> Patient:
        """Take in a patient. Raises RecordsError if the code is taken or cannot be one."""
        return self._store.add_patient(code, nickname=nickname, picture=picture)

    def change(self, code: str, **values: Any) -> Patient:
        """Change ``nickname``, ``picture``, ``hand``, ``board``, ``glove_size`` or ``pin`` of a
        patient."""
        return change_patient(self._store, code, author=AUTHOR, **values)

    # Grips

    def grips(self, code: str) -> tuple[tuple[Grip, ...], int]:
        """The grips that are asked of a patient, and the version of the plan that says so
        (0: there is none, and all are asked)."""
        kept = self._store.prescription(code)
        if kept is None:
            return tuple(GRIPS), 0
        return tuple(g for g in GRIPS if g.label in kept.prescription.grips), kept.version

    def ask_grips(
        self, code: str, grips: Sequence[Grip], based_on: int, author: str = AUTHOR
    ) -> None:
        """Ask only these from now on, as a new version of the plan; a grip that was asked before
        keeps its weight. Raises RecordsError if the plan is no longer version ``based_on``."""
        plan, _ = self.plan(code)
        weights = {g.label: plan.grips.get(g.label, 1.0) for g in grips}
        self._store.prescribe(code, changed(plan, grips=weights), author, based_on=based_on)

    # The rest of the plan

    def plan(self, code: str) -> tuple[Prescription, int]:
        """The plan of a patient and its version; 0 and the default one where there is none."""
        kept = self._store.prescription(code)
        if kept is not None:
            return kept.prescription, kept.version
        today = self._store.clock().astimezone().date()
        hand = self._store.patient(code).hand
        return Prescription(hand=hand, start=today, review=today + LONGEST_BLOCK), 0

    def set_plan(self, code: str, plan: Prescription, based_on: int) -> None:
        """The plan from now on, as a new version. Raises RecordsError if the plan is no longer
        version ``based_on``."""
        self._store.prescribe(code, plan, AUTHOR, based_on=based_on)

    # Numbers

    def numbers(self, code: str, today: date) -> tuple[GripNumbers, ...]:
        """How each grip went in the plays of the last four weeks with the hand that trains now;
        practice is left out. Reads every play."""
        store, hand = self._store, self._store.patient(code).hand
        since = today - timedelta(weeks=WEEKS)
        plays = store.plays(code, hand=hand, since=since, mode="play")
        return numbers_of(store.load_play(play.id) for play in plays)

    # Safety

    @property
    def backup_trouble(self) -> str | None:
        """Why today's backup could not be made by itself, as a sentence; None if all is well."""
        return self._daily.trouble

    def last_backup(self) -> datetime | None:
        """When the latest backup in the data folder was made; None if there is none."""
        return latest_backup(self._store)

    def drives(self) -> list[Path]:
        """Removable drives that could hold a backup."""
        return [drive for drive in removable_drives() if os.access(drive, os.W_OK)]

    def back_up(self, drive: Path | None = None) -> Path:
        """Write a backup now: on ``drive``, or among those in the data folder. Returns the file.

        Raises RecordsError if it cannot be written.
        """
        now = self._store.clock().astimezone()
        folder = self.backups_folder() if drive is None else drive
        target = folder / f"griptune-{now:%Y-%m-%d-%H%M%S}.db"
        back_up(self._store, target, software=__version__)
        return target

    def write_report(self, code: str) -> Path:
        """Write a patient's report, as PDF, to the folder of documents; returns the file.

        Another process draws it: what draws is large, and has no place in a game that must not
        stall. Raises RecordsError if it cannot be written.
        """
        today = self._store.clock().astimezone().date()
        target = documents_folder() / f"Griptune {code} {today}.pdf"
        _made(target.parent)
        command = [sys.executable, "-m", "game", "report", code, "--out", str(target)]
        command += ["--language", language()]
        try:
            done = subprocess.run(
                [*command, "--data", str(self._data)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
                timeout=_REPORT_WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RecordsError(f"the report could not be written: {error}") from error
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["the program ended"])[-1]
            raise RecordsError(last.removeprefix("griptune: "))
        return target

    def backups_folder(self) -> Path:
        """Where backups lie in the data folder; made if need be. Raises RecordsError."""
        return _made(self._data / "backups", private=True)

    def songs_folder(self) -> Path:
        """Where a user's own songs lie; made if need be. Raises RecordsError."""
        return _made(own_songs_folder(self._data))

    def show_folder(self, folder: Path) -> bool:
        """Open ``folder`` in the platform's file manager; False if there is none."""
        return show_folder(folder)


def change_patient(
    store: Store,
    code: str,
    *,
    author: str,
    nickname: str | None = None,
    picture: str | None = None,
    hand: str | None = None,
    board: bool | None = None,
    glove_size: str | None = None,
    pin: str | None = None,
) -> Patient:
    """Change what is given and not None; an empty ``nickname``, ``glove_size`` or ``pin`` takes
    that away.

    Where there is a plan its hand changes too, as a new version by ``author``: or the plan would
    speak of one hand and the patient train the other. Raises RecordsError before anything is
    changed if something is not what it must be.
    """
    patient = store.patient(code)
    if nickname is not None:
        checked_nickname(nickname)
    picture = None if picture is None else checked_picture(picture)
    hand = None if hand is None else checked_hand(hand)
    checked_glove_size(glove_size)
    if pin:
        checked_pin(pin)
    if nickname is not None:
        patient = store.set_nickname(code, nickname)
    if picture is not None:
        patient = store.set_picture(code, picture)
    if board is not None:
        patient = store.set_board_choice(code, board)
    if glove_size is not None:
        patient = store.set_glove_size(code, glove_size)
    if pin is not None:
        store.set_pin(code, pin or None)
    if hand is not None:
        kept = store.prescription(code)
        if kept is not None:
            plan = changed(kept.prescription, hand=hand)
            store.prescribe(code, plan, author, based_on=kept.version)
        patient = store.set_hand(code, hand)
    return patient


def documents_folder() -> Path:
    """Where this person's documents lie, as the platform has it."""
    return Path(platformdirs.user_documents_dir())


def removable_drives(system: str = sys.platform, root: Path = Path("/")) -> list[Path]:
    """Drives that were plugged in, where this ``system`` mounts them below ``root``."""
    if system == "win32":
        return _windows_drives()
    if system == "darwin":
        # The system's own volume is there as a link to the root.
        places = [p for p in _inside(root / "Volumes") if not p.is_symlink()]
    else:
        user = os.environ.get("USER", "")
        places = (
            [] if not user else _inside(root / "run/media" / user) + _inside(root / "media" / user)
        )
    return [place for place in places if place.is_dir()]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _windows_drives() -> list[Path]:
    if sys.platform != "win32":
        return []
    import ctypes

    removable = 2  # DRIVE_REMOVABLE of GetDriveTypeW
    names = [f"{letter}:\\" for letter in string.ascii_uppercase]
    return [Path(n) for n in names if ctypes.windll.kernel32.GetDriveTypeW(n) == removable]


def show_folder(folder: Path, system: str = sys.platform) -> bool:
    """Open ``folder`` in the file manager of ``system``; False if that cannot be done."""
    if system == "win32":
        try:
            os.startfile(folder)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    opener = shutil.which("open" if system == "darwin" else "xdg-open")
    if opener is None:
        return False
    try:
        program = subprocess.Popen(
            [opener, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    # A file manager may stay open as long as it likes: nobody waits for it but this thread.
    threading.Thread(target=program.wait, daemon=True).start()
    return True


def _made(folder: Path, private: bool = False) -> Path:
    try:
        folder.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
    except OSError as error:
        raise RecordsError(f"{folder} cannot be made: {error.strerror}") from error
    return folder
