"""What the helper's page needs of the rest of the program; a part of the desk."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from game.core.grips import Grip
from game.records.lately import GripNumbers
from game.records.patients import Patient
from game.therapy.prescription import Prescription


class HelperDesk(Protocol):
    """People, their grips and figures, and backups. What cannot be done raises RecordsError."""

    def new_code(self) -> str:
        """A code that nobody has yet."""

    def add(self, code: str, nickname: str | None, picture: str | None) -> Patient:
        """Take in a patient."""

    def change(self, code: str, **values: Any) -> Patient:
        """Change ``nickname``, ``picture``, ``hand``, ``board``, ``glove_size`` or ``pin`` of a
        patient; an empty glove size or PIN takes it away."""

    def grips(self, code: str) -> tuple[tuple[Grip, ...], int]:
        """The grips that are asked of a patient, and the version of the plan that says so."""

    def ask_grips(self, code: str, grips: Sequence[Grip], based_on: int) -> None:
        """Ask only these from now on, if the plan is still version ``based_on``."""

    def plan(self, code: str) -> tuple[Prescription, int]:
        """The plan of a patient, and its version."""

    def set_plan(self, code: str, plan: Prescription, based_on: int) -> None:
        """The plan from now on, if it is still version ``based_on``."""

    def numbers(self, code: str, today: date) -> tuple[GripNumbers, ...]:
        """How each grip went in the last four weeks; reads every play, so it takes a moment."""

    @property
    def backup_trouble(self) -> str | None:
        """Why today's backup could not be made by itself; None if all is well."""

    def last_backup(self) -> datetime | None:
        """When the latest backup in the data folder was made; None if there is none."""

    def drives(self) -> list[Path]:
        """Removable drives that could hold a backup."""

    def back_up(self, drive: Path | None = None) -> Path:
        """Write a backup now, on ``drive`` or in the data folder; returns the file."""

    def write_report(self, code: str) -> Path:
        """Write a patient's report among the documents; returns the file. Takes some seconds."""

    def songs_folder(self) -> Path:
        """Where a user's own songs lie."""

    def backups_folder(self) -> Path:
        """Where backups lie in the data folder."""

    def show_folder(self, folder: Path) -> bool:
        """Open ``folder`` in the platform's file manager; False if that cannot be done."""
