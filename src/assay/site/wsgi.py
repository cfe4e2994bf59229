"""The web application that gunicorn serves, with every view: its processes are forked after this."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

application = get_wsgi_application()
resolve("/")  # which reads every address
