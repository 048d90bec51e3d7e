"""newsletter.toml: the sample passes, and a wrong value is named with file, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ranvier.errors import ConfigurationError
from ranvier.message.sender import DkimOptions
from ranvier.rendering.default_words import DEFAULT_WORDS
from ranvier.settings.newsletter import read_settings
from ranvier.subscribers.subscriber import Frequency

SAMPLE = (Path(__file__).parents[2] / "newsletter.toml").read_text(encoding="utf-8")


LOGO = 'alt = "a"\nwidth = 9\n'
DKIM = 'domain = "news.example.org"\nselector = "2026a"\nkey_file = "keys/dkim.pem"'


def with_value(table: str, key: str, value: str) -> str:
    """The sample with another value for a key that it has."""
    before, header, table_on = SAMPLE.partition(f"[{table}]\n")
    table_on, times = re.subn(rf"(?m)^{key} = .*$", lambda _: f"{key} = {value}", table_on, count=1)
    assert times == 1
    return before + header + table_on


def with_line(table: str, line: str) -> str:
    """The sample with one more line in a table, which it may lack."""
    header = f"\n[{table}]\n"
    return SAMPLE.replace(header, f"{header}{line}\n") if header in SAMPLE else f"{SAMPLE}{header}{line}\n"


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(text)
    return str(refused.value)


def test_the_sample_passes_and_says_what_its_file_says():
    settings, tables = read_settings(SAMPLE), tomllib.loads(SAMPLE)
    assert settings.publication.name == tables["newsletter"]["name"]
    assert settings.sender.address == tables["sender"]["address"]
    assert settings.delivery.transport == tables["delivery"]["transport"]
    assert {slug: edition.cadence for slug, edition in settings.editions.items()} == {
        "weekly": Frequency.WEEKLY,
        "monthly": Frequency.MONTHLY,
    }


@pytest.mark.parametrize(
    ("table", "key", "value", "allowed"),
    [
        ("newsletter", "postal_address", '" "', "every mail needs one"),
        ("newsletter", "language", '"English"', "a tag such as en or pt-BR"),
        ("newsletter", "direction", '"up"', '"ltr" or "rtl"'),
        ("newsletter", "name", "7", "a text between quotation marks"),
        ("sender", "name", '""', "readers have to know who writes"),
        ("sender", "address", '""', "is not an address"),
        ("sender", "address", '"digest at example.org"', "is not an address"),
        ("sender", "address", '"zeitung@ü .example"', "is not an address"),
        ("sender", "address", '"zürich@example.org"', "plain ASCII before the @"),
        ("sender", "reply_to", "'\"the editors\"@example.org'", "plain ASCII before the @"),
        ("sender", "list_id", '"Our list"', "such as digest.news.example.org"),
        ("sender", "list_id", '"digest"', "such as digest.news.example.org"),
        ("sender", "list_id", f'"digest.{"x" * 255}"', "such as digest.news.example.org"),
        ("sender", "feedback_id", '"abc"', "5 to 15 letters or digits"),
        ("links", "site", '""', "unsubscribe links live there"),
        ("links", "site", '"http://news.example.org"', "an https address"),
        ("links", "site", '"https://news.example.org/?a=1"', "without ? or #"),
        ("links", "site", f'"https://news.example.org/{"x" * 140}"', "more than 140 characters"),
        ("links", "privacy", '"https://a@b.example.org"', "an https address"),
        ("disclosures", "not_advice", '" "', "every issue carries it"),
        ("disclosures", "reviewed", '"checked by {name}"', "{by}, {role} and {date}"),
        ("disclosures", "reviewed", '"checked by {by!r}"', "{by}, {role} and {date}"),
        ("disclosures", "reviewed", '"checked by {by:>9}"', "{by}, {role} and {date}"),
        ("disclosures", "reviewed", '"checked by {{by}}"', "{by}, {role} and {date}"),
        ("disclosures", "reviewed", '"checked by {by"', "{by}, {role} and {date}"),
        ("audiences.clinicians", "max_items", "0", "from 1 to 62"),
        ("audiences.clinicians", "max_items", '"12"', "a whole number"),
        ("audiences.clinicians", "compact", '"yes"', "true or false"),
        ("editions.weekly", "cadence", '"weeky"', "one of: daily, weekly, monthly"),
        ("editions.weekly", "timezone", '"Berlin"', "an IANA zone such as Europe/Berlin"),
        ("editions.weekly", "segments", "[]", 'such as segments = ["weekly"]'),
        ("editions.weekly.rules", "window_days", "0", "from 1 to 366"),
        ("editions.weekly.rules", "per_topic", "63", "from 1 to 62"),
        ("editions.weekly.rules.weights", "interest", "-1", "from 0 to 1000"),
        ("delivery", "transport", '"pigeon:"', "outbox"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_value_is_named_with_its_key_and_what_is_allowed(table, key, value, allowed):
    said = refusal(with_value(table, key, value))
    head, _, nested = table.partition(".rules")
    assert said.startswith(f"newsletter.toml: [{head}]")
    assert f"rules{nested}.{key}" in said if ".rules" in table else key in said
    assert allowed in said


@pytest.mark.parametrize(
    ("table", "added", "said"),
    [
        ("newsletter", 'nmae = "x"', ("nmae is not known", "name", "words")),
        ("sender", 'form = "x"', ("form is not known", "address", "list_id")),
        ("delivery", 'transprot = "x"', ("transprot is not known", "transport", "factor")),
        ("delivery", "retry_after = -1", ("retry_after", "from 0 to 86400")),
        ("delivery", "factor = 0.5", ("factor", "from 1 to 100")),
        ("delivery", "longest_pause = 1e9", ("longest_pause", "from 0 to 604800")),
        ("delivery", "deadline_hours = 1000", ("deadline_hours", "from 0 to 240")),
        ("delivery", 'factor = "2"', ("factor", "a number")),
        ("bounces", "issues = 0", ("issues", "from 1 to 100")),
        ("bounces", "weeks = 2", ("weeks is not known", "days")),
        ("retention", "unconfirmed_days = 31", ("unconfirmed_days", "from 4 to 30")),
        ("retention", "answer_days = 1", ("answer_days", "from 7 to 90")),
        ("sendgrid", "webhook_key = 7", ("webhook_key", "a text between quotation marks")),
        ("signup", 'consnet = "yes"', ("consnet is not known", "consent")),
        ("sender", 'unsubscribe_domain = "leave here"', ("unsubscribe_domain", "a domain such as")),
        ("sender", 'bounce_domain = "bounces"', ('bounce_domain = "bounces"', "a domain such as")),
        ("sender", 'bounce_domain = "a@news.example.org"', ("bounce_domain", "a domain such as")),
        ("sender", 'bounce_domain = "bounce.example.com"', ("bounce_domain", "end in .example.org")),
        ("sender", 'bounce_domain = "badexample.org"', ("bounce_domain", "end in .example.org")),
        ("sender", f'bounce_domain = "{"x" * 63}.{"y." * 75}example.org"', ("bounce_domain", "a domain")),
        ("checks", 'quiet = ["no-considerations"]', ('"no-considerations" is always said', "spam-words")),
        ("checks", 'quiet = ["not-reviewed"]', ('"not-reviewed" is always said', "twin-links")),
        ("checks", 'off = ["spam-words"]', ("off is not known here", "quiet")),
        ("checks", "most_grade = 0", ("most_grade", "from 1 to 20")),
        ("checks", "item_leeway = -1", ("item_leeway", "from 0 to 20")),
        ("checks", 'spamd = "localhost"', ("spamd", "host:port such as")),
        ("logo", f'{LOGO}height = 9\nurl = "http://news.example.org/a.png"', ("url", "an https address")),
        ("logo", f'{LOGO}url = "https://news.example.org/a.png"\nheight = 0', ("height", "from 1 to 600")),
        ("logo", 'url = "https://news.example.org/a.png"', ("alt is missing",)),
        ("dkim", 'domain = "example.org"', ("selector is missing",)),
        ("dkim", f'key = "x"\n{DKIM}', ("key is not known", "key_file")),
        ("dkim", DKIM.replace("news.example", "news,example"), ("domain", "a domain such as")),
        (
            "dkim",
            DKIM.replace("news", "other"),
            ("other.example.org", '"news.example.org" or a domain above'),
        ),
        ("dkim", DKIM.replace("news", "ws"), ("ws.example.org", '"news.example.org" or a domain above')),
        ("dkim", DKIM.replace("2026a", "2026a; x=1"), ("selector", "a name in DNS")),
        ("dkim", DKIM.replace("keys/dkim.pem", " "), ("key_file is empty",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_line_is_named_with_its_key_and_what_is_allowed(table, added, said):
    refused = refusal(with_line(table, added))
    assert all(words in refused for words in (f"newsletter.toml: [{table}]", *said))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('unsubscibe = "Leave"', ("unsubscibe is not known", "unsubscribe")),
        ('months = "Jan Feb"', ("months", "twelve names")),
        ("privacy = 1", ("words", "a text between quotation marks")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_word_is_named_with_what_is_allowed(words, said):
    refused = refusal(with_line("newsletter.words", words))
    assert all(part in refused for part in ("newsletter.toml: [newsletter", *said))


def test_own_words_stand_before_the_english_ones():
    own = with_line("newsletter.words", 'unsubscribe = "Abmelden"')
    assert read_settings(own).publication.words == {**DEFAULT_WORDS, "unsubscribe": "Abmelden"}
    assert read_settings(SAMPLE).publication.words == DEFAULT_WORDS


@pytest.mark.parametrize("key", ["address", "reply_to"])
def test_a_senders_domain_is_kept_as_it_goes_into_a_header(key):
    settings = read_settings(with_value("sender", key, '"post@Zürich.example"'))
    assert getattr(settings.sender, key) == "post@xn--zrich-kva.example"


@pytest.mark.parametrize(
    "domain", ["example.org", "News.Example.org", "bounce.example.org", "a.b.example.org"]
)
def test_bounces_may_come_back_to_any_domain_of_the_senders_organisation(domain):
    settings = read_settings(with_line("sender", f'bounce_domain = "{domain}"'))
    assert settings.sender.bounce_domain == domain.lower()


def test_bounces_come_back_to_the_sender_and_nobody_signs_unless_the_file_says_so():
    settings = read_settings(SAMPLE)
    assert settings.sender.bounce_domain == ""
    assert settings.dkim is None


@pytest.mark.parametrize("domain", ["news.example.org", "Example.org"])
def test_the_senders_domain_or_one_above_it_signs(domain):
    dkim = read_settings(with_line("dkim", DKIM.replace("news.example.org", domain))).dkim
    assert dkim == DkimOptions(domain=domain.lower(), selector="2026a", key_file="keys/dkim.pem")


@pytest.mark.parametrize("key", ["reply_to", "feedback_id"])
def test_what_may_be_left_out_may_be_empty(key):
    assert getattr(read_settings(with_value("sender", key, '""')).sender, key) == ""


def test_an_audience_needs_no_label():
    added = with_line("audiences.neighbours", "max_items = 3")
    assert read_settings(added).publication.audiences[-1].slug == "neighbours"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not valid TOML"),
        ("[newsleter]", "[newsleter] is not known; allowed: newsletter, sender"),
        ("sender = 1", "[sender] has to be a table"),
        ("", "[sender]: name is missing"),
    ],
    ids=["no-toml", "unknown-table", "no-table", "empty"],
)
def test_a_text_that_is_no_newsletter_is_refused(text, said):
    assert said in refusal(text)
