"""A real worker of the product on the test database, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from bami_site.management.commands.serve import die_with_parent, worker_command
from tests.processes import environment, wait_until


class Worker:
    """A real worker of the product on the test database, started again as `serve` would."""

    def __init__(self, folder: Path, **changes: str) -> None:
        self.folder = folder
        self.environment = environment(HOLD_FOLDER=str(folder), **changes)
        self.log = folder / "worker.log"
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                worker_command("tests.integration.worker_app"),
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A test that is cut off leaves no worker behind.
                preexec_fn=die_with_parent,  # noqa: PLW1509  # nothing else runs in this process
            )

    def hold_at(self, phase: str) -> None:
        (self.folder / f"{phase}.reached").unlink(missing_ok=True)
        (self.folder / f"{phase}.hold").touch()

    def child_at(self, phase: str) -> int:
        """The process id of the child that reached the phase."""
        reached = self.folder / f"{phase}.reached"
        wait_until(reached.exists, 30, f"{phase} reached\n{self.said()}")
        return int(reached.read_text())

    def kill_group(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill_group()

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]
