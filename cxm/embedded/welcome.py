"""The one screen that bin/up prints when everything is there."""

import json
import os

from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.screen import paint
from cxm.embedded.starting import Ports


def welcome(keeping: Keeping, ports: Ports, *, address: str) -> str:
    """Addresses, demo sign-ins and where the data lives, as text for the terminal."""
    lines = ["", paint("CXM is running.", 32), "", f"  Pages      {paint(address + '/', 36)}"]
    if "EMAIL_URL" in os.environ:
        lines += ["  Mail       goes out by the server of EMAIL_URL: it reaches real people"]
    else:
        lines += [f"  Mailbox    {paint(f'http://localhost:{ports.mailbox}/', 36)}   every mail ends here, none leaves"]
    lines += [f"  API        {paint(address + '/api/docs/', 36)}", "", *_accounts(keeping), ""]
    if "DATABASE_URL" in os.environ:
        lines += ["  Data       in the database of DATABASE_URL", f"  Files      {_place(keeping)}"]
    else:
        lines += [f"  Data       {_place(keeping)}   start over: bin/up --reset"]
    lines += ["  Stop       Ctrl-C", ""]
    return "\n".join(lines)


def _accounts(keeping: Keeping) -> list[str]:
    """What `seed_demo --accounts-file` wrote: one line an account, the password when it is the same for all."""
    if not keeping.accounts.exists():
        return []
    accounts = json.loads(keeping.accounts.read_text())
    width = max((len(account["email"]) for account in accounts), default=0)
    rows = [f"    {account['email'].ljust(width)}   {account['password']}   {account['role']}" for account in accounts]
    return ["  Sign in to the demo organization as", *rows]


def _place(keeping: Keeping) -> str:
    return (
        f"{keeping.directory.relative_to(PROJECT)}/"
        if keeping.directory.is_relative_to(PROJECT)
        else str(keeping.directory)
    )
