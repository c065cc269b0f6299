"""Reads of framework versions; a document is parsed once in a process."""

from __future__ import annotations

import json
from functools import lru_cache

from frameworks.document.checks import parse_framework
from frameworks.document.shapes import FrameworkSpec
from frameworks.document.versions import version_key
from frameworks.models import FrameworkVersion


def spec_for(version: FrameworkVersion) -> FrameworkSpec:
    """The checked document of an installed version; no query once this process has read it."""
    return _spec(version.digest, version.pk)


def spec_for_version(framework: str, version: str) -> FrameworkSpec | None:
    """The published version of that name, or None where it is not installed."""
    found = FrameworkVersion.objects.published().light().filter(framework=framework, version=version).first()
    return spec_for(found) if found else None


def published_versions() -> list[FrameworkVersion]:
    """Published versions, newest first, numbers compared part by part (1.10 after 1.9)."""
    versions = FrameworkVersion.objects.published().light()
    return sorted(versions, key=lambda row: (row.framework, version_key(row.version)), reverse=True)


def newest_spec(framework: str) -> FrameworkSpec | None:
    """The newest published version of a framework: what public pages show. None where none is installed."""
    newest = next((row for row in published_versions() if row.framework == framework), None)
    return spec_for(newest) if newest else None


@lru_cache(maxsize=16)
def _spec(digest: str, version_id: int) -> FrameworkSpec:
    document = FrameworkVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return parse_framework(json.loads(document))
