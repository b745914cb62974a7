"""The guarded HTTP client of ``python -m corpus sync``: it reaches the hosts that it may reach, and takes no more than it should.

Every address, the first and that of each redirect, is held against one narrow grammar and against the allowed hosts. A host
is looked up once, and the connection made to the very address that was found public: no second look-up can answer otherwise.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, BinaryIO, Literal
from urllib.parse import quote, urldefrag, urljoin

import httpcore
import httpx
import tenacity
from protego import Protego

from corpus.errors import FetchError, FetchFailed

__all__ = ["ADDRESS_CHARACTERS", "STANDARD", "Answer", "Body", "Client", "Limits", "Validators", "checked", "one_line"]

USER_AGENT = "assistant-numerique-responsable (python -m corpus sync)"
# One way to write an address: a name of at least two parts (so no number that some parsers take for a machine), no user, no
# other port, no backslash, nothing that two parsers could read in two ways.
ADDRESS = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?(/[!$-;=?-\[\]_a-z~]*)?", re.IGNORECASE)
# What stands in an address as it is; anything else is percent-encoded.
ADDRESS_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"
REDIRECTS = (301, 302, 303, 307, 308)
# Networks that the standard library calls global, and that lead elsewhere than to a public server.
NOT_PUBLIC = [ipaddress.ip_network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "fec0::/10")]
BLOCK = 65536
# Bytes from which the start of a body is kept when the rest does not come.
WORTH_RESUMING = 512 * 1024
ROBOTS_SIZE = 512 * 1024
# The longest Crawl-delay of a robots.txt that is obeyed, in seconds.
LONGEST_DELAY = 30
# How many addresses of a host may fail in a row before it is left alone.
HOST_FAILURES = 3


@dataclass(frozen=True)
class Limits:
    """Seconds for a connection, between two reads, for all that one address takes, and between two requests to a host; bytes
    of one body; tries of an address, and seconds before the second one, doubled before each other; redirects in a row."""

    connect: float = 10
    read: float = 30
    total: float = 600
    interval: float = 1
    size: int = 200 * 1024**2
    attempts: int = 4
    backoff: float = 2
    redirects: int = 5


STANDARD = Limits()


@dataclass(frozen=True)
class Validators:
    """What a server gave to ask it later whether anything changed: its ``ETag`` and ``Last-Modified``."""

    etag: str = ""
    modified: str = ""

    @property
    def range(self) -> str:
        """The one that says that a body is the same byte for byte, or an empty string."""
        return self.modified if self.etag.startswith("W/") else self.etag or self.modified


@dataclass
class Body:
    """Where a body goes. ``file`` may hold the start of one, whose version ``validator`` names: only the rest is asked for then.

    ``page`` says whether it must be HTML, or must not be; None takes either. ``begun`` is called with the validator of what
    is about to be written.
    """

    file: BinaryIO
    size: int
    page: bool | None = None
    validator: str = ""
    begun: Callable[[str], None] = lambda validator: None


@dataclass(frozen=True)
class Answer:
    """What an address answered: a fresh body (written, where one was asked for), the one that is known, or that it is gone."""

    kind: Literal["fresh", "unchanged", "gone"]
    validators: Validators = Validators()


class Client:
    """One run's requests: paced by host, obeying robots.txt, within ``limits``.

    ``texts`` holds small texts (robots.txt, sitemaps) with their validators from one run to the next. ``loopback`` is for
    tests alone: the hosts that it names are served, without TLS, by that port of this machine; all else stays as it is.
    ``bodies`` and ``bytes`` count what was downloaded.
    """

    def __init__(
        self, texts: dict[str, dict[str, str]], limits: Limits = STANDARD, loopback: Mapping[str, int] | None = None
    ) -> None:
        self.texts = texts
        self.limits = limits
        self.network = GuardedNetwork(loopback or {})
        self.transport = Transport(self.network)
        self.http = httpx.Client(
            transport=self.transport,
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            trust_env=False,
        )
        self.bodies = self.bytes = 0
        self.next_request: dict[str, float] = {}
        self.rules: dict[str, Protego | FetchError] = {}
        self.failures: Counter[str] = Counter()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.http.close()

    def text(self, address: str, hosts: Collection[str], size: int) -> str | None:
        """Return the text at ``address``, asked for again only where it changed; None where there is none."""
        known = self.texts.get(address, {})
        body = Body(BytesIO(), size)
        answer = self.get(address, hosts, Validators(known.get("etag", ""), known.get("modified", "")), body)
        if answer.kind == "unchanged":
            return known["text"]
        self.texts.pop(address, None)
        if answer.kind != "fresh":
            return None
        body.file.seek(0)
        text = body.file.read().decode("utf-8", "replace")
        self.texts[address] = {"etag": answer.validators.etag, "modified": answer.validators.modified, "text": text}
        return text

    def get(
        self, address: str, hosts: Collection[str], known: Validators = Validators(), body: Body | None = None
    ) -> Answer:
        """Ask ``address``, and follow it on ``hosts`` only; without a ``body``, ask only whether it changed.

        Raises FetchError where it must not be followed or what it answers is refused, FetchFailed where it still fails
        after some tries.
        """
        host = checked(address, hosts).host
        if self.failures[host] >= HOST_FAILURES:
            raise FetchError("sync_host_down", host=host)
        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(FetchFailed),
            stop=tenacity.stop_after_attempt(self.limits.attempts) | tenacity.stop_before_delay(self.limits.total),
            wait=self.wait,
            reraise=True,
        )
        # A look at robots.txt on the way has its own time.
        outer, self.network.deadline = self.network.deadline, time.monotonic() + self.limits.total
        before, self.failures[host] = self.failures[host], 0
        try:
            return tries(self.follow, address, hosts, known, body)
        except FetchFailed:
            self.failures[host] = before + 1
            raise
        finally:
            self.network.deadline = outer

    def wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds before the next try: twice as many each time, and as many as the server asks for."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.values.get("seconds", 0) if isinstance(error, FetchFailed) else 0
        return max(asked, self.limits.backoff * 2 ** (state.attempt_number - 1))

    def follow(self, address: str, hosts: Collection[str], known: Validators, body: Body | None) -> Answer:
        """One try: the address, and those that it leads to."""
        start = body.file.tell() if body else 0
        headers = {"Accept-Encoding": "gzip"}
        if body and start and body.validator:
            headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-", "If-Range": body.validator}
        elif known.etag:
            headers["If-None-Match"] = known.etag
        if known.modified and "Range" not in headers:
            headers["If-Modified-Since"] = known.modified
        for _ in range(self.limits.redirects + 1):
            url = checked(address, hosts)
            if url.path != "/robots.txt":
                self.heed_robots(url, hosts)
            self.pace(url.host)
            with self.open(url, headers) as response:
                if response.status_code == 304 and known == Validators():
                    raise FetchError("sync_status", status=304)
                if response.status_code not in REDIRECTS:
                    return self.take(response, body, start)
                address = redirected(url, response.headers.get("Location", ""))
        raise FetchError("sync_redirects", count=self.limits.redirects)

    @contextlib.contextmanager
    def open(self, url: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Open ``url``, and say in our words what goes wrong until it is closed."""
        # Sent by the transport itself: the client would read what a redirect says, and keep cookies.
        request = self.http.build_request("GET", url, headers=headers)
        try:
            with contextlib.closing(self.transport.handle_request(request)) as response:
                yield response
        except httpcore.TimeoutException as error:
            raise FetchFailed("sync_slow", host=url.host) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchFailed(
                "sync_cut", host=url.host, problem=one_line(str(error)) or type(error).__name__
            ) from error

    def pace(self, host: str) -> None:
        """Wait until ``host`` may be asked again: as long as we want between two requests, or as its robots.txt asks."""
        now = time.monotonic()
        at = max(now, self.next_request.get(host, now))
        time.sleep(at - now)
        rules = self.rules.get(host)
        asked = (rules.crawl_delay(USER_AGENT) if isinstance(rules, Protego) else None) or 0
        self.next_request[host] = at + max(self.limits.interval, min(asked, LONGEST_DELAY))

    def heed_robots(self, url: httpx.URL, hosts: Collection[str]) -> None:
        """Raise FetchError where the robots.txt of the host forbids ``url``, or cannot be read (RFC 9309, 2.3.1)."""
        host = url.host
        if host not in self.rules:
            self.rules[host] = Protego.parse("")  # for the addresses that its robots.txt redirects to
            self.rules[host] = self.read_robots(host, hosts)
        rules = self.rules[host]
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(str(url), USER_AGENT):
            raise FetchError("sync_robots", host=host)

    def read_robots(self, host: str, hosts: Collection[str]) -> Protego | FetchError:
        """Return the rules of a host, or why none of its addresses may be asked; one that refuses to tell them has none."""
        try:
            return Protego.parse(self.text(f"https://{host}/robots.txt", hosts, ROBOTS_SIZE) or "")
        except FetchError as error:
            status = error.values.get("status", 0)
            if not error.retry and 400 <= status < 500:
                return Protego.parse("")
            return FetchError("sync_robots_unreadable", host=host) if status else FetchError(error.key, **error.values)

    def take(self, response: httpx.Response, body: Body | None, start: int) -> Answer:
        """Read an answer that is not a redirect; a body is written after the ``start`` bytes that are there, or anew."""
        status = response.status_code
        if status == 304:
            return Answer("unchanged")
        if status in (404, 410):
            return Answer("gone")
        if status in (408, 425, 429) or status >= 500:
            raise FetchFailed("sync_busy", status=status, seconds=retry_after(response.headers.get("Retry-After", "")))
        headers = response.headers
        validators = Validators(sendable(headers.get("ETag", "")), sendable(headers.get("Last-Modified", "")))
        if body is None and status == 200:
            return Answer("fresh", validators)
        resumed = status == 206 and headers.get("Content-Range", "").startswith(f"bytes {start}-")
        if body and start and (status == 416 or (status == 206 and not resumed)):
            empty(body, "")
            raise FetchFailed("sync_busy", status=status, seconds=0)
        if body is None or not (status == 200 or (start and resumed)):
            raise FetchError("sync_status", status=status)
        media = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media and body.page not in (None, "html" in media):
            raise FetchError("sync_type", type=one_line(media))
        declared = int(headers["Content-Length"]) if headers.get("Content-Length", "").isdecimal() else 0
        if not resumed:
            start = 0
            lasting = not headers.get("Content-Encoding") and declared > WORTH_RESUMING
            empty(body, validators.range if lasting else "")
        if start + declared > body.size:
            raise FetchError("sync_large", limit=body.size // 1024)
        for block in plain_blocks(response):
            self.bytes += len(block)
            if body.file.tell() + len(block) > body.size:
                raise FetchError("sync_large", limit=body.size // 1024)
            body.file.write(block)
        self.bodies += 1
        return Answer("fresh", validators)


def empty(body: Body, validator: str) -> None:
    """Drop what is there of a body, before that of the version ``validator`` is written."""
    if body.file.tell():
        body.file.seek(0)
        body.file.truncate()
    if validator != body.validator:
        body.validator = validator
        body.begun(validator)


def plain_blocks(response: httpx.Response) -> Iterator[bytes]:
    """Yield a body as it was before compression, in blocks of at most 64 KiB whatever its ratio."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from response.iter_raw()
        return
    if encoding != "gzip":
        raise FetchError("sync_encoding", encoding=one_line(encoding))
    decoder = zlib.decompressobj(wbits=31)
    try:
        for rest in response.iter_raw():
            while rest:
                yield decoder.decompress(rest, BLOCK)
                rest = decoder.unconsumed_tail
            if decoder.eof:
                return
        yield decoder.flush()
    except zlib.error as error:
        raise FetchError("sync_encoding", encoding=encoding) from error
    if not decoder.eof:
        raise FetchFailed("sync_cut", host=response.request.url.host, problem="gzip")


def checked(address: str, hosts: Collection[str]) -> httpx.URL:
    """Return the address as a URL; raise FetchError where it is not a plain https address of one of ``hosts``."""
    match = ADDRESS.fullmatch(address)
    if not match:
        raise FetchError("sync_address", address=one_line(address))
    host = match[1].lower()
    if host not in hosts:
        raise FetchError("sync_host", host=host)
    return httpx.URL(f"https://{host}{match[2] or '/'}")


def redirected(url: httpx.URL, location: str) -> str:
    """Return where ``location`` leads from ``url``, without its fragment, still to be checked."""
    if not location or re.search(r"[\x00-\x20\\]", location):
        raise FetchError("sync_address", address=one_line(location))
    return urldefrag(urljoin(str(url), quote(location, safe=ADDRESS_CHARACTERS)))[0]


def one_line(words: str) -> str:
    """What someone else wrote, as one short line without anything that a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:300]


def sendable(value: str) -> str:
    """A header that a server gave, if it can be sent back to it as it is, else an empty string."""
    return value if value.isascii() and value.isprintable() and len(value) <= 200 else ""


def retry_after(value: str) -> float:
    """The seconds that a ``Retry-After`` header asks for, whether it gives them or a date; 0 where it says neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def is_public(address: str) -> bool:
    """True for the address of a machine that anyone may reach; False for private, local, shared, reserved or group ones."""
    ip = ipaddress.ip_address(address)
    odd = any(ip.version == network.version and ip in network for network in NOT_PUBLIC)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or odd)


def public_addresses(host: str) -> list[str]:
    """Look ``host`` up; raise FetchError where any of the addresses found is not public."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not is_public(address):
            raise FetchError("sync_private", host=host, address=address)
    return addresses


class GuardedNetwork(httpcore.NetworkBackend):
    """Connections to public addresses only, and none that outlasts ``deadline``."""

    def __init__(self, loopback: Mapping[str, int]) -> None:
        self.loopback = loopback
        self.deadline = float("inf")
        self.sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        served_here = host in self.loopback
        addresses = ["127.0.0.1"] if served_here else public_addresses(host)
        for place, address in enumerate(addresses, 1):
            try:
                stream = self.sockets.connect_tcp(
                    address, self.loopback[host] if served_here else port, self.left(timeout), None, socket_options
                )
                return GuardedStream(stream, self, tls=not served_here)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise httpcore.ConnectError(f"no address for {host}")

    def left(self, timeout: float | None) -> float:
        """The seconds that an operation may take: ``timeout``, or what is left before the deadline."""
        seconds = min(timeout or float("inf"), self.deadline - time.monotonic())
        if seconds <= 0:
            raise httpcore.ReadTimeout("deadline")
        return seconds


class GuardedStream(httpcore.NetworkStream):
    """A connection that was found to be allowed."""

    def __init__(self, stream: httpcore.NetworkStream, network: GuardedNetwork, tls: bool) -> None:
        self.stream = stream
        self.network = network
        self.tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.network.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        if not self.tls:
            return self
        stream = self.stream.start_tls(ssl_context, server_hostname, self.network.left(timeout))
        return GuardedStream(stream, self.network, tls=True)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """httpx over the guarded network, without any proxy."""

    def __init__(self, network: GuardedNetwork) -> None:
        self.pool = httpcore.ConnectionPool(httpx.create_ssl_context(trust_env=False), network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self.pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        stream = ResponseStream(answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, request=request)

    def close(self) -> None:
        self.pool.close()


class ResponseStream(httpx.SyncByteStream):
    """The body of an answer of httpcore, for httpx."""

    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()
