"""Signs of life of the processes that serve no page: a file each beat of the heart touches, for health checks.

The file is named by HEARTBEAT_FILE; without it nothing is written.
"""

import os
from pathlib import Path

from celery.signals import heartbeat_sent, worker_ready


@worker_ready.connect
@heartbeat_sent.connect
def note_sign_of_life(**_signal: object) -> None:
    if path := os.environ.get("HEARTBEAT_FILE"):
        Path(path).touch()
