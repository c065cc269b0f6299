"""Start web and worker together, restart what dies, and leave nothing behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

PAUSE = 2.0  # seconds before what died is started again
PATIENCE = 15.0  # seconds that children have to end before they are killed
PR_SET_PDEATHSIG = 1
AS_ROOT = "You're running the worker with superuser privileges"  # how Celery's warning begins


def die_with_parent() -> None:
    """In the child, on Linux: be told to end when the parent is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Command(BaseCommand):
    help = "Run the site: web server and worker, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port of the site")
        parser.add_argument("--workers", type=int, default=2, help="processes of the web server")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        commands = {"web": web_command(options["bind"], options["workers"]), "worker": worker_command()}
        children = {name: self.start(command) for name, command in commands.items()}
        self.stdout.write(
            f"BAMI Self-Assessment is at http://{options['bind'].replace('127.0.0.1', 'localhost')}/"
        )
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()
        while not self.stopping:
            time.sleep(0.2)
            for name, child in children.items():
                if child.poll() is not None and not self.stopping:
                    self.stderr.write(f"{name} ended with status {child.returncode}; it is started again.")
                    time.sleep(PAUSE)
                    children[name] = self.start(commands[name])
        self.end(list(children.values()))

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C reaches the children once, through us.
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "bami_site.settings"},
            preexec_fn=die_with_parent,  # noqa: PLW1509  # this process starts no threads
            start_new_session=True,
        )

    def end(self, children: list[subprocess.Popen[bytes]]) -> None:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.stdout.write("Stopped.")


def web_command(bind: str, workers: int) -> list[str]:
    """Gunicorn with threads, so that a slow download holds up no other page."""
    return [
        *(sys.executable, "-m", "gunicorn", "bami_site.wsgi:application", "--preload"),
        *("--bind", bind, "--workers", str(workers), "--worker-class", "bami_site.web_worker.WebWorker"),
        *("--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "10"),
        *("--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else str(settings.DATA_DIR)),  # noqa: S108  # memory, no file of ours
        *("--log-level", "warning", "--no-control-socket"),
    ]


def worker_command(application: str = "bami_site") -> list[str]:
    """One Celery worker with one child."""
    return [
        # On a bare system the first user is root; that is said once, by whoever reads the log of production.
        *(sys.executable, "-W", f"ignore:{AS_ROOT}", "-m", "celery", "--quiet", "-A", application, "worker"),
        *("--pool", "prefork", "--concurrency", "1"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"),
    ]
