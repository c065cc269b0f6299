"""Settings of the bench: the demo's own, with the floor's views beside the real ones."""

from bami_site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor"
LOGGING = {}
