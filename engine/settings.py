"""Everything an operator may set: kinora.toml, then KINORA_* variables, then the command line, the later winning.

A key that is not known, or a value that cannot be, is refused by name: a setting that silently does nothing is worse
than none. `kinora.example.toml` documents every key; a test keeps it complete.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from engine.brief import Aspect, Resolution
from engine.errors import StudioError
from engine.months import zone_called
from engine.plans import PlanChange, Plans
from engine.prices import PriceList
from engine.renderers.means import Means
from storage.store import StoreAddress

PREFIX = "KINORA_"
DELIMITER = "__"
CONFIG_VARIABLE = "KINORA_CONFIG"
# Read by Kinora's own tools rather than by the studio; not settings, and not mistakes either.
_OTHER_VARIABLES = {CONFIG_VARIABLE, "KINORA_SHARED_DATA", "KINORA_TEST_DATABASES", "KINORA_LANGUAGE"}


_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["people", "json"] = "people"


class Defaults(Section):
    """The look of a clip whose maker did not say."""

    aspect: Aspect = Aspect.WIDE
    resolution: Resolution = Resolution.P480
    seconds: float = Field(default=5.0, ge=1.0, le=60.0)


class RaySettings(Section):
    """The cluster that draws, where the fleet is one."""

    address: str = Field(default="127.0.0.1:6379", pattern=r"^[^\s:/]+:\d{1,5}$")
    token_file: Path | None = None  # None: cluster/token in the data folder
    gpu_workers: int = Field(default=1, ge=1, le=1_000)  # clips by a trained model at the same time, one a card


class FleetSettings(Section):
    kind: Literal["local", "ray"] = "local"
    ray: RaySettings = RaySettings()
    workers: int = Field(default=1, ge=1, le=64)
    memory_mb: int = Field(default=1_500, ge=200)
    silence_seconds: float = Field(default=60.0, ge=1.0)  # a worker that says nothing for so long is replaced
    time_limits: float = Field(default=1.0, ge=0.1, le=1_000.0)  # stretches every stage's limit; more for slow machines
    attempts: int = Field(default=3, ge=1, le=10)
    first_look: bool = True  # a still of a take that is being drawn, for whoever waits
    first_look_after: float = Field(default=2.0, ge=0.0)  # seconds; what is done sooner needs none
    model_memory_mb: int | None = Field(default=None, ge=200)  # of the worker with the trained model; None: no bound


class Safety(Section):
    policy: Path | None = None  # None: the policy that Kinora ships


class ModelSettings(Section):
    """Where models are pulled from. Nothing is pulled by itself."""

    hub: str = Field(default="https://huggingface.co", pattern=r"https?://.+")
    token: SecretStr | None = None  # for models that are given out only to who agreed to their licence
    list: Path | None = None  # further models, or others' settings for those that Kinora knows


class Credits(Section):
    local: int | None = Field(default=None, ge=0)  # None: the local member's plan has no limits
    zone: str = "UTC"  # where a member's month begins at midnight, when they do not say where they live


class PlanSettings(Section):
    default: str = "free"
    discord_roles: Mapping[str, str] = Field(default_factory=dict)
    telegram_groups: Mapping[str, str] = Field(default_factory=dict)
    own: Mapping[str, PlanChange] = Field(default_factory=dict)


StarCredits = Annotated[int, Field(ge=1, le=1_000_000)]
StarPrice = Annotated[int, Field(ge=1, le=10_000)]


# An operator's chain, its key, and the program that signs where the key cannot be read.
Pair = tuple[Path, Path | None, tuple[str, ...]]


class PriceSettings(Section):
    file: Path | None = None  # None: the price list that Kinora ships


class Certificate(Section):
    """An operator's own signing certificate, instead of the one that Kinora makes, and its key or who signs with it."""

    chain: Path | None = None
    private_key: Path | None = None
    command: tuple[str, ...] = ()
    time_stamps: str | None = Field(default=None, pattern=r"^https?://[^\s/@]+(/\S*)?$")  # None: nobody is asked

    def pair(self) -> "Pair | None":
        if self.chain is None or (self.private_key is None and not self.command):
            return None
        return self.chain, self.private_key, self.command


