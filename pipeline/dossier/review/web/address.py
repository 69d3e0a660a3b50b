"""Where the server listens, under which names browsers reach it, and what that asks of its users."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

from dossier.errors import UsageError
from dossier.review.web.gate import Rules

ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
Tls = tuple[Path, Path] | None  # certificate and key
MANUAL = "docs/review.md says how to serve the page to others"


def bind(host: str, port: int) -> socket.socket:
    """A socket of an address, not yet listening. Raises UsageError that says why it cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise UsageError(f"--host {host!r} is no address of this machine ({error}); name one") from error
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)  # asyncio looks at the protocol before it sets TCP_NODELAY
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise _in_use(host, port) from error
        raise UsageError(f"--host {host} --port {port} cannot be had: {error.strerror}; choose others") from error
    return sock


def listen(sock: socket.socket) -> None:
    """Raises UsageError where another process came first."""
    host, port = sock.getsockname()[:2]
    try:
        sock.listen(128)
    except OSError as error:
        raise _in_use(host, port) from error


def _in_use(host: str, port: int) -> UsageError:
    return UsageError(
        f"port {port} of {host} is in use, perhaps by another `dossier review`; stop that one, or choose a port with --port"
    )


def make_rules(sock: socket.socket, *, origins: Sequence[str], tls: Tls, behind_proxy: bool) -> Rules:
    """What requests must satisfy. origins: as they were asked for; those that follow from the socket are added.

    Raises UsageError for an address that others reach without TLS between them and the server.
    """
    address, port = sock.getsockname()[:2]
    local = ipaddress.ip_address(address).is_loopback
    given = frozenset(_check_origin(origin) for origin in origins)
    if behind_proxy and tls:
        raise UsageError(
            "--behind-proxy and --tls-cert: either the proxy speaks TLS with browsers or this server does; give one"
        )
    if behind_proxy:
        _need_https(
            given, "--behind-proxy needs --origin, the address that browsers show, such as https://review.example.org"
        )
        return Rules(given, f"__Host-dossier_{port}", secure=True, passwords=True)
    if not local and tls is None:
        raise UsageError(f"{address} is reached by others, who could read and change what is sent: give --tls-cert and "
                         f"--tls-key, or put a proxy before it and give --behind-proxy; {MANUAL}")  # fmt: skip
    scheme = "https" if tls else "http"
    if local:
        _need_local(given, tls)
        own = frozenset(f"{scheme}://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        return Rules(own | given, _cookie(port, tls), secure=bool(tls))
    if ipaddress.ip_address(address).is_unspecified:
        _need_https(given, f"{address} is every address of this machine: say with --origin which one browsers show")
        return Rules(given, _cookie(port, tls), secure=True, passwords=True)
    return Rules(given | {f"https://{shown(address)}:{port}"}, _cookie(port, tls), secure=True, passwords=True)


def find_url(sock: socket.socket, rules: Rules) -> str:
    """The address of the page that is printed: the socket's own, where browsers show that."""
    address, port = sock.getsockname()[:2]
    own = f"{'https' if rules.secure else 'http'}://{shown(address)}:{port}"
    return own if own in rules.origins else min(rules.origins)


def shown(address: str) -> str:
    """An address as it stands in a link."""
    return f"[{address}]" if ":" in address else address


def _cookie(port: int, tls: Tls) -> str:
    """Cookies do not tell ports apart: two servers of one machine keep theirs by the name."""
    return f"__Host-dossier_{port}" if tls else f"dossier_{port}"


def _check_origin(origin: str) -> str:
    found = ORIGIN.fullmatch(origin.lower().rstrip("/"))
    if found is None:
        raise UsageError(f"--origin {origin!r} is not of the form https://HOST or https://HOST:PORT; mend it")
    scheme, host, port = found.groups()
    default = {"http": ":80", "https": ":443"}[scheme]
    return f"{scheme}://{host}{'' if port == default else port or ''}"


def _need_https(origins: frozenset[str], say: str) -> None:
    if not origins:
        raise UsageError(say)
    for origin in origins:
        if not origin.startswith("https://"):
            raise UsageError(f"--origin {origin}: passwords go over TLS only; give its https:// address")


def _need_local(origins: frozenset[str], tls: Tls) -> None:
    """Other names for a server on loopback: the near end of a tunnel."""
    for origin in origins:
        host = origin.partition("://")[2].rpartition(":")[0] or origin.partition("://")[2]
        if tls is None and host not in ("127.0.0.1", "localhost", "[::1]"):
            raise UsageError(
                f"--origin {origin} is not on this machine, so a proxy must stand between: give --behind-proxy; {MANUAL}"
            )


def check_tls(certificate: Path | None, key: Path | None) -> Tls:
    """Raises UsageError where one is missing, or the two do not fit."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("--tls-cert and --tls-key belong together; give both")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        raise UsageError(
            f"{certificate} and {key} are no certificate with its key ({error}); give PEM files, the key without password"
        ) from error
    return certificate, key
