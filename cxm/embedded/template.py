"""The migrated database that test runs begin with: made once, then copied until a migration changes.

Migrating costs far more than all else at the start of a run. What is kept is the whole data directory of a stopped
server with its passwords; its name is a fingerprint of all that could make another one.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.ports import free_port
from cxm.embedded.processes import Supervisor
from cxm.embedded.services import Services, inherited_environment, manage

DATABASE = "cxm_template"
KEPT_FOR = 24 * 3600  # seconds without use
PREFIX = "cxm-template-"


def copy_template(keeping: Keeping) -> None:
    """Fills the directory of a run with a stopped server that holds the migrated database, making it if need be."""
    kept = Path(tempfile.gettempdir()) / f"{PREFIX}{os.getuid()}-{fingerprint()[:16]}"
    with open(kept.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first run makes it, others meanwhile wait for it
        if not kept.exists():
            _remove_old(kept.parent)
            _make(kept)
        os.utime(kept)
        for name in ("postgres", "secrets.json"):
            subprocess.run(["cp", "-a", str(kept / name), str(keeping.directory)], check=True)


def fingerprint() -> str:
    """Changes with the migrations and whatever they import, and with what creates the roles and the server."""
    seen = hashlib.sha256((PROJECT / "uv.lock").read_bytes())
    for path in sorted(_sources()):
        seen.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return seen.hexdigest()


def _make(kept: Path) -> None:
    unfinished = kept.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    keeping = Keeping(unfinished)
    keeping.prepare()
    services = Services(keeping, free_port(), free_port(), is_durable=False)
    environment = inherited_environment() | services.environment(database=DATABASE)
    environment |= services.owner_environment(database=DATABASE)
    services.postgres.prepare()
    with Supervisor() as supervisor:
        supervisor.start(services.postgres.program())
        supervisor.run(manage("setup_database", environment=environment, role="admin"))
        supervisor.run(manage("migrate", "--skip-checks", environment=environment, role="owner"))
    unfinished.rename(kept)


def _sources() -> set[Path]:
    """Every file of the project that a migration, the set-up or the server reaches by its imports."""
    found = set(PROJECT.glob("*/migrations/*.py")) | set(PROJECT.glob("*/management/commands/setup_database.py"))
    found |= {PROJECT / "cxm" / "settings.py", PROJECT / "cxm" / "embedded" / "postgres.py"}
    to_read = list(found)
    while to_read:
        for path in _imported_by(to_read.pop()):
            if path not in found:
                found.add(path)
                to_read.append(path)
    return found


def _imported_by(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            module = PROJECT.joinpath(*name.split("."))
            yield from filter(Path.is_file, (module.with_suffix(".py"), module / "__init__.py"))


def _remove_old(directory: Path) -> None:
    for kept in directory.glob(f"{PREFIX}{os.getuid()}-*"):
        if kept.is_dir() and kept.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(kept, ignore_errors=True)
            kept.with_suffix(".lock").unlink(missing_ok=True)
