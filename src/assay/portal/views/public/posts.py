"""Announcements: what is new, and as a feed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from assay.portal.access import Asked, public_page
from assay.portal.templatetags.texts import markdown
from assay.portal.views.public.caching import revalidated
from assay.store.queries.public.public_posts import Post, post_of, published

IN_FEED = 50
_KEPT_SECONDS = 300


@public_page
@require_safe
@revalidated
def announcements(request: Asked) -> HttpResponse:
    """Every announcement, the newest first."""
    return render(request, "public/announcements.html", {"posts": published()})


@public_page
@require_safe
@revalidated
def announcement(request: Asked, slug: str) -> HttpResponse:
    """One announcement."""
    post = post_of(slug)
    if post is None:
        raise Http404
    return render(request, "public/announcement.html", {"post": post})


class Announcements(Feed):  # type: ignore[type-arg] # not subscriptable at run time
    """The newest announcements as Atom; every address in it is absolute."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Name the feed."""
        return f"{settings.SITE_TITLE}: announcements"

    def author_name(self) -> str:
        """Name who speaks."""
        return str(settings.SITE_TITLE)

    def link(self) -> str:
        """Lead to the page of all announcements."""
        return f"{settings.BASE_URL}{reverse('announcements')}"

    def feed_url(self) -> str:
        """Say where the feed is."""
        return f"{settings.BASE_URL}{reverse('announcements_feed')}"

    def items(self) -> tuple[Post, ...]:
        """Return what is in it."""
        return published(IN_FEED)

    def item_title(self, item: Post) -> str:
        """Return an announcement's title, which is plain text."""
        return item.title

    def item_description(self, item: Post) -> str:
        """Return an announcement as HTML, links within the site made absolute."""
        return markdown(item.body, 2).replace('href="/', f'href="{settings.BASE_URL}/')

    def item_link(self, item: Post) -> str:
        """Lead to an announcement."""
        address = reverse("announcement", args=[item.slug])
        return f"{settings.BASE_URL}{address}"

    def item_pubdate(self, item: Post) -> datetime:
        """Say when it was published."""
        return item.published_at

    def item_updateddate(self, item: Post) -> datetime:
        """Say when it was changed, or else published."""
        return item.changed_at or item.published_at


@public_page
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The feed of announcements."""
    answer = Announcements()(request)
    patch_cache_control(answer, public=True, max_age=_KEPT_SECONDS)
    return answer
