"""Runs every suite: once what needs no database, then integration on both databases, then the browser."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# They bring their own databases: once is enough.
ONCE = ("tests/integration/test_image.py", "tests/integration/test_serve.py")
# Three on two cores: tests that kill workers mostly wait. A browser takes whole files, on its own site.
WAITING, BROWSING = ("-n", "3", "--dist", "worksteal"), ("-n", "2", "--dist", "loadfile")
SUITES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Without a database, and integration on SQLite",
        (*WAITING, "tests/unit", "tests/property", "tests/integration"),
    ),
    (
        "Integration on PostgreSQL",
        (*WAITING, "tests/integration", "--db=postgres", *(f"--ignore={path}" for path in ONCE)),
    ),
    ("In a browser", (*BROWSING, "tests/browser")),
)


def main() -> int:
    """Run each suite to its end; the exit status is 0 only if all of them passed."""
    failed = []
    for name, arguments in SUITES:
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "--durations=8", *arguments]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"=== {time.monotonic() - start:.0f} s", flush=True)
    for name in failed:
        print(f"Failed: {name}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
