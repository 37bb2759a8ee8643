"""The little of HTTP/1.1 that is needed: a server's reading and writing, and a client's POST."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_HEAD = 64 * 1024
MAX_BODY = 4 * 1024 * 1024

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 303: "See Other",
           400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Too Large",
           415: "Unsupported Media Type", 422: "Unprocessable Entity",
           500: "Internal Server Error", 503: "Service Unavailable"}  # fmt: skip


@dataclass
class Request:
    """One request; header names are lower case, `path` is decoded and without the query."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def form(self) -> list[tuple[str, str]]:
        """The body read as a form; raises `ValueError` where it is none."""
        text = self.body.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))

    def base(self) -> str:
        """This server's own address as the caller sees it."""
        return "http://" + self.headers.get("host", "127.0.0.1")


@dataclass
class Fate:
    """What becomes of a reply after its effect has happened."""

    lost: bool = False
    hang_seconds: float = 0.0
    wait_for_events: list[str] = field(default_factory=list)


@dataclass
class Reply:
    """One answer; `done` is called when it has been sent or lost."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    fate: Fate | None = None
    done: Callable[[], None] | None = None

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Reply:
        """A JSON answer."""
        body = json.dumps(value, separators=(",", ":")).encode()
        return cls(status, body, {"content-type": "application/json"})

    @classmethod
    def html(cls, text: str, status: int = 200) -> Reply:
        """A page."""
        return cls(status, text.encode(), {"content-type": "text/html; charset=utf-8"})

    @classmethod
    def redirect(cls, url: str) -> Reply:
        """Sends the browser on with a GET."""
        return cls(303, b"", {"location": url})


class BadRequest(Exception):
    """What arrived is no HTTP that is understood here."""


async def _read_chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        if size == 0:
            while (await reader.readline()).strip():
                pass
            return body
        if len(body) + size > MAX_BODY:
            raise BadRequest("body too large")
        body += await reader.readexactly(size)
        await reader.readexactly(2)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; nothing where the client has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequest("header too large") from error
    try:
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _version = first.split(" ")
        headers: dict[str, str] = {}
        for line in lines:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        if "chunked" in headers.get("transfer-encoding", ""):
            body = await _read_chunked(reader)
        else:
            length = int(headers.get("content-length", "0"))
            if not 0 <= length <= MAX_BODY:
                raise BadRequest("body too large")
            body = await reader.readexactly(length)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return Request(method, unquote(parts.path), query, headers, body)


def write_reply(reply: Reply, keep_alive: bool) -> bytes:
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.status != 204:
        lines.append(f"content-length: {len(reply.body)}")
    lines.append("connection: " + ("keep-alive" if keep_alive else "close"))
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + reply.body


async def post(
    url: str, headers: dict[str, str], body: bytes, connect: str | None, timeout: float
) -> int:
    """Posts to `url` and returns the status.

    `connect` is a `host:port` to dial instead of the URL's own, for names that resolve nowhere. A
    certificate is not checked: the receiver is a test installation on the same machine.
    """
    return await asyncio.wait_for(_post(url, headers, body, connect), timeout)


async def _post(url: str, headers: dict[str, str], body: bytes, connect: str | None) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "127.0.0.1", parts.port or (443 if secure else 80)
    if connect:
        host, _, dial_port = connect.rpartition(":")
        port = int(dial_port)
    context = None
    if secure:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server_name = parts.hostname if secure else None
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname=server_name
    )
    try:
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        lines = [f"POST {target} HTTP/1.1", f"host: {parts.netloc}", "connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"content-length: {len(body)}")
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
        status_line = await reader.readline()
        fields = status_line.split(b" ")
        return int(fields[1]) if len(fields) > 1 else 0
    finally:
        writer.close()
