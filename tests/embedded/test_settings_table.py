"""docs/operations.md lists every setting the product reads, and none that it does not."""

import ast
import re
from collections.abc import Iterator

from cxm.embedded.keeping import PROJECT

NAME = re.compile(r"^[A-Z][A-Z0-9_]+$")
READERS = ("settings.py", "gunicorn.py", "heartbeat.py", "healthy.py")


def names_read() -> set[str]:
    return {name for file in READERS for name in read_in(ast.parse((PROJECT / "cxm" / file).read_text()))}


def read_in(tree: ast.Module) -> Iterator[str]:
    """First arguments of env(...), env.str(...), os.environ.get(...), os.environ[...], and tables of address names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.match(r"env(\.\w+)?$|os\.environ\.get$", ast.unparse(node.func)):
            candidates = node.args[:1]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            candidates = [node.slice]
        elif isinstance(node, ast.Dict):
            candidates = [value for value in node.values if isinstance(value, ast.Constant)]
            candidates = [value for value in candidates if str(value.value).endswith("_URL")]
        else:
            continue
        for candidate in candidates:
            if isinstance(candidate, ast.Constant) and NAME.match(str(candidate.value)):
                yield str(candidate.value)


def names_in_table(heading: str) -> set[str]:
    text = (PROJECT / "docs" / "operations.md").read_text().split(heading)[1].split("`bin/up` takes")[0]
    return {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z0-9_]+)`", line.split("|")[1])
    }


def test_every_setting_that_is_read_is_in_the_table():
    assert names_read() - names_in_table("## 9. Settings") == set()


def test_every_setting_in_the_table_is_read():
    assert names_in_table("## 9. Settings") - names_read() == set()


def test_every_port_and_place_of_bin_up_is_in_its_table():
    table = (PROJECT / "docs" / "operations.md").read_text().split("`bin/up` takes")[1]
    sources = [(PROJECT / "cxm" / "embedded" / name).read_text() for name in ("starting.py", "up.py")]
    read = set(re.findall(r'"(CXM_[A-Z_]+)"', "".join(sources)))
    assert read and read == set(re.findall(r"`(CXM_[A-Z_]+)`", table))
