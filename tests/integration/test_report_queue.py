"""Poison jobs stop and others go on (R-07); what was asked for is made, whatever the broker does (R-08)."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from redis import Redis

from assessments.models import Assessment
from assessments.services.assessments import rename_assessment
from records.jobs import GAVE_UP
from records.models import Job
from reports.models import Report
from reports.services import request_report
from tests.builders import make_assessment, make_version, tiny_spec
from tests.processes import broker_at, environment, wait_until
from tests.servers import Server, free_port, start_redis
from tests.workers import Worker

AT_ONCE, BY_THE_SWEEP = 3.0, 60.0  # seconds: an answer to who asks, and a report in spite of the broker
DIES = """
import os, signal, sys
import django
django.setup()
from records import jobs
jobs.ring = lambda task, row: os.kill(os.getpid(), signal.SIGKILL)
from django.test import Client
from accounts.models import User
client = Client(headers={"host": "localhost"})
client.force_login(User.objects.get(pk=int(sys.argv[1])))
client.post(sys.argv[2])
"""
REDIS = {"socket_timeout": 5, "socket_connect_timeout": 2, "retry_on_timeout": False}  # as the product's


def ask(assessment: Assessment, title: str) -> Job:
    """Another report each time: of the assessment under another title."""
    owner = assessment.created_by
    rename_assessment(actor=owner, assessment=assessment, title=title, scope="")
    return request_report(actor=owner, assessment=assessment).job


def ended(job: Job) -> bool:
    job.refresh_from_db()
    return job.state in ("done", "failed")


@pytest.mark.check("R-07")
@pytest.mark.django_db(transaction=True)
def test_poison_jobs_stop_and_others_go_on(tmp_path, figure):
    assessment = make_assessment(version=make_version(tiny_spec()))
    server = start_redis()
    limits = {"TIME_LIMITS": "8,9", "LEASE": "10"}  # seconds
    worker = Worker(tmp_path, DATA_DIR=str(tmp_path), REDIS_URL=server.url, **limits)
    try:
        with broker_at(server.url, **REDIS):
            asked, waited = {}, {}
            begun: list[float] = []  # when the first was taken: before that the worker was still starting
            titles = ["poison, memory", "one", "two", "poison, spin", "three", "four", "five", "six"]
            for title in titles:
                job = ask(assessment, title)
                asked[title] = (job, time.monotonic())

            def all_ended() -> bool:
                rows = dict(Job.objects.of(assessment.organisation).values_list("pk", "state"))
                if not begun and set(rows.values()) != {"queued"}:
                    begun.append(time.monotonic())
                for title, (job, since) in asked.items():
                    if rows[job.pk] != "queued" and title not in waited:
                        waited[title] = time.monotonic() - max(since, *begun)
                return all(state in ("done", "failed") for state in rows.values())

            wait_until(all_ended, 240, f"every job at its end\n{worker.said()}")
    finally:
        worker.stop()
        server.stop()
    ends = {title: job for title, (job, _) in asked.items() if ended(job)}
    poison = [job for title, job in ends.items() if title.startswith("poison")]
    healthy = [job for title, job in ends.items() if not title.startswith("poison")]
    ages = [waited[title] for title in titles if not title.startswith("poison")]
    late = statistics.quantiles(ages, n=20, method="inclusive")[-1]
    figure(
        "R-07", poison=len(poison), stuck=len(titles) - len(ends), others=len(healthy), longest=round(late, 1)
    )
    assert [(job.state, job.attempts, job.reason) for job in poison] == [("failed", 3, GAVE_UP)] * 2
    assert [job.state for job in healthy] == ["done"] * 6
    assert late <= BY_THE_SWEEP


def refused(server: Server, request: Callable[[], Job]) -> Job:
    with broker_at(f"redis://127.0.0.1:{free_port()}/0", **REDIS):
        return request()


def frozen(server: Server, request: Callable[[], Job]) -> Job:
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    try:
        with broker_at(server.url, **REDIS):
            return request()
    finally:
        server.process.send_signal(signal.SIGCONT)


def flushed(server: Server, request: Callable[[], Job]) -> Job:
    with broker_at(server.url, **REDIS):
        job = request()
    with Redis.from_url(server.url) as redis:
        redis.flushall()
    return job


@pytest.mark.check("R-08")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [refused, frozen, flushed])
def test_what_was_asked_for_is_made_whatever_becomes_of_redis(fault, tmp_path, figure):
    assessment = make_assessment(version=make_version(tiny_spec()))
    client = Client()
    client.force_login(assessment.created_by)
    client.get(reverse("reports:list", args=[assessment.uuid]))  # a first request loads what later ones have
    spent = 0.0

    def request() -> Job:
        nonlocal spent
        begun = time.monotonic()
        reply = client.post(reverse("reports:ask", args=[assessment.uuid]))
        spent = time.monotonic() - begun
        assert reply.status_code == 302
        return Report.objects.of(assessment.organisation).get().job

    server = start_redis()
    try:
        job = fault(server, request)
        assert job.state == "queued"
        worker = Worker(tmp_path, DATA_DIR=str(tmp_path), REDIS_URL=server.url)
        try:
            seconds = wait_until(lambda: ended(job), BY_THE_SWEEP, f"the report\n{worker.said()}")
        finally:
            worker.stop()
    finally:
        server.stop()
    figure(
        "R-08", asked=1, stuck=int(job.state != "done"), seconds=round(spent, 1), longest=round(seconds, 1)
    )
    assert job.state == "done", job.reason
    assert spent <= AT_ONCE


@pytest.mark.check("R-08")
@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_made_though_its_process_died_before_it_could_send(tmp_path, figure):
    assessment = make_assessment(version=make_version(tiny_spec()))
    address = reverse("reports:ask", args=[assessment.uuid])
    server = start_redis()
    try:
        run = subprocess.run(
            [sys.executable, "-c", DIES, str(assessment.created_by.pk), address],
            cwd=settings.BASE_DIR,
            env=environment(REDIS_URL=server.url),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == -signal.SIGKILL, run.stderr.decode()
        job = Report.objects.of(assessment.organisation).get().job
        assert (job.state, job.attempts) == ("queued", 0)
        with Redis.from_url(server.url) as redis:
            assert redis.llen("celery") == 0  # nothing was sent
        worker = Worker(tmp_path, DATA_DIR=str(tmp_path), REDIS_URL=server.url)
        try:
            seconds = wait_until(lambda: ended(job), BY_THE_SWEEP, f"the report\n{worker.said()}")
        finally:
            worker.stop()
    finally:
        server.stop()
    figure("R-08", asked=1, stuck=int(job.state != "done"), longest=round(seconds, 1))
    assert job.state == "done", job.reason
