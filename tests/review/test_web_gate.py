"""What every request must satisfy, and every response carries, on every path."""

import pytest
from tests.review.serving import NETWORK, NETWORK_RULES, ORIGIN, RULES, enter, new_client, serving

from dossier.review.web import replies
from dossier.review.web.gate import HEADERS, POLICY

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
PATHS = (
    "/", "/enter", "/enter?token=wrong", "/static/main.js", "/static/none.js", "/static/%2e%2e/gate.py", "/nothing", "/api",
    "/api/session", "/api/queue", "/api/documents", "/api/progress", "/api/documents/d_1", "/api/documents/d_1/text",
    "/api/documents/d_1/records", "/api/documents/d_1/pages/1.png", "/api/documents/d_1/pages/1", "/api/identical",
    "/api/changes", "/api/disagreements",
    "/api/agreement", "/api/rulings", "/api/undo", "/api/redo", "/api/minutes", "/api/assignments",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(first_run):
    with serving(first_run) as made:
        yield made


@pytest.fixture
def reviewer(client):
    """A client with a session, beside one without."""
    made = new_client(client.app)
    made.link = client.link
    return enter(made)


@pytest.fixture(scope="module")
def networked(first_run):
    with serving(first_run, NETWORK_RULES) as made:
        yield made


def assert_dressed(answer):
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name
    assert "location" not in answer.headers
    assert answer.status_code < 300 or answer.status_code >= 400
    api = not answer.url.path.startswith("/static/") and answer.url.path != "/"
    if api or answer.status_code >= 400:
        assert answer.headers["cache-control"] == "no-store"
    if answer.status_code >= 400 and answer.content:
        assert set(answer.json()) >= {"error", "say"}


def test_the_paths_here_are_all_that_there_are(client):
    templates = {route.path for route in client.app._app.routes}
    asked = {path.partition("?")[0].replace("d_1", "{id}") for path in PATHS}
    asked = {path.replace("/pages/1", "/pages/{page:int}") for path in asked} | {"/static/{name:path}"}
    assert templates <= asked


def test_the_policy_lets_no_foreign_and_no_inline_script_run():
    directives = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize("method", METHODS)
def test_without_the_session_it_is_401_and_no_redirect(client, method):
    for path in PATHS:
        answer = client.request(method, path)
        assert_dressed(answer)
        assert "set-cookie" not in answer.headers
        gate = path.startswith("/enter") and method not in ("GET", "HEAD")
        assert answer.status_code == (405 if gate else 401), path


@pytest.mark.parametrize("method", METHODS)
def test_with_the_session_every_answer_carries_the_headers(reviewer, method):
    for path in PATHS:
        answer = reviewer.request(method, path, json={} if method == "POST" else None)
        assert_dressed(answer)
        assert answer.status_code not in (401, 403) or path.startswith("/enter")
        if method not in ("GET", "HEAD", "POST", "DELETE"):
            assert answer.status_code in (404, 405)
        if answer.status_code == 405:
            assert answer.headers["allow"]
        if (method, path) == ("DELETE", "/api/session"):
            enter(reviewer)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1:8324"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:8323.evil.example"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8324"},
        {"origin": "https://127.0.0.1:8323"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-site": "anything"},
    ],
    ids=lambda headers: " ".join(f"{name}={value}" for name, value in headers.items()),
)
def test_what_comes_from_elsewhere_is_403_though_the_session_is_good(reviewer, method, headers):
    for path in PATHS:
        answer = reviewer.request(method, path, headers=headers)
        assert answer.status_code == 403, path
        assert_dressed(answer)


@pytest.mark.parametrize("method", METHODS[3:])
def test_no_navigation_of_a_person_changes_anything(reviewer, method):
    for site in ("none", "cross-site"):
        headers = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        assert reviewer.request(method, "/", headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["none", "same-origin", "cross-site", "same-site", None])
def test_a_link_to_the_page_may_be_followed_from_anywhere(reviewer, site):
    headers = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"} if site else {}
    assert reviewer.get("/", headers=headers).status_code == 200
    assert reviewer.get("/api/queue", headers=headers).status_code == (
        403 if site in ("cross-site", "same-site") else 200
    )


def test_two_hosts_are_none(reviewer):
    headers = [("host", "127.0.0.1:8323"), ("host", "127.0.0.1:8323")]
    assert reviewer.get("/", headers=headers).status_code == 403


@pytest.mark.parametrize("method", METHODS)
def test_a_fault_of_the_server_is_500_with_the_headers_and_without_its_words(reviewer, method, monkeypatch):
    async def fail(*arguments):
        raise RuntimeError("secret words")

    monkeypatch.setattr(reviewer.app, "_app", fail)
    for path in PATHS:
        answer = reviewer.request(method, path)
        assert answer.status_code == 500
        assert_dressed(answer)
        assert b"secret" not in answer.content


@pytest.mark.parametrize("path", PATHS)
def test_over_a_network_nothing_but_the_page_is_served_without_a_password(networked, path):
    answer = networked.get(path)
    assert_dressed(answer)
    if path in ("/", "/static/main.js"):
        assert answer.status_code == 200
    elif path.startswith("/static/"):
        assert answer.status_code == 404
    else:
        assert answer.status_code == 401
    assert networked.post(path, headers={"origin": ORIGIN}, json={}).status_code == 403
    assert networked.post(path, headers={"origin": NETWORK}, json={}).status_code in (400, 401, 404, 405)


