"""Many viewers of the board at once, cheaply: one thread reads all their streams."""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass
class Seen:
    """What one viewer saw: events, and the number of the latest board with the time it came."""

    events: int = 0
    version: int = -1
    at: float = 0.0


@dataclass
class Crowd:
    """``count`` viewers of an open board at ``url``; ``page_ms`` are times of the page itself,
    asked for ``asks_per_s`` times a second meanwhile."""

    url: str
    count: int
    asks_per_s: float = 0.0
    seen: list[Seen] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    refused: int = 0

    def __enter__(self) -> "Crowd":
        parts = urlsplit(self.url)
        self._host, self._port = parts.hostname, parts.port
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._stop = threading.Event()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def wait_for_version(self, version: int, patience_s: float = 60.0) -> float:
        """Until every viewer saw a board of at least this number; when the last one did."""
        end = time.monotonic() + patience_s
        while len(self.seen) < self.count or any(s.version < version for s in self.seen):
            assert time.monotonic() < end, [s.version for s in self.seen]
            time.sleep(0.01)
        return max(s.at for s in self.seen)

    async def _run(self) -> None:
        tasks = [asyncio.create_task(self._view()) for _ in range(self.count)]
        if self.asks_per_s:
            tasks.append(asyncio.create_task(self._ask()))
        while not self._stop.is_set():
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _view(self) -> None:
        seen = Seen()
        self.seen.append(seen)
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(self._request("/board/events"))
            while line := await reader.readline():
                if line.startswith(b"HTTP/1.1") and b" 200 " not in line:
                    self.refused += 1
                if line.startswith(b"id: "):
                    seen.events += 1
                    seen.version, seen.at = int(line[4:]), time.monotonic()
        finally:
            writer.close()

    async def _ask(self) -> None:
        while True:
            began = time.monotonic()
            reader, writer = await asyncio.open_connection(self._host, self._port)
            writer.write(self._request("/board", close=True))
            answer = await reader.read()
            writer.close()
            self.page_ms.append((time.monotonic() - began) * 1000)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
            await asyncio.sleep(max(0.0, 1 / self.asks_per_s - (time.monotonic() - began)))

    def _request(self, path: str, close: bool = False) -> bytes:
        ending = "Connection: close\r\n" if close else ""
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"User-Agent: Crowd\r\n{ending}\r\n"
        ).encode()


def memory_of(process: int) -> int:
    """Bytes that a process holds in memory now."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("a process without memory")
