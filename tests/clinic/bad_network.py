"""A network between stations and server that loses requests and replies, and delivers twice, late
and out of order. HTTP in, HTTP out; what is done to each request is drawn from a seed."""

import http.client
import random
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What becomes of a request, and how often, in a hundred.
_FATES = {"passed": 55, "lost": 10, "reply lost": 15, "twice": 10, "late": 10}


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A station that was killed hangs up in the middle: that is what this is for."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class BadNetwork:
    """Listens on a free port of this machine and passes on to ``server_port``, more or less."""

    def __init__(self, server_port: int, seed: int) -> None:
        self.server_port = server_port
        self.calm = False
        #: Answered in the server's place to whoever asks for boards, if it is not None.
        self.boards_say: bytes | None = None
        self.seen: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._late: list[tuple[str, str, bytes, dict[str, str]]] = []
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                network.pass_on(self)

            do_POST = do_GET  # noqa: N815

        self._http = _Http(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def pass_on(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("content-length", 0)))
        headers = {k: v for k, v in asked.headers.items() if k.lower() != "connection"}
        request = (asked.command, asked.path, body, headers)
        with self._lock:
            names, weights = zip(*_FATES.items(), strict=True)
            fate = "passed" if self.calm else self._random.choices(names, weights)[0]
            self.seen[fate] += 1
            due = self._late.pop(self._random.randrange(len(self._late))) if self._late else None
        if fate == "late":
            with self._lock:
                self._late.append(request)
        if fate in ("lost", "late"):
            asked.close_connection = True
            asked.connection.close()
            return
        try:
            if due is not None:  # something old comes in before what is new
                self._send(due)
            if fate == "twice":
                self._send(request)
            status, answer_headers, answer = self._send(request)
            if asked.path == "/sync/boards" and self.boards_say is not None:
                answer = self.boards_say
        except OSError:
            asked.close_connection = True
            asked.connection.close()
            return
        if fate == "reply lost":
            asked.close_connection = True
            asked.connection.close()
            return
        asked.send_response_only(status)
        for name in ("content-type", "etag"):
            if name in answer_headers:
                asked.send_header(name, answer_headers[name])
        asked.send_header("content-length", str(len(answer)))
        asked.end_headers()
        asked.wfile.write(answer)

    def _send(
        self, request: tuple[str, str, bytes, dict[str, str]]
    ) -> tuple[int, dict[str, str], bytes]:
        method, path, body, headers = request
        connection = http.client.HTTPConnection("127.0.0.1", self.server_port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        except http.client.HTTPException as error:
            raise OSError("the server died") from error
        finally:
            connection.close()
