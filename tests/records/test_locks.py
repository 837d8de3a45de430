import subprocess
import sys
from pathlib import Path

from game.records.locks import FileLock

HOLD = """
import sys, time
from pathlib import Path
from game.records.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def test_within_one_process_only_one_holds_a_lock(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    assert first.acquire()
    assert not second.acquire()
    assert not second.acquire(wait_s=0.05)
    first.release()
    assert second.acquire()
    second.release()


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not FileLock(path).acquire()
        other.kill()
        other.wait()
    with FileLock(path) as lock:
        assert lock.acquire(wait_s=5)
