"""What an organization promises a customer who was let down.

Only alerts knows, by its SLA policy, and alerts stands above: it registers how to ask.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from surveys.models import Response

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Promise:
    """Somebody gets in touch by this moment at the latest."""

    contact_by: datetime


PromiseSource = Callable[[Response], Promise | None]
_sources: list[PromiseSource] = []


def register_promise(source: PromiseSource) -> PromiseSource:
    """Let `source(response)` say what is promised; it is called in the organization's scope and may query."""
    _sources.append(source)
    return source


def promise_for(response: Response) -> Promise | None:
    """What may be told to the customer; None when nothing is promised, or when asking went wrong."""
    for source in _sources:
        try:
            with transaction.atomic():
                promise = source(response)
        except Exception:  # thanks must be shown whatever happens above
            logger.exception("A promise could not be asked for")
            continue
        if promise is not None:
            return promise
    return None
