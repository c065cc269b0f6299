"""Write what `evaluate` is told about an assessment as its input JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.engine.writing import write_input
from assessments.models import Assessment
from assessments.results import record_for

USAGE = 2  # the exit status of a command that was asked for something that is not there


class Command(BaseCommand):
    help = "Write an assessment as the input of `evaluate`, on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", help="the assessment's UUID, as in the address of its pages")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = find(options["uuid"])
        record = record_for(assessment)
        self.stdout.write(write_input(record.framework, record.version, record.inputs()), ending="")


def find(text: str) -> Assessment:
    """The assessment of that UUID; raises CommandError for one that is malformed or not there."""
    try:
        uuid = UUID(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a UUID", returncode=USAGE) from None
    every = Assessment.objects.unscoped("who runs commands keeps the whole installation")
    assessment: Assessment | None = (
        every.select_related("organisation", "site", "version").filter(uuid=uuid).first()
    )
    if assessment is None:
        raise CommandError(f"there is no assessment {uuid}", returncode=USAGE)
    return assessment
