"""Passphrases, delays, sessions, forms: how somebody proves who they are, and how not."""

from datetime import timedelta
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.clinic.security.delays import LONGEST, wait_after
from game.clinic.security.errors import ClinicError
from game.clinic.security.passphrases import (
    USUAL_COST,
    checked_passphrase,
    is_passphrase,
    kept_passphrase,
)
from game.clinic.security.transport import from_this_site, safe_enough
from tests.clinic.visiting import CHEAP, PASSPHRASE, House

# ---------------------------------------------------------------- passphrases


@settings(max_examples=25)
@given(one=st.text(min_size=12, max_size=60), other=st.text(min_size=12, max_size=60))
def test_a_passphrase_opens_what_was_made_of_it_and_nothing_else(one: str, other: str) -> None:
    one, other = normalize("NFKC", one), normalize("NFKC", other)
    kept = kept_passphrase(one, CHEAP)
    assert one not in kept
    assert is_passphrase(one, kept)
    assert is_passphrase(other, kept) == (one == other)


def test_the_same_passphrase_is_kept_differently_each_time() -> None:
    assert kept_passphrase(PASSPHRASE, CHEAP) != kept_passphrase(PASSPHRASE, CHEAP)


def test_the_usual_cost_is_what_guides_ask_for_and_is_read_back() -> None:
    assert (1 << USUAL_COST.log2_n) * USUAL_COST.r * USUAL_COST.p >= (1 << 15) * 8 * 3
    kept = kept_passphrase(PASSPHRASE)
    assert kept.startswith("scrypt$15$8$3$")
    assert is_passphrase(PASSPHRASE, kept)
    assert not is_passphrase(PASSPHRASE + "!", kept)


def test_letters_are_the_same_however_they_were_typed() -> None:
    composed, decomposed = "Gr\u00fc\u00dfe an M\u00f6we 7", "Gru\u0308\u00dfe an Mo\u0308we 7"
    kept = kept_passphrase(checked_passphrase(decomposed), CHEAP)
    assert is_passphrase(composed, kept)
    assert is_passphrase(decomposed, kept)


@pytest.mark.parametrize("bad", ["", "short", "x" * 201, "aaaaaaaaaaaaaaaa", "ann@clinic.test"])
def test_weak_passphrases_are_refused_with_a_sentence(bad: str) -> None:
    with pytest.raises(ValueError, match="passphrase"):
        checked_passphrase(bad, "Ann@clinic.test")


# ---------------------------------------------------------------- delays


def test_the_first_mistakes_are_free_and_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(n).total_seconds() for n in range(1, 8)]
    assert waits == [0, 0, 1, 2, 4, 8, 16]
    assert wait_after(1_000_000) == LONGEST == timedelta(minutes=15)


def test_after_some_mistakes_even_the_right_passphrase_has_to_wait(house: House) -> None:
    house.clinic.accounts.add("Ann", "therapist", PASSPHRASE)
    visitor = house.visitor()
    for _ in range(3):
        assert visitor.sign_in("Ann", "a wrong passphrase").status_code in (400, 429)
    answer = visitor.sign_in("ann")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    house.clock.go_on(seconds=0.6)
    # The last part of a second, too, says that one waits and not that the passphrase is wrong.
    answer = visitor.sign_in("ann")
    assert answer.status_code == 429
    assert "do not belong together" not in answer.text
    house.clock.go_on(seconds=2)
    assert visitor.sign_in("ann").status_code == 303
    # The right one makes everything good again.
    assert visitor.sign_in("Ann", "a wrong passphrase").status_code == 400


def test_a_name_that_is_nobodys_is_answered_like_a_wrong_passphrase(house: House) -> None:
    house.clinic.accounts.add("Ann", "therapist", PASSPHRASE)
    of_ann = house.visitor().sign_in("Ann", "a wrong passphrase")
    of_nobody = house.visitor().sign_in("Nobody", "a wrong passphrase")
    assert of_ann.status_code == of_nobody.status_code == 400
    assert of_ann.text.split("csrf")[0] == of_nobody.text.split("csrf")[0]


