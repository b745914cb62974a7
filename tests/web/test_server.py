"""What stands between a browser and Gradio, as a hostile client meets it: the real server, on every route that takes a body."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from clients import component, config
from pydantic import ValidationError
from test_chat import CHECK, ask, opened, running

from assistant.settings import Settings
from assistant.web.server import BODY_BYTES, Access, access, listen
from corpus.errors import InputError
from corpus.messages import text

JOIN, CANCEL, RESET = "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"
SESSION = "abcdefghijk"
BODIES: Mapping[str, dict[str, Any]] = {
    JOIN: {"data": ["Une question ?", None], "fn_index": 0, "session_hash": SESSION},
    CANCEL: {"session_hash": SESSION, "fn_index": 8, "event_id": "0" * 32},
    RESET: {"event_id": "0" * 32},
}
USER, PASSWORD = "ada", "un mot de passe"
SECRET = "un-secret-de-cette-machine"


def fetch(
    address: str, path: str, method: str = "GET", body: Any = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """The status, the headers and the body of one answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    sent = json.dumps(body).encode() if isinstance(body, dict) else body
    connection.request(method, path, sent, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    try:
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Gradio would leave the files that it copies."""
    return tmp_path_factory.mktemp("gradio")


@pytest.fixture(scope="module")
def address(small_settings: Settings, uploads: Path) -> Iterator[str]:
    with running(small_settings.data, GRADIO_TEMP_DIR=str(uploads)) as (_, announced):
        yield announced


def still_answers(address: str) -> bool:
    """True where the page still comes, and a question is still taken."""
    return fetch(address, "/")[0] == 200 and fetch(address, JOIN, "POST", BODIES[JOIN])[0] == 200


# --- what is sent ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BODIES)
def test_what_the_page_sends_is_taken(address: str, path: str) -> None:
    assert fetch(address, path, "POST", BODIES[path])[0] == 200


def hostile_values(path: str) -> Iterator[Any]:
    """Values that would make Gradio open, copy or fetch ``path``, each for one field of a body."""
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    yield from (
        file,
        [file],
        {"value": file},
        {"url": "http://127.0.0.1:9/x", **file},
        {"__type__": "update", "value": file},
    )
    yield {"is_file": True, "name": path, "orig_name": "x"}


@pytest.mark.parametrize("kind", ["file", "fifo"])
@pytest.mark.parametrize("path", BODIES)
def test_no_file_of_the_server_is_read(address: str, uploads: Path, tmp_path: Path, path: str, kind: str) -> None:
    canary = tmp_path / "canary.txt"
    if kind == "fifo":
        os.mkfifo(canary)  # opening it to read would wait for ever
    else:
        canary.write_text(SECRET, "utf-8")
    body = BODIES[path]
    for hostile in hostile_values(str(canary)):
        for field in (*body, "event_data", "files", "simple_format"):
            status, _, answer = fetch(address, path, "POST", {**body, field: hostile})
            assert status == 422, (field, hostile)
            assert SECRET.encode() not in answer and canary.name.encode() not in answer
        if path == JOIN:
            for place in range(2):
                data = [hostile if place == own else None for own in range(2)]
                assert fetch(address, path, "POST", {**body, "data": data})[0] == 422
    assert [file for file in uploads.rglob("*") if file.is_file()] == []
    assert still_answers(address)


def test_a_file_that_exists_and_one_that_does_not_are_refused_alike(address: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    answers = []
    for name in ("there", "not-there"):
        data = [{"path": str(tmp_path / name), "meta": {"_type": "gradio.FileData"}}, None]
        status, _, body = fetch(address, JOIN, "POST", {**BODIES[JOIN], "data": data})
        answers.append((status, body))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 5_000, b'{"data":' * 5_000,
        b'{"data": ["x", null], "data": [{"path": "/etc/passwd"}, null], "fn_index": 0, "session_hash": "abc"}',
        b"------x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"x\"\r\n\r\nx\r\n------x--\r\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", BODIES)
def test_what_is_no_such_body_is_refused(address: str, path: str, sent: bytes) -> None:
    assert fetch(address, path, "POST", sent, Content_Type="application/json")[0] == 422


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"fn_index": 9_999}, 404), ({"fn_index": -1}, 404), ({"fn_index": 17}, 404), ({"fn_index": "0"}, 422),
        ({"fn_index": None}, 422), ({"fn_index": 0.5}, 422), ({"fn_index": True}, 422),
        ({"session_hash": "../../etc"}, 422), ({"session_hash": ""}, 422), ({"session_hash": "a" * 65}, 422),
        ({"session_hash": None}, 422), ({"data": []}, 422), ({"data": ["x"]}, 422), ({"data": ["x", None, None]}, 422),
        ({"data": ["x", "of the state"]}, 422), ({"data": [1, None]}, 422), ({"data": "x"}, 422),
        ({"batched": True}, 422), ({"oauth_token": "x"}, 422), ({"event_id": "x"}, 422),
    ],
)  # fmt: skip
def test_only_the_functions_of_the_page_are_called_with_what_they_take(
    address: str, changed: dict[str, Any], status: int
) -> None:
    assert fetch(address, JOIN, "POST", {**BODIES[JOIN], **changed})[0] == status


def test_every_function_that_a_client_can_call_takes_texts_alone(address: str) -> None:
    """A function with another kind of input (a file, a table, a gallery) would need a schema of its own."""
    layout = config(fetch(address, "/")[2].decode())
    kinds = {one["id"]: one["type"] for one in layout["components"]}
    called = [function for function in layout["dependencies"] if function["backend_fn"]]
    assert called
    assert {kinds[number] for function in called for number in function["inputs"]} <= {"textbox", "button", "state"}
    submitted = next(one for one in called if [component(layout, "question"), "submit"] in one["targets"])
    assert submitted["id"] == BODIES[JOIN]["fn_index"]


@pytest.mark.parametrize("path", [*BODIES, "/login", "/", "/gradio_api/upload", "/gradio_api/run/predict"])
@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_not_read(address: str, path: str, announced: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(400):  # 20 MB
            yield b" " * 50_000

    length = {"Content_Length": str(400 * 50_000)} if announced else {}
    try:
        status, *_ = fetch(address, path, "POST", pieces(), **length)
    except (BrokenPipeError, ConnectionResetError):  # the server hung up before it was told everything
        return
    assert status == (413 if path in BODIES else 404)


@pytest.mark.parametrize(("size", "status"), [(BODY_BYTES, 422), (BODY_BYTES + 1, 413)])
def test_the_largest_body(address: str, size: int, status: int) -> None:
    assert fetch(address, JOIN, "POST", b" " * size)[0] == status
    assert still_answers(address)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd", "/gradio_api/file=..%2f..%2fetc%2fpasswd", "/file=/etc/passwd",
        "/gradio_api/upload", "/static/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/app.py",
        "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/component_server", "/gradio_api/info",
        "/gradio_api/openapi.json", "/gradio_api/runs", "/docs", "/gradio_api/run/predict", "/gradio_api/call/answer",
        "/monitoring", "/config", "/login", "/logout", "/gradio_api/token", "/gradio_api/vibe-code/",
        "/gradio_api/stream/x", "/gradio_api/process_recording", "/gradio_api/queue/join/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_what_the_page_does_not_need_is_not_served(address: str, path: str, method: str) -> None:
    assert fetch(address, path, method)[0] == 404


# --- who sends it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", "", "[::1", "localhost@evil.example"]
)
@pytest.mark.parametrize("path", ["/", *BODIES])
def test_under_another_name_nothing_is_answered(address: str, host: str, path: str) -> None:
    method, body = ("POST", BODIES[path]) if path in BODIES else ("GET", None)
    assert fetch(address, path, method, body, Host=host)[0] == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", ""])
def test_another_site_reads_nothing_and_sends_nothing(address: str, origin: str) -> None:
    asked = {"Origin": origin, "Cookie": "x=1", "Access_Control_Request_Method": "POST"}
    answers = [fetch(address, "/", **asked), *(fetch(address, path, "OPTIONS", **asked) for path in BODIES)]
    for path, body in BODIES.items():
        answers.append(fetch(address, path, "POST", body, Origin=origin))
        assert answers[-1][0] == 403
    assert [name for _, headers, _ in answers for name in headers if name.lower().startswith("access-control-")] == []
    assert fetch(address, JOIN, "POST", BODIES[JOIN], Origin=address)[0] == 200


def test_the_page_comes_under_strict_headers_in_its_language(address: str) -> None:
    status, headers, body = fetch(address, "/")
    assert status == 200 and b'lang="fr"' in body and b'lang="en"' not in body
    assert "default-src 'self'" in (headers["Content-Security-Policy"] or "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b'"api_name": "' not in body


# --- beyond this machine ---------------------------------------------------------------------------------------------


def settings_of(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"host": "0.0.0.0"}, "access_no_hosts"),
        ({"host": "::", "open": True}, "access_no_hosts"),
        ({"host": "192.0.2.7", "allowed_hosts": "a.example"}, "access_no_login"),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example", "user": USER}, "access_half"),
        ({"password": PASSWORD}, "access_half"),
    ],
)
def test_nothing_is_opened_without_a_word(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        access(settings_of(**given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Access(frozenset({"localhost", "127.0.0.1", "::1"}))),
        ({"allowed_hosts": " A.example ,b.example"}, Access(frozenset({"localhost", "127.0.0.1", "::1", "a.example", "b.example"}))),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example,[2001:db8::7]", "open": "1"}, Access(frozenset({"a.example", "2001:db8::7"}))),
        ({"host": "::", "allowed_hosts": "a.example", "user": USER, "password": PASSWORD},
         Access(frozenset({"a.example"}), (USER, PASSWORD))),
    ],
)  # fmt: skip
def test_what_the_settings_open(given: dict[str, Any], expected: Access) -> None:
    assert access(settings_of(**given)) == expected


@pytest.mark.parametrize("name", ["*", "https://a.example", "a.example:7860", "a.example/x", "a b", ".example"])
def test_a_name_is_a_bare_name(name: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(allowed_hosts=name)


def test_an_open_address_without_its_word_does_not_start(small_settings: Settings) -> None:
    with (
        pytest.raises(AssertionError, match="ASSISTANT_ALLOWED_HOSTS"),
        running(small_settings.data, ASSISTANT_HOST="0.0.0.0"),
    ):
        pass


def test_opened_by_an_explicit_word_it_says_so_and_answers_the_names_given(small_settings: Settings) -> None:
    opened = {
        "ASSISTANT_HOST": "0.0.0.0",
        "ASSISTANT_ALLOWED_HOSTS": "127.0.0.1,assistant.example",
        "ASSISTANT_OPEN": "1",
    }
    with running(small_settings.data, **opened) as (process, address):
        assert process.stdout
        assert process.stdout.readline().strip() == text("access_opened_all", hosts="127.0.0.1, assistant.example")
        assert fetch(address, "/")[0] == fetch(address, "/", Host="assistant.example:443")[0] == 200
        assert fetch(address, "/", Host="localhost")[0] == fetch(address, "/", Host="evil.example")[0] == 421
        for origin in ("https://evil.example", "null"):
            headers = fetch(address, "/", Origin=origin)[1]
            assert "access-control-allow-origin" not in headers and "access-control-allow-credentials" not in headers


# --- behind a login --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def behind_login(small_settings: Settings) -> Iterator[str]:
    login = {"ASSISTANT_USER": USER, "ASSISTANT_PASSWORD": PASSWORD}
    with running(small_settings.data, **login) as (_, announced):
        yield announced


def log_in(address: str, user: str, password: str) -> tuple[int, http.client.HTTPMessage]:
    form = urlencode({"username": user, "password": password}).encode()
    return fetch(address, "/login", "POST", form, Content_Type="application/x-www-form-urlencoded")[:2]


def test_without_the_login_every_endpoint_is_closed(behind_login: str) -> None:
    status, _, page = fetch(behind_login, "/")
    assert status == 200 and b"auth_required" in page and b'"dependencies":[]' in page.replace(b" ", b"")
    for cookie in ("", "access-token-unsecure-x=y", "access-token-=; access-token-unsecure-="):
        given = {"Cookie": cookie} if cookie else {}
        for path, body in BODIES.items():
            assert fetch(behind_login, path, "POST", body, **given)[0] == 401
        for path in (
            "/gradio_api/startup-events",
            f"/gradio_api/heartbeat/{SESSION}",
            f"/gradio_api/queue/data?session_hash={SESSION}",
        ):
            assert fetch(behind_login, path, **given)[0] == 401
        assert fetch(behind_login, "/config", **given)[0] == 404
    for user, password in ((USER, ""), (USER, "x"), ("", PASSWORD), (USER.upper(), PASSWORD), ("x", PASSWORD)):
        status, headers = log_in(behind_login, user, password)
        assert status in (400, 422) and "set-cookie" not in headers
    assert fetch(behind_login, "/login", "POST", b"x" * (BODY_BYTES + 1))[0] == 413
    assert fetch(behind_login, "/login", "POST", b"{}", Origin="https://evil.example")[0] == 403


def test_with_the_login_they_open(behind_login: str) -> None:
    status, headers = log_in(behind_login, USER, PASSWORD)
    assert status == 200
    cookie = next(value for value in headers.get_all("set-cookie") or [] if "unsecure" in value).split(";")[0]
    for path, body in BODIES.items():
        assert fetch(behind_login, path, "POST", body, Cookie=cookie)[0] == 200
        assert fetch(behind_login, path, "POST", body, Cookie=f"{cookie}x")[0] == 401


@pytest.mark.chromium
def test_a_reader_logs_in_in_french_and_asks(browser: Any, behind_login: str) -> None:
    with opened(browser, behind_login, logged_in=(USER, PASSWORD)) as page:
        assert "critère 4.4" in ask(page, CHECK).inner_text()


# --- the address -----------------------------------------------------------------------------------------------------


def test_a_busy_port_gives_the_next_free_one() -> None:
    with listen("127.0.0.1", 7950) as first, listen("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]
