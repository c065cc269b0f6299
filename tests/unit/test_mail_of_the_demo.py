"""Mail of the demo in the terminal: a line each."""

from __future__ import annotations

import io

from django.core.mail import EmailMultiAlternatives

from bami_site.mail import OneLineBackend


def test_a_mail_is_named_in_one_line():
    stream = io.StringIO()
    mail = EmailMultiAlternatives("Ready for review", "Text", "from@example.org", ["lead@tessaly.example"])
    mail.attach_alternative("<p>Text</p>", "text/html")
    assert OneLineBackend(stream=stream).send_messages([mail]) == 1
    assert stream.getvalue().splitlines()[0] == "Mail to lead@tessaly.example: Ready for review"
    assert "<p>" not in stream.getvalue()