def test_one_address_that_tries_many_names_has_to_wait(house: House) -> None:
    visitor = house.visitor()
    visitor.get("/sign-in")
    codes = [
        visitor.post("/sign-in", {"name": f"guess {n}", "passphrase": "x" * 12}).status_code
        for n in range(22)
    ]
    assert codes[:20] == [400] * 20
    assert codes[-1] == 429
    elsewhere = house.visitor(address="192.168.1.99")
    assert elsewhere.sign_in("guess 1", "x" * 12).status_code == 400


# ---------------------------------------------------------------- sessions


def test_the_cookie_is_for_this_site_alone_and_no_script(house: House) -> None:
    house.clinic.accounts.add("Ann", "therapist", PASSPHRASE)
    cookie = house.visitor().sign_in("Ann").headers["set-cookie"]
    assert cookie.startswith("__Host-griptune=")
    for word in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert word in cookie
    assert "Max-Age" not in cookie  # a therapist's ends with the browser


def test_the_token_is_kept_nowhere(house: House) -> None:
    token = house.signed_in("therapist").token
    house.store.close()
    files = [p for p in house.store.data_dir.rglob("*") if p.is_file()]
    assert files
    assert not [p for p in files if token.encode() in p.read_bytes()]


@pytest.mark.parametrize("thief", [{"address": "192.168.1.66"}, {"agent": "Thief/2.0"}])
def test_a_stolen_session_opens_nothing_elsewhere(house: House, thief: dict[str, str]) -> None:
    victim = house.signed_in("therapist")
    stolen = house.visitor(**thief)
    stolen.client.cookies.set("__Host-griptune", victim.token)
    assert stolen.get("/patients").status_code == 303
    assert victim.get("/patients").status_code == 200


def test_a_display_keeps_its_session_when_its_address_changes(house: House) -> None:
    display = house.signed_in("display")
    moved = house.visitor(address="192.168.1.77")
    moved.client.cookies.set("__Host-griptune", display.token)
    assert moved.get("/board").status_code == 200


def test_a_session_ends_by_signing_out_by_time_and_by_shutting_the_account(house: House) -> None:
    visitor = house.signed_in("therapist")
    token = visitor.token
    visitor.post("/sign-out")
    again = house.visitor()
    again.client.cookies.set("__Host-griptune", token)
    assert again.get("/patients").status_code == 303

    idle = house.signed_in("therapist")
    house.clock.go_on(minutes=29)
    assert idle.get("/patients").status_code == 200
    house.clock.go_on(minutes=31)
    assert idle.get("/patients").status_code == 303

    busy = house.signed_in("therapist")
    for _ in range(25):
        house.clock.go_on(minutes=29)
        last = busy.get("/patients").status_code
    assert last == 303  # twelve hours at most

    shut = house.signed_in("therapist")
    account = next(a for a in house.clinic.accounts.all() if a.name == "Therapist")
    house.clinic.accounts.set_disabled(account.id, True)
    assert shut.get("/patients").status_code == 303
    assert house.visitor().sign_in("Therapist").status_code == 400


def test_a_new_passphrase_ends_every_session_and_the_old_one_opens_nothing(house: House) -> None:
    visitor = house.signed_in("therapist")
    other = house.signed_in("therapist", address="192.168.1.30")
    new = "another four words"

    def change(old: str, again: str) -> int:
        return visitor.post("/account", {"old": old, "new": new, "again": again}).status_code

    assert change("wrong", new) == change(PASSPHRASE, "x") == 400
    assert change(PASSPHRASE, new) == 303
    assert visitor.get("/patients").status_code == other.get("/patients").status_code == 303
    assert house.visitor().sign_in("Therapist").status_code == 400
    assert house.visitor().sign_in("Therapist", new).status_code == 303


def test_a_forged_token_is_no_session(house: House) -> None:
    visitor = house.visitor()
    for forged in ("x", "x" * 43, "' OR 1=1 --" + "x" * 30, "é" * 40, "x" * 5000):
        answer = visitor.get("/patients", headers={"cookie": f"__Host-griptune={forged}".encode()})
        assert answer.status_code == 303


