"""Java exceptions as Python ones, without the trace of the bridge between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError

_USER_ERROR = "ai.icon.error.UserError"
_RESOURCE_ERROR = "ai.icon.error.ResourceError"
_DEEPEST_CAUSE = 50


class IconError(Exception):
    """An input or setting that the caller can mend.

    Attributes:
        message: what is wrong and where.
        cure: one sentence that says how to mend it.
    """

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(f"{message}\n  {cure}")
        self.message = message
        self.cure = cure


class IconResourceError(IconError):
    """Memory, disk or a device gave out although input and settings are right."""


@contextmanager
def told() -> Iterator[None]:
    """Raises what Java said of icon as an :class:`IconError`, and anything else as it is."""
    error: IconError
    try:
        yield
        return
    except Py4JJavaError as failed:
        found = _error(failed.java_exception)
        if found is None:
            raise
        error = found
    raise error from None


def _error(thrown: Any) -> IconError | None:
    """The first cause that icon itself threw: Spark wraps what a task threw."""
    for _ in range(_DEEPEST_CAUSE):
        if thrown is None:
            return None
        name = thrown.getClass().getName()
        if name in (_USER_ERROR, _RESOURCE_ERROR):
            message, _, cure = thrown.getMessage().rpartition("\n  ")
            kind = IconError if name == _USER_ERROR else IconResourceError
            return kind(message, cure)
        thrown = thrown.getCause()
    return None
