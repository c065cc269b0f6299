"""What `make` starts beside the suites begins without Django, as a process of its own does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", ["tests.browser.pictures", "tests.bench.__main__", "scripts.test"])
def test_a_tool_is_found_whole(module: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"import {module}"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
