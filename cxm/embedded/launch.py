"""Becomes another program, after arranging what only the process itself can arrange.

Run as a script by `processes.Program`: `python launch.py --parent 123 --death-signal 15 -- redis-server ...`. A helper
of its own rather than `preexec_fn`, which is unsafe once the supervisor has threads.
"""

import argparse
import ctypes
import os
import sys
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS = 1, 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


def main(arguments: list[str]) -> NoReturn:
    """Replaces this process by the command after `--`; exits with 1 when the parent is already gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("--enter-private-directories", action="store_true")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)

    if options.user is not None:
        become(options.user, options.group, enter_private_directories=options.enter_private_directories)
    if sys.platform == "linux":
        # After the change of user, which clears it. Without it `kill -9` of bin/up would leave servers behind.
        _prctl(PR_SET_PDEATHSIG, options.death_signal)
    if os.getppid() != options.parent:
        sys.exit(1)
    os.execvp(options.command[0], options.command)


def become(user: int, group: int, *, enter_private_directories: bool) -> None:
    """Gives up root for `user`; PostgreSQL refuses to run as root.

    A clone below /root cannot be reached by another user. Rather than opening somebody's home to everybody, the new
    process keeps the one capability to pass directories. Raises OSError when it has none to keep.
    """
    if enter_private_directories:
        _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    if enter_private_directories:
        _keep(CAP_DAC_READ_SEARCH) or _keep(CAP_DAC_OVERRIDE) or _refuse()


def _keep(capability: int) -> bool:
    """Holds on to one capability across exec; False when it was not there (a container may lack it)."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    mask = 1 << capability
    wanted = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low word first
    if libc.capset(header, wanted) != 0:
        return False
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)
    return True


def _refuse() -> NoReturn:
    raise PermissionError("no capability to pass a private directory; move the project to a place others can enter")


def _prctl(option: int, value: int, extra: int = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = [ctypes.c_ulong(number) for number in (value, extra, 0, 0)]
    if libc.prctl(option, *numbers) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


if __name__ == "__main__":
    main(sys.argv[1:])
