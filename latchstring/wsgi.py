"""The WSGI application that Granian serves: our files, the gate, whole bodies, the framework."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from latchstring.kernel import log
from latchstring.web.assets import served
from latchstring.whole_body import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "latchstring.settings")
log.only_lines()
_framework = get_wsgi_application()
# Not at the top: the gate reads the settings, which are there only now.
application = served(import_string("latchstring.web.gate.gate")(whole_bodies(_framework)))
