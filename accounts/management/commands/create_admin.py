"""Make an account of a content editor or a programme admin, or take away what such an account may do."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.links import password_link
from accounts.models import User
from accounts.services.people import change_admin, create_admin, left_without_owner


class Command(BaseCommand):
    help = (
        "Make a content editor, a programme admin or both, who see nobody's answers, and print the link that "
        "sets the password; or take a right away, or close the account, from the next request on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        switch = BooleanOptionalAction
        parser.add_argument("email")
        parser.add_argument("--editor", action=switch, help="edits and publishes the framework")
        parser.add_argument("--programme", action=switch, help="works the waitlist and unsent mail")
        parser.add_argument("--deactivate", action="store_true", help="nobody signs in with the account")
        parser.add_argument("--name", default="", help="the person's name, as others see it")

    def handle(self, *args: Any, **options: Any) -> None:
        switches = {name: options[name] for name in ("editor", "programme")}
        takes_away = options["deactivate"] or False in switches.values()
        if options["deactivate"] and True in switches.values():
            raise CommandError("Either make an admin or close the account.")
        if not takes_away and True not in switches.values():
            raise CommandError("Say what for: --editor, --programme or both; or what to take away.")
        try:
            if takes_away:
                user = change_admin(email=options["email"], **switches, closes=options["deactivate"])
            else:
                user = create_admin(
                    email=options["email"],
                    editor=bool(options["editor"]),
                    programme=bool(options["programme"]),
                    name=options["name"],
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._say(user, is_new=not takes_away)

    def _say(self, user: User, *, is_new: bool) -> None:
        switches = {"content editor": user.is_editor, "programme admin": user.is_programme_admin}
        roles = [word for word, is_on in switches.items() if is_on] or ["no admin"]
        self.stdout.write(f"{user.email} is {' and '.join(roles)}.")
        if not user.is_active:
            self.stdout.write("The account is closed: nobody signs in with it.")
            for organisation in left_without_owner(user):
                self.stdout.write(
                    f"It was the last owner of {organisation.name}: nobody can invite, submit or engage "
                    "there now. Make another owner with create_owner."
                )
        if is_new:
            self.stdout.write("Set the password with this link, once and within one hour:")
            self.stdout.write(password_link(user))
