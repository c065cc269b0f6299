"""What every part of the bench measures with: rows of the table, medians, memory, a web server of its own."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bami_site.management.commands.serve import web_command
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
Row = tuple[str, str, str, str]  # figure, measured, floor, ratio


def row(figure: str, measured: str, floor: str = "–", ratio: str = "–") -> Row:
    return figure, measured, floor, ratio


def best(work: Callable[[], Any], times: int) -> float:
    """The median time of one call, in milliseconds."""
    work()
    return statistics.median(spent_on(work) for _ in range(times))


def spent_on(work: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def pair(name: str, work: Callable[[], Any], floor: Callable[[], Any], times: int) -> Row:
    """Both in turn, so that a slow moment of the machine meets both: medians, p95 of the work, ratio."""
    work(), floor()
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(times):
        ours.append(spent_on(work))
        bare.append(spent_on(floor))
    median, least = statistics.median(ours), statistics.median(bare)
    late = statistics.quantiles(ours, n=20)[-1]
    return row(name, f"{median:.1f} ms (p95 {late:.1f})", f"{least:.1f} ms", f"{median / least:.1f}")


@contextmanager
def web_server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Gunicorn as `serve` starts it, with two workers on a free port: the port and its process."""
    port = free_port()
    server = subprocess.Popen(web_command(f"127.0.0.1:{port}", 2), cwd=ROOT)
    try:
        yield port, server
    finally:
        server.terminate()
        server.wait()


def memory_of(pid: int) -> float:
    """Proportional memory of a process and all that it started, in MB."""
    total = 0
    for process in (pid, *descendants(pid)):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:  # gone meanwhile
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def descendants(pid: int) -> Iterator[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    for child in map(int, listed.stdout.split()):
        yield child
        yield from descendants(child)


def statements(work: Callable[[], Any]) -> int:
    """SQL statements of one call in this process; BEGIN, COMMIT, SAVEPOINT and PRAGMA not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    uncounted = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA", "SET")
    return sum(query["sql"].split(" ")[0] not in uncounted for query in captured)
