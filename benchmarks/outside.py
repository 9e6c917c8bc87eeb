"""A place outside that listens: a local endpoint for signed webhooks, which keeps what arrived."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Outside:
    """Starts when entered; `arrived` is the set of webhook ids for each follow-up number that was told."""

    def __enter__(self) -> "Outside":
        self.arrived: dict[int, set[str]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _keep(self, message: str, data: dict) -> None:
        """One follow-up, or the spans of many that came in a burst."""
        spans = data.get("numbers") or [[data["number"], data["number"]]]
        with self._lock:
            for first, last in spans:
                for number in range(first, last + 1):
                    self.arrived.setdefault(number, set()).add(message)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        keep = self._keep

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keep(self.headers["webhook-id"], json.loads(body)["data"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Says nothing: what arrived is counted."""

        return Handler
