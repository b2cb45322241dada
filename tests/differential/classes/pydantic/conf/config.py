from typing import Any, ClassVar, List, Optional
from functools import lru_cache
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

class Common(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env", extra="ignore")
    debug: bool = False
    name: str = "common"
    KIND: ClassVar[str] = "x"

class Settings(Common):
    name: str = "settings"
    port: int = 8000
    wrong_port: int = "8000"
    ratio: float = 1
    hosts: List[str] = ["a", "b"]
    hosts2: list[int] = ["1"]
    opt: Optional[str] = None
    opt2: int | None = None
    anything: Any = 3
    table: dict = {"a": 1}
    tup: list = ("a",)
    aliased: str = Field("al", alias="ALIASED_VAR")
    valiased: str = Field(default="val", validation_alias="VALIASED")
    described: int = Field(5, description="x", ge=1)
    factory: list[str] = Field(default_factory=list)
    needed: str
    @property
    def url(self):
        return f"http://{self.name}:{self.port}"

class Validated(BaseSettings):
    a: str = "a"
    @field_validator("a")
    @classmethod
    def upper(cls, v):
        return v.upper()
    class Config:
        pass

class Sensitive(BaseSettings):
    a: str = "a"
    B: str = "b"
    class Config:
        case_sensitive = True

@lru_cache
def get_settings():
    return Settings()
