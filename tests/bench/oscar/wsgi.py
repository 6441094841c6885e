"""Oscar as a WSGI app."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.oscar.settings")
app = get_wsgi_application()
