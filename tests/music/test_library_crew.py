"""Many files read in processes of their own, whatever a file does to its reader."""

import os
import signal
import time
from pathlib import Path

import pytest

from game.music.library import Library, crew
from game.music.library.crew import Crew, Failed, NoCrewError, Work
from game.music.library.entries import Entry, read_entry
from tests.music import songs as made


def files(folder: Path, count: int) -> list[Path]:
    paths = [made.ode(folder / f"song-{n:02}.mid", bpm=90 + n) for n in range(count)]
    (folder / "broken.mid").write_bytes(b"no song")
    return [*paths, folder / "broken.mid"]


def test_a_crew_reads_what_one_reader_would(tmp_path: Path) -> None:
    paths = files(tmp_path, 12)
    with Crew(2) as readers:
        read = dict(readers.run(Work.READ, paths))
        assert read == {path: read_entry(path) for path in paths}
        rates = dict(readers.run(Work.RATES, paths[-2:]))
    assert rates[paths[-1]] == ()
    assert len(rates[paths[-2]]) > 5  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_reader_that_dies_costs_one_file(tmp_path: Path) -> None:
    paths = files(tmp_path, 12)
    with Crew(1) as readers:
        answers = readers.run(Work.READ, paths)
        read = dict([next(answers)])
        # What it reads next is waiting in the pipe already.
        os.kill(readers._readers[0].process.pid, signal.SIGSTOP)
        os.kill(readers._readers[0].process.pid, signal.SIGKILL)
        read |= dict(answers)
    failed = [path for path, answer in read.items() if answer is Failed.DIED]
    assert set(read) == set(paths)
    assert len(failed) <= 1, "only the file at hand"
    assert all(isinstance(read[path], Entry) for path in paths if path not in failed)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals")
def test_a_file_that_hangs_its_reader_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path, 20)
    with Crew(2) as readers:
        answers = readers.run(Work.READ, paths)
        read = dict([next(answers)])
        # No file is known that hangs a reader, so one is held at whatever it has at hand. The
        # other may take its time, as on a busy machine it has to.
        hanging = next(reader for reader in readers._readers if reader.ready)
        os.kill(hanging.process.pid, signal.SIGSTOP)
        monkeypatch.setattr(
            crew, "_patience", lambda reader, work: 0.5 if reader is hanging else 120.0
        )
        read |= dict(answers)
    assert sorted(read) == sorted(paths), "every file has its answer"
    assert [answer for answer in read.values() if not isinstance(answer, Entry)] == [
        Failed.TOO_SLOW
    ]


def test_the_readers_end_with_the_crew(tmp_path: Path) -> None:
    with Crew(2) as readers:
        next(readers.run(Work.READ, files(tmp_path, 3)))
        pids = [reader.process.pid for reader in readers._readers]
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids if Path("/proc").exists())


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is large enough for a crew."""
    folder = tmp_path / "songs"
    folder.mkdir()
    files(folder, 20)
    monkeypatch.setattr("game.music.library.library.MANY", 5)
    return folder


def test_a_first_scan_of_many_songs_tells_how_far_it_is(many: Path) -> None:
    with Library([many], readers=2) as library, Library([many], readers=1) as alone:
        told: list[tuple[int, int]] = []
        library.scan(lambda done, total: told.append((done, total)))
        assert told == [(n, 21) for n in range(1, 22)]
        alone.scan()
        assert [e.title for e in library.songs] == [e.title for e in alone.songs]
        told.clear()
        library.scan(lambda done, total: told.append((done, total)))
        assert told == []


def test_without_processes_the_songs_are_read_all_the_same(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(polite: bool) -> None:
        raise NoCrewError("no processes here")

    monkeypatch.setattr(crew, "_started", refuse)
    with Library([many], readers=2) as library:
        library.scan()
        assert sum(entry.ok for entry in library.songs) == 20
        library.work_out_rates()
        assert all(entry.rates for entry in library.songs if entry.ok)


def test_readers_that_do_not_come_up_are_given_up(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_serve", os.kill)  # fails at once, with these arguments
    with Crew(2) as readers, pytest.raises(NoCrewError):
        list(readers.run(Work.READ, many.glob("*.mid")))


def test_rates_are_worked_out_once_for_each_content(tmp_path: Path) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    made.ode(folder / "one.mid")
    made.ode(folder / "two.mid", bpm=90)
    (folder / "bad.mid").write_bytes(b"no song")
    index = tmp_path / "songs.sqlite"
    with Library([folder], index=index) as library:
        library.scan()
        assert all(entry.rates == () for entry in library.songs)
        told: list[tuple[int, int]] = []
        changes = library.work_out_rates(lambda done, total: told.append((done, total)))
        assert told == [(1, 2), (2, 2)]
        assert changes.rated == ("one", "two")
        assert not changes, "nothing that a list would be drawn anew for"
        rates = {entry.key: entry.rates for entry in library.songs}
        assert rates["one"]
        assert list(rates["one"]) == sorted(rates["one"])
        assert rates["bad"] == ()
    with Library([folder], index=index) as library:
        library.scan()
        assert {entry.key: entry.rates for entry in library.songs} == rates
        assert not library.work_out_rates().rated


def test_rates_come_by_themselves_while_somebody_polls(tmp_path: Path) -> None:
    made.ode(tmp_path / "one.mid")
    with Library([tmp_path]) as library:
        library.scan()
        end = time.monotonic() + 60
        rated: tuple[str, ...] = ()
        while not rated and time.monotonic() < end:
            rated = library.poll().rated
            time.sleep(0.05)
        assert rated == ("one",)
        assert library.find("one").rates
