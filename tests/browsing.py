"""A person's way through the site over HTTP, without a browser: cookies, forms and their tokens."""

from __future__ import annotations

import http.client
import http.cookies
import re
from urllib.parse import urlencode, urlsplit


class Visitor:
    """Keeps cookies and sends the token of the form that it saw last; behind a proxy, what the proxy says."""

    def __init__(self, port: int, host: str = "", **headers: str) -> None:
        self.port, self.host, self.headers = port, host or f"127.0.0.1:{port}", headers
        self.scheme = headers.get("X-Forwarded-Proto", "http")
        self.cookies: dict[str, str] = {}
        self.token = ""

    def send(self, method: str, path: str, **fields: str) -> tuple[int, str, bytes]:
        """One request: status, path that it leads to, body."""
        sent = {"Host": self.host, "Referer": f"{self.scheme}://{self.host}/", **self.headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": self.token, **fields})
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if found := re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', content):
            self.token = found[1].decode()
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, content

    def get(self, path: str) -> tuple[int, str, bytes]:
        return self.send("GET", path)

    def post(self, path: str, **fields: str) -> tuple[int, str, bytes]:
        return self.send("POST", path, **fields)

    def sign_in(self, email: str, password: str) -> None:
        self.get("/accounts/login/")
        status, path, content = self.post("/accounts/login/", login=email, password=password)
        assert (status, path) == (302, "/home/"), content[:2000]

    def is_up(self) -> bool:
        try:
            return self.get("/healthz/live")[0] == 200
        except OSError:
            return False

    def report_of(self, assessment: str) -> str:
        """Ask for a report of the assessment; the path of its file."""
        status, path, content = self.post(f"/assessments/{assessment}/reports/ask/")
        assert status == 302, content[:2000]
        return f"{path}file/"

    def is_pdf(self, path: str) -> bool:
        status, _, content = self.get(path)
        return status == 200 and content.startswith(b"%PDF-")
