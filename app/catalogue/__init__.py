"""Services as data: YAML definitions, their strict loader, editions and guides."""
