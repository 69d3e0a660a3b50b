"""Reviewers with passwords, for a server that others reach: argon2 digests, and a brake on guessing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dossier.errors import UsageError
from dossier.review.web.replies import Refusal

LEAST = 12  # characters of a password
MOST = 1000
FREE_TRIES = 5  # failures in a row before one has to wait
NEIGHBOURS = 4  # times as many for an address: several people may share one
STRANGERS = 20  # and for a name: whoever guesses from many addresses must not keep its owner out
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds; it doubles with each failure
MOST_KNOWN = 10_000  # names and addresses that are remembered
AT_ONCE = 2  # digests made at a time: each takes 64 MB and a tenth of a second

WRONG = "the name or the password is wrong; try again, or ask whoever runs `dossier review` for a new one"


def make_digest(password: str) -> str:
    """The argon2id digest to keep. Raises UsageError for a password that is too short or too long."""
    if not LEAST <= len(password) <= MOST:
        raise UsageError(f"the password has {len(password)} characters; choose one of {LEAST} to {MOST}")
    return PasswordHasher().hash(password)


@cache
def _nobodys_digest() -> str:
    return PasswordHasher().hash("nobody has this password")


def is_right(digest: str | None, password: str) -> bool:
    """Whether a password fits; for a name that is unknown it takes as long to say no."""
    try:
        return PasswordHasher().verify(digest or _nobodys_digest(), password) and digest is not None
    except (VerificationError, InvalidHashError):
        return False


class Brake:
    """Makes whoever failed often wait, twice as long each time. keys: what failures are counted by, with those that are free."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._clock = clock
        self._lock = threading.Lock()

    def seconds_left(self, keys: Mapping[str, int]) -> float:
        with self._lock:
            return max(0.0, *(self._failures.get(key, (0, 0.0))[1] - self._clock() for key in keys))

    def failed(self, keys: Mapping[str, int]) -> None:
        with self._lock:
            for key, free in keys.items():
                count = self._failures.pop(key, (0, 0.0))[0] + 1
                over = count - free
                wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(over, 20)) if over >= 0 else 0.0
                self._failures[key] = count, self._clock() + wait
            while len(self._failures) > MOST_KNOWN:
                self._failures.popitem(last=False)

    def succeeded(self, keys: Mapping[str, int]) -> None:
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)


class Passwords:
    """`find(name)` returns the digest that is kept of a reviewer, or None."""

    def __init__(self, find: Callable[[str], Awaitable[str | None]], brake: Brake | None = None) -> None:
        self._find = find
        self._brake = brake or Brake()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def check(self, name: str, password: Any, address: str) -> str:
        """The digest that the password fits. Raises Refusal where it is not the one of that name, or one failed too often."""
        keys = {
            f"{name} from {address}": FREE_TRIES,
            f"from {address}": FREE_TRIES * NEIGHBOURS,
            f"{name} from anywhere": FREE_TRIES * STRANGERS,
        }
        left = self._brake.seconds_left(keys)
        if left > 0:
            seconds = int(left) + 1
            say = f"there were too many wrong passwords; try again in {seconds} s"
            raise Refusal(429, "too_often", say, {"retry-after": str(seconds)})
        if not isinstance(password, str) or len(password) > MOST:
            password = ""
        self._brake.failed(keys)  # counted before it is known, so that many at once gain nothing
        digest = await self._find(name)
        async with self._turns:
            right = await asyncio.to_thread(is_right, digest, password)
        if digest is None or not right:
            raise Refusal(401, "wrong_password", WRONG)
        self._brake.succeeded(keys)
        return digest
