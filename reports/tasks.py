"""The worker's doorway: ids in, one function called."""

from __future__ import annotations

from celery import shared_task

from records.jobs import run_job
from reports.rendering import render_report, render_sample


@shared_task(name="reports.tasks.render_report_task")
def render_report_task(job_id: int) -> None:
    run_job(job_id, render_report)


@shared_task(name="reports.tasks.render_sample_task")
def render_sample_task(job_id: int) -> None:
    run_job(job_id, render_sample)
