"""Prints each figure of speed beside its floor: `make bench`; the last table is in docs/figures.md."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = tempfile.mkdtemp(prefix="bami-bench-")
os.environ |= {"DATA_DIR": DATA, "BAMI_MODE": "demo", "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
os.environ.pop("DATABASE_URL", None)

Row = tuple[str, str, str, str]  # figure, measured, floor, ratio


def main() -> None:
    rows: list[Row] = []
    try:
        prepare()
        rows += engine_figures()
        rows += page_figures()
        rows += report_figures()
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    table = [
        "| Figure | Measured | Floor | Ratio |",
        "|---|---|---|---|",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    print("\n".join(table))
    if "--write" in sys.argv:
        write_table(table)


def prepare() -> None:
    """The demo in a database of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    for folder in ("queue", "control"):
        (Path(DATA) / "broker" / folder).mkdir(parents=True)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "bami-1.0.yaml", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_demo", stdout=nowhere)
    call_command("collectstatic", verbosity=0, interactive=False)


def demo() -> tuple[Any, Any]:
    """The submitted assessment and the draft of the demo."""
    from assessments.models import Assessment

    rows = Assessment.objects.unscoped("the bench").for_page().order_by("pk")
    return rows[0], rows[1]


def engine_figures() -> list[Row]:
    """One evaluation, with and without load-bearing answers, in milliseconds."""
    from assessments.engine.evaluate import evaluate, evaluate_briefly
    from assessments.results import record_for, spec_of

    submitted, _ = demo()
    spec, inputs = spec_of(submitted), record_for(submitted).inputs()
    brief = best(lambda: evaluate_briefly(spec, inputs), 200)
    whole = best(lambda: evaluate(spec, inputs), 50)
    return [
        ("Readings and verdicts, 50 questions", f"{brief:.2f} ms", "–", "–"),
        ("Whole evaluation with roadmap and load-bearing answers", f"{whole:.1f} ms", "–", "–"),
    ]


def page_figures() -> list[Row]:
    """Save, open and results through gunicorn with two workers, beside the floor; statements in process."""
    from tests.servers import free_port

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bami_site.wsgi:application", "--preload", "-w", "2"]
    server = subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket"], cwd=ROOT
    )
    try:
        return measure_pages(port, server)
    finally:
        server.terminate()
        server.wait()


def measure_pages(port: int, server: subprocess.Popen[bytes]) -> list[Row]:
    from tests.bench.browser import Session

    _, draft = demo()
    session = Session(port)
    session.sign_in("owner@northmere.example")
    answer = draft.answers.get(question_code="D1-DQM")
    base = f"/assessments/{draft.uuid}"
    first = Path(f"{base}/answers/D1/D1-DQM/")
    rows = []
    page = session.get(str(first) + "/")
    token, seen = session.hidden(page, "csrfmiddlewaretoken"), session.hidden(page, "seen")
    state = {"version": answer.version, "seen": seen, "n": 0}

    def save() -> None:
        state["n"] += 1
        reply = session.post(
            f"{first}/save/",
            {
                "csrfmiddlewaretoken": token,
                "reply": str(state["n"] % 6),
                "reason": "",
                "grade": "E1",
                "evidence_note": f"note {state['n']}",
                "comment": "",
                "base_version": str(state["version"]),
                "op_id": str(uuid.uuid4()),
                "seen": state["seen"],
                "page": "question",
            },
        )
        state["seen"] = session.hidden(reply, "seen")
        state["version"] = int(session.hidden(reply, "base_version"))

    def floor_save() -> None:
        session.post(f"/floor/save/{answer.pk}/", {"csrfmiddlewaretoken": token, "comment": str(time.time())})

    rows.append(pair("Save one answer", save, floor_save, 200))
    rows.append(
        pair(
            "Open a dimension",
            lambda: session.get(f"{base}/answers/D1/"),
            lambda: session.get(f"/floor/open/{draft.pk}/"),
            60,
        )
    )
    rows.append(
        pair(
            "Results, unchanged",
            lambda: session.get(f"{base}/results/"),
            lambda: session.get(f"/floor/results/{draft.pk}/"),
            60,
        )
    )

    def first_look() -> None:
        save()
        start = time.perf_counter()
        session.get(f"{base}/results/")
        looks.append((time.perf_counter() - start) * 1000)

    looks: list[float] = []
    for _ in range(20):
        first_look()
    rows.append(("Results, first look after a change", f"{statistics.median(looks):.1f} ms", "–", "–"))
    rows.append(
        ("Opened dimension, HTML", f"{len(session.get(f'{base}/answers/D1/')) / 1024:.0f} KB", "–", "–")
    )
    rows.append(("Memory of two web workers (proportional)", f"{memory_of(server.pid):.0f} MB", "–", "–"))
    return rows + statements(draft)