def test_the_last_administrator_cannot_be_shut_out(house: House) -> None:
    visitor = house.signed_in("administrator")
    account = house.clinic.accounts.all()[0]
    answer = visitor.post(f"/accounts/{account.id}/disable")
    assert answer.status_code == 400
    assert "last administrator" in answer.text
    assert visitor.get("/accounts").status_code == 200


def test_two_accounts_of_one_name_in_other_letters_are_refused(house: House) -> None:
    house.clinic.accounts.add("Ann", "therapist", PASSPHRASE)
    with pytest.raises(ClinicError, match="already"):
        house.clinic.accounts.add("ＡＮＮ ", "display", PASSPHRASE)


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "http://clinic.test"}, 403),
        ({"origin": "https://clinic.test.evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "none"}, 403),  # none sent
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    house: House, headers: dict[str, str], status: int
) -> None:
    visitor = house.signed_in("administrator")
    fields = {"name": "Eve", "role": "administrator", "passphrase": PASSPHRASE}
    answer = visitor.post("/accounts", fields, headers=headers)
    assert answer.status_code == status
    assert ("Eve" in {a.name for a in house.clinic.accounts.all()}) == (status == 303)


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
def test_a_form_without_the_sessions_token_changes_nothing(house: House, token: str) -> None:
    visitor = house.signed_in("administrator")
    other = house.signed_in("therapist", address="192.168.1.30")
    fields = {"name": "Eve", "role": "administrator", "passphrase": PASSPHRASE}
    assert visitor.post("/accounts", fields, csrf=token).status_code == 403
    assert visitor.post("/accounts", fields, csrf=other.csrf).status_code == 403
    assert "Eve" not in {a.name for a in house.clinic.accounts.all()}


def test_nobody_is_signed_in_by_a_form_of_somebody_else(house: House) -> None:
    """Signing a visitor in as somebody else would show the thief what the visitor types."""
    house.clinic.accounts.add("Thief", "therapist", PASSPHRASE)
    thief = house.visitor()
    thief.get("/sign-in")
    victim = house.visitor()
    answer = victim.post("/sign-in", {"name": "Thief", "passphrase": PASSPHRASE}, csrf=thief.csrf)
    assert answer.status_code == 403


# ---------------------------------------------------------------- transport


@pytest.mark.parametrize(
    ("scheme", "client", "host", "safe"),
    [
        ("https", "192.168.1.5", "clinic.test", True),
        ("http", "127.0.0.1", "localhost:8484", True),
        ("http", "127.0.0.1", "127.0.0.1:8484", True),
        ("http", "::1", "[::1]:8484", True),
        ("http", "192.168.1.5", "192.168.1.2:8484", False),
        ("http", "192.168.1.5", "localhost:8484", False),
        ("http", "127.0.0.1", "evil.test", False),  # a name that was pointed at this machine
        ("http", "", "", False),
        ("http", "127.0.0.1", "[", False),
    ],
)
def test_plain_http_is_for_this_machine_alone(scheme, client, host, safe) -> None:
    assert safe_enough(scheme, client, host) == safe


@given(origin=st.text(max_size=60), host=st.text(max_size=30))
def test_an_origin_is_ours_only_if_it_is_the_very_same(origin: str, host: str) -> None:
    if from_this_site("https", host, {"origin": origin}):
        assert (
            origin.lower().removeprefix("https://").split("/")[0].split("?")[0].split("#")[0]
            == host.lower()
        )


def test_staff_pages_refuse_plain_http_and_the_open_board_does_not(house: House) -> None:
    plain = {"base": "http://192.168.1.2:8484"}
    visitor = house.visitor(**plain)
    for path in ("/sign-in", "/patients", "/board", "/account"):
        assert visitor.get(path).status_code == 403, path
    house.clinic.serving = type(house.clinic.serving)(open_board=True)
    assert visitor.get("/board").status_code == 200
    assert visitor.get("/sign-in").status_code == 403
    here = house.visitor(base="http://127.0.0.1:8484", address="127.0.0.1")
    assert here.get("/sign-in").status_code == 200
