"""Load the demo: invented organisations with their assessments, and somebody for each role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bami_site.demo import PASSWORD
from bami_site.demo.loading import is_loaded, load, who_can_sign_in


class Command(BaseCommand):
    help = "Load the demo if it is not there, and say who can sign in. Demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo is for BAMI_MODE=demo: its accounts have a password that everybody knows."
            )
        if not is_loaded():
            self.stdout.write("Loading the demo")
            load()
        self.stdout.write("Sign in with one of these, password: " + PASSWORD)
        for email, what in who_can_sign_in():
            self.stdout.write(f"  {email:<32} {what}")
