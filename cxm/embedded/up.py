"""bin/up: everything the product needs, on this machine, until Ctrl-C."""

import argparse
import os
import sys
from pathlib import Path

from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.ports import require_free
from cxm.embedded.processes import Supervisor
from cxm.embedded.programs import Stopped
from cxm.embedded.screen import Refusal, Steps, refusals_in_words, say
from cxm.embedded.starting import Ports, Start
from cxm.embedded.welcome import welcome

PATIENCE_AFTER_A_KILL = 10.0  # seconds for what an abruptly ended bin/up has left, which is on its way out


def main(arguments: list[str]) -> int:
    """Runs until it is told to stop, and returns 0; raises Refusal when it cannot start."""
    parser = argparse.ArgumentParser(prog="bin/up", description="Run CXM on this machine.")
    parser.add_argument("--reset", action="store_true", help="start over: erase database, mails and keys first")
    options = parser.parse_args(arguments)

    ports = Ports.from_environment()
    address = os.environ.get("BASE_URL") or f"http://localhost:{ports.web}"
    keeping = Keeping(Path(os.environ.get("CXM_DATA") or PROJECT / "var"))
    with keeping.locked(address=address) as ended_untidily:
        if options.reset:
            reset(keeping)
        check_ports(ports, patience=PATIENCE_AFTER_A_KILL if ended_untidily else 0.0)
        keeping.prepare()
        with Supervisor(logs=keeping.logs) as supervisor:
            supervisor.handle_signals()
            try:
                start = Start(supervisor, keeping, ports, address=address)
                start.everything(Steps(total=10, done=1))
                say(welcome(keeping, ports, address=address))
                supervisor.is_showing = True
                supervisor.watch()
            except Stopped:
                pass
            say("\nStopping ...")
    say(f"Everything has stopped. The data is kept in {keeping.directory}; the next start finds it.")
    return 0


def reset(keeping: Keeping) -> None:
    if "DATABASE_URL" in os.environ:
        raise Refusal("with DATABASE_URL the data is not bin/up's own, and --reset will not erase it.")
    say(f"Erasing {keeping.directory}: database, mails and keys of the last runs.")
    keeping.erase()


def check_ports(ports: Ports, *, patience: float) -> None:
    for variable, port, purpose in ports.needed():
        require_free(port, purpose=purpose, variable=variable, patience=patience)


if __name__ == "__main__":
    with refusals_in_words():
        sys.exit(main(sys.argv[1:]))
