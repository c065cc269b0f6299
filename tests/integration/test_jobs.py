"""Jobs as the worker runs them: one owner at a time, an end with a reason, no wait for a broker."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import close_old_connections, connection
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import Membership
from records import jobs as running
from records.jobs import GAVE_UP, UNEXPECTED, JobFailed, run_job, sweep
from records.models import Event, Job
from reports import rendering
from reports.models import Report
from reports.services import request_report
from tests.builders import make_assessment, make_member, make_organisation
from tests.processes import broker_at
from tests.servers import free_port, start_redis

LONG_AGO = timedelta(seconds=60)


def make_job(**values) -> Job:
    organisation = make_organisation()
    person = make_member(organisation)
    given: dict[str, Any] = {"kind": "report", "input_hash": "a" * 64, **values}
    return Job.objects.create(**given, organisation=organisation, requested_by=person)  # type: ignore[misc]  # any value


def standing(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.attempts, job.reason


def let_the_lease_run_out(job: Job) -> None:
    Job.objects.work().filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def files_of(job: Job) -> list[str]:
    folder = Path(default_storage.path("reports"))
    return sorted(path.name for path in folder.glob(f"{job.uuid}*")) if folder.exists() else []


def queued_messages() -> list[Path]:
    return list((Path(django_settings.DATA_DIR) / "broker" / "queue").glob("*"))


@pytest.fixture(autouse=True)
def _silent_doorbell():
    """Nothing waits in the broker before a test or after it."""
    for _ in range(2):
        for message in queued_messages():
            message.unlink()
        if _ == 0:
            yield


@pytest.mark.django_db
class TestOwnership:
    def test_one_claim_wins_and_counts(self):
        job = make_job()
        assert [Job.objects.work().claim(job.pk, name) for name in ("first", "second")] == [True, False]
        assert standing(job) == ("running", 1, "")
        assert job.worker == "first"
        assert job.lease_until is not None
        assert timedelta(seconds=25) < job.lease_until - job.requested_at < timedelta(seconds=35)

    def test_a_lease_that_ran_out_frees_the_job_and_ends_the_first_attempts_rights(self):
        job, work = make_job(), Job.objects.work()
        assert work.claim(job.pk, "first")
        let_the_lease_run_out(job)
        assert work.claim(job.pk, "second")
        assert not work.renew(job.pk, 1)
        assert not work.finish(job.pk, 1, {"file": "first"})
        assert not work.fail(job.pk, 1, "first")
        assert not work.put_back(job.pk, 1)
        assert standing(job) == ("running", 2, "")
        assert work.finish(job.pk, 2, {"file": "second"})
        assert standing(job) == ("done", 2, "")
        assert (job.result, job.lease_until) == ({"file": "second"}, None)
        assert job.finished_at is not None

    def test_renewing_holds_the_job(self):
        job, work = make_job(), Job.objects.work()
        work.claim(job.pk, "first")
        let_the_lease_run_out(job)
        assert work.renew(job.pk, 1)
        assert not work.claim(job.pk, "second")

    def test_no_fourth_attempt(self):
        job, work = make_job(attempts=3), Job.objects.work()
        assert not work.claim(job.pk, "fourth")
        assert standing(job) == ("queued", 3, "")

    def test_put_back_as_long_as_attempts_are_left(self):
        job, work = make_job(), Job.objects.work()
        for attempt in (1, 2, 3):
            assert work.claim(job.pk, "worker")
            assert work.put_back(job.pk, attempt) == (attempt < 3)
        assert standing(job) == ("running", 3, "")

    def test_an_ended_job_is_not_claimed(self):
        job, work = make_job(), Job.objects.work()
        work.claim(job.pk, "worker")
        work.fail(job.pk, 1, "No room.")
        assert not work.claim(job.pk, "worker")
        assert standing(job) == ("failed", 1, "No room.")


@pytest.mark.django_db
class TestSweep:
    def test_what_has_no_attempt_left_fails_with_a_reason_and_leaves_no_file(self):
        job = make_job(state="running", attempts=3)
        let_the_lease_run_out(job)
        for attempt in (1, 2, 3):
            keep = Path(default_storage.path(f"reports/{job.uuid}-{attempt}"))
            keep.parent.mkdir(parents=True, exist_ok=True)
            keep.write_bytes(b"x")
            keep.with_suffix(".part").write_bytes(b"x")
        sweep()
        assert standing(job) == ("failed", 3, GAVE_UP)
        assert files_of(job) == []
        assert queued_messages() == []

    def test_a_job_that_nobody_took_is_sent_again_once_in_fifteen_seconds(self):
        job = make_job()
        Job.objects.work().filter(pk=job.pk).update(sent_at=Now() - LONG_AGO)
        for _ in range(3):
            sweep()
        assert len(queued_messages()) == 1
        assert standing(job) == ("queued", 0, "")

    def test_fresh_running_and_ended_jobs_are_left_alone(self):
        jobs = [
            make_job(),
            make_job(state="done"),
            make_job(state="failed"),
            make_job(state="running", attempts=1),
        ]
        Job.objects.work().exclude(pk=jobs[0].pk).update(sent_at=Now() - LONG_AGO)
        Job.objects.work().filter(state="running").update(lease_until=Now() + LONG_AGO)
        sweep()
        assert queued_messages() == []
        assert [standing(job)[0] for job in jobs] == ["queued", "done", "failed", "running"]

    def test_a_lost_worker_is_replaced(self):
        job = make_job(state="running", attempts=1)
        let_the_lease_run_out(job)
        Job.objects.work().filter(pk=job.pk).update(sent_at=Now() - LONG_AGO)
        sweep()
        assert len(queued_messages()) == 1


@pytest.mark.django_db(transaction=True)
class TestRunning:
    def test_work_ends_done_with_its_result(self):
        job = make_job()
        run_job(job.pk, lambda job: {"file": f"{job.attempts}"})
        assert standing(job) == ("done", 1, "")
        assert job.result == {"file": "1"}

    def test_a_second_doorbell_does_nothing(self):
        job, done = make_job(), []

        def work(job):
            done.append(job.pk)
            return {}

        for _ in range(2):
            run_job(job.pk, work)
        assert done == [job.pk]

    def test_a_reason_is_final(self):
        job = make_job()

        def refuse(job):
            raise JobFailed("Not allowed.")

        run_job(job.pk, refuse)
        assert standing(job) == ("failed", 1, "Not allowed.")

    def test_an_unexpected_fault_is_tried_three_times_and_told_without_its_text(self):
        job, attempts = make_job(), []

        def stumble(job):
            attempts.append(job.attempts)
            raise RuntimeError("secret detail")

        for _ in range(5):
            run_job(job.pk, stumble)
        assert attempts == [1, 2, 3]
        assert standing(job) == ("failed", 3, UNEXPECTED)

    def test_the_lease_is_renewed_while_the_work_goes_on(self, monkeypatch):
        monkeypatch.setattr(running, "RENEW_EVERY", 0.05)
        job = make_job()

        def slow(job):
            let_the_lease_run_out(job)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                if (
                    Job.objects.work()
                    .filter(pk=job.pk, lease_until__gt=Now() + timedelta(seconds=20))
                    .exists()
                ):
                    return {"renewed": True}
                time.sleep(0.02)
            return {"renewed": False}

        run_job(job.pk, slow)
        assert standing(job)[0] == "done"
        assert job.result == {"renewed": True}

    def test_an_attempt_that_lost_the_job_removes_its_own_file_and_leaves_the_newer_ones(self):
        job = make_job()
        folder = Path(default_storage.path("reports"))
        folder.mkdir(parents=True, exist_ok=True)

        def overtaken(job):
            (folder / f"{job.uuid}-1").write_bytes(b"first")
            (folder / f"{job.uuid}-2").write_bytes(b"second")
            Job.objects.work().filter(pk=job.pk).update(attempts=F("attempts") + 1)
            return {"file": f"reports/{job.uuid}-1"}

        run_job(job.pk, overtaken)
        assert standing(job) == ("running", 2, "")
        assert files_of(job) == [f"{job.uuid}-2"]

    def test_the_file_of_an_earlier_attempt_goes_when_a_later_one_ends(self):
        job = make_job()
        folder = Path(default_storage.path("reports"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{job.uuid}-1").write_bytes(b"first")
        Job.objects.work().filter(pk=job.pk).update(attempts=1)

        def again(job):
            (folder / f"{job.uuid}-2").write_bytes(b"second")
            return {"file": f"reports/{job.uuid}-2"}

        run_job(job.pk, again)
        assert standing(job) == ("done", 2, "")
        assert files_of(job) == [f"{job.uuid}-2"]


@pytest.mark.django_db(transaction=True)
class TestReports:
    def test_eight_requests_at_once_are_one_job(self):
        assessment = make_assessment()
        owner = assessment.created_by
        ready, asked, faults = threading.Barrier(8), [], []

        def ask():
            try:
                ready.wait()
                asked.append(request_report(actor=owner, assessment=assessment).pk)
            except Exception as fault:
                faults.append(fault)
            finally:
                close_old_connections()
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (faults, len(asked), len(set(asked))) == ([], 8, 1)
        assert Job.objects.of(assessment.organisation).count() == 1
        assert Report.objects.of(assessment.organisation).count() == 1
        assert len(queued_messages()) == 1
        events = Event.objects.of(assessment.organisation).filter(action="report.requested")
        assert events.count() == 1

    def test_a_failed_report_is_made_anew(self):
        assessment = make_assessment()
        first = request_report(actor=assessment.created_by, assessment=assessment)
        Job.objects.work().filter(pk=first.job_id).update(state="failed", reason="No room.")
        second = request_report(actor=assessment.created_by, assessment=assessment)
        assert second.job_id != first.job_id
        assert request_report(actor=assessment.created_by, assessment=assessment).pk == second.pk

    @pytest.mark.parametrize("away", ["no redis there", "a redis that went away", "no folder"])
    def test_a_broker_that_is_away_is_no_failure_and_the_sweep_sends_later(self, away, tmp_path):
        assessment = make_assessment()
        url, options = f"redis://127.0.0.1:{free_port()}/0", REDIS_OPTIONS
        if away == "no folder":
            (tmp_path / "file").write_text("")
            folder = str(tmp_path / "file" / "queue")
            url, options = "filesystem://localhost", {"data_folder_in": folder, "data_folder_out": folder}
        server = start_redis() if away == "a redis that went away" else None
        begun = time.monotonic()
        with broker_at(server.url if server else url, **options):
            if server:
                running.send(make_job())
                server.stop()
                begun = time.monotonic()
            report = request_report(actor=assessment.created_by, assessment=assessment)
        assert time.monotonic() - begun < 5
        assert standing(report.job) == ("queued", 0, "")
        assert queued_messages() == []
        Job.objects.work().update(sent_at=Now() - LONG_AGO)
        Job.objects.work().exclude(pk=report.job_id).update(state="done")
        sweep()
        assert len(queued_messages()) == 1

    def test_who_lost_the_right_meanwhile_gets_a_reason_and_no_file(self):
        assessment = make_assessment()
        report = request_report(actor=assessment.created_by, assessment=assessment)
        Membership.objects.of(assessment.organisation).delete()
        run_job(report.job_id, rendering.render_report)
        assert standing(report.job) == ("failed", 1, rendering.NOT_ALLOWED)
        assert files_of(report.job) == []

    def test_a_full_disk_is_said_and_leaves_no_partial_file(self):
        assessment = make_assessment()
        report = request_report(actor=assessment.created_by, assessment=assessment)
        begun = Path(default_storage.path(f"reports/{report.job.uuid}-1.part"))
        begun.parent.mkdir(parents=True, exist_ok=True)
        begun.symlink_to("/dev/full")  # every write there ends for want of room
        run_job(report.job_id, rendering.render_report)
        assert standing(report.job) == ("failed", 1, rendering.NO_ROOM)
        assert files_of(report.job) == []
        assert not begun.is_symlink()


REDIS_OPTIONS: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 2, "retry_on_timeout": False}
