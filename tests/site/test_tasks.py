"""Every module of tasks is one that the worker knows."""

import pkgutil

from assay.site import tasks


def test_every_module_of_tasks_is_registered():
    there = {module.name for module in pkgutil.iter_modules(tasks.__path__)} - {"clock"}
    assert {topic.__name__.rpartition(".")[2] for topic in tasks.TOPICS} == there