class ManifestSettings(Section):
    """What the signed manifest of a clip says beside how the clip was made."""

    training: Literal["allowed", "notAllowed", "constrained"] | None = None  # by others' models; None: nothing is said


class Platform(Section):
    """A chat platform's bot. The token is a password: it is never shown and never logged."""

    token: SecretStr | None = None


class DiscordSettings(Platform):
    """Several processes may share the servers: each is told how many shards there are, and which are its own."""

    shard_count: int | None = Field(default=None, ge=1)  # None: as many as Discord advises
    shard_ids: tuple[int, ...] = ()  # none: all of them

    @model_validator(mode="after")
    def _has_its_shards(self) -> Self:
        if self.shard_ids and not all(0 <= one < (self.shard_count or 0) for one in self.shard_ids):
            raise ValueError("shard_ids count from 0 to one less than shard_count")
        return self


class Stars(Section):
    """Credits for Telegram's own money. Without packs none can be bought."""

    packs: Mapping[StarCredits, StarPrice] = Field(default_factory=dict, max_length=8)  # credits, and their Stars
    support: str | None = Field(default=None, min_length=3, max_length=200)  # whom members turn to: a name, an address
    terms: str | None = Field(default=None, pattern=r"^https://\S+$")  # the operator's own, beside Kinora's words

    @model_validator(mode="after")
    def _has_support(self) -> Self:
        if self.packs and self.support is None:
            raise ValueError("Telegram demands somebody whom members turn to: set support beside packs")
        return self


class Telegram(Platform):
    """How the Telegram bot reaches Telegram, and Telegram the bot."""

    server: str = "https://api.telegram.org"  # or a Bot API server of one's own
    own_server: bool = False  # that server is one's own: files up to 2,000 MB instead of 50
    shares_files: bool = False  # and it may read this machine's: files are named to it rather than handed over
    largest_mb: float | None = Field(default=None, ge=0.1, le=2_000.0)  # None: as large as the server takes them
    webhook: str | None = Field(default=None, pattern=r"^https?://")  # None: the bot asks for news itself
    webhook_secret: SecretStr | None = None
    # where the webhook is listened for, behind what speaks TLS
    listen: str = Field(default="127.0.0.1:8443", pattern=r"^\S+:\d{1,5}$")
    home: int | None = None  # the group whose moderators decide what is asked for in private chats
    stars: Stars = Stars()


class WebSettings(Section):
    """The studio's pages. Only this machine reaches them until `address` says otherwise."""

    enabled: bool = True
    address: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=0, le=65_535)  # None: 8321, or any that is free
    health_port: int | None = Field(default=None, ge=0, le=65_535)  # None: 8322, or any that is free
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/?#\s]+$")  # how people reach them
    resolves_marks: bool = False  # whether other tools may ask for the manifests of clips that everybody may see
    # Proxies of yours, by address or network: they alone are believed when they say whom they speak for.
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    discord_client_id: str | None = None  # with both, members of servers come in with their Discord accounts
    discord_client_secret: SecretStr | None = None
    telegram_client_secret: SecretStr | None = None  # with it and a bot, people come in with their Telegram accounts


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    data: Path = Path("kinora-data")
    database: str | None = None  # None: SQLite in the data folder
    files: str | None = None  # None: in the data folder
    log: Log = Log()
    defaults: Defaults = Defaults()
    fleet: FleetSettings = FleetSettings()
    renderers: Means = Means()
    safety: Safety = Safety()
    models: ModelSettings = ModelSettings()
    credits: Credits = Credits()
    plans: PlanSettings = PlanSettings()
    prices: PriceSettings = PriceSettings()
    certificate: Certificate = Certificate()
    manifest: ManifestSettings = ManifestSettings()
    discord: DiscordSettings = DiscordSettings()
    telegram: Telegram = Telegram()
    web: WebSettings = WebSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite+aiosqlite:///{self.data.resolve() / 'kinora.db'}"

    @property
    def house_plans(self) -> Plans:
        """The shipped plans with the operator's changes."""
        return Plans.of(
            self.plans.own,
            default=self.plans.default,
            discord_roles=self.plans.discord_roles,
            telegram_groups=self.plans.telegram_groups,
            zone=zone_called(self.credits.zone),
        )

    @property
    def price_list(self) -> PriceList:
        return PriceList.load(self.prices.file)


