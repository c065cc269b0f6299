"""What a name may be, wherever one is typed."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Signs that turn the direction of what follows them, as in a file name that hides its ending.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def one_line(text: str) -> None:
    """For names, which stand in headings and mails: no line break, no control, no turning of direction."""
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in TURNING for char in text):
        raise ValidationError(_("A name is one line without control characters. Type it anew."))
