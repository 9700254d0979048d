"""A site on loopback that serves a feed and files as real ones do: well, badly, slowly, or half."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]
Reply = tuple[int, Headers, bytes]
Answer = Callable[["Handler"], Reply | None]

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@dataclass
class Site:
    """`answers` by path; an answer that returns None has written to the connection itself. `asked` is the log."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Headers, float]] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def feed(self, *records: object, path: str = "/integrasi.php") -> str:
        """Serve the records as one page, whatever is asked; its address."""
        self.answers[path] = lambda _: (200, {"Content-Type": "application/json"}, json.dumps(records).encode())
        return self.url(path)

    def pdf(self, path: str, data: bytes = PDF, *, validators: bool = True) -> str:
        """Serve a file with ETag and Last-Modified, and 304 where they are sent back; its address."""

        def answer(handler: Handler) -> Reply:
            tag = f'"{hashlib.sha256(data).hexdigest()[:12]}"'
            headers = {"Content-Type": "application/pdf"}
            if validators:
                headers |= {"ETag": tag, "Last-Modified": "Tue, 27 Feb 2024 03:00:00 GMT"}
                if handler.headers.get("If-None-Match") == tag:
                    return 304, headers, b""
            return 200, headers, data

        self.answers[path] = answer
        return self.url(path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, dict(self.headers), time.monotonic()))
        answer = self.site.answers.get(urlsplit(self.path).path, lambda _: (404, {}, b"<html>tidak ada</html>"))
        reply = answer(self)
        if reply is None:
            self.close_connection = True
            return
        status, headers, body = reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.raw(body)

    def query(self, name: str) -> str | None:
        return parse_qs(urlsplit(self.path).query).get(name, [None])[0]

    def raw(self, data: bytes) -> None:
        """Write to the connection, past all rules of HTTP; a client that has gone is no fault."""
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def served(tls: SSLContext | None = None) -> Iterator[Site]:
    site = Site(scheme="https" if tls else "http")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"site": site}))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.block_on_close = False
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def record(number: int = 6, **fields: object) -> dict[str, object]:
    """A record as sites give it: everything text."""
    return {
        "idData": str(100 + number),
        "tahun_pengundangan": "2024",
        "tanggal_pengundangan": "2024-02-27",
        "jenis": "Peraturan Bupati",
        "noPeraturan": str(number),
        "judul": f"Peraturan Bupati Nomor {number} Tahun 2024 Tentang Percepatan Penurunan Stunting",
        "noPanggil": "-",
        "singkatanJenis": "PERBUP",
        "tempatTerbit": "Blora",
        "teuBadan": "Jawa Tengah.Kabupaten Blora",
        "status": "berlaku",
        "fileDownload": f"perbup-{number}.pdf",
        "urlDownload": f"/files/{number}.pdf",
        "operasi": "4",
        "display": "1",
        **fields,
    }
