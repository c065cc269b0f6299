"""How an e-mail address is kept, and how it is shown to who must judge it."""

from __future__ import annotations

import unicodedata


def plain_address(text: str) -> str:
    """The address as it is kept and compared: composed, small letters, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def shown_address(email: str) -> str:
    """The address, its domain as punycode where it mixes scripts: a look-alike then shows what it is.

    A domain wholly in one script is shown as typed ("müller.example", "пример.рф"); "аррӏе.example", whose
    first part is Cyrillic, is shown as "xn--…" (trust page, 3.7).
    """
    name, at, domain = email.rpartition("@")
    if len(scripts(domain)) < 2:
        return email
    try:
        coded = domain.encode("idna").decode()
    except UnicodeError:
        coded = domain.encode("ascii", "backslashreplace").decode()
    return f"{name}{at}{coded}"


def scripts(text: str) -> set[str]:
    """The scripts of the letters in a text, by the first word of their names: LATIN, CYRILLIC, GREEK."""
    return {unicodedata.name(sign, "?").split()[0] for sign in text if sign.isalpha()}
