"""Health checks of the containers: `python -m cxm.healthy web`, or `worker`, or `beat`; 0 when all is well."""

import os
import sys
import time
import urllib.request
from pathlib import Path

HEARTBEAT_WITHIN = 60  # seconds; a worker's heart beats every 2, the schedule looks every few


def web() -> bool:
    """Whether the site answers and reaches its database."""
    port = os.environ.get("WEB_BIND", "0.0.0.0:8000").split(",")[0].rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  (always this machine)
        return bool(answer.status == 200)


def heart_beats() -> bool:
    """Whether the process has touched its file lately."""
    return time.time() - Path(os.environ["HEARTBEAT_FILE"]).stat().st_mtime < HEARTBEAT_WITHIN


CHECKS = {"web": web, "worker": heart_beats, "beat": heart_beats}

if __name__ == "__main__":
    try:
        sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
    except (OSError, LookupError) as error:
        sys.exit(f"not healthy: {error}")
