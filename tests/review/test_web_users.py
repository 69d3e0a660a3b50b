"""Reviewers with passwords: who gets in, who does not, how often one may guess; and on which addresses all that is asked."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from tests.conftest import need
from tests.review.serving import NETWORK, NETWORK_RULES, serving

from dossier.errors import UsageError
from dossier.review.web import users
from dossier.review.web.address import bind, check_tls, find_url, make_rules
from dossier.review.web.users import Brake, is_right, make_digest
from dossier.store.db import open_store
from dossier.store.reviewers import load_password, remove_password, save_password

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_digests(monkeypatch):
    """The same digest with less work: the tests make many."""
    monkeypatch.setattr(users, "PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def networked(run):
    with open_store(run) as store:
        assert save_password(store, "Anna", make_digest(PASSWORD))
        assert not save_password(store, "Anna", make_digest(PASSWORD))
    with serving(run, NETWORK_RULES) as client:
        yield client


def sign_in(client, user="Anna", password=PASSWORD):
    return client.post("/api/session", json={"user": user, "password": password})


def test_one_signs_in_with_name_and_password(networked):
    answer = sign_in(networked)
    assert answer.status_code == 200
    assert answer.json()["user"] == "Anna"
    assert answer.json()["signs_in"] == "password"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-dossier")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in cookie
    assert networked.get("/api/queue").status_code == 200


@pytest.mark.parametrize(
    ("user", "password"),
    [("Anna", "wrong"), ("Anna", ""), ("Anna", None), ("Anna", 7), ("Anna", ["x"]), ("Anna", "a" * 2000), ("Berit", PASSWORD),
     ("anna", PASSWORD), ("Anna\u200b", PASSWORD)],
)  # fmt: skip
def test_a_wrong_name_or_password_gets_no_session(networked, user, password):
    answer = sign_in(networked, user, password)
    assert answer.status_code in (400, 401)
    assert "set-cookie" not in answer.headers
    assert networked.get("/api/queue").status_code == 401


def test_an_unknown_name_and_a_wrong_password_look_alike(networked):
    one, other = sign_in(networked, "Anna", "wrong"), sign_in(networked, "Nobody", "wrong")
    assert (one.status_code, one.content) == (other.status_code, other.content)


def test_a_session_gives_no_other_name_without_its_password(networked):
    sign_in(networked)
    assert networked.post("/api/session", json={"user": "Berit"}).status_code == 401
    assert networked.get("/api/session").json()["user"] == "Anna"


def test_there_is_no_link_over_a_network(networked):
    answer = networked.get("/enter", params={"token": networked.link.token})
    assert answer.status_code == 401
    sign_in(networked)
    assert networked.get("/enter", params={"token": networked.link.token}).status_code == 404


def test_guessing_is_slowed_down_though_the_last_guess_is_right(networked):
    for _ in range(users.FREE_TRIES):
        assert sign_in(networked, password="wrong").status_code == 401
    answer = sign_in(networked)
    assert (answer.status_code, answer.json()["error"]) == (429, "too_often")
    assert int(answer.headers["retry-after"]) >= 1


def test_many_guesses_at_once_gain_nothing(networked):
    with ThreadPoolExecutor(16) as threads:
        codes = [
            answer.status_code for answer in threads.map(lambda n: sign_in(networked, password=f"guess {n}"), range(40))
        ]
    assert codes.count(401) <= users.FREE_TRIES + 1
    assert set(codes) == {401, 429}


def test_a_name_that_is_removed_and_a_password_that_is_changed_end_the_sessions(networked, run):
    sign_in(networked)
    with open_store(run) as store:
        save_password(store, "Anna", make_digest(PASSWORD + "!"))
    assert networked.get("/api/queue").status_code == 401
    assert sign_in(networked, password=PASSWORD + "!").status_code == 200
    with open_store(run) as store:
        assert remove_password(store, "Anna")
        assert not remove_password(store, "Anna")
    for answer in (networked.get("/api/session"), networked.get("/api/changes"), networked.post("/api/undo", json={
        "request": "0189d1e0-0000-4000-8000-000000000001"})):  # fmt: skip
        assert (answer.status_code, answer.json()["error"]) == (401, "sign_in")


def test_what_is_kept_of_a_password_is_an_argon2_digest(networked, run):
    with open_store(run) as store:
        digest = load_password(store, "Anna")
    assert digest.startswith("$argon2id$")
    assert is_right(digest, PASSWORD)
    assert not is_right(digest, PASSWORD + " ")
    assert not is_right(None, "nobody has this password")
    assert not is_right("no digest", PASSWORD)


def test_one_who_guesses_does_not_keep_the_others_out(networked, run):
    with open_store(run) as store:
        save_password(store, "Berit", make_digest(PASSWORD))
    for _ in range(users.FREE_TRIES + 1):
        sign_in(networked, password="wrong")
    assert sign_in(networked).status_code == 429
    assert sign_in(networked, "Berit").status_code == 200


def test_the_brake_doubles_and_forgets():
    at = [0.0]
    brake = Brake(lambda: at[0])
    waits = []
    for _ in range(20):
        brake.failed({"Anna": 5, "address": 8})
        waits.append((brake.seconds_left({"Anna": 5}), brake.seconds_left({"address": 8})))
    assert waits[3:8] == [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0), (8.0, 0.0), (16.0, 2.0)]
    assert waits[-1][0] == users.LONGEST_WAIT
    assert brake.seconds_left({"Berit": 5, "address": 8}) == users.LONGEST_WAIT
    at[0] += users.LONGEST_WAIT
    assert brake.seconds_left({"Anna": 5}) == 0.0
    brake.succeeded({"Anna": 5})
    brake.failed({"Anna": 5})
    assert brake.seconds_left({"Anna": 5}) == 0.0
    for number in range(users.MOST_KNOWN + 10):
        brake.failed({f"name {number}": 5})
    assert len(brake._failures) <= users.MOST_KNOWN


# ------------------------------------------------------------------ the command


def test_users_are_added_by_a_prompt(run, dossier, monkeypatch):
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda *_: PASSWORD)
    assert "can sign in" in dossier("review", "--add-user", "Berit", "-w", run).out
    with open_store(run) as store:
        assert is_right(load_password(store, "Berit"), PASSWORD)
    assert PASSWORD.encode() not in (run / "dossier.db").read_bytes()
    assert "signs in no more" in dossier("review", "--remove-user", "Berit", "-w", run).out
    said = dossier("review", "--remove-user", "Berit", "-w", run)
    assert (said.code, "nobody signs in as 'Berit'" in said.err) == (1, True)


def test_a_short_password_is_not_taken(run, dossier, monkeypatch):
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda *_: "short")
    said = dossier("review", "--add-user", "Berit", "-w", run)
    assert said.code == 1
    assert "12" in said.err
    with open_store(run) as store:
        assert load_password(store, "Berit") is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--host", "0.0.0.0"], "--tls-cert"),
        (["--host", "::"], "--tls-cert"),
        (["--host", "no.such.host.invalid"], "no address of this machine"),
        (["--host", "192.0.2.1"], "cannot be had"),
        (["--behind-proxy"], "--origin"),
        (["--behind-proxy", "--origin", "http://review.example.org"], "https"),
        (["--behind-proxy", "--origin", "https://review.example.org"], "--add-user"),
        (["--behind-proxy", "--origin", "https://review.example.org/path"], "not of the form"),
        (["--behind-proxy", "--origin", "javascript:alert(1)"], "not of the form"),
        (["--origin", "https://review.example.org"], "--behind-proxy"),
        (["--user", "a\nb"], "printable"),
    ],
)
def test_an_address_of_others_is_not_served_without_protection(run, dossier, arguments, says):
    said = dossier("review", "--no-browser", "--port", "0", "-w", run, *arguments)
    assert said.code == 1
    assert says in said.err
    assert "Traceback" not in said.err


def test_certificate_and_key_must_fit(run, dossier, tmp_path):
    (tmp_path / "cert.pem").write_text("no certificate")
    said = dossier("review", "-w", run, "--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "cert.pem")
    assert (said.code, "no certificate with its key" in said.err) == (1, True)
    said = dossier("review", "-w", run, "--tls-cert", tmp_path / "cert.pem")
    assert (said.code, "belong together" in said.err) == (1, True)


# ------------------------------------------------------------------ which requests are let in where


def rules_of(host, port=0, **options):
    with bind(host, port) as sock:
        rules = make_rules(sock, **{"origins": (), "tls": None, "behind_proxy": False, **options})
        return rules, find_url(sock, rules), sock.getsockname()[1]


def test_on_loopback_one_enters_by_the_link():
    rules, url, port = rules_of("127.0.0.1")
    assert not rules.passwords
    assert rules.hosts == {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
    assert url == f"http://127.0.0.1:{port}"


def test_the_near_end_of_a_tunnel_may_be_named():
    rules, _, _ = rules_of("127.0.0.1", origins=("http://localhost:9000",))
    assert "localhost:9000" in rules.hosts


def test_behind_a_proxy_only_its_name_is_answered_to():
    rules, url, _ = rules_of("127.0.0.1", origins=(NETWORK + "/", "https://[2001:DB8::1]:8443"), behind_proxy=True)
    assert rules.passwords
    assert rules.secure
    assert rules.hosts == {"review.example.org", "review.example.org:443", "[2001:db8::1]:8443"}
    assert url.startswith("https://")


def test_with_a_certificate_others_sign_in_over_tls(tmp_path):
    tls = make_certificate(tmp_path)
    with pytest.raises(UsageError, match="--origin"):
        rules_of("0.0.0.0", tls=tls)
    rules, url, _ = rules_of("0.0.0.0", tls=tls, origins=(NETWORK,))
    assert (rules.passwords, rules.secure, url) == (True, True, NETWORK)
    rules, url, port = rules_of("127.0.0.1", tls=tls)
    assert (rules.passwords, rules.secure, url) == (False, True, f"https://127.0.0.1:{port}")


def make_certificate(folder):
    certificate, key = folder / "cert.pem", folder / "key.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], capture_output=True,
    )  # fmt: skip
    need(made.returncode == 0, "openssl")
    return check_tls(certificate, key)


def test_a_port_in_use_is_said_so(run, dossier):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = dossier("review", "--no-browser", "--port", port, "-w", run)
    assert said.code == 1
    assert f"port {port}" in said.err
    assert "--port" in said.err
