"""A browser without JavaScript: cookies, forms, redirects; nothing that a page does not offer."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

Fields = list[tuple[str, str]]
# Seconds after which a connection is not used again: the product may be closing it.
IDLE = 5.0


class Unreachable(Exception):
    """No answer came: whether anything happened is not known."""


@dataclass
class Form:
    """A form of a page, as it would be sent."""

    action: str
    method: str = "get"
    fields: Fields = field(default_factory=list)
    buttons: Fields = field(default_factory=list)
    # Of radio buttons and boxes, by name: their values.
    choices: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    def hidden(self, name: str) -> str:
        """The value of a field that is not to be filled in."""
        return next((value for known, value in self.fields if known == name), "")

    def presses(self) -> set[str]:
        """What its buttons send."""
        return {value for _, value in self.buttons}


class Page(HTMLParser):
    """What can be done on a page."""

    def __init__(self, text: str, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.links: list[str] = []
        # Where the page leads by itself, at once.
        self.leads_to = ""
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes forms, their fields, links, and where the page leads."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self._form = Form(urljoin(self.url, given.get("action", "")), method)
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(urljoin(self.url, given["href"]))
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            delay, _, target = given.get("content", "").partition(";")
            if delay.strip() == "0":
                self.leads_to = urljoin(self.url, target.strip().removeprefix("url="))
        elif self._form is not None:
            self._control(tag, given, self._form)

    def _control(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "text")
        if tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.options.setdefault(self._select, []).append(value)
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
        elif tag == "input" and name:
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        """Ends a form."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def form(self, path: str) -> Form | None:
        """The form that is sent to this path."""
        return next((it for it in self.forms if urlsplit(it.action).path == path), None)


@dataclass
class Answer:
    """What came back."""

    status: int
    url: str
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        """Where it sends the browser, as a whole address."""
        return urljoin(self.url, self.headers.get("location", ""))

    @property
    def page(self) -> Page:
        """The page."""
        return Page(self.text, self.url)


class Browser:
    """One visitor, at an address of this machine of its own. Every host is on this machine."""

    def __init__(self, source: str, timeout: float = 45) -> None:
        self.source, self.timeout = source, timeout
        self.cookies: dict[str, dict[str, str]] = {}
        self._connections: dict[int, http.client.HTTPConnection] = {}
        self._used: dict[int, float] = {}

    def get(self, url: str) -> Answer:
        """Opens an address; redirects are not followed."""
        return self._ask("GET", url, None)

    def post(self, url: str, fields: Fields) -> Answer:
        """Sends a form."""
        return self._ask("POST", url, urlencode(fields).encode())

    def _ask(self, method: str, url: str, body: bytes | None) -> Answer:
        parts = urlsplit(url)
        port = parts.port or 80
        headers = {"host": parts.netloc, "accept": "text/html", "user-agent": "torture"}
        jar = self.cookies.setdefault(parts.netloc, {})
        if jar:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
            headers["origin"] = f"{parts.scheme}://{parts.netloc}"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connection(port)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            self._drop(port)
            raise Unreachable(f"{method} {target}: {fault!r}") from fault
        self._used[port] = time.monotonic()
        if answer.will_close:
            self._drop(port)
        for cookie in answer.headers.get_all("set-cookie") or []:
            _keep(jar, cookie)
        names = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, url, names, text)

    def _connection(self, port: int) -> http.client.HTTPConnection:
        if time.monotonic() - self._used.get(port, 0.0) > IDLE:
            self._drop(port)
        if port not in self._connections:
            own = (self.source, 0)
            made = http.client.HTTPConnection("127.0.0.1", port, self.timeout, own)
            self._connections[port] = made
        return self._connections[port]

    def _drop(self, port: int) -> None:
        connection = self._connections.pop(port, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Closes what is open."""
        for port in list(self._connections):
            self._drop(port)


def _keep(jar: dict[str, str], cookie: str) -> None:
    first, *attributes = cookie.split(";")
    name, _, value = first.strip().partition("=")
    over = any(it.strip().lower() in ("max-age=0", "max-age=-1") for it in attributes)
    if over or not value:
        jar.pop(name, None)
    else:
        jar[name] = value
