"""Imports every room's tables, for Alembic and for tests."""

from sqlmodel import SQLModel

import app.accounts.models
import app.cases.models
import app.catalogue.models
import app.core.models
import app.documents.models
import app.filing.models
import app.messages.models
import app.territory.models  # noqa: F401 - importing a module registers its tables

metadata = SQLModel.metadata
