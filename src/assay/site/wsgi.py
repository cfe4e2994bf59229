"""The web application that gunicorn serves; its processes are forked with every view read."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

application = get_wsgi_application()
resolve("/")  # which reads every address
