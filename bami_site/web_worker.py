"""Gunicorn's worker with threads, for a site that browsers reach without another server before it."""

from __future__ import annotations

import socket
from contextlib import suppress

from gunicorn.workers.gthread import ThreadWorker

SILENT = 300  # seconds that the system keeps a connection on which nothing was asked; browsers let go sooner


class WebWorker(ThreadWorker):
    """Works on as many connections as it has threads: the rest finds the worker that is free.

    Gunicorn's own counts to a thousand, so that one worker may queue what the other has time for. It sets
    both bounds once; here they follow what is asked at the moment.
    """

    @property
    def worker_connections(self) -> int:
        """The most that it takes: one for each thread, beside those that rest between two requests."""
        return int(self.cfg.threads) + len(self.keepalived_conns) + len(self.pending_conns)

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        """What is configured counts for `max_keepalived` alone."""

    @property
    def max_keepalived(self) -> int:
        """The most that rest with it; none while more is asked of it than it has threads for."""
        return 0 if self.nr_conns > self.worker_connections else int(self.cfg.worker_connections)

    @max_keepalived.setter
    def max_keepalived(self, most: int) -> None:
        """It follows from the moment."""

    def run(self) -> None:
        """Connections that a browser opens ahead and leaves idle wait with the system (Linux: tcp(7))."""
        for listener in self.sockets:
            with suppress(AttributeError, OSError):  # no such option here, or no such socket
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT)
        super().run()
