"""Running the server: its socket, its protocol, its end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from dossier.review.web.address import Tls, listen
from dossier.review.web.gate import HEADERS

HEAD_SECONDS = 15.0  # from a connection, or the answer before, to the end of a request's headers
KEEP_ALIVE = 75
MOST_CONNECTIONS = 500
GRACE = 10  # seconds for what is being answered when the server stops
HEAD_BYTES = 32 * 1024


class Protocol(H11Protocol):
    """HTTP/1.1 that does not wait for slow clients, and whose own refusals carry the same headers as all others."""

    _patience: Any = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._be_patient()

    def data_received(self, data: bytes) -> None:
        if self._patience is None and self.conn.their_state is h11.IDLE:
            self._be_patient()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE and self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def _be_patient(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        headers += [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"connection", b"close")]
        body = b'{"error":"bad_request","say":"this is no HTTP request that can be read; send it again"}'
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"), h11.Data(data=body), h11.EndOfMessage(),
        ):  # fmt: skip
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def serve(
    app: ASGIApp,
    sock: socket.socket,
    *,
    started: Callable[[], None],
    tls: Tls = None,
    behind_proxy: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM; what is being answered then is answered. tls: certificate and key."""
    listen(sock)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, http=Protocol, ws="none", loop="asyncio", lifespan="on", log_config=None, access_log=False,
        server_header=False, proxy_headers=behind_proxy, timeout_keep_alive=KEEP_ALIVE, timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=HEAD_BYTES, ssl_certfile=tls and tls[0], ssl_keyfile=tls and tls[1],
    )  # fmt: skip
    server = _Server(config, started)
    server.run([sock])


class _Server(uvicorn.Server):
    """Tells when it listens, and ends without raising the signal that stopped it once more."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self._captured_signals.clear()