def config_file() -> Path:
    """Where kinora.toml is looked for; it need not be there."""
    return Path(os.environ.get(CONFIG_VARIABLE, "kinora.toml"))


def known_keys(model: type[BaseModel] = Settings, parents: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every key as a path of names, sections before what they hold."""
    keys: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        path = (*parents, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys += known_keys(field.annotation, path)
        else:
            keys.append(path)
    return keys


def load(**overrides: Any) -> Settings:
    """Read the settings from all their places; a mistake is a StudioError that names the key."""
    _refuse_unknown_variables()
    file = os.environ.get(CONFIG_VARIABLE)
    if file is not None and not Path(file).is_file():
        raise StudioError("settings.no_file", file=file)
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise _mistake(error.errors(include_url=False, include_input=False)[0]) from None
    except (ValueError, OSError) as error:  # a TOML file that is no TOML, a variable that is no JSON
        raise StudioError("settings.unreadable", cause=str(error)) from None
    brought = settings.certificate
    if brought.private_key is not None and brought.command:
        raise StudioError("settings.two_signers")
    if (brought.chain is None) != (brought.private_key is None and not brought.command):
        raise StudioError("settings.half_certificate")
    if settings.web.address not in _THIS_MACHINE and settings.web.public_url is None:
        raise StudioError("settings.no_public_url")
    if settings.files is not None:
        StoreAddress.parsed(settings.files)
    _check_profiles(settings.renderers)
    _ = settings.house_plans  # a plan that is none is told now, not when somebody asks for a clip
    return settings


def _check_profiles(means: Means) -> None:
    from engine.renderers.registry import known, profiles_of

    profiles_of(means)
    if means.usual not in known(means):
        raise StudioError("settings.impossible", key="renderers.usual", allowed=", ".join(known(means)))


def _mistake(first: ErrorDetails) -> StudioError:
    """What is wrong with a setting, and what is allowed. Its value may be a secret, and is never shown."""
    key = ".".join(map(str, first["loc"]))
    context = first.get("ctx", {})
    match first["type"]:
        case "extra_forbidden":
            return StudioError("settings.unknown", key=key)
        case "enum" | "literal_error":
            allowed = re.findall(r"'([^']*)'", str(context["expected"]))
            return StudioError("settings.not_one_of", key=key, allowed=", ".join(allowed))
        case "greater_than_equal":
            return StudioError("settings.too_small", key=key, limit=f"{context['ge']:g}")
        case "less_than_equal":
            return StudioError("settings.too_large", key=key, limit=f"{context['le']:g}")
        case "float_parsing" | "float_type" | "finite_number":
            return StudioError("settings.not_a_number", key=key)
        case "int_parsing" | "int_type" | "int_from_float":
            return StudioError("settings.not_whole", key=key)
        case _:
            return StudioError("settings.impossible", key=key, allowed=first["msg"])


def _refuse_unknown_variables() -> None:
    known = {PREFIX + DELIMITER.join(path).upper() for path in known_keys()}
    for variable in os.environ:
        if variable.startswith(PREFIX) and variable not in known | _OTHER_VARIABLES:
            raise StudioError("settings.unknown", key=variable)
