"""Browsers open connections ahead and may leave them idle: the site answers all the same."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest

from tests.processes import wait_until
from tests.web import Web


@pytest.mark.django_db(transaction=True)
def test_idle_connections_hold_up_nobody(tmp_path):
    web = Web(tmp_path)
    try:
        with ExitStack() as idle:
            for _ in range(2 * web.workers):
                idle.enter_context(socket.create_connection(("127.0.0.1", web.port)))
            time.sleep(0.5)  # until the workers have taken them
            # A thread lets go of a silent connection after five seconds; a worker without threads never does.
            wait_until(web.is_up, 20, "an answer beside idle connections")
    finally:
        web.stop()
