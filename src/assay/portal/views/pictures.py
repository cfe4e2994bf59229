"""Pictures: drawn anew when they came, and shown to those who may see them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from assay.jobs.partners.pictures import files
from assay.portal.access import Asked, has_second_factor, public_page
from assay.store.models import Person
from assay.store.queries.partners.profiles import may_see_picture, picture_is_public


@public_page
@require_safe
def picture(request: Asked, name: str) -> HttpResponse:
    """A partner's logo or an app's screenshot; one that is not public only to whom it concerns."""
    is_public = picture_is_public(name)
    if not is_public and not _is_theirs(request, name):
        raise Http404
    content = files().read(name)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="image/webp")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    reach = "public, max-age=86400" if is_public else "private, max-age=300"
    answer["Cache-Control"] = reach
    return answer


def _is_theirs(request: Asked, name: str) -> bool:
    """Tell whether a picture concerns the reader; staff need their second factor for it."""
    viewer: object = request.user
    if not isinstance(viewer, Person) or (viewer.is_staff and not has_second_factor(request)):
        return False
    return may_see_picture(name, viewer)
