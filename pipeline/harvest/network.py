"""Connections that go only where they may: each name is resolved, its addresses checked, and one of these connected to.

This is done for every connection, so that neither a redirect nor a name that resolves differently the next moment
leads elsewhere. TLS is checked against the name. All reading and writing stops at a deadline.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

Address = IPv4Address | IPv6Address
AddressPolicy = Callable[[Address], bool]
# The addresses of a host and port, as text. Raises OSError.
Resolver = Callable[[str, int], list[str]]

# RFC 6052: the last 32 bits are an IPv4 address behind a translator.
NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefusedError(Exception):
    """No address of the host is one that may be asked."""


class DeadlineError(Exception):
    """The time for the whole answer is up."""


def public_only(address: Address) -> bool:
    """Whether the address is on the public internet: not private, loopback, link-local, multicast or reserved.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged as well.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address in NAT64:
            return public_only(IPv4Address(int(address) & 0xFFFFFFFF))
        inner = [address.sixtofour, *(address.teredo or ())]
        if address.is_site_local or not all(public_only(one) for one in inner if one is not None):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def any_address(_address: Address) -> bool:
    """Lets all addresses pass (`--allow-private`)."""
    return True


def resolve(host: str, port: int) -> list[str]:
    """What the system says, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """The moment at which all reading and writing stops; `start` sets it anew."""

    def __init__(self) -> None:
        self._at = float("inf")

    def start(self, seconds: float) -> None:
        """Give the connections this much time from now on."""
        self._at = time.monotonic() + seconds

    def within(self, timeout: float | None) -> float | None:
        """`timeout`, or less where the deadline is nearer. Raises DeadlineError behind it."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise DeadlineError
        if left == float("inf"):
            return timeout
        return left if timeout is None else min(timeout, left)


class CheckedTransport(httpx.BaseTransport):
    """HTTP/1.1 over one connection at a time, kept open for the next request to the same host.

    Raises AddressRefusedError, DeadlineError and the exceptions of httpcore.
    """

    def __init__(
        self, allowed: AddressPolicy, resolver: Resolver = resolve, ssl_context: SSLContext | None = None
    ) -> None:
        self.deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(),
            max_connections=1,
            keepalive_expiry=15.0,
            network_backend=_CheckedBackend(allowed, resolver, self.deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=dict(answer.extensions)
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, allowed: AddressPolicy, resolver: Resolver, deadline: Deadline) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name has no address: {error}") from error
        may = [address for address in found if self._allowed(ip_address(address.partition("%")[0]))]
        if not may:
            raise AddressRefusedError(", ".join(found))
        # Of several addresses the first that answers is taken; the last is told where none does.
        for address in may[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connected(address, port, timeout, local_address, socket_options)
        return self._connected(may[-1], port, timeout, local_address, socket_options)

    def _connected(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout)
        return _TimedStream(
            self._backend.connect_tcp(address, port, left, local_address, socket_options), self._deadline
        )


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.within(timeout))
        except httpcore.ReadTimeout:
            self._deadline.within(None)
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
