"""From the command to the first page, and the memory of the parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.bench.measuring import ROOT, Row, descendants, memory_of, row
from tests.servers import free_port


def start_figures() -> list[Row]:
    """`manage.py serve` on data that is there, then `make run` on a machine that has run it."""
    with tempfile.TemporaryDirectory(prefix="bami-bench-start-") as folder:
        first_run(folder)
        serve = [sys.executable, "manage.py", "serve"]
        seconds, worker = started([*serve, "--bind"], folder)
        again, _ = started(["make", "run"], folder)
    return [
        row("First page after launch", f"{seconds:.1f} s"),
        row("Memory of the worker (proportional)", f"{worker:.0f} MB"),
        row("First page of make run, again", f"{again:.1f} s"),
    ]


def surroundings(folder: str, port: int) -> dict[str, str]:
    own = {"DATA_DIR": folder, "PORT": str(port), "BAMI_MODE": "demo", "SITE_URL": f"http://localhost:{port}"}
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | own


def first_run(folder: str) -> None:
    """What the first start makes: database, content, demo, static files."""
    command = [sys.executable, "-m", "scripts.prepare"]
    subprocess.run(
        command, cwd=ROOT, env=surroundings(folder, free_port()), check=True, stdout=subprocess.DEVNULL
    )


def started(command: list[str], folder: str) -> tuple[float, float]:
    """Seconds to the first page, and MB of the worker's processes, once they are up."""
    port = free_port()
    if command[-1] == "--bind":
        command = [*command, f"127.0.0.1:{port}"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings(folder, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/accounts/login/", port)
        seconds = time.perf_counter() - start
        time.sleep(5)  # the worker imports what it needs before it says that it is ready
        workers = [pid for pid in descendants(process.pid) if "celery" in said_of(pid)]
        return seconds, memory_of(workers[0]) if workers else 0
    finally:
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does at a terminal
        process.wait(30)


def said_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def wait_for(url: str, port: int) -> None:
    request = urllib.request.Request(url, headers={"Host": f"localhost:{port}"})
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(request, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
