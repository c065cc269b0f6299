"""`manage.py serve`: web and worker together, started again when they die, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from bami_site.demo import PASSWORD
from tests.browsing import Visitor
from tests.processes import wait_until
from tests.servers import free_port

SHOW = """
from accounts.models import User
from assessments.models import Assessment
owner = User.objects.get(email="owner@northmere.example")
print(owner.email, Assessment.objects.visible_to(owner).get(state="submitted").uuid)
"""


def scratch(folder: Path) -> dict[str, str]:
    """The environment of a site of its own, with its own folder and SQLite."""
    dropped = ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER", "BAMI_TEST_DB")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    own = {"BAMI_MODE": "demo", "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bami_site.settings"}
    return {**kept, **own, "PYTHONUNBUFFERED": "1"}


def manage(environment: dict[str, str], *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def children_of(pid: int) -> dict[int, str]:
    """Direct children of a process with their command lines."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    rows = (line.strip().partition(" ") for line in listed.stdout.splitlines())
    return {int(number): arguments for number, _, arguments in rows}


def family_of(pid: int) -> set[int]:
    own = set(children_of(pid))
    return own.union(*(family_of(child) for child in own))


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and waits for its parent does not."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()[:1] not in ("", "Z")


def test_the_site_serves_makes_reports_heals_and_ends(tmp_path):
    environment = scratch(tmp_path)
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "loaddata", "bami-1.0.yaml", "--verbosity", "0")
    (tmp_path / "static").mkdir()
    said = manage(environment, "load_demo")
    assert "No such file" not in said
    email, assessment = manage(environment, "shell", "--verbosity", "0", "-c", SHOW).split()
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    port = free_port()
    log = (tmp_path / "serve.log").open("wb")
    served = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"],
        cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        visitor = Visitor(port)
        wait_until(visitor.is_up, 30, "an answer")
        visitor.sign_in(email, PASSWORD)
        visitor.get("/accounts/password/change/")
        file = visitor.report_of(assessment)
        wait_until(lambda: visitor.is_pdf(file), 60, f"the report\n{(tmp_path / 'serve.log').read_text()}")
        for name in ("gunicorn", "celery"):
            old = next(pid for pid, line in children_of(served.pid).items() if name in line)
            os.kill(old, signal.SIGKILL)
            wait_until(
                lambda: any(name in line for pid, line in children_of(served.pid).items() if pid != old),  # noqa: B023
                20,
                f"another {name}",
            )
            wait_until(visitor.is_up, 30, "an answer again")
        family = family_of(served.pid)
        assert len(family) >= 2
        served.send_signal(signal.SIGTERM)
        assert served.wait(30) == 0
        wait_until(lambda: not any(map(is_alive, family)), 5, "every child gone")
    finally:
        if served.poll() is None:
            served.kill()
        log.close()
    text = (tmp_path / "serve.log").read_text()
    assert text.startswith(f"BAMI Self-Assessment is at http://localhost:{port}/\nCtrl-C stops it.\n")
    assert "web ended with status -9; it is started again." in text
    assert "worker ended with status -9; it is started again." in text
    assert text.endswith("Stopped.\n")
    assert "No hostname was supplied" not in text
