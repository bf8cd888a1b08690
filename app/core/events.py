"""What must flow upwards: a room says what happened, rooms above listen; handlers run in the same transaction.

Handlers are tied to events in app/wiring.py and nowhere else.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import Session

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Session, Any], None]]] = defaultdict(list)


def on(event: type[E], handler: Callable[[Session, E], None]) -> None:
    """Call the handler for each such event; a second registration of the same pair changes nothing."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def emit(session: Session, event: object) -> None:
    """Tell every listener now; an exception in one rolls the whole transaction back."""
    for handler in _handlers[type(event)]:
        handler(session, event)