# ------------------------------------------------------------------ the link and the session


def test_the_link_works_once_and_opens_a_session(first_run):
    with serving(first_run) as client:
        token = client.link.token
        answer = client.get("/enter", params={"token": token})
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert token not in cookie
        assert client.get("/api/session").json()["user"] == "Anna"
        client.cookies.clear()
        answer = client.get("/enter", params={"token": token})
        assert (answer.status_code, answer.json()["error"]) == (401, "used_link")
        assert "set-cookie" not in answer.headers
        assert client.get("/api/session").status_code == 401


def test_head_of_the_link_does_not_use_it_up(first_run):
    with serving(first_run) as client:
        client.head("/enter", params={"token": client.link.token})
        enter(client)
        assert client.get("/api/session").status_code == 200


def test_each_start_has_a_link_of_its_own(first_run):
    with serving(first_run) as one, serving(first_run) as other:
        assert one.link.token != other.link.token
        assert len(one.link.token) >= 43
        cookies = dict(enter(one).cookies)
        other.cookies.update(cookies)
        assert other.get("/api/session").status_code == 401


def test_over_tls_the_cookie_is_secure(first_run):
    from dossier.review.web.gate import Rules

    rules = Rules(frozenset({"https://127.0.0.1:8323"}), "__Host-dossier_8323", secure=True)
    with serving(first_run, rules) as client:
        answer = client.get("/enter", params={"token": client.link.token})
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["set-cookie"].startswith("__Host-")


def test_a_session_ends_when_one_signs_out(first_run):
    with serving(first_run) as client:
        enter(client)
        secret = client.cookies[RULES.cookie]
        assert client.delete("/api/session").status_code == 204
        client.cookies.set(RULES.cookie, secret)
        assert client.get("/api/session").status_code == 401


@pytest.mark.parametrize("cookie", ["x", "", "é", "a" * 10_000, '"; dossier_8323=', "dossier_8323"])
def test_a_made_up_cookie_opens_nothing(client, cookie):
    answer = client.get("/api/session", headers={"cookie": f"dossier_8323={cookie}".encode()})
    assert answer.status_code == 401


def test_one_rules_under_another_name_only_by_saying_so(first_run):
    with serving(first_run) as client:
        enter(client)
        assert client.post("/api/session", json={"user": "  Berit\u0301 "}).json()["user"] == "Berit́".strip()
        for name in ("", " ", "a" * 81, "a\nb", "a\u202eb", "a\x1b[0m", 7, None, ["x"], {"x": 1}):
            answer = client.post("/api/session", json={"user": name})
            assert (answer.status_code, answer.json()["field"]) == (400, "user"), name


# ------------------------------------------------------------------ bodies


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/api/") and path != "/api/session"])
def test_nothing_is_done_for_a_body_that_is_no_json(reviewer, path):
    for content in (b"", b"{", b"[]", b'"x"', b'{"a": NaN}', b'{"a": "\\ud800"}', b"\xff", b"{}" * 2):
        answer = reviewer.post(path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 404, 405)


@pytest.mark.parametrize(
    "declared", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_another_site_is_not_read(reviewer, declared):
    headers = {"content-type": declared} if declared else {}
    answer = reviewer.post("/api/rulings", content=b'{"request": "x"}', headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")


def test_a_body_that_is_too_long_is_refused_before_it_is_read(reviewer):
    answer = reviewer.post(
        "/api/undo", content=b"x" * (replies.MAX_BODY + 1), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")

    def pieces():  # no length is declared
        for _ in range(replies.MAX_RULINGS // 1000 + 10):
            yield b" " * 1000

    answer = reviewer.post("/api/rulings", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("opening", [b'{"a":', b'[{"a":', b"["])
def test_a_body_that_is_too_deep_is_refused(reviewer, opening):
    for depth in (replies.MAX_DEPTH + 1, 1000, 20_000):
        closing = opening[::-1].translate(bytes.maketrans(b"[{", b"]}"), b'":a')
        content = b'{"x":' + opening * depth + b"1" + closing * depth + b"}"
        if len(content) < replies.MAX_BODY:
            answer = reviewer.post("/api/undo", content=content, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["error"]) == (400, "bad_json")


# ------------------------------------------------------------------ files of the page


@pytest.mark.parametrize(
    "name",
    ["../gate.py", "..%2fgate.py", "%2e%2e/web/gate.py", "..\\gate.py", "/etc/passwd", "//etc/passwd", "%00", "main.js%00.py",
     "../../../store/db.py", "....//gate.py", "main.js/"],
)  # fmt: skip
def test_a_path_leads_nowhere_else(reviewer, name):
    answer = reviewer.get(f"/static/{name}")
    assert answer.status_code == 404
    assert b"import" not in answer.content


def test_files_have_an_etag_by_their_content(reviewer):
    answer = reviewer.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = reviewer.get("/", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name, value in HEADERS.items():
        assert again.headers[name] == value
    assert reviewer.get("/", headers={"if-none-match": '"other"'}).status_code == 200
    assert reviewer.head("/").headers["etag"] == answer.headers["etag"]


def test_the_shell_has_no_inline_script_and_asks_nobody_else(reviewer):
    shell = reviewer.get("/").text
    assert "http://" not in shell.replace("http://www.w3.org", "")
    assert "https://" not in shell
    assert "<script>" not in shell
    assert "style=" not in shell
    assert " on" not in shell.lower().split("<body>")[0].replace(" only", "")
