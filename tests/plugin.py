"""The suite's own options: which database, which checks, and the figures that checks print."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server, start_postgres

TIMES = ("seconds", "longest")  # across workers the maximum; every other figure is added up
_servers: list[Server] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bami")
    group.addoption("--check", metavar="IDS", help="run only the checks of these ids, parted by commas")
    group.addoption(
        "--db", choices=["sqlite", "postgres", "both"], help="the database (sqlite; with --check both)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> None:
    """Choose the database before Django reads its settings."""
    options = early_config.known_args_namespace
    if "PYTEST_XDIST_WORKER" in os.environ or options.db != "postgres":
        os.environ.setdefault("BAMI_TEST_DB", "sqlite")
        return
    os.environ["BAMI_TEST_DB"] = "postgres"
    server = start_postgres()
    _servers.append(server)
    os.environ["DATABASE_URL"] = server.url


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "check(id): a check of the trust page, selected with --check")


def pytest_unconfigure(config: pytest.Config) -> None:
    while _servers:
        _servers.pop().stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--check")
    if not wanted:
        return
    ids = set(wanted.split(","))
    known = {mark.args[0] for item in items for mark in item.iter_markers("check")}
    if unknown := ids - known:
        raise pytest.UsageError(f"--check: no such check: {', '.join(sorted(unknown))}")
    chosen = [item for item in items if ids & {mark.args[0] for mark in item.iter_markers("check")}]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Keeps the figures of a check: figure("S-14", snippets=63, fetched=0)."""

    def keep(check: str, **figures: float) -> None:
        record_property("figure", {"check": check, **figures})

    return keep


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    lines = figure_lines(terminalreporter.stats)
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With --check and both databases, the second run is a child process."""
    config = session.config
    on_both = config.getoption("--db") in (None, "both")
    if hasattr(config, "workerinput") or not config.getoption("--check") or not on_both:
        return
    if exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERRUPTED):
        return
    arguments = [part for part in config.invocation_params.args if not part.startswith("--db")]
    command = [sys.executable, "-m", "pytest", *arguments, "--db=postgres"]
    environment = {key: value for key, value in os.environ.items() if key not in ("BAMI_TEST_DB", "DATA_DIR")}
    child = subprocess.run(command, check=False, env=environment, cwd=Path(__file__).parent.parent)
    if child.returncode and not exitstatus:
        session.exitstatus = child.returncode


def figure_lines(stats: dict[str, list[Any]]) -> list[str]:
    """One line for each check: figures added up over its tests; `error=1` where one failed before."""
    totals: dict[str, dict[str, float]] = defaultdict(dict)
    for outcome in ("passed", "failed", "error"):
        for report in stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == "check" and outcome != "passed":
                    totals[value]["error"] = 1
                if name == "figure":
                    _add(totals[value["check"]], value)
    database = os.environ.get("BAMI_TEST_DB", "sqlite")
    return [
        " ".join([check, *(f"{key}={number:g}" for key, number in figures.items()), f"db={database}"])
        for check, figures in sorted(totals.items())
    ]


def _add(total: dict[str, float], figures: dict[str, Any]) -> None:
    for key, number in figures.items():
        if key != "check":
            total[key] = max(total.get(key, 0), number) if key in TIMES else total.get(key, 0) + number


@pytest.fixture(autouse=True)
def _name_the_check(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    for mark in request.node.iter_markers("check"):
        record_property("check", mark.args[0])
