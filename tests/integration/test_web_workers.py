"""The web server's workers: idle connections hold up nobody, and none queues what the other has time for."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.processes import wait_until
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, TIMES = 8, 25


@pytest.fixture
def web(tmp_path):
    web = Web(tmp_path)
    yield web
    web.stop()


def test_connections_that_browsers_open_ahead_hold_up_nobody(web):
    with ExitStack() as idle:
        for _ in range(8 * web.workers):  # twice as many as all threads
            idle.enter_context(socket.create_connection(("127.0.0.1", web.port)))
        time.sleep(0.5)  # until workers would have taken them; a thread would wait five seconds for each
        start = time.monotonic()
        wait_until(web.is_up, 20, "an answer beside idle connections")
        assert time.monotonic() - start < 4


def test_a_worker_lets_go_of_those_that_the_other_has_time_for(web):
    wait_until(lambda: len(web.worker_pids()) == web.workers, 20, "both workers")
    first, second = web.worker_pids()
    with ExitStack() as opened:
        people = [http.client.HTTPConnection("127.0.0.1", web.port, timeout=30) for _ in range(PEOPLE)]
        os.kill(second, signal.SIGSTOP)
        for person in people:
            opened.callback(person.close)
            ask([person])  # the first answers them all
        os.kill(second, signal.SIGCONT)
        for _ in range(TIMES):
            ask(people)
        assert connections_of(second, web.port) > 1, connections_of(first, web.port)


def ask(people: list[http.client.HTTPConnection]) -> None:
    """Each asks for a page before any has its answer."""
    for person in people:
        send(person)
    for person in people:
        try:
            reply = person.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):  # it rested for too long
            person.close()
            send(person)
            reply = person.getresponse()
        assert reply.status == 200
        reply.read()


def send(person: http.client.HTTPConnection) -> None:
    person.request("GET", "/accounts/login/", headers={"Host": "localhost"})


def connections_of(process: int, port: int) -> int:
    """How many connections of this server a process holds (Linux: proc(5), ESTABLISHED is 01)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    count = 0
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            count += descriptor.readlink().name in ours
    return count
