"""A report ends exactly once, wherever its worker is killed and whatever the broker does."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from assessments.models import Assessment
from assessments.services.assessments import rename_assessment
from records.models import Job
from reports.services import request_report
from tests.builders import make_assessment, make_version, tiny_spec
from tests.processes import broker_at, wait_until
from tests.servers import start_redis
from tests.workers import Worker

PHASES = ("claimed", "rendering", "file written", "before commit", "after commit")


def end_after_kill(
    worker: Worker, assessment: Assessment, phase: str, *, whole: bool
) -> tuple[float, str, int, int]:
    """Kill the worker of a report at the phase; seconds from the kill to the end, state, files, running."""
    owner = assessment.created_by
    title = f"{phase}, {'worker' if whole else 'child'}"  # another report each time
    rename_assessment(actor=owner, assessment=assessment, title=title, scope="")
    worker.hold_at(phase)
    report = request_report(actor=owner, assessment=assessment)
    child = worker.child_at(phase)
    if whole:
        worker.kill_group()
        begun = time.monotonic()
        worker.start()
    else:
        os.kill(child, signal.SIGKILL)
        begun = time.monotonic()
    mine = Job.objects.of(assessment.organisation).filter(pk=report.job_id)
    wait_until(
        lambda: mine.filter(state__in=("done", "failed")).exists(),
        110,
        f"an end after {phase}\n{worker.said()}",
    )
    seconds = time.monotonic() - begun
    job = mine.get()
    assert job.state == "done" or job.reason
    # What was committed before the kill is not done again.
    assert job.attempts == 1 if phase == "after commit" else job.attempts > 1
    folder = Path(worker.environment["DATA_DIR"]) / "files" / "reports"
    files = [path.name for path in folder.glob(f"{job.uuid}*")]
    if job.state == "done":
        assert files == [Path(job.result["file"]).name]
        assert (folder / files[0]).read_bytes().startswith(b"%PDF-")
    return seconds, job.state, len(files), mine.filter(state="running").count()


def kill_everywhere(worker: Worker) -> list[tuple[float, str, int, int]]:
    # What it says is no matter here; a short one is made again soon.
    assessment = make_assessment(version=make_version(tiny_spec()))
    try:
        return [
            end_after_kill(worker, assessment, phase, whole=whole)
            for phase in PHASES
            for whole in (False, True)
        ]
    finally:
        worker.stop()


def judge(ends, figure) -> None:
    stuck = sum(state not in ("done", "failed") or running for _, state, _, running in ends)
    twice = sum(files > (state == "done") for _, state, files, _ in ends)
    longest = round(max(seconds for seconds, *_ in ends), 1)
    figure("R-06", kills=len(ends), stuck=stuck, files_twice=twice, longest=longest)
    assert (stuck, twice, len(ends)) == (0, 0, 2 * len(PHASES))
    assert [files for _, state, files, _ in ends if state == "done"] == [1] * len(ends)
    assert longest <= 90


@pytest.mark.check("R-06")
@pytest.mark.django_db(transaction=True)
def test_a_report_ends_once_on_the_file_broker(tmp_path, figure):
    folder = tmp_path / "broker"
    worker = Worker(tmp_path, DATA_DIR=str(tmp_path))
    queue = str(folder / "queue")
    options = {
        "data_folder_in": queue,
        "data_folder_out": queue,
        "control_folder": str(folder / "control"),
    }
    wait_until((folder / "queue").exists, 30, "the worker's folders")
    with broker_at("filesystem://localhost", **options):
        judge(kill_everywhere(worker), figure)


@pytest.mark.check("R-06")
@pytest.mark.django_db(transaction=True)
def test_a_report_ends_once_on_redis(tmp_path, figure):
    server = start_redis()
    try:
        with broker_at(server.url):
            judge(kill_everywhere(Worker(tmp_path, DATA_DIR=str(tmp_path), REDIS_URL=server.url)), figure)
    finally:
        server.stop()
