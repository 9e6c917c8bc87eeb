"""How gunicorn serves the product, in production and under bin/up alike. Settings: docs/operations.md.

The application is loaded before the workers are forked, all its views included, and its objects are then frozen: the
workers share that memory instead of copying it at the first garbage collection, and the first visitor does not wait.
"""

import gc
import os

wsgi_app = "cxm.wsgi"
bind = os.environ.get("WEB_BIND", "0.0.0.0:8000").split(",")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 75  # longer than a proxy keeps an idle connection, so that the proxy is the one to close it
backlog = 2048
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (heartbeats never wait for a disk)
control_socket_disable = True  # nothing here is steered from a shell, and the root file system may be read-only
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG") == "true" else None


def pre_fork(server: object, worker: object) -> None:
    """Loads what the first request would load in each worker for itself, then keeps it shared."""
    from django.template import engines
    from django.urls import get_resolver

    _ = get_resolver().reverse_dict  # reading it imports every view
    engines.all()
    gc.collect()
    gc.freeze()
