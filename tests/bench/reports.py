"""The full report: CPU a page, memory, size, and what the pages do while it is made."""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import Any

from tests.bench.browser import Session
from tests.bench.measuring import ROOT, Row, row, spent_on, web_server

RENDER = (
    "import django, pathlib, re, time; django.setup()\n"
    "from records.models import Job\n"
    "from reports.rendering import render_report\nfrom reports.pdf import warm_up\n"
    "warm_up(); job = Job.objects.work().filter(organisation__name__startswith='Northmere').earliest('pk')\n"
    "job.attempts = 1\n"
    # Not getrusage: its peak is also that of the process which started this one.
    "pathlib.Path('/proc/self/clear_refs').write_text('5')\n"
    "start = time.process_time(); result = render_report(job); spent = time.process_time() - start\n"
    "status = pathlib.Path('/proc/self/status').read_text()\n"
    "peak = int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) / 1024\n"
    "from django.core.files.storage import default_storage\nfrom pypdf import PdfReader\n"
    "pages = len(PdfReader(default_storage.path(result['file'])).pages)\n"
    "print(spent, pages, result['bytes'], peak)"
)


def report_figures(draft: Any) -> list[Row]:
    """The report of the demo in a warm process, and opening a dimension meanwhile."""
    run = subprocess.run([sys.executable, "-c", RENDER], cwd=ROOT, check=True, capture_output=True, text=True)
    spent, pages, size, memory = map(float, run.stdout.split())
    return [
        row("Full report, pages", f"{pages:.0f}"),
        row("Full report, CPU", f"{spent:.2f} s, {spent / pages:.3f} s a page"),
        row("Full report, size", f"{size / 1024:.0f} KB"),
        row("Full report, peak memory of the process", f"{memory:.0f} MiB"),
        latency_meanwhile(draft),
    ]


def latency_meanwhile(draft: Any) -> Row:
    """Opening a dimension while a worker renders, beside the same without."""
    with web_server() as (port, _server):
        session = Session(port)
        session.sign_in(draft.created_by.email)
        path = f"/assessments/{draft.uuid}/answers/D1/"
        alone = statistics.median(spent_on(lambda: session.get(path)) for _ in range(40))
        renderer = subprocess.Popen([sys.executable, "-c", RENDER], cwd=ROOT, stdout=subprocess.DEVNULL)
        beside = []
        while renderer.poll() is None:
            beside.append(spent_on(lambda: session.get(path)))
    return row(
        "Open a dimension while a report is made",
        f"{statistics.median(beside):.1f} ms", f"{alone:.1f} ms", f"{statistics.median(beside) / alone:.1f}",
    )  # fmt: skip
