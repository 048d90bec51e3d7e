import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.addresses import LONGEST, Address, normalise, quoted
from ranvier.errors import InputError


@pytest.mark.parametrize(
    ("text", "email"),
    [
        pytest.param("ann@example.org", "ann@example.org", id="plain"),
        pytest.param(" ann@example.org\u00a0\t", "ann@example.org", id="space-around"),
        pytest.param("Ann.Lee@Example.ORG", "Ann.Lee@example.org", id="the-local-part-keeps-its-case"),
        pytest.param("ann+ms@example.org", "ann+ms@example.org", id="tag"),
        pytest.param("o'neil=x@example.org", "o'neil=x@example.org", id="signs-that-rfc-5321-allows"),
        pytest.param("ann@Bücher.example", "ann@xn--bcher-kva.example", id="idn"),
        pytest.param("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example", id="idn-in-ascii"),
        pytest.param("ann@exämple.example.org", "ann@xn--exmple-cua.example.org", id="idn-below-ascii"),
        pytest.param("ju\u0308rgen@example.org", "j\u00fcrgen@example.org", id="nfc"),
        pytest.param('"ann lee"@example.org', '"ann lee"@example.org', id="quoted"),
        pytest.param('"ann"@example.org', "ann@example.org", id="quoted-without-need"),
        pytest.param('"a@b"@example.org', '"a@b"@example.org', id="quoted-at-sign"),
        pytest.param("m" * 64 + "@example.org", "m" * 64 + "@example.org", id="longest-local-part"),
    ],
)
def test_an_address_is_spelt_one_way(text, email):
    assert normalise(text).email == email


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Example.org", "ann@example.ORG"),
        ("ann@bücher.example", "ANN@xn--bcher-kva.example"),
        ('"ann"@example.org', "ann@example.org"),
        ("JÜRGEN@example.org", "ju\u0308rgen@example.org"),
    ],
)
def test_spellings_of_one_address_have_one_key(one, other):
    assert normalise(one).key == normalise(other).key


def test_a_tag_is_part_of_the_address():
    assert normalise("ann+ms@example.org").key != normalise("ann@example.org").key


def test_only_a_local_part_beyond_ascii_needs_smtputf8():
    assert normalise("jürgen@example.org").smtputf8
    assert not normalise("ann@bücher.example").smtputf8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        "ann@example",
        "ann@example.org.",
        "ann@-example.org",
        "ann..lee@example.org",
        ".ann@example.org",
        "ann@[127.0.0.1]",
        "ann@192.0.2.1",
        "ann@nowhere.invalid",
        "ann lee@example.org",
        "Ann <ann@example.org>",
        "ann@example.org, bob@example.org",
        "ann@example.org;bob@example.org",
        "<script>alert(1)</script>@example.com",
        "ann@example.org\r\nBcc: bob@example.org",
        "ann\r\nBcc: bob@example.org",
        '"ann\r\nBcc: bob"@example.org',
        "ann@exam\0ple.org",
        "\u202eann@example.org",
        "an\ufffdn@example.org",
        "m" * 65 + "@example.org",
        "ann@" + "d" * 64 + ".org",
        "m" * 64 + "@" + ".".join(["d" * 60] * 3) + ".example.org",
        "\udcffann@example.org",
    ],
    ids=ascii,
)
def test_what_is_no_single_mailable_address_is_refused(text):
    with pytest.raises(InputError, match="is not an address: "):
        normalise(text)


def test_a_refusal_says_why_on_one_line():
    with pytest.raises(InputError) as refused:
        normalise("ann@")
    assert str(refused.value) == '"ann@" is not an address: there must be something after the @-sign'


def test_a_refusal_shows_nothing_that_a_terminal_would_obey():
    with pytest.raises(InputError) as refused:
        normalise("\x1b[2J\u202e@")
    assert str(refused.value).isprintable()


def test_a_long_text_is_cut_in_a_message():
    assert len(quoted("x" * 1000)) < 70


ADDRESS_LIKE = st.text(
    st.sampled_from("aZ9.+-_@\"\\ \r\n\0<>,;()[]é\u0308ßİ。\uff20\u202e\u200b\ufffd'=%"), max_size=40
)
LOCAL = st.from_regex(r"[A-Za-z0-9+_'-]{1,20}(\.[A-Za-z0-9é]{1,10})?", fullmatch=True)
DOMAIN = st.sampled_from(["example.org", "Example.NET", "bücher.example", "例え.example"])


def _normalised(text: str) -> Address | None:
    try:
        return normalise(text)
    except InputError:
        return None


@given(st.one_of(ADDRESS_LIKE, ADDRESS_LIKE.map("{}@example.org".format), st.text(max_size=60)))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_becomes_a_safe_address_or_one_clear_error(text):
    address = _normalised(text)
    if address is None:
        return
    assert address.email.isprintable()
    assert address.email.rpartition("@")[2].isascii()
    assert unicodedata.is_normalized("NFC", address.email)
    assert len(address.email.encode()) <= LONGEST
    assert normalise(address.email) == address


@given(LOCAL, DOMAIN)
@settings(max_examples=100, deadline=None)
def test_ordinary_addresses_are_accepted_and_keep_their_local_part(local, domain):
    assert normalise(f"{local}@{domain}").email.startswith(f"{unicodedata.normalize('NFC', local)}@")
