"""Settings of the peer web application: the product's own, with other addresses and none of its middleware."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.peers.urls"
WSGI_APPLICATION = "benchmarks.peers.wsgi.application"
MIDDLEWARE = []
