"""The organisation's own software: the Management API."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

from .browser import IDLE, Unreachable


class Refused(Exception):
    """The product says no."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(f"{status}: {answer}")
        self.status, self.answer = status, answer


class Api:
    """A key, and one connection for each who uses it: not to be shared between threads."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def twin(self) -> Api:
        """The same key for another thread."""
        return Api(self.port, self.key)

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """What is answered; `key` is the Idempotency-Key. Raises `Refused` and `Unreachable`."""
        headers = {"x-api-key": self.key, "content-type": "application/json"}
        if key:
            headers["idempotency-key"] = key
        sent = None if body is None else json.dumps(body).encode()
        if time.monotonic() - self._used > IDLE:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self._connection.request(method, "/api/v1" + path, sent, headers)
            reply = self._connection.getresponse()
            status, text = reply.status, reply.read()
            self._used = time.monotonic()
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise Unreachable(f"{method} {path}: {fault!r}") from fault
        answer = _read(text)
        if not 200 <= status < 300:
            raise Refused(status, answer)
        return answer

    def all(self, path: str) -> list[Any]:
        """Every record of a list, page by page."""
        found: list[Any] = []
        mark = "&" if "?" in path else "?"
        cursor = ""
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.call("GET", f"{path}{mark}limit=200{more}")
            found += page["data"]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return found

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _read(text: bytes) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text.decode(errors="replace")
