"""Which static files of the packages are collected: those a page of ours links.

Without the rest, collecting takes seconds: it compresses every file as well as it can be done.
"""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",  # another reader of the API's description, which our security policy forbids
        "rest_framework",  # the browsable API, which is not offered
        "htmx-2.js",
        "htmx-4*",
        "htmax-4*",
    ]
