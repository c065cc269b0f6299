"""How long a person's own words may be, and how short a reason."""

from __future__ import annotations

OWN_WORDS = 4000  # code points of a comment, an evidence note or a reason; a line break is one
REASON_LEAST = 10
