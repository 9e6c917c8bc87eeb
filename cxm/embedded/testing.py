"""bin/test: PostgreSQL and Redis in a temporary directory, and pytest beside them."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.ports import free_port
from cxm.embedded.processes import Supervisor
from cxm.embedded.programs import Stopped
from cxm.embedded.screen import Refusal, Steps, paint, refusals_in_words, say
from cxm.embedded.services import Services, inherited_environment
from cxm.embedded.template import DATABASE, copy_template

SHARING_OUT = "tests.services.sharing_out"  # says which tests stay together
ADDRESSES = "tests.services.addresses"  # gives each pytest process its own database and ports
DIRECTORY_PREFIX = "cxm-test-"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "!!  NO CHROMIUM FOUND: the browser tests do NOT run.\n"
    "!!  Install it (Debian: apt-get install chromium) or put it on the PATH."
)


def main(arguments: list[str]) -> int:
    """Runs the tests and returns pytest's exit code; the services and their directory are gone afterwards."""
    browser = find_browser()
    if browser is None:
        if os.environ.get("CXM_REQUIRE_BROWSER"):
            raise Refusal("there is no Chromium here, and CXM_REQUIRE_BROWSER says there must be one.")
        say(paint(NO_BROWSER, 31))
    remove_leftovers()
    try:
        with temporary_directory() as directory, Supervisor() as supervisor:
            supervisor.handle_signals()
            environment = start_services(supervisor, directory)
            code = run_pytest(supervisor, arguments, environment | {"CXM_TEST_BROWSER": browser or ""})
    except Stopped:
        return 130
    if browser is None:
        say(paint(NO_BROWSER, 31))
    return code


def find_browser() -> str | None:
    """The path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def start_services(supervisor: Supervisor, directory: Path) -> dict[str, str]:
    """Starts the servers, with the template database in them; returns what pytest needs to know of them."""
    steps = Steps(total=2)
    keeping = Keeping(directory)
    keeping.prepare()
    with steps.step("Migrated database to clone"):
        copy_template(keeping)
    services = Services(keeping, free_port(), free_port(), is_durable=False)
    with steps.step("PostgreSQL and Redis for the tests"):
        services.postgres.prepare()
        supervisor.start(services.postgres.program())
        supervisor.start(services.redis.program())
    environment = inherited_environment() | services.environment(database=DATABASE)
    environment |= services.owner_environment(database=DATABASE)
    return environment | {"CXM_TEST_DIRECTORY": str(directory), "EMAIL_URL": "smtp://127.0.0.1:1"}


def run_pytest(supervisor: Supervisor, arguments: list[str], environment: dict[str, str]) -> int:
    """Runs pytest in the foreground; Ctrl-C reaches it directly, and it says what it had found so far."""
    command = [sys.executable, "-m", "pytest", "-p", ADDRESSES, *parallelism(arguments), *arguments]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as pytest:
        while pytest.poll() is None:
            if supervisor.stop.wait(0.1):
                return _end(pytest)
        return pytest.returncode


def _end(pytest: "subprocess.Popen[bytes]") -> int:
    """Leaves it the time to tell what it had found; ends it when nobody but us was told to stop."""
    try:
        return pytest.wait(timeout=10)
    except subprocess.TimeoutExpired:
        pytest.terminate()
        return pytest.wait()


def parallelism(arguments: list[str]) -> list[str]:
    """One process for a single file or test, else one for each core, at least 2 and at most 4."""
    if any(argument.startswith(("-n", "--numprocesses", "--pdb", "--collect-only", "--co")) for argument in arguments):
        return []
    paths = [argument for argument in arguments if (PROJECT / argument.partition("::")[0]).exists()]
    if len(paths) == 1 and ("::" in paths[0] or (PROJECT / paths[0]).is_file()):
        return ["-n", "0"]
    return ["-n", str(min(4, max(2, os.cpu_count() or 2))), "--dist", "loadscope", "-p", SHARING_OUT]


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """A directory of this run alone, held by a lock so that others can tell when nobody uses it any more."""
    directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX))
    with open(directory / "in-use", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def remove_leftovers() -> None:
    """Removes the directories of runs that were killed before they could do it."""
    for directory in Path(tempfile.gettempdir()).glob(f"{DIRECTORY_PREFIX}*"):
        try:
            with open(directory / "in-use") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
        except OSError:
            continue  # in use, or somebody else's


if __name__ == "__main__":
    with refusals_in_words():
        sys.exit(main(sys.argv[1:]))
