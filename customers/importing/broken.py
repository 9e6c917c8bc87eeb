"""The two ways in which an upload can be wrong: one row, or the file as a whole."""


class RuleBroken(Exception):
    """One cell or one row breaks a rule; the rest of the file can still be imported.

    `column` is the name of the file's column ("" when the row as a whole is meant), `rule` a stable name
    for programs and tests, `message` a sentence for people.
    """

    def __init__(self, column: str, rule: str, message: str) -> None:
        super().__init__(f"{column}: {message}" if column else message)
        self.column = column
        self.rule = rule
        self.message = message


class FileRefused(Exception):
    """The file cannot be read at all, or no further than `row` (None: it never began)."""

    def __init__(self, rule: str, message: str, *, row: int | None = None) -> None:
        super().__init__(f"Row {row}: {message}" if row else message)
        self.rule = rule
        self.message = message
        self.row = row
