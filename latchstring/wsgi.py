"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from latchstring.kernel import log
from latchstring.whole_body import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latchstring.settings")
log.only_lines()
application = whole_bodies(get_wsgi_application())
