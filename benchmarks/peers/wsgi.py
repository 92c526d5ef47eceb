"""`benchmarks.peers.wsgi:application`, served by the same web server as the product."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
