"""What the log leaves out."""

from __future__ import annotations

import logging


def shorten(record: logging.LogRecord) -> bool:
    """A refused request is one line: the traceback of a hostile host or body tells of no fault of ours."""
    is_refusal = record.levelno < logging.ERROR and record.name.startswith("django.")
    if is_refusal or record.name.startswith("django.security"):
        record.exc_info = record.exc_text = None
    return True
