"""The rules of a configuration beside a store: kept, followed by polls, and applied to the past."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from aggregator.config.settings import Config
from aggregator.definitions import define, restore
from aggregator.errors import QueryError, UsageError
from aggregator.retagging import Plan, pending, plan
from aggregator.store.base import Store
from aggregator.store.rules import KeptRule
from aggregator.tagging import Rule


def keep_rules(store: Store, rules: Sequence[Rule], now: datetime) -> None:
    """Keep rules that are in use, so that there is a way back to them. Raises `StoreError`."""
    versions = {rule.name: rule.version for rule in rules}
    store.keep_rules(
        [KeptRule(rule.name, rule.version, define(rule, versions), now) for rule in rules]
    )


def follow_rules(store: Store, rules: Sequence[Rule], now: datetime) -> None:
    """Do the same before polls tag by these rules. Raises `StoreError`."""
    keep_rules(store, rules, now)
    store.follow_rules({rule.name: rule.version for rule in rules})


def take_up(store: Store, config: Config, now: datetime) -> None:
    """Make a store's feeds and rules those of a configuration, before it is polled.

    Raises `StoreError`.
    """
    store.subscribe(config.subscriptions, now)
    follow_rules(store, config.rules, now)


def pending_tags(store: Store, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the tags of which what is stored does not follow the rules."""
    return pending(rules, store.tag_states())


def plan_for(store: Store, rules: Sequence[Rule], names: Iterable[str]) -> Plan:
    """Return how to make these tags what the rules give."""
    return plan(rules, names, pending_tags(store, rules))


def former_rules(store: Store, name: str, version: str) -> tuple[Rule, ...]:
    """Return the rule that a tag had in a version, with those that it stood behind.

    Raises `UsageError` where it cannot be made again.
    """

    def kept(tag: str, wanted: str) -> str | None:
        found = (rule for rule in store.kept_rules(tag) if rule.version == wanted)
        return next((rule.definition for rule in found), None)

    try:
        return restore(name, version, kept)
    except LookupError as error:
        tag, missing = error.args
        raise UsageError(
            f"Version {version} of {name} asks for the tag {tag} in its version {missing}, which"
            " was not kept."
        ) from error
    except QueryError as error:
        raise UsageError(
            f"Version {version} of {name} cannot be read any more: {error.sentence} The table"
            " rule_version of the database still has it."
        ) from error
