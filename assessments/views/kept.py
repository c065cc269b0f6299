"""Parts of pages that depend on an assessment alone, rendered once and kept until it changes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assessments.engine.shapes import ENGINE_VERSION
from assessments.models import Assessment

HOUR = 3600


def kept_part(
    assessment: Assessment, template: str, context: Callable[[], Mapping[str, Any]], variant: str = ""
) -> SafeString:
    """What `template` makes of the context, from the cache where nothing it is made of has changed.

    Kept under the assessment's own key and stamp, so never for another organisation. The template sees
    neither request nor person nor rights: what depends on them stays outside. `variant` tells apart what
    the address asks for. A link or a word may change with a release, so its templates are part of the key.
    """
    moment = f"{assessment.stamp}:{assessment.revision}:{assessment.state}:{ENGINE_VERSION}"
    place = f"{get_language()}:{assessment.site.time_zone}:{templates_digest()}"
    address = sha256(f"{template}:{variant}".encode()).hexdigest()[:24]
    key = f"part:{assessment.uuid}:{moment}:{sha256(place.encode()).hexdigest()[:16]}:{address}"
    kept: bytes | None = cache.get(key)
    if kept is not None:
        return mark_safe(zlib.decompress(kept).decode())  # noqa: S308  # what a template made, as it was
    text = part(assessment, template, context())
    cache.set(key, zlib.compress(text.encode(), 1), HOUR)
    return text


def part(assessment: Assessment, template: str, context: Mapping[str, Any]) -> SafeString:
    """The same without keeping it: for what an address can ask for in many ways, so that nobody fills the
    cache, which counts requests too."""
    return render_to_string(template, {**context, "assessment": assessment})


@once
def templates_digest() -> str:
    """A digest of this release's templates."""
    digest = sha256()
    for path in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
