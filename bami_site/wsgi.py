"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bami_site.settings")

application = get_wsgi_application()
# What is loaded by now stays: the workers forked from here share it and never search it for garbage.
gc.collect()
gc.freeze()
