"""The feeds.yaml at the top is a starter that works, and it is the one that is packaged."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from aggregator.config.checking import subject
from aggregator.config.settings import Config
from aggregator.tagger import Tagger
from aggregator.tagging import Example
from tests.cli.command import command
from tests.starter import STARTER, starter_config

LABELS = Path(__file__).parent / "data" / "tagging"


@pytest.fixture(scope="module")
def starter() -> Config:
    return starter_config()


def test_the_packaged_starter_is_this_file() -> None:
    packaged = files("aggregator").joinpath("starter.yaml")
    assert packaged.read_bytes() == STARTER.read_bytes()


# That its examples hold is tested where `init` writes it and `check` looks at it.


def test_every_tag_is_explained_and_has_examples_both_ways(starter: Config) -> None:
    for rule in starter.rules:
        assert rule.title
        assert rule.description
        assert len(rule.examples_match) >= 4, rule.name
        assert len(rule.examples_no_match) >= 4, rule.name


def test_the_feeds_speak_six_languages(starter: Config) -> None:
    names = {feed.name for feed in starter.subscriptions}
    assert {"BBC Africa", "RFI Afrique", "BBC Arabic", "BBC Hausa", "Noticias ONU"} <= names
    assert len(starter.subscriptions) >= 20
    assert all(feed.labels and feed.location == feed.url for feed in starter.subscriptions)
    labels = Counter(label for feed in starter.subscriptions for label in feed.labels)
    assert labels["united-nations"] >= 4


@pytest.fixture(scope="module")
def tagger(starter: Config) -> Tagger:
    return Tagger(starter.rules)


def tags(tagger: Tagger, title: str) -> set[str]:
    return {given.name for given in tagger.tag(subject(Example("", 1, title)))}


def test_its_rules_do_as_well_as_they_did_on_the_entries_they_were_made_with() -> None:
    said = command(
        *("--config", STARTER, "evaluate", *sorted(LABELS.glob("*.jsonl"))),
        *("--part", "development", "--mistakes", "0"),
        *("--min-f1", "0.83", "--min-f1", "sahel=0.93", "--min-f1", "security-cooperation=0.9"),
    )
    assert (said.status, said.errors) == (0, "")


RABAT = {
    "en": "French interior minister Gérald Darmanin visits Rabat, thanks Morocco's intelligence"
    " services for help against terrorism before the Paris 2024 Games, as French troops leave"
    " Mali, Niger and Burkina Faso",
    "fr": "Le ministre français de l'Intérieur, Gérald Darmanin, en visite à Rabat, remercie les"
    " services de renseignement marocains de leur aide contre le terrorisme avant les Jeux de"
    " Paris 2024, alors que les troupes françaises quittent le Mali, le Niger et le Burkina Faso",
    "ar": "وزير الداخلية الفرنسي جيرالد دارمانان يزور الرباط ويشكر أجهزة المخابرات المغربية على"
    " مساعدتها في مكافحة الإرهاب قبل ألعاب باريس 2024، مع انسحاب القوات الفرنسية من مالي"
    " والنيجر وبوركينا فاسو",
}


@pytest.mark.parametrize("language", RABAT)
def test_the_visit_to_rabat_is_security_cooperation_and_sahel(
    tagger: Tagger, language: str
) -> None:
    found = tags(tagger, RABAT[language])
    assert {"security-cooperation", "sahel"} <= found
    assert "sport" not in found


@pytest.mark.parametrize(
    "title",
    [
        "Étoile du Sahel beat Espérance 2–1",
        "L'Étoile du Sahel bat l'Espérance 2-1",
        "النجم الساحلي يفوز على الترجي",
    ],
)
def test_a_match_of_etoile_du_sahel_is_sport_and_not_sahel(tagger: Tagger, title: str) -> None:
    found = tags(tagger, title)
    assert "sport" in found
    assert "sahel" not in found


def test_the_outputs_publish_three_feeds(starter: Config) -> None:
    assert [output.path.name for output in starter.outputs] == [
        "sahel.atom",
        "security-cooperation.atom",
        "everything.json",
    ]
