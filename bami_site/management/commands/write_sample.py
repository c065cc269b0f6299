"""Write the record of the public sample report anew, from the demo that is loaded."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from assessments.engine.record import record_document
from assessments.queries import RECORD
from bami_site.demo.sample import sample_of_demo
from frameworks.document.digest import canonical_json

OWNER = "owner@northmere.example"


class Command(BaseCommand):
    help = "Write assessments/sample/record.json from the loaded demo; needed when the demo was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email=OWNER).first()
        if owner is None:
            raise CommandError("Load the demo first: manage.py load_demo")
        text = canonical_json(record_document(sample_of_demo(owner)))
        RECORD.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"{RECORD} is written.")
