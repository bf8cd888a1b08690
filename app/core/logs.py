"""Logs that say what happened and not to whom: addresses without their query, no bound values, no outside addresses."""

import logging

#: What follows these is a secret by which somebody without a session is known.
SECRET_AFTER = ("/callbacks/sms/aliyun/", "/push/shown/")


class WithoutQuery(logging.Filter):
    """Cuts the query off the address in uvicorn's access log: a search at the desk is somebody's name. Secret ends go too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record's arguments (client, method, path, version, status); keeps every record."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            record.args = (client, method, _shown(str(path).split("?", 1)[0]), version, status)
        return True


def _shown(path: str) -> str:
    return next((f"{start}…" for start in SECRET_AFTER if path.startswith(start)), path)


def set_up() -> None:
    """Tie the rule to the servers' and clients' own loggers; called by every entry point, harmless when repeated."""
    access = logging.getLogger("uvicorn.access")
    if not any(isinstance(known, WithoutQuery) for known in access.filters):
        access.addFilter(WithoutQuery())
    for name in ("httpx", "httpcore"):  # at INFO they write whole addresses, numbers included
        logging.getLogger(name).setLevel(logging.WARNING)