def statements(draft: Any) -> list[Row]:
    """SQL statements of each page; BEGIN, COMMIT, SAVEPOINT and PRAGMA not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from assessments.forms.answers import page_values

    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(email="owner@northmere.example"),
    )
    base = f"/assessments/{draft.uuid}"
    answer = draft.answers.get(question_code="D1-SET")
    body = {"reply": "3", "reason": "", "grade": "", "evidence_note": "", "comment": "", "page": "question"}
    deeds: list[tuple[str, Callable[[], Any]]] = [
        (
            "save one answer",
            lambda: client.post(
                f"{base}/answers/D1/D1-SET/save/",
                {**page_values(answer), **body},
                headers={"HX-Request": "true"},
            ),
        ),
        ("open a dimension", lambda: client.get(f"{base}/answers/D1/")),
        ("results, first look", lambda: client.get(f"{base}/results/")),
        ("results, unchanged", lambda: client.get(f"{base}/results/")),
        ("list of assessments", lambda: client.get("/assessments/")),
    ]
    rows: list[Row] = []
    for name, deed in deeds:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            reply = deed()
        assert reply.status_code == 200, (name, reply.status_code)
        counted = [
            query
            for query in captured
            if query["sql"].split(" ")[0] not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")
        ]
        rows.append((f"SQL statements: {name}", str(len(counted)), "–", "–"))
    return rows


def report_figures() -> list[Row]:
    """The full report of the demo in a warm process: CPU a page, and peak memory."""
    script = (
        "import django, resource, time; django.setup()\n"
        "from records.models import Job\n"
        "from reports.rendering import render_report\nfrom reports.pdf import warm_up\n"
        "warm_up(); job = Job.objects.work().get(organisation__name__startswith='Northmere')\n"
        "job.attempts = 1\n"
        "start = time.process_time(); result = render_report(job); spent = time.process_time() - start\n"
        "from django.core.files.storage import default_storage\nfrom pypdf import PdfReader\n"
        "pages = len(PdfReader(default_storage.path(result['file'])).pages)\n"
        "print(spent, pages, result['bytes'], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    spent, pages, size, memory = map(float, run.stdout.split())
    return [
        ("Full report, pages", f"{pages:.0f}", "–", "–"),
        ("Full report, CPU", f"{spent:.2f} s, {spent / pages:.3f} s a page", "–", "–"),
        ("Full report, size", f"{size / 1024:.0f} KB", "–", "–"),
        ("Full report, peak memory of the process", f"{memory:.0f} MiB", "–", "–"),
    ]


def best(work: Callable[[], Any], times: int) -> float:
    """The median time of one call, in milliseconds."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def pair(name: str, work: Callable[[], Any], floor: Callable[[], Any], times: int) -> Row:
    """Both in turn, so that a slow moment of the machine meets both: medians, p95 of the work, ratio."""
    work(), floor()
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(times):
        for deed, spent in ((work, ours), (floor, bare)):
            start = time.perf_counter()
            deed()
            spent.append((time.perf_counter() - start) * 1000)
    median, least = statistics.median(ours), statistics.median(bare)
    late = statistics.quantiles(ours, n=20)[-1]
    return name, f"{median:.1f} ms (p95 {late:.1f})", f"{least:.1f} ms", f"{median / least:.1f}"


def memory_of(pid: int) -> float:
    """Proportional memory of a process and its children, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for process in (str(pid), *children):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def write_table(table: list[str]) -> None:
    """Put the table into docs/figures.md, between its marks."""
    page = ROOT / "docs" / "figures.md"
    head, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->\n")
    _, _, tail = rest.partition("<!-- end -->")
    page.write_text(head + "<!-- table -->\n" + "\n".join(table) + "\n<!-- end -->" + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
