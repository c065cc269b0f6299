"""Make an account of a content editor or a programme admin, and print the link that sets its password."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.links import password_link
from accounts.services.people import create_admin


class Command(BaseCommand):
    help = "Make a content editor, a programme admin or both; neither sees anybody's answers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--editor", action="store_true", help="edits and publishes the framework")
        parser.add_argument("--programme", action="store_true", help="works the waitlist and unsent mail")
        parser.add_argument("--name", default="", help="the person's name, as others see it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["editor"] or options["programme"]):
            raise CommandError("Say what for: --editor, --programme or both.")
        try:
            user = create_admin(
                email=options["email"],
                editor=options["editor"],
                programme=options["programme"],
                name=options["name"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        roles = [
            word
            for word, is_on in (
                ("content editor", user.is_editor),
                ("programme admin", user.is_programme_admin),
            )
            if is_on
        ]
        self.stdout.write(f"{user.email} is {' and '.join(roles)}.")
        self.stdout.write("Set the password with this link, once and within one hour:")
        self.stdout.write(password_link(user))
