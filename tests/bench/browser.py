"""A person's session over plain HTTP, with one kept-alive connection: what a browser sends, without one."""

from __future__ import annotations

import http.client
import re
import time
from urllib.parse import urlencode

from bami_site.demo import PASSWORD


class Session:
    """Keeps the cookies; every answer must be 200 or a redirect."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def sign_in(self, email: str) -> None:
        page = self.first_page()
        token = self.hidden(page, "csrfmiddlewaretoken")
        self.post("/accounts/login/", {"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD})

    def first_page(self) -> str:
        """The sign-in page, once the server answers."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return self.get("/accounts/login/")
            except OSError:
                self.connection.close()  # a refused request leaves it half-way
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def get(self, path: str) -> str:
        return self.request("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        return self.request("POST", path, urlencode(fields))

    def request(self, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
            headers["Origin"] = f"http://localhost:{self.connection.port}"
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self.connection.close()  # the server let go of it meanwhile: as a browser, open another
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
        text = reply.read().decode()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if reply.status not in (200, 302):
            raise RuntimeError(f"{method} {path}: {reply.status}\n{text[:2000]}")
        return text

    def weight(self, path: str) -> int:
        """Bytes of the body as it comes over the wire, packed as browsers take it."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        self.connection.request("GET", path, headers=headers | {"Accept-Encoding": "gzip, deflate, br"})
        reply = self.connection.getresponse()
        assert reply.status == 200, (path, reply.status)
        return len(reply.read())

    @staticmethod
    def hidden(page: str, name: str) -> str:
        """The value of a hidden field of that name."""
        for field in re.findall(r"<input[^>]*>", page):
            if f'name="{name}"' in field and (value := re.search(r'value="([^"]*)"', field)):
                return value[1]
        raise LookupError(name)
