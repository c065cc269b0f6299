"""Makes a framework document a database fixture: `manage.py loaddata bami-1.0.yaml`."""

from __future__ import annotations

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
    """Yields one framework document; anything else that YAML fixtures hold goes to Django's own."""
    text = stream_or_string if isinstance(stream_or_string, str | bytes) else stream_or_string.read()
    try:
        document = read_document(text)
    except DocumentFaults as faults:
        if looks_like_a_framework(text):
            raise CommandError("\n".join(map(str, faults.faults))) from faults
        document = {}
    if "framework" in document:
        yield FrameworkDocument(document)
    else:
        yield from pyyaml.Deserializer(text, **options)


def looks_like_a_framework(text: str | bytes) -> bool:
    """Whether a text that cannot be read was meant as a framework document."""
    lines = text.splitlines()
    start = "framework:" if isinstance(text, str) else b"framework:"
    return any(line.startswith(start) for line in lines)  # type: ignore[arg-type]  # both are of one type
