"""Processes that fork: what they have loaded stays shared, and a child does not outlive its parent."""

import gc
import signal
from contextlib import suppress

from billiard.util import get_pdeathsig, set_pdeathsig  # type: ignore[attr-defined]  # missing in its stubs
from celery.signals import beat_embedded_init, celeryd_after_setup, worker_before_create_process
from django.template import engines


@celeryd_after_setup.connect  # a schedule inside the worker is forked before the children that run tasks
@worker_before_create_process.connect
def share_memory(**_signal: object) -> None:
    """Loads what each child would load for its first mail, then keeps garbage collection from copying it."""
    engines.all()  # the libraries of all templates: 0.2 s that the first alert would wait
    with suppress(OSError):
        get_pdeathsig()  # loads, once and here, the C parser with which each child would begin (15 MB each)
    gc.collect()
    gc.freeze()


@beat_embedded_init.connect
def end_with_the_worker(**_signal: object) -> None:
    """Ends a schedule inside a worker (`--beat`) with it, as Celery already does for the children that run tasks."""
    set_pdeathsig(signal.SIGKILL)
