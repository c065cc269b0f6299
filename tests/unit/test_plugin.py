"""The suite's own options, tried on small suites of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

@pytest.mark.check("X-01")
@pytest.mark.parametrize("cells", [2, 3])
def test_counts(figure, cells):
    figure("X-01", cells=cells, unexpected=0, seconds=cells / 10)

@pytest.mark.check("X-02")
def test_breaks():
    raise AssertionError

def test_other():
    raise AssertionError("not chosen")
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the small suite with our plugin and without Django."""
    (folder / "test_small.py").write_text(SUITE)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    check(id): a check\n")
    dropped = ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "BAMI_TEST_DB", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:django",
                "-p",
                "tests.plugin",
            ),
            *("-q", str(folder), "--rootdir", str(folder), "-c", str(folder / "pytest.ini"), *options),
        ],
        cwd=ROOT,
        env={**kept, "TEST_DATABASE_URL": "postgres://nowhere/none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def figures(run: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^[A-Z]-\d\d .*$", run.stdout, re.MULTILINE)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_one_check_runs_alone_and_prints_its_figure(tmp_path, workers):
    ran = run(tmp_path, "--check", "X-01", "--db", "sqlite", *workers)
    assert ran.returncode == 0, ran.stdout
    assert figures(ran) == ["X-01 cells=5 unexpected=0 seconds=0.3 db=sqlite"]
    assert "2 passed" in ran.stdout


def test_a_check_that_fails_before_its_figure_prints_an_error_on_both_databases(tmp_path):
    ran = run(tmp_path, "--check", "X-01,X-02")
    assert ran.returncode == 1
    assert sorted(figures(ran)) == [
        "X-01 cells=5 unexpected=0 seconds=0.3 db=postgres",
        "X-01 cells=5 unexpected=0 seconds=0.3 db=sqlite",
        "X-02 error=1 db=postgres",
        "X-02 error=1 db=sqlite",
    ]


def test_an_unknown_id_is_a_usage_error_said_once(tmp_path):
    ran = run(tmp_path, "--check", "X-01,X-99")
    assert ran.returncode == 4
    assert (ran.stdout + ran.stderr).count("--check: no such check: X-99") == 1
    assert figures(ran) == []
