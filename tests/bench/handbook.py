"""How long the handbook takes to build, how big its pages are, and whether ten times as many rules take ten times as long.

python tests/bench/handbook.py [--lang fi] [--times 10]

The generated rules are those of the shipped policies under other names, in services of their own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pykala
from pykala.handbook.build import build_site
from pykala.handbook.settings import Place
from pykala.policy.loader import PolicySet
from pykala.policy.model import LANGUAGES, Lang

ROOT = Path(__file__).parents[2]


def times(policies: PolicySet, count: int) -> PolicySet:
    """Return the policies `count` times over, each time under other names and in services of their own."""
    everything = list(policies.policies)
    services = dict(policies.contents.services)
    for number in range(1, count):
        everything += [
            replace(policy, id=f"{policy.id}-{number}", service=f"{policy.service}-{number}")
            for policy in policies.policies
        ]
        for name, service in policies.contents.services.items():
            also = tuple(f"{each}-{number}" for each in service.also)
            services[f"{name}-{number}"] = replace(service, id=f"{name}-{number}", also=also)
    return replace(policies, policies=tuple(everything), contents=replace(policies.contents, services=services))


def measure(policies: PolicySet, languages: tuple[Lang, ...], place: Place) -> tuple[int, float, int, str]:
    """Return how many pages were built in how many seconds, and the bytes and the name of the biggest one."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        began = time.perf_counter()
        count = build_site(policies, site, place, languages=languages)
        took = time.perf_counter() - began
        biggest = max(site.rglob("*.html"), key=lambda page: page.stat().st_size)
        return count, took, biggest.stat().st_size, biggest.relative_to(site).as_posix()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES, action="append")
    parser.add_argument("--times", type=int, default=1)
    given = parser.parse_args()
    languages = tuple(given.lang or LANGUAGES)
    policies = pykala.load(ROOT / "policies")
    whole = measure(policies, languages, Place.beside(ROOT / "policies"))
    print(
        f"{', '.join(languages)}: {whole[0]} pages in {whole[1]:.1f} s; the biggest has {whole[2]:,} bytes ({whole[3]})"
    )
    if given.times > 1:
        place = Place(None, None)
        count, once, *_ = measure(policies, languages, place)
        many = measure(times(policies, given.times), languages, place)
        print(f"without the hand-written pages: {count} pages in {once:.1f} s")
        print(f"{given.times} times the rules: {many[0]} pages in {many[1]:.1f} s, {many[1] / once:.1f} times as long")


if __name__ == "__main__":
    main()
