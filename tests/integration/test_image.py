"""The image's steps as plain commands, in production mode, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from tests.browsing import Visitor
from tests.processes import wait_until
from tests.servers import empty_database, free_port, start_postgres, start_redis

ROOT = Path(__file__).resolve().parents[2]
HOST = "bami.example.org"
EMAIL = "lead@northmere.example"
PASSWORD = "nine quiet kelp forests"
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.fixture
def container(tmp_path) -> Iterator[dict[str, str]]:
    """The environment that docker-compose.yml gives, with a database and a broker of its own."""
    servers = [start_postgres(), start_redis()]
    yield {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PORT": str(free_port()),
        "BAMI_MODE": "production",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXY_COUNT": "1",
        "HSTS_PRELOAD": "true",  # else `check --deploy` reminds of it
        "DATABASE_URL": empty_database(servers[0], "bami_image"),
        "REDIS_URL": servers[1].url,
        "EMAIL_URL": "consolemail://",
        "DEFAULT_FROM_EMAIL": "BAMI Self-Assessment <no-reply@bami.example>",
        "CONTACT_URL": "mailto:desk@bami.example",
        "DATA_DIR": str(tmp_path / "data"),
    }
    for server in servers:
        server.stop()


def step(environment: dict[str, str], *command: str, status: int = 0) -> str:
    """Run one step to its end; what it said."""
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert ran.returncode == status, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@contextmanager
def running(environment: dict[str, str], role: str, log: Path) -> Iterator[Path]:
    """A container's process, which ends in peace when it is told to."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["scripts/start.sh", role], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield log
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def found(pattern: str, page: bytes) -> str:
    match = re.search(pattern, page.decode(), re.DOTALL)
    assert match, page.decode()
    return match[1]


def field(page: bytes, name: str) -> str:
    """The first value that a form offers for a field."""
    return found(rf'name="{name}".*?value="([^"]+)"', page)


def set_password(visitor: Visitor, link: str) -> None:
    status, path, _ = visitor.get(urlsplit(link).path)
    assert status == 302
    visitor.get(path)
    status, path, content = visitor.post(path, password1=PASSWORD, password2=PASSWORD)
    assert status == 302, content


def start_assessment(visitor: Visitor) -> str:
    """A site and a draft at it; the draft's UUID."""
    sites = found(r'href="(/organisations/[^"]+/sites/)"', visitor.get("/assessments/")[2])
    visitor.get(f"{sites}add/")
    values = {"name": "Kelderhaven", "place": "Kelderhaven, Netherlands", "time_zone": "Europe/Amsterdam"}
    assert visitor.post(f"{sites}add/", **values)[:2] == (302, "/assessments/new/")  # the first leads on
    page = visitor.get("/assessments/new/")[2]
    values = {"site": field(page, "site"), "version": field(page, "version"), "title": "Baseline"}
    status, path, content = visitor.post("/assessments/new/", **values)
    assert status == 302, content
    return path.strip("/").rpartition("/")[2]


def test_the_image_runs_the_site_and_makes_reports(container, tmp_path):
    step(container, "scripts/image.sh", "packages")
    step(container, "scripts/image.sh", "static")
    for _ in range(2):  # every deployment migrates
        step(container, "scripts/start.sh", "migrate")
    step(container, "python3", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    said = step(container, "python3", "manage.py", "create_owner", EMAIL, "--organisation", "Northmere")
    link = said.split()[-1]
    assert link.startswith(f"https://{HOST}/accounts/")
    with (
        running(container, "web", tmp_path / "web.log"),
        running(container, "worker", tmp_path / "worker.log") as worker,
    ):
        visitor = Visitor(int(container["PORT"]), HOST, **PROXY)
        wait_until(visitor.is_up, 30, "an answer")
        assert Visitor(visitor.port, HOST).get("/")[0] == 301  # to https
        assert Visitor(visitor.port, "elsewhere.example", **PROXY).get("/")[0] == 400
        set_password(visitor, link)
        visitor.sign_in(EMAIL, PASSWORD)
        file = visitor.report_of(start_assessment(visitor))
        wait_until(lambda: visitor.is_pdf(file), 60, f"the report\n{worker.read_text()}")
    assert "Internal Server Error" not in (tmp_path / "web.log").read_text()


def test_beat_starts_and_ends(container, tmp_path):
    (tmp_path / "data").mkdir()
    with running(container, "beat", tmp_path / "beat.log") as log:
        wait_until(lambda: "beat: Starting..." in log.read_text(), 30, "beat")
        # It says so before it opens its schedule, and a signal in the midst of that fails.
        schedule = tmp_path / "data"
        wait_until(lambda: any(file.stat().st_size for file in schedule.glob("beat*")), 30, "its schedule")


def test_a_step_that_does_not_exist_names_those_that_do(container):
    assert "scripts/image.sh packages" in step(container, "scripts/image.sh", "nothing", status=2)
    assert "migrate | web | worker | beat" in step(container, "scripts/start.sh", "nothing", status=2)


def test_what_the_image_and_its_composition_name_exists():
    steps, roles = (
        re.findall(r"^  ([a-z]+)\)$", (ROOT / "scripts" / name).read_text(), re.MULTILINE)
        for name in ("image.sh", "start.sh")
    )
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"RUN scripts/image\.sh ([a-z]+)", dockerfile) == steps
    composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = [service for service in composition["services"].values() if "build" in service]
    assert sorted(service["command"] for service in ours) == sorted(roles)
    documented = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(composition["x-bami"]["environment"]) <= set(documented)


def test_the_image_has_the_libraries_of_the_set_up():
    set_up, image = ((ROOT / "scripts" / name).read_text() for name in ("setup.sh", "image.sh"))
    libraries = re.findall(r'\$missing (\S+)"', set_up.partition('if [ -n "$missing" ]')[0])
    assert len(libraries) == 4
    assert " ".join(libraries) in image
