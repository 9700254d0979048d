"""Asking a site politely: one request at a time, with pauses, a few retries, and an end to everything."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpcore
import httpx
import stamina

from pipeline import PROGRAM, VERSION
from pipeline.harvest.network import AddressRefusedError, CheckedTransport, DeadlineError
from pipeline.harvest.outcomes import Outcome
from pipeline.harvest.urls import BadUrlError, checked

T = TypeVar("T")

HEADERS = {
    "User-Agent": f"{PROGRAM}/{VERSION}",
    "Accept": "*/*",
    # Bytes are counted and hashed as they come.
    "Accept-Encoding": "identity",
}
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
CODINGS = frozenset({"", "identity", "gzip", "deflate"})
DIGITS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site is asked. Times are in seconds.

    `delay` lies between two requests to one host, `wait` is the longest time without a byte, `whole` the time for one
    answer in all. After `failures` faults in a row a host is asked no more.
    """

    delay: float = 1.0
    wait: float = 30.0
    whole: float = 600.0
    attempts: int = 4
    first_pause: float = 2.0
    longest_pause: float = 60.0
    redirects: int = 5
    failures: int = 5


class FetchError(Exception):
    """Why an answer did not come. `passing`: it may come a little later; `pause`: not before so many seconds."""

    def __init__(self, outcome: Outcome, message: str, *, passing: bool = False, pause: float | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.passing = passing
        self.pause = pause


class Client:
    """Asks one site after the other. A context manager: it closes its connections."""

    def __init__(self, transport: CheckedTransport, manners: Manners = Manners()) -> None:
        self._deadline = transport.deadline
        self._manners = manners
        # A proxy named in the environment would connect unchecked.
        self._client = httpx.Client(transport=transport, headers=HEADERS, timeout=manners.wait, trust_env=False)
        self._asked: dict[str, float] = {}
        self._failed: Counter[str] = Counter()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, url: httpx.URL, take: Callable[[httpx.Response], T], headers: Mapping[str, str] | None = None) -> T:
        """What `take` makes of the answer, which is 200, or 304 where `headers` asks for that; redirects are followed.

        `take` reads the body with `chunks`, and is called again where the connection breaks off. Raises FetchError.
        """
        host = url.host
        if self._failed[host] >= self._manners.failures:
            raise FetchError(Outcome.HOST_DOWN, f"{host} failed {self._failed[host]} times in a row")
        try:
            taken = self._tried(url, take, headers or {})
        except FetchError as error:
            self._failed[host] = self._failed[host] + 1 if error.passing or error.outcome is Outcome.TIMED_OUT else 0
            raise
        self._failed[host] = 0
        return taken

    def _tried(self, url: httpx.URL, take: Callable[[httpx.Response], T], headers: Mapping[str, str]) -> T:
        manners = self._manners
        for attempt in stamina.retry_context(
            on=self._again,
            attempts=manners.attempts,
            timeout=None,
            wait_initial=manners.first_pause,
            wait_max=manners.longest_pause,
            wait_jitter=manners.first_pause / 2,
        ):
            with attempt, _told():
                self._deadline.start(manners.whole)
                with self._answer(url, headers) as answer:
                    return take(answer)
        raise AssertionError("stamina raises the last error")

    def _again(self, error: Exception) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if not isinstance(error, FetchError) or not error.passing:
            return False
        if error.pause is None:
            return True
        return error.pause if error.pause <= self._manners.longest_pause else False

    @contextmanager
    def _answer(self, url: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The answer behind all redirects, its body unread. Bodies of redirects are never read."""
        request: httpx.Request | None = self._client.build_request("GET", url, headers=dict(headers))
        for _ in range(self._manners.redirects + 1):
            assert request is not None
            checked(request.url)
            self._pause(request.url.host)
            answer = self._client.send(request, stream=True)
            try:
                request = answer.next_request
                if request is None:
                    _require_content(answer, conditional="If-None-Match" in headers or "If-Modified-Since" in headers)
                    yield answer
                    return
            finally:
                answer.close()
        raise FetchError(Outcome.HTTP_ERROR, f"more than {self._manners.redirects} redirects")

    def _pause(self, host: str) -> None:
        """Wait until the host may be asked again."""
        if host in self._asked:
            time.sleep(max(0.0, self._asked[host] + self._manners.delay - time.monotonic()))
        self._asked[host] = time.monotonic()


def chunks(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """The body piece by piece. Raises FetchError (`too_large`) once it is known to have more than `most` bytes."""
    told = answer.headers.get("Content-Length", "")
    if DIGITS.fullmatch(told) and int(told) > most:
        raise FetchError(Outcome.TOO_LARGE, f"{told} bytes; at most {most} are read")
    count = 0
    for piece in answer.iter_bytes():
        count += len(piece)
        if count > most:
            raise FetchError(Outcome.TOO_LARGE, f"more than {most} bytes")
        yield piece


def _require_content(answer: httpx.Response, *, conditional: bool) -> None:
    """Raises FetchError for an answer that is neither the file nor the `304` that was asked for."""
    status = answer.status_code
    if status != 200 and not (status == 304 and conditional):
        told = f"HTTP {status} {answer.reason_phrase}".strip()
        passing = status in BUSY
        raise FetchError(Outcome.HTTP_ERROR, told, passing=passing, pause=_retry_after(answer) if passing else None)
    if answer.headers.get("Content-Encoding", "").strip().lower() not in CODINGS:
        raise FetchError(Outcome.HTTP_ERROR, "the body is in a coding that was not asked for")


def _retry_after(answer: httpx.Response) -> float | None:
    """The seconds that the host asks to wait (RFC 9110, 10.2.3: a number, or a date)."""
    told = answer.headers.get("Retry-After", "").strip()
    if DIGITS.fullmatch(told):
        return float(told)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return None
    now = datetime.now(UTC)
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the network as FetchError."""
    try:
        yield
    except BadUrlError as error:
        raise FetchError(Outcome.BAD_URL, f"a redirect leads to no address: {error}") from error
    except AddressRefusedError as error:
        raise FetchError(Outcome.PRIVATE_ADDRESS, f"the host is at {error}") from error
    except DeadlineError as error:
        raise FetchError(Outcome.TIMED_OUT, "the answer had not come whole in the time for it") from error
    except httpcore.ConnectTimeout as error:
        raise FetchError(Outcome.UNREACHABLE, "no connection in time", passing=True) from error
    except httpcore.TimeoutException as error:
        raise FetchError(Outcome.TIMED_OUT, "nothing came for too long", passing=True) from error
    except httpcore.ConnectError as error:
        raise FetchError(Outcome.UNREACHABLE, str(error) or "no connection", passing=True) from error
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        raise FetchError(Outcome.CUT_OFF, str(error) or "the connection broke off", passing=True) from error
    except (httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(Outcome.HTTP_ERROR, str(error) or type(error).__name__) from error
