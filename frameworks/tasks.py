"""The worker's doorway: ids in, one function called."""

from __future__ import annotations

from celery import shared_task

from frameworks.emails import COMPOSERS
from records.mail import send_one


@shared_task(name="frameworks.tasks.send_mail_task")
def send_mail_task(mail_id: int) -> None:
    send_one(mail_id, COMPOSERS)
