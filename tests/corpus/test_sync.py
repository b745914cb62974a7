"""The sync, against the published site served on this machine, and against servers that do what servers should not."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import pytest
from conftest import PROJECT, require

from corpus import fetch, listing
from corpus import sync as syncing
from corpus.__main__ import main
from corpus.documents import KINDS
from corpus.errors import FetchError, InputError
from corpus.fetch import Client, Limits, Validators, checked, is_public
from corpus.listing import file_name
from corpus.messages import text
from corpus.news import news, news_page
from corpus.readers.source_file import SourceFile, entry_for, synced_sources, withdrawn
from corpus.sync import SyncReport, sync

OFFICIAL = "ecoresponsable.numerique.gouv.fr"
HOST, OTHER = "source.test.fr", "autre.test.fr"
HOME = f"https://{HOST}/"
FAST = Limits(connect=2, read=0.5, total=5, interval=0, size=100_000, attempts=2, backoff=0.01)
Handler = BaseHTTPRequestHandler
Action = Callable[[Handler], None]


def reply(body: str | bytes = b"", status: int = 200, **headers: str) -> Action:
    """An answer, HTML unless said otherwise; ``Content_Length="…"`` stands for the header of that name."""
    content = body.encode() if isinstance(body, str) else body

    def act(handler: Handler) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send_response(status)
        for name, value in ({"Content-Type": "text/html", "Content-Length": str(len(content))} | given).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
        if given.get("Content-Length", str(len(content))) != str(len(content)):
            handler.close_connection = True

    return act


def page(words: str = "Une page", links: str = "") -> str:
    return f"<html><head><title>{words}</title></head><body><p>{words}</p>{links}</body></html>"


def in_turn(*actions: Action) -> Action:
    """Each action once, then the last one again."""
    left = list(actions)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def redirect(location: str, status: int = 302) -> Action:
    return reply(status=status, Location=location)


class Site:
    """A server on this machine: what ``script`` says of a path, else the mirror's file, else 404. ``seen`` is what was asked."""

    def __init__(self, mirror: Path | None = None) -> None:
        self.script: dict[str, Action] = {}
        self.seen: list[tuple[str, dict[str, str], float]] = []
        site = self

        class Server(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic()))
                action = site.script.get(self.path) or (mirrored(mirror, self.path) if mirror else None)
                try:
                    (action or reply("rien", 404))(self)
                except OSError:  # the client is gone
                    self.close_connection = True

            def log_message(self, *ignored: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def paths(self) -> list[str]:
        """The paths that were asked, but for robots.txt."""
        return [path for path, _, _ in self.seen if path != "/robots.txt"]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def mirrored(mirror: Path, path: str) -> Action | None:
    """The file of the knowledge base's mirror that is published at ``path``, with its validators."""
    inside = unquote(path).lstrip("/")
    file = mirror / "documents" / inside[5:] if inside.startswith("docs/") else mirror / "site" / inside
    file = file / "index.html" if path.endswith("/") else file
    if not file.is_file():
        return None
    content = file.read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'

    def act(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.end_headers()
        else:
            media = "text/html" if file.suffix == ".html" else "application/octet-stream"
            reply(content, ETag=etag, Content_Type=media)(handler)

    return act


@pytest.fixture(scope="module", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """These copies need not outlive a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The one source of these tests: a site listed by its sitemap, at ``HOST``."""
    table = {"id": "essai", "title": "Essai", "url": HOME, "hosts": [HOST], "sitemap": f"{HOME}sitemap.xml"}
    monkeypatch.setattr(syncing, "synced_sources", lambda: [table])
    return table


def list_pages(site: Site, *paths: str) -> None:
    """Give the site a sitemap that lists these paths."""
    entries = "".join(f"<url><loc>{html.escape(HOME + path)}</loc></url>" for path in paths)
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    site.script["/sitemap.xml"] = reply(xml, Content_Type="application/xml")


def run(data: Path, site: Site, limits: Limits = FAST, other: Site | None = None, **options: Any) -> SyncReport:
    loopback = {HOST: site.port} | ({OTHER: other.port} if other else {})
    return sync(data, limits=limits, loopback=loopback, **options)


def events(report: SyncReport) -> dict[str, str]:
    """The event of each address, or why it is refused, by its path."""
    return {
        one.address.removeprefix(HOME).removeprefix("https://"): one.error.key if one.error else one.event
        for one in report.outcomes
    }


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- The published site ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def official(knowledge_base: Path) -> Iterator[Site]:
    made = Site(knowledge_base)
    yield made
    made.close()


def run_official(data: Path, site: Site, **options: Any) -> SyncReport:
    limits = Limits(interval=0, attempts=1, read=5, total=20)
    return sync(data, ["site", "documents"], limits=limits, loopback={OFFICIAL: site.port}, **options)


@pytest.fixture(scope="module")
def first(official: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SyncReport]:
    data = tmp_path_factory.mktemp("sync") / "données"
    return data, run_official(data, official)


@pytest.fixture
def again(first: tuple[Path, SyncReport], official: Site, tmp_path: Path) -> Iterator[Path]:
    """The data of the first sync, of one's own, and a server that is again as it was at the end."""
    shutil.copytree(first[0], tmp_path / "données")
    yield tmp_path / "données"
    official.script.clear()


def test_the_first_sync_brings_the_pages_of_the_sitemap_and_the_documents_that_they_link(first, knowledge_base):
    data, report = first
    folder = data / "official"
    assert len(list((folder / "site").rglob("*.html"))) == 158
    assert (folder / "documents/2024/ReferentielCompetencesNumEco-Beta.xlsx").is_file()
    counts = Counter(one.event for one in report.outcomes)
    assert counts["new"] == report.bodies - 1 == len(json.loads((folder / ".sync/state.json").read_text())["files"])
    # Linked by the pages, and not part of the mirror.
    refused = {one.address.rpartition("/")[2]: one.error.key for one in report.outcomes if one.event == "refused"}
    assert "impact-bonnes-pratiques-numeriques-ecoresponsables.pdf" in refused and len(refused) <= 3
    assert set(refused.values()) == {"sync_status"}
    for path in (path for path in folder.rglob("*.*") if ".sync" not in path.parts):
        name = path.relative_to(folder).as_posix()
        assert path.read_bytes() == (knowledge_base / name).read_bytes(), name
    assert not list(folder.rglob("*.partial"))
    assert [one["path"] for one in json.loads((data / "folders.json").read_text())] == [str(folder.resolve())]


def test_every_file_is_known_by_its_official_address(first):
    from corpus.readers.web_page import read

    folder = first[0] / "official"
    files = json.loads((folder / ".sync/state.json").read_text())["files"]
    for name, file in files.items():
        entry = entry_for(folder, name)
        own = entry.url or entry.home + entry.below + entry.tail.as_posix().removesuffix("index.html")
        assert entry.publisher and unquote(own) == unquote(file["address"]), name
    for name in ("site/index.html", "site/réglementations/index.html", "site/publications/fin-usage/faq/index.html"):
        [document] = read(SourceFile(folder / name, name, entry_for(folder, name)))
        assert unquote(document.url) == unquote(files[name]["address"])


def test_the_second_sync_downloads_nothing(again, official):
    asked = len(official.seen)
    report = run_official(again, official)
    assert (report.bodies, report.bytes) == (0, 0)
    assert {one.event for one in report.outcomes} == {"unchanged", "refused"}
    assert len(official.seen) - asked == len(report.outcomes) + 2  # robots.txt and the sitemap
    assert withdrawn(again / "official") == {}


def test_a_changed_page_is_replaced_and_a_vanished_one_stays_marked(again, official):
    folder = again / "official"
    changed, gone = "/publications/fin-usage/faq/", "/formations/"
    official.script = {changed: reply(page("Foire *aux* questions")), gone: reply("rien", 410)}
    report = run_official(again, official)
    told = {one.event: one for one in report.outcomes if one.event not in ("unchanged", "refused")}
    assert set(told) == {"changed", "gone"} and report.bodies == 1
    assert told["changed"].title == "Foire *aux* questions" and told["changed"].theme == "réemploi"
    assert "Foire *aux* questions" in (folder / f"site{changed}index.html").read_text()
    assert (folder / f"site{gone}index.html").is_file()
    assert withdrawn(folder) == {"site/formations/index.html": syncing.today()}
    # Told once, and again once it is back.
    assert "gone" not in {one.event for one in run_official(again, official).outcomes}
    del official.script[gone]
    [back] = [one for one in run_official(again, official).outcomes if one.event == "new"]
    assert back.address.endswith(gone) and withdrawn(folder) == {}


def test_a_page_that_leaves_the_sitemap_is_withdrawn_without_being_asked(again, official, knowledge_base):
    sitemap = (knowledge_base / "site/sitemap.xml").read_text()
    left = f"https://{OFFICIAL}/publications/fin-usage/faq/"
    official.script["/sitemap.xml"] = reply(sitemap.replace(f"<loc>{left}</loc>", f"<loc>https://{OFFICIAL}/</loc>"))
    asked = len(official.seen)
    report = run_official(again, official)
    assert [one.address for one in report.outcomes if one.event == "gone"] == [left]
    assert urlsplit(left).path not in [path for path, _, _ in official.seen[asked:]]
    assert list(withdrawn(again / "official")) == ["site/publications/fin-usage/faq/index.html"]


def test_a_document_that_no_page_links_any_more_is_asked_before_it_is_withdrawn(again, official):
    folder = again / "official"
    linked = "docs/2024/ReferentielCompetencesNumEco-Beta.xlsx"
    for path in (folder / "site").rglob("*.html"):
        path.write_text(path.read_text("utf-8").replace(linked, ""), "utf-8")
    report = sync(again, ["documents"], limits=FAST, loopback={OFFICIAL: official.port})
    assert [one.event for one in report.outcomes if one.address.endswith(linked)] == ["unchanged"]
    official.script[f"/{linked}"] = reply("rien", 404)
    report = sync(again, ["documents"], limits=FAST, loopback={OFFICIAL: official.port})
    assert [one.event for one in report.outcomes if one.address.endswith(linked)] == ["gone"]


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(again, official, tmp_path):
    report = run_official(tmp_path / "rien", official, dry_run=True)
    assert Counter(one.event for one in report.outcomes) == {"new": 158} and not (tmp_path / "rien").exists()
    before = snapshot(again)
    official.script = {"/formations/": reply(page("Autre")), "/publications/fin-usage/faq/": reply("rien", 404)}
    report = run_official(again, official, dry_run=True)
    told = {one.event: urlsplit(one.address).path for one in report.outcomes if one.event in ("changed", "gone")}
    assert told == {"changed": "/formations/", "gone": "/publications/fin-usage/faq/"} and report.bodies == 0
    assert snapshot(again) == before


def test_only_the_named_sources_are_synced(official, tmp_path):
    asked = len(official.seen)
    report = sync(tmp_path, ["documents"], limits=FAST, loopback={OFFICIAL: official.port})
    assert report.outcomes == () and len(official.seen) == asked  # no page is there that links any
    with pytest.raises(InputError) as caught:
        sync(tmp_path, ["documents", "inconnue"])
    assert caught.value.key == "source_unknown" and "legifrance" in caught.value.values["known"]


def test_a_run_that_is_killed_goes_on_where_it_was(knowledge_base, tmp_path):
    site = Site(knowledge_base)
    code = (
        "import sys; from pathlib import Path; from corpus.fetch import Limits; from corpus.sync import sync\n"
        f"sync(Path(sys.argv[1]), ['site'], limits=Limits(interval=0.02), loopback={{'{OFFICIAL}': {site.port}}})"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment) as process:
        started = time.monotonic()
        while len(site.seen) < 40 and process.poll() is None and time.monotonic() - started < 60:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    here = {name for name in snapshot(tmp_path / "official") if name.startswith("site/")}
    assert 30 <= len(here) < 100
    limits = Limits(interval=0, read=5)
    report = sync(tmp_path, ["site"], limits=limits, loopback={OFFICIAL: site.port})
    counts = Counter(one.event for one in report.outcomes)
    # One file may have been in its place, and not yet in the state.
    assert sum(counts.values()) == 158 and counts["unchanged"] in (len(here), len(here) - 1)
    assert counts["new"] == 158 - counts["unchanged"]
    copied = {name: content for name, content in snapshot(tmp_path / "official").items() if name.startswith("site/")}
    assert copied == {name: (knowledge_base / name).read_bytes() for name in copied} and len(copied) == 158
    assert not list((tmp_path / "official").rglob("*.partial"))
    told = news(tmp_path / "official", date(2000, 1, 1))
    assert len(told) == 158 and {record["event"] for record in told} == {"new"}
    site.close()


# --- Servers that do what they should not -------------------------------------------------------------------------------


def stall(handler: Handler) -> None:
    time.sleep(1.2)


def drip(handler: Handler) -> None:
    """A byte at a time, each within the time of a read."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(f"X-{number}: a\r\n".encode())
        time.sleep(0.1)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def cut_chunks(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"100\r\nune partie")
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def noise(handler: Handler) -> None:
    handler.wfile.write(b"\x00\x01 ce n'est pas du HTTP\r\n\r\n")
    handler.close_connection = True


ZIPPED = {"Content_Encoding": "gzip"}
HOSTILE: dict[str, tuple[Action, str, int]] = {
    "stalls": (stall, "sync_slow", 2),
    "drips": (drip, "sync_slow", 1),
    "drips its headers": (drip_headers, "sync_slow", 1),
    "hangs up": (hang_up, "sync_cut", 2),
    "speaks no HTTP": (noise, "sync_cut", 2),
    "is shorter than it says": (reply("court", Content_Length="5000"), "sync_cut", 2),
    "cuts within a chunk": (cut_chunks, "sync_cut", 2),
    "says a length that is no number": (reply("x", Content_Length="9" * 5000), "sync_cut", 2),
    "says that it is gigantic": (reply("x", Content_Length="99999999999"), "sync_large", 1),
    "is gigantic": (endless, "sync_large", 1),
    "is a bomb": (reply(gzip.compress(bytes(60_000_000)), **ZIPPED), "sync_large", 1),
    "is half a gzip": (reply(gzip.compress(os.urandom(5000))[:2000], **ZIPPED), "sync_cut", 2),
    "is no gzip": (reply("texte", **ZIPPED), "sync_encoding", 1),
    "is zipped twice": (reply("texte", Content_Encoding="gzip, gzip"), "sync_encoding", 1),
    "is zipped otherwise": (reply("texte", Content_Encoding="br"), "sync_encoding", 1),
    "loops": (redirect("/a/"), "sync_redirects", 6),
    "answers 500": (reply("panne", 500), "sync_busy", 2),
    "answers 429 for an hour": (reply("", 429, Retry_After="3600"), "sync_busy", 1),
    "answers 403": (reply("non", 403), "sync_status", 1),
    "answers 304 unasked": (reply(status=304), "sync_status", 1),
    "answers a part unasked": (reply("x", 206, Content_Range="bytes 0-0/9"), "sync_status", 1),
    "is no page": (reply("%PDF-1.7", Content_Type="application/pdf"), "sync_type", 1),
    "redirects nowhere": (reply(status=302), "sync_address", 1),
}


@pytest.mark.parametrize(("action", "key", "requests"), HOSTILE.values(), ids=HOSTILE)
def test_what_a_server_should_not_do_is_refused_and_the_next_page_is_brought(
    site, source, tmp_path, action, key, requests
):
    list_pages(site, "a/", "b/")
    site.script |= {"/a/": action, "/b/": reply(page("Bonne page"))}
    limits = Limits(connect=2, read=0.5, total=2.5, interval=0, size=100_000, attempts=2, backoff=0.01)
    tracemalloc.start()
    started = time.monotonic()
    report = run(tmp_path, site, limits)
    assert time.monotonic() - started < 8
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert events(report) == {"a/": key, "b/": "new"}
    assert site.paths.count("/a/") == requests and peak < 40_000_000
    copied = set(snapshot(tmp_path / "official"))
    assert {name for name in copied if not name.startswith(".sync/")} == {"essai/b/index.html"}
    assert not [name for name in copied if name.endswith(".partial")]
    # One line, in both languages, that says what to do.
    [error] = [one.error for one in report.outcomes if one.error]
    for language in ("fr", "en"):
        sentence = text(error.key, language, **error.values)
        assert ":" in sentence and "\n" not in sentence


@pytest.mark.parametrize("action", [reply("court", Content_Length="5000"), reply("", 500), redirect("http://x.fr/")])
def test_a_page_that_cannot_be_fetched_stays_as_it_was(site, source, tmp_path, action):
    list_pages(site, "a/")
    site.script["/a/"] = reply(page("Première version"))
    run(tmp_path, site)
    before = (tmp_path / "official/essai/a/index.html").read_bytes()
    site.script["/a/"] = action
    assert set(events(run(tmp_path, site)).values()) <= {"sync_cut", "sync_busy", "sync_address"}
    assert (tmp_path / "official/essai/a/index.html").read_bytes() == before and not withdrawn(tmp_path / "official")


TRAPS = {
    "loopback": "https://127.0.0.1/",
    "its name": "https://localhost/",
    "metadata": "https://169.254.169.254/latest/meta-data/",
    "private": "https://10.0.0.1/",
    "another host": f"https://{OTHER}/",
    "another host, shorter": f"//{OTHER}/",
    "a host below": f"https://{HOST}.test.com/",
    "a last dot": f"https://{HOST}./",
    "plain http": f"http://{HOST}/b/",
    "another port": f"https://{HOST}:8443/",
    "a user": f"https://{HOST}@{OTHER}/",
    "a user and a password": f"https://u:p@{HOST}/",
    "a backslash": f"https://{OTHER}\\@{HOST}/",
    "backslashes": f"\\\\{OTHER}\\",
    "a decimal address": "https://2130706433/",
    "an octal address": "https://0177.0.0.1/",
    "a hexadecimal address": "https://0x7f.0x0.0x0.0x1/",
    "a short address": "https://127.1/",
    "IPv6": "https://[::1]/",
    "mapped IPv6": "https://[::ffff:127.0.0.1]/",
    "full-width letters": f"https://{OTHER.replace('t', 'ｔ')}/",
    "a file": "file:///etc/passwd",
    "another scheme": "gopher://127.0.0.1:70/",
    "data": "data:text/html,x",
    "a tab": "https://127.0.0.1\t/",
    "a space": f" https://{OTHER}/",
}


@pytest.mark.parametrize("location", TRAPS.values(), ids=TRAPS)
def test_a_redirect_out_of_the_allowed_hosts_is_not_followed(site, other, source, tmp_path, location, monkeypatch):
    look_up = socket.getaddrinfo

    def forbidden(host: str, *arguments: Any, **options: Any) -> Any:
        assert host == "127.0.0.1"  # the site itself
        return look_up(host, *arguments, **options)

    list_pages(site, "a/")
    site.script["/a/"] = redirect("/ici/")
    site.script["/ici/"] = redirect(location.encode("utf-8").decode("latin-1"))
    monkeypatch.setattr(fetch.socket, "getaddrinfo", forbidden)
    report = run(tmp_path, site, other=other)
    assert next(iter(events(report).values())) in ("sync_address", "sync_host")
    assert site.paths == ["/sitemap.xml", "/a/", "/ici/"] and other.seen == []


@pytest.mark.parametrize("location", TRAPS.values(), ids=TRAPS)
def test_a_sitemap_that_lists_such_an_address_is_obeyed_for_the_others_only(site, other, source, tmp_path, location):
    list_pages(site, "b/")
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{location}</loc></url><url><loc>{HOME}b/</loc></url></urlset>'
    site.script |= {"/sitemap.xml": reply(xml), "/b/": reply(page())}
    refused, brought = run(tmp_path, site, other=other).outcomes
    assert refused.event == "refused" or location.startswith(" ")  # blanks around an address are none of it
    assert (brought.event, other.seen) == ("new", [])


@pytest.mark.parametrize("location", ["/b/", "b/", f"https://{HOST}/a/b/", f"HTTPS://{HOST.upper()}:443/b/", "/é/#ici"])
def test_a_redirect_within_the_allowed_hosts_is_followed(site, source, tmp_path, location):
    list_pages(site, "a/")
    site.script["/a/"] = redirect(location.encode("utf-8").decode("latin-1"))
    for path in ("/b/", "/a/b/", "/%C3%A9/"):
        site.script[path] = reply(page("Arrivée"))
    assert events(run(tmp_path, site)) == {"a/": "new"}
    assert "Arrivée" in (tmp_path / "official/essai/a/index.html").read_text()


def test_another_host_of_the_source_is_reached_by_its_own_rules(site, other, source, tmp_path):
    source["hosts"].append(OTHER)
    list_pages(site, "a/", "b/")
    site.script |= {"/a/": redirect(f"https://{OTHER}/a/"), "/b/": redirect(f"https://{OTHER}/secret/")}
    other.script |= {"/robots.txt": reply("User-agent: *\nDisallow: /secret/"), "/a/": reply(page())}
    assert events(run(tmp_path, site, other=other)) == {"a/": "new", "b/": "sync_robots"}
    assert other.paths == ["/a/"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1", "203.0.113.7", "::", "::1", "fe80::1", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:db8::1", "2001::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_a_host_that_leads_to_an_address_that_is_not_public_is_not_connected_to(address, monkeypatch):
    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port)) for found in ("93.184.216.34", address)]

    def connect(*arguments: Any) -> Any:
        raise AssertionError(f"connected: {arguments}")

    assert not is_public(address)
    monkeypatch.setattr(fetch.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with Client({}, FAST) as client, pytest.raises(FetchError) as caught:
        client.get(f"https://{HOST}/robots.txt", [HOST])
    assert (caught.value.key, caught.value.values["address"]) == ("sync_private", address)


def test_the_connection_is_made_to_the_very_address_that_was_looked_up(monkeypatch):
    looked_up, connected = [], []

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        looked_up.append(host)
        found = ["93.184.216.34", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"] if len(looked_up) == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    def connect(self: Any, host: str, *arguments: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError("no network here")

    monkeypatch.setattr(fetch.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with Client({}, Limits(attempts=1, interval=0)) as client, pytest.raises(FetchError) as caught:
        client.get(f"https://{HOST}/robots.txt", [HOST])
    assert caught.value.key == "sync_cut" and looked_up == [HOST]
    assert connected == ["93.184.216.34", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


def test_a_server_must_have_the_certificate_of_its_host(site, tmp_path, monkeypatch):
    require(shutil.which("openssl"), "no openssl on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.script["/robots.txt"] = reply("bonjour")
    # Two public hosts that lead to this server.
    connect = httpcore.SyncBackend.connect_tcp
    monkeypatch.setattr(fetch, "public_addresses", lambda host: ["127.0.0.1"])
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda self, host, port, *rest: connect(self, host, site.port, *rest)
    )

    def ask(host: str, authority: Path | None = None) -> str | None:
        context = ssl.create_default_context(cafile=authority)
        monkeypatch.setattr(fetch.httpx, "create_ssl_context", lambda **options: context)
        with Client({}, Limits(attempts=1, interval=0)) as client:
            return client.text(f"https://{host}/robots.txt", [HOST, OTHER], 1000)

    assert ask(HOST, certificate) == "bonjour"
    for host, authority in ((HOST, None), (OTHER, certificate)):
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            ask(host, authority)
    assert len(site.seen) == 1


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(site, other, source, tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, f"http://127.0.0.1:{other.port}")
    list_pages(site, "a/")
    site.script["/a/"] = reply(page())
    assert events(run(tmp_path, site)) == {"a/": "new"} and other.seen == []


def test_requests_name_the_project_and_send_nothing_back(site, source, tmp_path):
    list_pages(site, "a/", "b/")
    site.script |= {
        "/a/": reply(page(), Set_Cookie="suivi=1; Path=/"),
        "/b/": reply(page(), Set_Cookie=f"x=2; Domain={HOST}"),
    }
    run(tmp_path, site)
    for _, headers, _ in site.seen:
        assert headers["user-agent"].startswith("assistant-numerique-responsable") and headers["host"] == HOST
        assert not {"cookie", "authorization", "referer"} & set(headers)


def test_a_server_that_is_busy_is_asked_again_when_it_says(site, source, tmp_path):
    list_pages(site, "a/", "b/")
    site.script["/a/"] = in_turn(reply("", 429, Retry_After="1"), reply(page()))
    site.script["/b/"] = in_turn(reply("", 503), reply(page()))
    assert events(run(tmp_path, site)) == {"a/": "new", "b/": "new"}
    times = [at for path, _, at in site.seen if path == "/a/"]
    assert len(times) == 2 and times[1] - times[0] >= 1


def test_a_host_that_always_fails_is_left_alone(site, source, tmp_path):
    paths = [f"{number}/" for number in range(6)]
    list_pages(site, *paths)
    site.script |= {f"/{path}": reply("panne", 500) for path in paths}
    assert Counter(events(run(tmp_path, site)).values()) == {"sync_busy": 3, "sync_host_down": 3}
    assert len(site.paths) == 1 + 3 * FAST.attempts


def test_requests_to_a_host_are_apart(site, source, tmp_path):
    list_pages(site, "a/", "b/")
    site.script |= {"/a/": redirect("/b/"), "/b/": reply(page())}
    run(tmp_path, site, Limits(interval=0.2))
    times = [at for _, _, at in site.seen]
    assert len(times) == 5 and min(after - before for before, after in pairwise(times)) > 0.1


def test_the_delay_that_robots_txt_asks_for_is_kept(site, source, tmp_path):
    list_pages(site, "a/")
    site.script |= {"/robots.txt": reply("User-agent: *\nCrawl-delay: 0.4"), "/a/": reply(page())}
    run(tmp_path, site)
    sitemap, first = (at for path, _, at in site.seen if path != "/robots.txt")
    assert first - sitemap > 0.25


def test_what_robots_txt_forbids_is_not_asked(site, source, tmp_path):
    list_pages(site, "a/", "prive/a/", "prive/public/", "brouillon.html")
    rules = (
        "User-agent: *\nDisallow: /\n\nUser-agent: assistant-numerique-responsable\n"
        "Disallow: /prive/\nAllow: /prive/public\nDisallow: /*.html$"
    )
    site.script |= {"/robots.txt": reply(rules, Content_Type="text/plain")}
    site.script |= {path: reply(page()) for path in ("/a/", "/prive/public/")}
    told = events(run(tmp_path, site))
    assert told == {"a/": "new", "prive/a/": "sync_robots", "prive/public/": "new", "brouillon.html": "sync_robots"}
    assert set(site.paths) == {"/sitemap.xml", "/a/", "/prive/public/"}


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (reply("", 500), "sync_robots_unreadable"),
        (reply("", 429), "sync_robots_unreadable"),
        (stall, "sync_slow"),
        (redirect(f"https://{OTHER}/r"), "sync_host"),
        (reply("", 403), "new"),
        (reply("", 404), "new"),
        (redirect("/r"), "new"),
    ],
)
def test_a_robots_txt_that_fails_forbids_all_and_one_that_is_not_there_nothing(site, source, tmp_path, action, told):
    source |= {"pages": [{"file": f"{name}.html", "title": name, "url": f"{HOME}{name}/"} for name in "ab"]}
    site.script |= {"/robots.txt": action, "/r": reply("User-agent: x\nDisallow: /")}
    site.script |= {"/a/": reply(page()), "/b/": reply(page())}
    assert events(run(tmp_path, site)) == {"a/": told, "b/": told}
    assert [path for path in site.paths if path != "/r"] == (["/a/", "/b/"] if told == "new" else [])


def test_a_robots_txt_is_asked_again_only_where_it_changed(site, source, tmp_path):
    list_pages(site, "a/")

    def robots(handler: Handler) -> None:
        known = handler.headers.get("If-Modified-Since") == "Mon, 02 Nov 2026 10:00:00 GMT"
        reply(*(("", 304) if known else ("",)), Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")(handler)

    site.script |= {"/robots.txt": robots, "/a/": reply(page(), ETag='"1"')}
    assert run(tmp_path, site).bodies == 3
    site.script |= {"/a/": reply(status=304), "/sitemap.xml": reply(status=404)}
    report = run(tmp_path, site)
    assert (report.bodies, events(report)) == (0, {"sitemap.xml": "sync_status", "a/": "unchanged"})


# --- Bodies that are resumed, compressed, replaced ----------------------------------------------------------------------


def ranged(content: bytes, etag: str, cut: int = 0) -> Action:
    """A server that knows ranges; it hangs up after ``cut`` bytes of a whole body."""

    def act(handler: Handler) -> None:
        asked = handler.headers.get("Range")
        if asked and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            headers = {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            reply(content[start:], 206, ETag=etag, Content_Type="application/pdf", **headers)(handler)
        else:
            length = {"Content_Length": str(len(content))}
            reply(content[: cut or None], ETag=etag, Content_Type="application/pdf", **length)(handler)

    return act


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_body_that_was_cut_is_gone_on_with_in_the_same_run_or_the_next(site, source, tmp_path, attempts, monkeypatch):
    monkeypatch.setattr(fetch, "WORTH_RESUMING", 10_000)
    content = os.urandom(50_000)
    list_pages(site, "rapport.pdf")
    site.script["/rapport.pdf"] = ranged(content, '"1"', cut=20_000)
    limits = Limits(interval=0, backoff=0.01, attempts=attempts)
    report = run(tmp_path, site, limits)
    if attempts == 1:
        assert events(report) == {"rapport.pdf": "sync_cut"} and not (tmp_path / "official/essai").exists()
        report = run(tmp_path, site, limits)
    assert events(report) == {"rapport.pdf": "new"}
    assert (tmp_path / "official/essai/rapport.pdf").read_bytes() == content
    ranges = [headers.get("range") for path, headers, _ in site.seen if path == "/rapport.pdf"]
    assert ranges == [None, "bytes=20000-"] and not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize(
    "second",
    [
        ranged(b"nouveau " * 5000, '"2"'),
        in_turn(reply("", 416), ranged(b"nouveau " * 5000, '"2"')),
        in_turn(reply("x", 206, Content_Range="bytes 5-5/6"), ranged(b"nouveau " * 5000, '"2"')),
    ],
    ids=["changed since", "range refused", "another range"],
)
def test_a_body_that_cannot_be_gone_on_with_starts_anew(site, source, tmp_path, second, monkeypatch):
    monkeypatch.setattr(fetch, "WORTH_RESUMING", 10_000)
    list_pages(site, "rapport.pdf")
    site.script["/rapport.pdf"] = in_turn(ranged(b"ancien " * 5000, '"1"', cut=9_000), second)
    run(tmp_path, site, Limits(interval=0, attempts=1))
    assert events(run(tmp_path, site)) == {"rapport.pdf": "new"}
    assert (tmp_path / "official/essai/rapport.pdf").read_bytes() == b"nouveau " * 5000


@pytest.mark.parametrize("after", [b"", b"le reste " * 5_000], ids=["alone", "with a rest"])
def test_a_compressed_page_is_stored_as_it_is_read(site, source, tmp_path, after):
    list_pages(site, "a/")
    content = page("Une page compressée").encode()
    site.script["/a/"] = reply(gzip.compress(content) + after, Content_Encoding="gzip")
    assert events(run(tmp_path, site)) == {"a/": "new"}
    assert (tmp_path / "official/essai/a/index.html").read_bytes() == content


def test_a_page_without_validators_is_downloaded_and_compared(site, source, tmp_path):
    list_pages(site, "a/")
    site.script["/a/"] = reply(page())
    assert events(run(tmp_path, site)) == {"a/": "new"}
    assert events(run(tmp_path, site)) == {"a/": "unchanged"}
    site.script["/a/"] = reply(page("Deuxième version"))
    assert events(run(tmp_path, site)) == {"a/": "changed"}


@pytest.mark.parametrize("etag", ['"Ã©"', '"' + "x" * 5000 + '"', '"a\tb"'])
def test_validators_that_could_not_be_sent_back_are_not_kept(site, source, tmp_path, etag):
    list_pages(site, "a/")
    site.script["/a/"] = reply(page(), ETag=etag)
    assert events(run(tmp_path, site)) == {"a/": "new"}
    assert events(run(tmp_path, site)) == {"a/": "unchanged"}
    assert "if-none-match" not in site.seen[-1][1]


def test_a_file_that_was_altered_or_removed_here_is_brought_again(site, source, tmp_path):
    list_pages(site, "a/")

    def act(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == 'W/"1"'
        (reply(status=304) if known else reply(page(), ETag='W/"1"'))(handler)

    site.script["/a/"] = act
    run(tmp_path, site)
    file = tmp_path / "official/essai/a/index.html"
    for damage in (file.unlink, lambda: file.write_text("autre chose")):
        damage()
        assert events(run(tmp_path, site)) == {"a/": "unchanged"} and file.read_text() == page()


def test_a_full_disk_stops_the_sync_and_loses_nothing(site, source, tmp_path):
    list_pages(site, "a/", "rapport.pdf")
    site.script |= {"/a/": reply(page()), "/rapport.pdf": reply(b"%PDF" * 9000, Content_Type="application/pdf")}
    full = tmp_path / f"official/.sync/{hashlib.sha256(b'essai/rapport.pdf').hexdigest()[:32]}.partial"
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    with pytest.raises(InputError) as caught:
        run(tmp_path, site)
    assert caught.value.key == "sync_stopped" and "No space left" in str(caught.value.values["problem"])
    assert set(snapshot(tmp_path / "official")) - {".sync/lock"} == {
        "essai/a/index.html", ".sync/state.json", ".sync/journal.jsonl",
    }  # fmt: skip
    assert events(run(tmp_path, site)) == {"a/": "unchanged", "rapport.pdf": "new"}


def test_a_file_that_stands_where_a_folder_should_is_one_refusal(site, source, tmp_path):
    list_pages(site, "a.pdf", "a.pdf/b/", "c/")
    site.script |= {"/a.pdf": reply("%PDF", Content_Type="application/pdf")}
    site.script |= {"/a.pdf/b/": reply(page()), "/c/": reply(page())}
    assert events(run(tmp_path, site)) == {"a.pdf": "new", "a.pdf/b/": "sync_name", "c/": "new"}


def test_a_limit_of_the_whole_run_stops_it_short(site, source, tmp_path, monkeypatch):
    monkeypatch.setattr(syncing, "RUN_BYTES", 2000)
    list_pages(site, "a/", "b/", "c/")
    site.script |= {f"/{name}/": reply(page("mot " * 1000)) for name in "abc"}
    assert events(run(tmp_path, site)) == {"a/": "new", "b/": "sync_limit", "c/": "sync_limit"}


def test_two_syncs_do_not_run_at_once(site, source, tmp_path):
    list_pages(site, "a/")

    def meanwhile(handler: Handler) -> None:
        with pytest.raises(InputError) as caught:
            run(tmp_path, site)
        reply(page(caught.value.key))(handler)

    site.script["/a/"] = meanwhile
    run(tmp_path, site)
    assert "sync_running" in (tmp_path / "official/essai/a/index.html").read_text()


def test_a_state_that_cannot_be_read_is_told(source, site, tmp_path):
    (tmp_path / "official/.sync").mkdir(parents=True)
    (tmp_path / "official/.sync/state.json").write_text("{")
    with pytest.raises(InputError) as caught:
        run(tmp_path, site)
    assert caught.value.key == "sync_state_broken"


# --- What a source lists ------------------------------------------------------------------------------------------------

HEAD = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
LAUGHS = "".join(
    f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<html></html>",
        f"{HEAD}<url>",
        f"{HEAD}</urlset>",
        f'<!DOCTYPE x [<!ENTITY a "ah">{LAUGHS}]>{HEAD}<url><loc>{HOME}&h;</loc></url></urlset>',
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}<url><loc>{HOME}&a;</loc></url></urlset>',
        HEAD + f"<url><loc>{HOME}a/</loc></url>" * (listing.ADDRESSES + 1) + "</urlset>",
    ],
    ids=["empty", "a page", "cut", "no address", "entities", "a file", "too many"],
)
def test_a_sitemap_that_cannot_be_read_withdraws_nothing(site, source, tmp_path, xml):
    list_pages(site, "a/")
    site.script["/a/"] = reply(page())
    run(tmp_path, site)
    site.script["/sitemap.xml"] = reply(xml)
    report = run(tmp_path, site, Limits(interval=0, read=5))
    assert events(report) == {"sitemap.xml": "sync_sitemap_broken", "a/": "unchanged"}
    assert withdrawn(tmp_path / "official") == {}


def test_a_sitemap_that_loses_most_of_its_pages_at_once_is_not_believed(site, source, tmp_path):
    paths = [f"{number}/" for number in range(30)]
    list_pages(site, *paths)
    site.script |= {f"/{path}": reply(page(path)) for path in paths}
    run(tmp_path, site)
    list_pages(site, *paths[:5])
    site.script["/7/"] = reply("rien", 404)
    told = events(run(tmp_path, site))
    assert told.pop("sitemap.xml") == "sync_shrunk" and told.pop("7/") == "gone"
    assert len(told) == 29 and set(told.values()) == {"unchanged"}


def test_the_sitemaps_that_an_index_names_are_read_on_the_allowed_hosts(site, other, source, tmp_path):
    index = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
    list_pages(site, "a/")
    site.script |= {"/un.xml": site.script["/sitemap.xml"], "/a/": reply(page())}
    site.script["/sitemap.xml"] = reply(index.format(f"<sitemap><loc>{HOME}un.xml</loc></sitemap>"))
    assert events(run(tmp_path, site)) == {"a/": "new"}
    elsewhere = f"<sitemap><loc>{HOME}un.xml</loc></sitemap><sitemap><loc>https://{OTHER}/deux.xml</loc></sitemap>"
    site.script["/sitemap.xml"] = reply(index.format(elsewhere))
    assert events(run(tmp_path, site, other=other)) == {"sitemap.xml": "sync_host", "a/": "unchanged"}
    assert other.seen == [] and withdrawn(tmp_path / "official") == {}
    site.script["/sitemap.xml"] = reply(index.format(f"<sitemap><loc>{HOME}sitemap.xml</loc></sitemap>"))
    assert events(run(tmp_path, site))["sitemap.xml"] == "sync_sitemap_broken"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "index.html"),
        ("a/", "a/index.html"),
        ("a", "a/index.html"),
        ("version-1.0", "version-1.0/index.html"),
        ("%C3%A9t%C3%A9/", "été/index.html"),
        ("docs/Un%20rapport.PDF", "docs/Un rapport.PDF"),
        ("a/b.html", "a/b.html"),
    ],
)
def test_the_name_of_a_file_is_the_path_of_its_address(path, name):
    assert file_name(HOME + path, HOME) == name


@pytest.mark.parametrize(
    "path",
    [
        "../a.pdf", "%2e%2e/a.pdf", "a/..%2f..%2fb.pdf", "a%5C..%5Cb.pdf", "%2Fetc/passwd", "a//b/", ".git/config/",
        "a%00.pdf", "a%0Ab.pdf", "a%1B.pdf", "con/", "a/NUL.pdf", "a:b.pdf", "a%3Fb.pdf", "a*.pdf", "a./", "a%20/", "%20a/",
        "a%E2%80%AE.pdf", "e%CC%81.pdf", "%FF.pdf", "x" * 260 + ".pdf", "a/?b=c", "a/#b",
    ],
)  # fmt: skip
def test_an_address_that_gives_no_safe_name_is_refused(path):
    with pytest.raises(FetchError) as caught:
        file_name(HOME + path, HOME)
    assert caught.value.key == "sync_name"
    with pytest.raises(FetchError):
        file_name(f"https://{OTHER}/a/", HOME)


def test_two_names_that_some_systems_take_for_one_are_not_both_written(site, source, tmp_path):
    list_pages(site, "Rapport/", "rapport/", "a/", "a")
    site.script |= {path: reply(page()) for path in ("/Rapport/", "/rapport/", "/a/")}
    assert events(run(tmp_path, site)) == {"rapport/": "sync_name", "Rapport/": "new", "a/": "new"}


def test_documents_are_those_that_the_pages_of_the_other_source_link(site, source, tmp_path, monkeypatch):
    documents = {"id": "liens", "title": "Liens", "url": f"{HOME}docs/", "hosts": [HOST], "linked_from": "essai"}
    monkeypatch.setattr(syncing, "synced_sources", lambda: [source, documents])
    targets = [
        "/docs/un.pdf", "../docs/deux%20.pdf", "../docs/été.pdf#page=2", f"https://{OTHER}/docs/x.pdf", "/docs/a.zip", "/x.pdf",
        "https://[mal/docs/y.pdf", f"http://{HOST}/docs/z.pdf", "/docs/../z.pdf", "javascript:alert(1)",
    ]  # fmt: skip
    list_pages(site, "a/")
    site.script["/a/"] = reply(page(links="".join(f"<a href='{target}'>x</a>" for target in targets) + "<a>y</a>"))
    pdf = reply("%PDF", Content_Type="application/pdf")
    site.script |= {"/docs/un.pdf": pdf, "/docs/%C3%A9t%C3%A9.pdf": pdf}
    told = events(run(tmp_path, site))
    assert told == {
        "a/": "new",
        "docs/un.pdf": "new",
        "docs/%C3%A9t%C3%A9.pdf": "new",
        "docs/deux%20.pdf": "sync_status",
    }
    assert (tmp_path / "official/liens/été.pdf").is_file()


def test_a_page_is_kept_even_where_it_is_no_page_for_a_parser(site, source, tmp_path):
    documents = {"id": "liens", "title": "Liens", "url": f"{HOME}docs/", "hosts": [HOST], "linked_from": "essai"}
    bodies = {"vide/": "", "zéro/": "\x00\x00", "chevrons/": "<a " * 30_000, "fond/": "<div>" * 18_000}
    list_pages(site, *(name.replace("é", "%C3%A9") for name in bodies))
    site.script |= {f"/{name.replace('é', '%C3%A9')}": reply(body) for name, body in bodies.items()}
    started = time.monotonic()
    assert set(events(run(tmp_path, site)).values()) == {"new"}
    pages = [(tmp_path / f"official/essai/{name}index.html", HOME) for name in bodies]
    assert list(listing.linked_addresses(pages, documents["url"])) == [] and time.monotonic() - started < 5


# --- News ---------------------------------------------------------------------------------------------------------------


def test_news_tells_what_changed_since_a_day_theme_by_theme(site, source, tmp_path, monkeypatch, capsys):
    source["facets"] = {"theme": ["fin d'usage"]}
    source["pages"] = [{"file": f"{n}.html", "title": "", "url": f"{HOME}{n}/"} for n in ("a", "b", "c")]
    monkeypatch.setattr(syncing, "today", lambda: "2026-10-01")
    site.script |= {f"/{name}/": reply(page(f"Page {name}")) for name in "abc"}
    run(tmp_path, site)
    monkeypatch.setattr(syncing, "today", lambda: "2026-11-02")
    source["facets"] = {}
    site.script |= {
        "/a/": reply(page("Titre](https://mal.fr) *gras* &lt;img src=x&gt; <b>\x1b[31m")),
        "/b/": reply("", 404),
        "/c/": reply("", 500),
    }
    run(tmp_path, site)
    folder = tmp_path / "official"
    with (folder / ".sync/journal.jsonl").open("a") as file:
        file.write('\n{"date": "2026-11-02", "addr')  # killed within a line
    monkeypatch.setattr(syncing, "today", lambda: "2026-11-03")
    source["pages"] += [{"file": "d.html", "title": "", "url": f"{HOME}d/"}]
    source["facets"] = {"theme": ["achats"]}
    site.script |= {"/d/": reply(page("Page d")), "/c/": reply(page("Page c"))}
    run(tmp_path, site)
    site.script |= {"/d/": reply(page("Page d, bis"))}
    run(tmp_path, site)

    told = {record["address"]: record for record in news(folder, date(2026, 11, 1))}
    assert {address.removeprefix(HOME): record["event"] for address, record in told.items()} == {
        "d/": "new", "a/": "changed", "b/": "gone",
    }  # fmt: skip
    assert set(told[f"{HOME}a/"]) == {"date", "source", "address", "event", "title", "theme"}
    assert len(news(folder, date(2026, 10, 1))) == 4 and news(folder, date(2026, 12, 1)) == []
    assert "500" in (folder / ".sync/journal.jsonl").read_text()  # why c was refused

    shown = news_page(news(folder, date(2026, 11, 1)), [], date(2026, 11, 1), "fr")
    assert shown.splitlines()[0].startswith("# ") and "Nouveaux\u00a0: 1. Modifiés\u00a0: 1. Retirés\u00a0: 1." in shown
    assert [line for line in shown.splitlines() if line.startswith("## ")] == ["## Achats", "## Autres sujets"]
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark").render(shown)
    assert rendered.count("<a href=") == 3 and f'<a href="{HOME}a/">' in rendered
    assert "mal.fr" not in rendered.replace("Titre](https://mal.fr)", "") and "<img" not in rendered
    assert "<em>" not in rendered and "\x1b" not in shown

    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    assert main(["news", "--since", "2026-11-01"]) == 0
    assert capsys.readouterr().out == shown + "\n"
    assert main(["news", "--since", "2026-11-03", "--json"]) == 0
    assert [record["address"] for record in json.loads(capsys.readouterr().out)] == [f"{HOME}d/"]
    assert main(["news", "--since", "hier"]) == 2
    assert capsys.readouterr().err == text("news_since_bad", "fr", given="hier") + "\n"


def test_news_needs_a_copy(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    assert main(["news", "--since", "2026-11-01"]) == 2
    assert capsys.readouterr().err == text("news_missing", "fr") + "\n"


def test_the_command_says_what_happened_and_what_to_do_next(site, source, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    monkeypatch.setattr(syncing, "Client", lambda texts, limits, loopback: Client(texts, FAST, {HOST: site.port}))
    list_pages(site, "a/", "b/")
    site.script |= {"/a/": reply(page("Une page")), "/b/": reply("", 403)}
    assert main(["sync", "--dry-run"]) == 0
    assert "À télécharger\u00a0: 2." in capsys.readouterr().out and not (tmp_path / "official").exists()
    assert main(["sync"]) == 3
    shown = capsys.readouterr()
    assert f"nouveau\u00a0: Une page ({HOME}a/)" in shown.out and "Nouveaux\u00a0: 1." in shown.out
    assert f"refusé\u00a0: {HOME}b/ – le serveur répond 403" in shown.err
    assert text("sync_next", "fr", folder=tmp_path / "official") in shown.out
    site.script["/b/"] = reply(page("Autre"))
    assert main(["sync", "--json", "--only", "essai"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["counts"] == {"new": 1, "changed": 0, "unchanged": 1, "gone": 0, "refused": 0}
    assert {one["address"]: one["event"] for one in record["addresses"]} == {
        f"{HOME}a/": "unchanged",
        f"{HOME}b/": "new",
    }
    assert main(["sync", "--only", "autre"]) == 2
    assert capsys.readouterr().err == text("source_unknown", "fr", id="autre", known="essai") + "\n"


# --- corpus/sources.toml ------------------------------------------------------------------------------------------------


def test_every_synced_source_is_whole_and_stays_on_its_hosts():
    ids = [source["id"] for source in synced_sources()]
    assert len(set(ids)) == len(ids) and all(listing.is_safe(id) and id.isascii() for id in ids)
    for source in synced_sources():
        assert source["title"] and source["publisher"] and source["kind"] in KINDS and source["url"].endswith("/")
        assert len({"sitemap", "linked_from", "pages"} & set(source)) == 1
        assert all(host == host.lower() and not host.endswith(".") for host in source["hosts"])
        pages = source.get("pages", [])
        for address in [source["url"], *(page["url"] for page in pages)]:
            checked(address, source["hosts"])
        files = [page["file"] for page in pages]
        assert len({file.casefold() for file in files}) == len(files) and all(map(listing.is_safe, files))
        assert all(page["title"] and page.get("kind", "guide") in KINDS for page in pages)
        assert {urlsplit(page["url"]).hostname for page in pages} | {urlsplit(source["url"]).hostname} >= set(
            source["hosts"]
        )


def test_every_address_is_one_that_the_knowledge_base_names(knowledge_base):
    files = (path for path in knowledge_base.rglob("*") if path.suffix in (".md", ".html", ".json", ".xml"))
    named = "\n".join(html.unescape(path.read_text("utf-8")) for path in files).replace("http://", "https://")
    addresses = [page["url"] for source in synced_sources() for page in source.get("pages", [])]
    assert len(addresses) > 80
    assert [one for one in addresses if one not in named and one.removeprefix(f"https://{OFFICIAL}") not in named] == []


def test_a_synced_page_is_known_by_its_table(tmp_path):
    folder = tmp_path / "official"
    (folder / ".sync").mkdir(parents=True)
    entry = entry_for(folder, "legifrance/loi-2021-1485-reen.html")
    assert (entry.publisher, entry.kind, entry.date) == ("Légifrance", "law", "2021-11-15")
    assert entry.url == "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000044327272"
    assert entry_for(folder, "documents/2021/inconnu.pdf").url == f"https://{OFFICIAL}/docs/2021/inconnu.pdf"
    assert entry_for(folder, "documents/2023/rgesn-referentiel-general-ecoconception-v1.0.1.pdf").superseded_by
    # Never official: what no table lists, and a folder that the sync did not fill.
    assert not entry_for(folder, "legifrance/autre.html").publisher
    assert not entry_for(folder, "inconnue/a.html").publisher
    assert not entry_for(tmp_path / "ailleurs/official", "legifrance/loi-2021-1485-reen.html").publisher


def test_validators_that_a_body_can_be_gone_on_with():
    assert Validators('"1"', "hier").range == '"1"'
    assert Validators('W/"1"', "hier").range == "hier"
    assert Validators('W/"1"').range == ""
