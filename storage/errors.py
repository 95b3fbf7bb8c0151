"""The shape of every error a person may hear of: a code with parameters.

The sentence is made from them in `bots/wording`; the cause goes to the operator's log.
"""


class CodedError(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({said})" if said else self.code

    def __reduce__(self) -> tuple[object, ...]:
        # The default would hand the parameters to __init__ in a row when an error crosses to another process.
        return _rebuilt, (type(self), self.code, self.params)


def _rebuilt(kind: type[CodedError], code: str, params: dict[str, object]) -> CodedError:
    error = kind.__new__(kind)
    CodedError.__init__(error, code, **params)
    return error


class StorageError(CodedError):
    """Something about the data folder or the database."""
