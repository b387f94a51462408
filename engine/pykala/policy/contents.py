"""The table of contents of the handbook: the services, and the phases in the order in which a provider meets them.

In: the file `handbook.yaml` as read, where there is one, and the checked policies. Out: a `Contents` with every service
and every phase that a policy or a statement names. No deviation rests on any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pykala.policy.model import Citation, Policy, Text
from pykala.policy.sources import Register

if TYPE_CHECKING:
    from pykala.policy.contents_file import ContentsFile

PAGES = ("contacts", "background")
"""The pages that an advice can stand on without being of a phase."""
DEFAULT_PHASES = (
    "contract",
    "granting",
    "decision",
    "intake",
    "start",
    "delivery",
    "phasing",
    "workplace",
    "meetings",
    "contact",
    "interpreting",
    "relatives",
    "meals",
    "illness",
    "closing",
    "certificate",
    "feedback",
    "billing",
    "reporting",
    "audit",
    "sanction",
    "statistics",
)
"""The order of phases where no file gives one; others follow in the order in which rules name them."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the provider's work, such as `meals`."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Service:
    """What policies are grouped by.

    `for_whom` says in plain language who gets the service, and `cite` where that stands. `members` are its names in
    records and in the register: `work_trial`. `shared`: no service of its own, but what several have in common. `also`
    are the other entries whose rules concern this service.
    """

    id: str
    title: Text
    for_whom: Text = field(default_factory=Text)
    cite: tuple[Citation, ...] = ()
    members: tuple[str, ...] = ()
    shared: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """The services and the phases by their ids, each in the order of the handbook.

    `title` and `about` are what the handbook calls itself and says of itself on its front page.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    phases: Mapping[str, Phase] = field(default_factory=dict)
    title: Text = field(default_factory=Text)
    about: Text = field(default_factory=Text)


def contents_of(
    file: ContentsFile | None, policies: Iterable[Policy], libraries: Iterable[Policy], register: Register
) -> Contents:
    """Return the contents: what the file says, and for all that it does not name, what the policies say."""
    judging, included = tuple(policies), tuple(libraries)
    everything = (*judging, *included)
    services = {} if file is None else {name.text: entry.service for name, entry in file.services.items()}
    given_also = set() if file is None else {name.text for name, entry in file.services.items() if entry.gives_also}
    known = {name for statement in register.statements.values() for name in statement.services}
    for name in dict.fromkeys(policy.service for policy in everything):
        if name not in services:
            own = tuple(member for member in (name, name.replace("-", "_")) if member in known)
            services[name] = Service(name, _service_title(name, everything), members=own)
    shared = _shared(services.values(), judging, register)
    for name, service in services.items():
        if not service.shared and name not in given_also:
            services[name] = replace(service, also=tuple(_also(service, shared, judging, included)))
    phases = {} if file is None else {name.text: phase for name, phase in file.phases.items()}
    order = {name: place for place, name in enumerate(DEFAULT_PHASES)}
    missing = [name for name in phases_used(everything, register) if name not in phases]
    for name in sorted(missing, key=lambda each: order.get(each, len(order))):
        phases[name] = Phase(name, _capital(name))
    if file is None:
        return Contents(services, phases)
    return Contents(services, phases, file.title, file.about)


def phases_used(policies: Iterable[Policy], register: Register) -> Iterator[str]:
    """Yield the phases that rules name and that advices stand on, each once, in the order of the files."""
    phases = [rule.phase for policy in policies for rule in policy.rules if rule.phase is not None]
    pages = [item.page for item in register.statements.values() if item.page is not None and item.page not in PAGES]
    yield from dict.fromkeys((*phases, *pages))


def _shared(
    services: Iterable[Service], policies: Iterable[Policy], register: Register
) -> dict[str, frozenset[str] | None]:
    """Return by each shared service the names that its rules' statements give; None where one of them is for all."""
    found: dict[str, frozenset[str] | None] = {service.id: frozenset() for service in services if service.shared}
    for policy in policies:
        for cite in (cite for rule in policy.rules for cite in rule.cite):
            statement, names = register.find(cite), found.get(policy.service)
            if statement is not None and names is not None:
                found[policy.service] = names | set(statement.services) if statement.services else None
    return found


def _also(
    service: Service,
    shared: Mapping[str, frozenset[str] | None],
    policies: Iterable[Policy],
    libraries: Iterable[Policy],
) -> Iterator[str]:
    """Yield what is shared and concerns a service.

    It does where a policy of the service includes one of its, or where a rule of its cites a statement that names the
    service or is for all. What others include concerns those alone that include it.
    """
    included = {name for policy in policies if policy.service == service.id for name in policy.includes}
    by_inclusion = {library.service for library in libraries if library.name in included}
    for name, members in shared.items():
        if name in by_inclusion or members is None or not members.isdisjoint(service.members):
            yield name


def _service_title(name: str, policies: Iterable[Policy]) -> Text:
    """Return the title of the latest version of the policy that is called like the service, else of its first one."""
    own = [policy for policy in policies if policy.service == name]
    named = [policy for policy in own if policy.id == name]
    return named[-1].title if named else own[0].title


def _capital(name: str) -> Text:
    said = name.replace("-", " ").capitalize()
    return Text(said, said, said)
