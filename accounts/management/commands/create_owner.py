"""Make an account that owns an organisation, and print the link that sets its password."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.links import password_link
from accounts.services.people import create_owner


class Command(BaseCommand):
    help = "Make an owner of an organisation (joined if it exists); print a link that sets the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organisation", required=True, metavar="NAME")
        parser.add_argument("--name", default="", help="the person's name, as others see it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = create_owner(
                email=options["email"], organisation_name=options["organisation"], name=options["name"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} owns {options['organisation']}.")
        self.stdout.write("Set the password with this link, once and within one hour:")
        self.stdout.write(password_link(user))
