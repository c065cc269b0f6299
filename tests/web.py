"""The real web server on the test database, killed and started again, and who saves answers at it."""

from __future__ import annotations

import html
import http.client
import os
import re
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.middleware import csrf
from django.test import Client

from accounts.models import User
from bami_site.management.commands.serve import die_with_parent, web_command
from tests.processes import environment, wait_until
from tests.servers import free_port

MERGED = re.compile(r'data-merged="(\w+)" value="([^"]*)"')
HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


class Web:
    """Gunicorn as `serve` starts it, on the test database."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.port = free_port()
        self.workers = workers
        self.log = folder / "web.log"
        self.starts = 0
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                web_command(f"127.0.0.1:{self.port}", self.workers),
                cwd=settings.BASE_DIR,
                env=environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A test that is cut off leaves no server behind.
                preexec_fn=die_with_parent,  # noqa: PLW1509  # nothing else runs in the child yet
            )
        self.starts += 1
        wait_until(self.is_up, 60, f"the web server answers\n{self.said()}")

    def is_up(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz/live", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill_group(self) -> None:
        """Every process of the server at once, as a machine does that runs out of memory."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_worker(self) -> None:
        """One worker process in the middle of what it does; its master starts another."""
        workers = self.worker_pids()
        os.kill(workers[self.starts % len(workers)], signal.SIGKILL)

    def worker_pids(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return sorted(map(int, listed.stdout.split()))

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


@dataclass
class Reply:
    """What came back of a save: status 0 where nothing did."""

    status: int
    operation: str = ""
    text: str = ""


@dataclass
class Writer:
    """A person whose browser saves answers, and sends again what got no reply."""

    port: int
    session: str
    token: str = field(default_factory=csrf._get_new_csrf_string)
    sent: int = 0
    connection: http.client.HTTPConnection | None = None

    @classmethod
    def of(cls, web: Web, user: User) -> Writer:
        client = Client()
        client.force_login(user)
        return cls(web.port, client.cookies["sid"].value)

    def post(self, address: str, values: dict[str, str]) -> Reply:
        """One attempt."""
        self.sent += 1
        headers = {
            "Host": "localhost",
            "HX-Request": "true",
            "X-CSRFToken": self.token,
            "Cookie": f"sid={self.session}; csrf={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", urlsplit(address).path, urlencode(values), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Reply(answer.status, answer.headers.get("X-Operation", ""), text)
        except (OSError, http.client.HTTPException):
            return Reply(0)
        finally:
            connection.close()

    def post_until_answered(self, address: str, values: dict[str, str], seconds: float = 60) -> Reply:
        """The same operation again and again, until somebody answers for it."""
        end = time.monotonic() + seconds
        reply = self.post(address, values)
        while (reply.status == 0 or reply.status >= 500) and time.monotonic() < end:
            time.sleep(0.05)
            reply = self.post(address, values)
        return reply


def form_after(values: dict[str, str], text: str) -> dict[str, str]:
    """The form as the page shows it after a reply: what was typed, the version and marks that it then names,
    and what others changed meanwhile. In a conflict it is the last of the ways out: one's own value."""
    given = HIDDEN.findall(text.rpartition("<form")[2] or text)
    names = ("base_version", "seen", *values) if "<form" in text else ("base_version", "seen")
    known = {name: html.unescape(value) for name, value in [*given, *MERGED.findall(text)]}
    merged = [name for name, _value in MERGED.findall(text)]
    return values | {name: known[name] for name in (*names, *merged) if name in known}


def operation() -> str:
    return str(uuid.uuid4())
