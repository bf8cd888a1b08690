"""Tables: people and their phones, consents, enterprises, staff and departments, sessions, one-time codes, budgets, looks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import EncryptedText, Stored, UtcDateTime, one_of
from app.core.ids import new_id


class Person(SQLModel, table=True):
    """自然人: an ID number that the identity register confirmed."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_type=EncryptedText("person.name"))
    id_number: str = Field(sa_type=EncryptedText("person.id_number"))
    id_number_index: str = Field(max_length=64, unique=True)
    name_index: str = Field(max_length=64, index=True)
    division: str = Field(max_length=12)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Phone(SQLModel, table=True):
    """A phone number: a credential of the Person who passed the real-name check with it, until somebody else holds it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(sa_type=EncryptedText("phone.number"))
    number_index: str = Field(max_length=64, unique=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    holder_checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ConsentKind(StrEnum):
    """What a person agreed to; sensitive data is asked for separately (个人信息保护法 art. 29)."""

    TERMS = "terms"
    SENSITIVE = "sensitive"


class Consent(SQLModel, table=True):
    """A consent given by a phone's holder, to one version of the words; kept when withdrawn."""

    __table_args__ = (one_of("kind", ConsentKind),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    phone_id: UUID = Field(foreign_key="phone.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    kind: ConsentKind = Field(sa_type=Stored(ConsentKind))
    version: str = Field(max_length=20)
    given_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EnterpriseKind(StrEnum):
    """市场主体类型: 有限责任公司, 股份有限公司, 个人独资企业, 合伙企业, 个体工商户, 分支机构, 农民专业合作社."""

    LIMITED = "limited"
    JOINT_STOCK = "joint_stock"
    SOLE = "sole"
    PARTNERSHIP = "partnership"
    INDIVIDUAL = "individual"
    BRANCH = "branch"
    COOPERATIVE = "cooperative"


class AgentRole(StrEnum):
    """As what somebody acts for an enterprise: 法定代表人（负责人）, 经办人, 财务."""

    REPRESENTATIVE = "representative"
    AGENT = "agent"
    FINANCE = "finance"


class Enterprise(SQLModel, table=True):
    """企业: a unified social credit code (GB 32100), as the register of enterprises last described it."""

    __table_args__ = (one_of("kind", EnterpriseKind),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    credit_code: str = Field(max_length=18, unique=True)
    name: str = Field(max_length=120)
    kind: EnterpriseKind = Field(sa_type=Stored(EnterpriseKind))
    representative: str = Field(sa_type=EncryptedText("enterprise.representative"))
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Binding(SQLModel, table=True):
    """A person who may act for an enterprise, by its register: `checked_at` is when the register last said so.

    `ended_at`: the register said that they may not any more; from that moment every door of the enterprise is shut to them.
    """

    __table_args__ = (UniqueConstraint("person_id", "enterprise_id"), one_of("role", AgentRole))
    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    enterprise_id: UUID = Field(foreign_key="enterprise.id", index=True)
    role: AgentRole = Field(sa_type=Stored(AgentRole))
    bound_at: datetime = Field(sa_type=UtcDateTime)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Department(SQLModel, table=True):
    """A department or partner that decides items; its names come from the catalogue."""

    id: str = Field(primary_key=True, max_length=40)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=200)
    short_zh: str = Field(max_length=20)
    short_en: str = Field(max_length=60)


class Role(StrEnum):
    """经办, 负责人, 督办, 管理员, 审计."""

    REVIEWER = "reviewer"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Staff(SQLModel, table=True):
    """A member of a department, allowed for divisions that begin with `jurisdiction`."""

    __table_args__ = (one_of("role", Role),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    username: str = Field(max_length=60, unique=True)
    name: str = Field(sa_type=EncryptedText("staff.name"))
    badge: str = Field(max_length=20)
    password_hash: str = Field(max_length=200)
    department_id: str = Field(foreign_key="department.id", max_length=40, index=True)
    jurisdiction: str = Field(max_length=12)
    role: Role = Field(sa_type=Stored(Role))
    active: bool = True
    #: None: never set by its owner, who must do so at the next sign-in.
    password_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    #: Set while the password is a one-time one; it opens nothing but its own change, until then.
    one_time_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    totp_secret: str | None = Field(default=None, sa_type=EncryptedText("staff.totp_secret"))
    #: The newest time step (RFC 6238) whose code was used: no code works twice.
    totp_step: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class FormerPassword(SQLModel, table=True):
    """A password that a member of staff has or had, as its argon2id hash: the last few must not come back."""

    __tablename__ = "former_password"
    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    password_hash: str = Field(max_length=200)
    set_at: datetime = Field(sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """One of ten codes that stand in, once each, for a lost second factor; only its keyed fingerprint rests."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("staff_id", "code_hash"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    code_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Outcome(StrEnum):
    """What became of an act."""

    DONE = "done"
    REFUSED = "refused"


class StaffAction(SQLModel, table=True):
    """An act of a member of staff, as they were then. Append-only, chained by digest; holds no personal data of residents."""

    __tablename__ = "staff_action"
    __table_args__ = (one_of("outcome", Outcome),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    sequence: int = Field(unique=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    #: None: nobody of ours (a user name that nobody has), or the terminal of the installation.
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    username: str = Field(default="", max_length=60)
    role: str = Field(default="", max_length=20)
    department_id: str = Field(default="", max_length=40)
    action: str = Field(max_length=60, index=True)
    outcome: Outcome = Field(sa_type=Stored(Outcome))
    object_kind: str = Field(default="", max_length=40)
    object_id: str = Field(default="", max_length=80, index=True)
    object_part: str = Field(default="", max_length=80)
    #: The network, not the machine: the last part of an IPv4 address is left out.
    address: str = Field(default="", max_length=45)
    device: str = Field(default="", max_length=80)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class RecordChain(SQLModel, table=True):
    """The end of the chain of staff actions; its row is locked while one is added, so that they stand in one order."""

    __tablename__ = "record_chain"
    name: str = Field(primary_key=True, max_length=20)
    count: int = 0
    head: str = Field(max_length=64)


class WrongPasswords(SQLModel, table=True):
    """Wrong passwords for a user name, whether or not it exists: a lock that only real names knew would tell which are real."""

    __tablename__ = "wrong_passwords"
    username_index: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)


class SessionRow(SQLModel, table=True):
    """A signed-in browser or API client; the token itself is only with the client, its SHA-256 here.

    `acting_for`: the enterprise for which the person acts in this session; None for themself.
    """

    __tablename__ = "session"
    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    phone_id: UUID | None = Field(default=None, foreign_key="phone.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    acting_for: UUID | None = Field(default=None, foreign_key="enterprise.id")
    device: str = Field(max_length=80)
    bearer: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SignInCode(SQLModel, table=True):
    """A one-time code: bound to its request, hashed, single use, few tries."""

    __tablename__ = "sign_in_code"
    id: UUID = Field(default_factory=new_id, primary_key=True)
    number_index: str = Field(max_length=64, index=True)
    request_hash: str = Field(max_length=64)
    code_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Budget(SQLModel, table=True):
    """How often something was done in a window of time; `subject` is a blind index or a constant, never plain."""

    __table_args__ = (UniqueConstraint("purpose", "subject", "window"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    purpose: str = Field(max_length=40)
    subject: str = Field(max_length=64)
    window: datetime = Field(sa_type=UtcDateTime, index=True)
    used: int = 0


class Look(SQLModel, table=True):
    """Somebody looked at a person's data: who, whose, what, why, when (个人信息保护法 art. 51). Append-only."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    case_number: str | None = Field(default=None, max_length=12, index=True)
    what: str = Field(max_length=60)
    why: str = Field(max_length=60)
    at: datetime = Field(sa_type=UtcDateTime)
