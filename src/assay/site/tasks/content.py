"""Tasks of posts and of what people attach: published, told, summed up, swept away."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.content import publish_post as posts
from assay.jobs.content import remind, send_digests, sign_up, tell_post
from assay.jobs.content import sweep_files as files
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name=tell_post.TELL_POST, queue="mail")
    def tell_of_post(number: int) -> None:
        tell_post.tell_post(number, at=now())

    @app.periodic(cron="* * * * *")
    @app.task(name="publish_due_posts", queueing_lock="publish_due_posts")
    def publish_due_posts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        posts.publish_due(at=now())

    @app.periodic(cron="*/15 * * * *")
    @app.task(name="remind_of_webinars", queue="mail", queueing_lock="remind_of_webinars")
    def remind_of_webinars(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        sign_up.release_places(at=now())
        remind.remind_due(at=now())

    @app.periodic(cron="*/15 * * * *")
    @app.task(name="send_digests", queue="mail", queueing_lock="send_digests", lock="send_digests")
    def send_due_digests(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        send_digests.send_digests(at=now())

    @app.periodic(cron="50 3 * * *")
    @app.task(name="sweep_files", queueing_lock="sweep_files")
    def sweep_files(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        files.sweep_files(at=now())
