"""The WSGI application; the URLconf is resolved once here, so that the first requests do not race to import it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")

application = get_wsgi_application()
_ = get_resolver().url_patterns
