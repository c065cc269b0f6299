"""Makes a framework document a database fixture: `manage.py loaddata bami-1.0.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.serializers import pyyaml
from django.db import router

from frameworks.document.checks import parse_framework
from frameworks.document.faults import DocumentFaults
from frameworks.document.reading import read_document
from frameworks.models import FrameworkVersion
from frameworks.services import install_framework

START = 64 * 1024  # characters in which the first row of a fixture begins
FIRST_ROW = re.compile(r"-\s+(model|pk|fields)\s*:")


class Serializer(pyyaml.Serializer):
    """Django's own, so that `dumpdata --format yaml` still works."""


class FrameworkDocument:
    """What loaddata takes for a deserialised object: saving it installs the document."""

    m2m_data: dict[str, Any] | None = None
    deferred_fields: dict[str, Any] | None = None

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.object = FrameworkVersion(
            framework=str(document.get("framework")), version=str(document.get("version"))
        )

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        if not router.allow_migrate_model(using or "default", FrameworkVersion):
            return
        try:
            install_framework(parse_framework(self.document))
        except DocumentFaults as faults:
            raise CommandError("\n".join(map(str, faults.faults))) from faults
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error


def Deserializer(stream_or_string: Any, **options: Any) -> Iterator[Any]:  # noqa: N802  # Django looks it up by this name
    """Yields one framework document; a list of rows, as `dumpdata` writes it, goes to Django's own."""
    text = stream_or_string if isinstance(stream_or_string, str | bytes) else stream_or_string.read()
    if holds_rows(text):
        yield from pyyaml.Deserializer(text, **options)
        return
    try:
        document = read_document(text)
    except DocumentFaults as faults:
        raise CommandError("\n".join(map(str, faults.faults))) from faults
    yield FrameworkDocument(document)


def holds_rows(text: str | bytes) -> bool:
    """Whether a fixture is Django's own, by its first line: anything else is read as a framework document,
    with its limits, since Django's reader has none."""
    start = text[:START] if isinstance(text, str) else text[:START].decode("utf-8", "replace")
    for line in start.splitlines():
        bare = line.strip("\ufeff \t")
        if bare and bare != "---" and not bare.startswith("#"):
            return bare == "[]" or FIRST_ROW.match(bare) is not None
    return False
