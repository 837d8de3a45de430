"""A station's side: push what is new, pull what the clinic decided. One round at a time.

Every step may be cut off anywhere: what was sent and not acknowledged is sent again, and what was
pulled is compared by digest the next time.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from game.clinic.shared_songs import is_key, shown_title
from game.clinic.sync import forms, outbox
from game.clinic.sync.link import Link
from game.clinic.sync.offers import level_digests, people_digests
from game.records.database import empty_the_log
from game.records.erasing import erase_by_digest
from game.records.errors import RecordsError
from game.records.facts import CodeTakenError, content_digest, present, put_fact, put_present
from game.records.patient_rows import change_patient
from game.records.patients import MOST_LETTERS_IN_A_CODE, code_key
from game.records.schema import erased, patient_versions, patients
from game.records.store import Store

#: Songs of the clinic lie in a folder of their own below the user's: what is not in the manifest
#: goes from there, and nothing else is touched.
SONGS_FOLDER = Path("songs") / "clinic"


@dataclass
class Round:
    """What one round did. ``refused`` are sentences of the server about facts it will not take."""

    sent: int = 0
    known: int = 0
    pulled: int = 0
    waiting: int = 0
    refused: list[str] = field(default_factory=list)


class StationSync:
    """Push and pull for the records of one station. ``health`` is told with every push."""

    def __init__(
        self,
        store: Store,
        link: Link,
        health: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._store = store
        self._link = link
        self._health = health
        self._tag = ""
        self._told: Mapping[str, Any] | None = None
        self._erased_told: set[str] = set()

    def round(self) -> Round:
        """One push and one pull. Raises OfflineError or RefusedByServerError; nothing is lost."""
        done = Round()
        self.push(done)
        self.pull(done)
        return done

    # Push

    def push(self, done: Round) -> None:
        """Send everything that is new. Each batch is acknowledged before the next one."""
        self._tell_erased()
        while True:
            with self._store.writing() as connection:
                queued = outbox.queue_new(connection, self._now())
            self._push_queued(done)
            if not queued:
                break
        with self._store.reading() as connection:
            done.waiting = outbox.waiting_count(connection)
        self._say_health(done)

    def _tell_erased(self) -> None:
        """Whoever was erased here goes there too, before anything else is sent: what they played
        may be somebody else's by now, who has no name (:mod:`game.records.anonymous`)."""
        with self._store.reading() as connection:
            own = set(connection.execute(select(erased.c.digest)).scalars())
        not_told = sorted(own - self._erased_told)
        for first in range(0, len(not_told), forms.MOST_ERASED):
            some = not_told[first : first + forms.MOST_ERASED]
            self._link.post("/sync/facts", {"facts": [], "erased": some})
            self._erased_told.update(some)

    def _push_queued(self, done: Round) -> None:
        after = 0
        with self._store.writing() as connection:
            outbox.drop_gone(connection)
        while True:
            with self._store.reading() as connection:
                batch = outbox.next_batch(connection, after)
                left = outbox.waiting_count(connection)
            if not batch:
                return
            answer = self._link.post(
                "/sync/facts",
                {
                    "facts": [one.document() for one in batch],
                    "health": {**self._health(), "waiting": max(0, left - len(batch))},
                },
            )
            answers = answer["answers"]
            if len(answers) != len(batch):
                raise RecordsError("the server answered something else than it was asked")
            self._heard(batch, answers, done)
            after = batch[-1].sequence

    def _heard(
        self, batch: list[outbox.Waiting], answers: list[dict[str, str]], done: Round
    ) -> None:
        over = []
        with self._store.writing() as connection:
            for one, answer in zip(batch, answers, strict=True):
                outcome = answer["outcome"]
                if outcome in (forms.KEPT, forms.KNOWN, forms.ERASED, forms.REFUSED):
                    over.append(one.sequence)
                done.sent += outcome == forms.KEPT
                done.known += outcome == forms.KNOWN
                if outcome == forms.REFUSED:
                    done.refused.append(f"{one.kind} {one.id}: {answer['why']}")
                if outcome == forms.TAKEN:
                    self._another_code(connection, one.fact)
            outbox.acknowledge(connection, over, self._now())

    def _another_code(self, connection: Connection, version: Mapping[str, Any]) -> None:
        """Two stations took in a patient under one code: this one's gets a number. The version
        that says so goes to the server first; then it takes the older one, too."""
        row = connection.execute(
            select(patients).where(patients.c.id == version["patient_id"])
        ).one_or_none()
        if row is None or code_key(row.code) != code_key(str(version["document"]["code"])):
            return  # renamed already, and on its way
        number = 2
        while True:
            ending = f"-{number}"
            code = row.code[: MOST_LETTERS_IN_A_CODE - len(ending)] + ending
            taken = connection.execute(
                select(patients.c.id).where(patients.c.code_key == code_key(code))
            ).first()
            if taken is None:
                break
            number += 1
        # Later than every version there is, whatever this clock says: the later one holds.
        last = connection.execute(
            select(func.max(patient_versions.c.changed_at)).where(
                patient_versions.c.patient_id == row.id
            )
        ).scalar_one()
        now = max(self._now(), last + timedelta(microseconds=1))
        change_patient(connection, row.id, now, code=code, code_key=code_key(code))

    def _say_health(self, done: Round) -> None:
        health = {**self._health(), "waiting": done.waiting}
        if health != self._told:
            self._link.post("/sync/facts", {"facts": [], "health": health})
            self._told = health

    # Pull

    def pull(self, done: Round) -> None:
        """Take over what the clinic decided, where it is not what is here."""
        manifest, tag = self._link.get("/sync/manifest", self._tag)
        if manifest is None:
            if not self._differs_in_levels():
                return
            manifest, tag = self._link.get("/sync/manifest")
        self._erase(manifest["erased"], done)
        complete = self._people(manifest["people"], done)
        self._levels(manifest["levels"])
        complete = self._songs(manifest["songs"], done) and complete
        # Only what was taken over whole need not be asked for again.
        self._tag = tag if complete else ""
        self._levels_told = self._own_levels()

    _levels_told: Mapping[str, str] | None = None

    def _own_levels(self) -> dict[str, str]:
        with self._store.reading() as connection:
            return level_digests(connection)

    def _differs_in_levels(self) -> bool:
        return self._own_levels() != self._levels_told

    def _erase(self, theirs: list[str], done: Round) -> None:
        with self._store.reading() as connection:
            own = set(connection.execute(select(erased.c.digest)).scalars())
        new = [digest for digest in theirs if digest not in own]
        if new:
            with self._store.writing() as connection:
                for digest in new:
                    done.pulled += erase_by_digest(connection, digest, self._now())
            empty_the_log(self._store.engine)
        # What the server does not know (any more: it may be an older one, restored) is told again.
        self._erased_told = set(theirs)

    def _people(self, theirs: Mapping[str, str], done: Round) -> bool:
        with self._store.reading() as connection:
            own = people_digests(connection)
        wanted = [id for id, digest in theirs.items() if own.get(id) != digest]
        complete = True
        for first in range(0, len(wanted), forms.MOST_ASKED):
            some = wanted[first : first + forms.MOST_ASKED]
            answer = self._link.post("/sync/fetch", {"people": some})
            with self._store.writing() as connection:
                for document in answer["facts"]:
                    complete = self._put(connection, document, done) and complete
        return complete

    def _put(self, connection: Connection, document: Mapping[str, Any], done: Round) -> bool:
        kind = str(document.get("fact"))
        try:
            new = put_fact(connection, kind, document)
        except CodeTakenError:
            return False  # ours gets another code when it is pushed; then there is room
        except RecordsError as error:
            done.refused.append(f"{kind} {document.get('id')}: {error}")
            return True
        done.pulled += new
        outbox.came_from_server(
            connection, kind, str(document["id"]), content_digest(document), self._now()
        )
        return True

    def _levels(self, theirs: Mapping[str, str]) -> None:
        own = self._own_levels()
        with self._store.reading() as connection:
            here = set(connection.execute(select(patients.c.id)).scalars())
        differ = [id for id in sorted({*own, *theirs}) if own.get(id) != theirs.get(id)]
        differ = [id for id in differ if id in here]
        for first in range(0, len(differ), forms.MOST_ASKED):
            some = differ[first : first + forms.MOST_ASKED]
            with self._store.reading() as connection:
                levels = {
                    id: present(connection, id)["difficulty_states"] for id in some if id in own
                }
            if levels:
                self._link.post("/sync/facts", {"facts": [], "levels": levels})
            answer = self._link.post("/sync/fetch", {"levels": some})
            with self._store.writing() as connection:
                for id, rows in answer["levels"].items():
                    if id in here:
                        put_present(connection, id, {"difficulty_states": rows})

    def _songs(self, theirs: Mapping[str, list[str]], done: Round) -> bool:
        folder = self._store.data_dir / SONGS_FOLDER
        wanted = {key: value for key, value in theirs.items() if is_key(key)}
        held = {path.stem: path for path in folder.glob("*.mid")} if folder.is_dir() else {}
        for key, path in held.items():
            if key not in wanted:
                path.unlink(missing_ok=True)
                path.with_suffix(".toml").unlink(missing_ok=True)
                done.pulled += 1
        missing = [
            key
            for key, (digest, _) in wanted.items()
            if key not in held or _digest(held[key]) != digest
        ]
        for key in missing:
            answer = self._link.post("/sync/fetch", {"songs": [key]})
            for song in answer["songs"]:
                done.pulled += _write_song(folder, key, wanted[key][0], song)
        return True

    def _now(self) -> datetime:
        return self._store.clock()


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _write_song(folder: Path, key: str, digest: str, song: Mapping[str, Any]) -> bool:
    """Write a song that was pulled; whether it is what the manifest promised.

    ``key`` is ours, checked: nothing that the server says becomes a path.
    """
    try:
        data = base64.b64decode(song["data"], validate=True)
    except (KeyError, TypeError, binascii.Error):
        return False
    if song.get("key") != key or hashlib.sha256(data).hexdigest() != digest:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    title = shown_title(str(song.get("title", "")))
    if title:
        # A JSON string is one of TOML as well.
        text = f"title = {json.dumps(title, ensure_ascii=False)}\n"
        (folder / f"{key}.toml").write_text(text, encoding="utf-8")
    new = folder / f"{key}.new"
    new.write_bytes(data)
    new.replace(folder / f"{key}.mid")
    return True
