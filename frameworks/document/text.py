"""What a text in a framework document may hold, whichever way it came in."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 8_000
MAX_MARKS = (
    30  # combining marks in a row: the Unicode stream-safe limit, without which NFC takes quadratic time
)

_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff"
)
FORBIDDEN_IN_FILE = re.compile(f"[{_HIDDEN}]")
FORBIDDEN_IN_TEXT = re.compile(f"[\r{_HIDDEN}]")  # line breaks are line feeds once a file is read


def tidy_text(text: str) -> tuple[str, str | None]:
    """The text in NFC, and what is wrong with it in words, or None.

    Framework document format, limits: 8,000 characters, no control and no bidi-override characters
    (line feeds and tabs are fine).
    """
    if len(text) > MAX_TEXT:
        return text, too_long(text)
    hidden = FORBIDDEN_IN_TEXT.search(text)
    if hidden:
        return text, forbidden(hidden.group())
    if text.isascii():
        return text, None
    if _has_piled_marks(text):
        return text, f"{MAX_MARKS} combining marks in a row at most expected, more found"
    normal = unicodedata.normalize("NFC", text)
    return normal, too_long(normal) if len(normal) > MAX_TEXT else None


def too_long(text: str) -> str:
    """The message for a text beyond the limit."""
    return f"{MAX_TEXT:,} characters at most expected, {len(text):,} found"


def forbidden(character: str) -> str:
    """The message for a control or bidi-override character, named by its code point."""
    code = f"U+{ord(character):04X}"
    return f"the character {code} is not allowed: no control, invisible or direction-changing characters"


def _has_piled_marks(text: str) -> bool:
    if max(text) < "\u0300":  # no combining mark below; spares most texts the loop
        return False
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MAX_MARKS:
            return True
    return False
