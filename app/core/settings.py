"""Settings of one installation, read from the environment; every one is explained in docs/operations.md."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """What an operator may set. Names in the environment are the field names in capitals."""

    data_dir: Path = Field(Path("var"), description="where the embedded database, files and keys live")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in data_dir")
    blob_url: str = Field("", description="s3://bucket/prefix for files; empty means a folder in data_dir")
    public_url: str = Field("http://localhost:8000", description="the address people use; https turns secure cookies on")
    sandbox_url: str = Field("http://127.0.0.1:8001", description="base URL of the outside systems")
    outside_api_key: SecretStr = Field(SecretStr("sandbox"), description="API key sent to the outside systems")
    division: str = Field("320507", description="GB/T 2260 code of the district this installation serves")
    town_zh: str = Field("渭塘镇", description="the town's name in Chinese")
    town_en: str = Field("Weitang Town", description="the town's name in English")
    hotline: str = Field("12345", description="the number that is always offered when something fails")
    demo: bool = Field(False, description="show demo accounts and a link to the sandbox phones")
    session_days: int = Field(30, ge=1, description="days until a resident's session ends")
    staff_session_hours: int = Field(12, ge=1, description="hours until a staff session ends")
    staff_idle_minutes: int = Field(30, ge=1, description="minutes without a request until a staff session ends")
    staff_password_days: int = Field(90, ge=1, description="days until staff must choose a new password")
    staff_second_factor: Literal["required", "optional"] = Field(
        "required", description="whether staff must have a second factor"
    )
    codes_per_number_hour: int = Field(5, ge=1, description="sign-in codes per phone number and hour")
    codes_per_address_hour: int = Field(60, ge=1, description="sign-in codes per network address and hour")
    codes_per_day: int = Field(20_000, ge=1, description="sign-in codes of the whole installation per day")
    sms_vendor: Literal["gateway", "aliyun"] = Field("gateway", description="whose wire format the SMS gateway speaks")
    sms_url: str = Field("", description="base URL of the SMS service; empty means the outside systems', or Aliyun's own")
    sms_key_id: str = Field("", description="the vendor's access key id, if it gives one")
    sms_key_secret: SecretStr = Field(SecretStr("sandbox"), description="signs requests to the SMS gateway and its reports")
    sms_templates: Path | None = Field(None, description="YAML file with the vendor's sign name and codes of our SMS templates")
    sms_report_token: SecretStr = Field(
        SecretStr(""), description="secret part of the address for Aliyun's delivery reports; empty closes that address"
    )
    sms_after_minutes: int = Field(20, ge=1, description="minutes that what matters may stay unseen before an SMS")
    sms_per_person_day: int = Field(6, ge=1, description="SMS about cases per person and day")
    sms_per_day: int = Field(10_000, ge=1, description="SMS about cases of the installation per day")
    push_hosts: str = Field(
        "fcm.googleapis.com *.push.services.mozilla.com *.push.apple.com *.notify.windows.com",
        description="push services that browsers may name, separated by spaces; *. means any host below",
    )
    push_contact: str = Field(
        "",
        pattern=r"^(mailto:.+@.+|https://.+)?$",
        description="mailto: or https: address for push services; empty means PUBLIC_URL",
    )
    push_test_ca: Path | None = Field(None, description="tests only: lets push reach loopback, trusting this authority")
    static_dir: Path = Field(Path(__file__).parents[1] / "static", description="the folder of static files")

    @property
    def secure(self) -> bool:
        """Whether people reach us over https, so that cookies may carry the __Host- prefix."""
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force; a bare postgresql:// means psycopg."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'linban.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
