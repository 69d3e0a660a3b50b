"""Who is at the other end: the one-use link of a start, and the sessions it opens. All of it ends with the process."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE = 12 * 3600.0  # seconds without a request, after which a session ends
LONGEST = 7 * 24 * 3600.0
MOST = 1000  # sessions; the one that was idle longest makes room


@dataclass(slots=True)
class Session:
    """`user` signs what is ruled in this session; `digest`: of the password that opened it, None for one by the link."""

    user: str
    digest: str | None = None
    began: float = field(default_factory=time.monotonic)
    seen: float = field(default_factory=time.monotonic)

    def is_over(self, at: float) -> bool:
        return at - self.seen > IDLE or at - self.began > LONGEST


class Sessions:
    """The open sessions, by the digest of their secret: what is kept here opens nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._open: OrderedDict[bytes, Session] = OrderedDict()
        self._lock = threading.Lock()
        self._clock = clock

    def open(self, user: str, digest: str | None = None) -> str:
        """Begin a session and return its secret."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._open[_digest(secret)] = Session(user, digest, self._clock(), self._clock())
            while len(self._open) > MOST:
                self._open.popitem(last=False)
        return secret

    def find(self, secret: str) -> Session | None:
        key, at = _digest(secret), self._clock()
        with self._lock:
            found = self._open.get(key)
            if found is None or found.is_over(at):
                self._open.pop(key, None)
                return None
            found.seen = at
            self._open.move_to_end(key)
            return found

    def close(self, session: Session) -> None:
        with self._lock:
            for key in [key for key, each in self._open.items() if each is session]:
                del self._open[key]


class Link:
    """A token that opens one session. When it is used up, `renewed` is told the next one."""

    def __init__(self, renewed: Callable[[str], None] = lambda token: None) -> None:
        self.token = secrets.token_urlsafe(32)
        self._renewed = renewed
        self._lock = threading.Lock()

    def use(self, token: str) -> bool:
        with self._lock:
            if not hmac.compare_digest(_digest(token), _digest(self.token)):
                return False
            self.token = secrets.token_urlsafe(32)
        self._renewed(self.token)
        return True


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
