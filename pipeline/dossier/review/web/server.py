"""Running the server: its socket, its protocol, its end."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from dossier.review.web.address import Tls, listen
from dossier.review.web.gate import HEADERS

REQUEST_SECONDS = 45.0  # from a connection, or the first byte, to the last one of a request
KEEP_ALIVE = 75
MOST_CONNECTIONS = 500
SWITCH = 0.0005  # seconds until a thread that reads gives way to the one that saves, and to the loop that answers
GRACE = 20  # seconds for what is being answered when the server stops
HEAD_BYTES = 32 * 1024


class Protocol(H11Protocol):
    """HTTP/1.1 that does not wait for slow clients, and whose own refusals carry the same headers as all others."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        self._be_patient()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._be_patient()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _be_patient(self) -> None:
        """Wait for the rest of a request; what came of it so far does not begin the time anew."""
        if self._patience is None:
            self._patience = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def send_400_response(self, msg: str) -> None:
        if (
            self.cycle is not None and not self.cycle.response_complete
        ):  # what came first was good: it gets no answer now
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
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
    sys.setswitchinterval(SWITCH)
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
