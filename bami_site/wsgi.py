"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bami_site.settings")

application = get_wsgi_application()
# What is loaded by now stays: the workers forked from here share it and never search it for garbage.
gc.collect()
gc.freeze()
# A page makes a few thousand objects that go with it: they are not searched in its midst.
gc.set_threshold(10_000)
