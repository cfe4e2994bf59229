"""Files on their way in: to disk as they come, from those who are signed in, up to a limit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

LARGE = "/staff/imports/"  # where whole reports are sent
MOST_ELSEWHERE = 64 * 1024 * 1024  # bytes


def too_large(request: HttpRequest) -> bool:
    """Tell whether a request holds more than may be sent to its address."""
    most = settings.UPLOAD_LIMIT_BYTES if request.path.startswith(LARGE) else MOST_ELSEWHERE
    return int(request.META.get("CONTENT_LENGTH") or 0) > most


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes files to disk, never to memory; a file that may not come is read to nowhere."""

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """Begin a file, unless it is too large or nobody is signed in."""
        request = self.request
        user = getattr(request, "user", None)
        if request is None or user is None or not user.is_authenticated or too_large(request):
            raise StopUpload
        super().new_file(*arguments, **named)
