"""Settings of the bench: the demo's own, with the floor's views beside the real ones."""

from bami_site.settings import *  # noqa: F403
from bami_site.settings import LIMITS

ROOT_URLCONF = "tests.bench.floor"
LOGGING = {}
LIMITS = dict.fromkeys(LIMITS, 1_000_000)  # a script is quicker than a person
REPORTS_AN_HOUR = 1_000_000
