"""Mail of the demo: one line of the terminal for each; its text stands on a page of the site."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class OneLineBackend(EmailBackend):
    """Whole mails would push the address and the names to sign in with out of the terminal."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"Mail to {', '.join(message.to)}: {message.subject}\n")
