"""Have the worker make the PDF of the public sample report, where it is not made yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports.services import request_sample


class Command(BaseCommand):
    help = "Ask for the PDF of the sample report; does nothing where it is made, or being made."

    def handle(self, *args: Any, **options: Any) -> None:
        job = request_sample()
        if options["verbosity"] > 1:
            self.stdout.write(f"sample report: {job.state}")
