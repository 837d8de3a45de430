"""Every path with every role: who is let in is written down here once more, by hand."""

import re

import pytest

from game.clinic.routes import PAGES
from tests.clinic.visiting import House, Visitor

ALL = {"nobody", "patient", "display", "therapist", "administrator", "station"}
SIGNED_IN = ALL - {"nobody", "station"}
STAFF = {"therapist", "administrator"}
ADMINISTRATOR = {"administrator"}
STATION = {"station"}

#: Method and path, and who is let in. Whoever adds a page writes it here.
LET_IN = {
    ("GET", "/"): ALL,
    ("GET", "/static/{name}"): ALL,
    ("GET", "/sign-in"): ALL,
    ("POST", "/sign-in"): ALL,
    ("POST", "/sign-out"): SIGNED_IN,
    ("GET", "/board"): SIGNED_IN,
    ("GET", "/board/events"): SIGNED_IN,
    ("GET", "/board/data"): SIGNED_IN,
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account"): SIGNED_IN,
    ("GET", "/patients"): STAFF,
    ("POST", "/patients"): STAFF,
    ("GET", "/patients/{id}"): STAFF,
    ("POST", "/patients/{id}/change"): STAFF,
    ("POST", "/patients/{id}/notes"): STAFF,
    ("POST", "/patients/{id}/tests"): STAFF,
    ("POST", "/patients/{id}/erase"): STAFF,
    ("GET", "/patients/{id}/plan"): STAFF,
    ("POST", "/patients/{id}/plan"): STAFF,
    ("GET", "/patients/{id}/pictures/{name}"): STAFF,
    ("GET", "/patients/{id}/report"): STAFF,
    ("POST", "/patients/{id}/report.pdf"): STAFF,
    ("POST", "/patients/{id}/export"): STAFF,
    ("GET", "/songs"): STAFF,
    ("POST", "/songs"): STAFF,
    ("POST", "/songs/{key}/hide"): STAFF,
    ("POST", "/songs/{key}/show"): STAFF,
    ("POST", "/songs/{key}/of-the-week"): STAFF,
    ("GET", "/stations"): STAFF,
    ("POST", "/stations"): ADMINISTRATOR,
    ("POST", "/stations/{id}/revoke"): ADMINISTRATOR,
    ("GET", "/accounts"): ADMINISTRATOR,
    ("POST", "/accounts"): ADMINISTRATOR,
    ("POST", "/accounts/{id}/disable"): ADMINISTRATOR,
    ("POST", "/accounts/{id}/enable"): ADMINISTRATOR,
    ("POST", "/accounts/{id}/passphrase"): ADMINISTRATOR,
    ("GET", "/audit"): ADMINISTRATOR,
    ("POST", "/backup"): ADMINISTRATOR,
    ("POST", "/sync/pair"): ALL,  # who has a one-time code
    ("POST", "/sync/facts"): STATION,
    ("GET", "/sync/manifest"): STATION,
    ("POST", "/sync/fetch"): STATION,
    ("POST", "/sync/boards"): STATION,
}

#: What is put in for the pieces of a path: names of nothing.
PIECES = {
    "{id}": "01970000-0000-7000-8000-000000000000",
    "{key}": "no-such-song",
    "{name}": "look.css",
}


def test_the_table_here_is_the_table_there() -> None:
    assert {(page.method, page.path) for page in PAGES} == set(LET_IN)


def visitor_as(house: House, who: str) -> Visitor:
    if who == "nobody":
        visitor = house.visitor()
        visitor.get("/sign-in")
        return visitor
    if who == "station":
        visitor = house.visitor()
        _, token = house.clinic.stations.pair(house.clinic.stations.invite("Window"))
        visitor.client.headers["authorization"] = f"Bearer {token}"
        visitor.get("/sign-in")
        return visitor
    return house.signed_in(who)


def asked(visitor: Visitor, method: str, path: str):
    for name, value in PIECES.items():
        path = path.replace(name, value)
    if path.startswith("/sync"):
        return visitor._ask(method, path, **({"json": {}} if method == "POST" else {}))
    if path == "/board/events":
        # The stream does not end; whether it is refused is known without reading it.
        return visitor._ask("HEAD", path)
    return visitor.get(path) if method == "GET" else visitor.post(path)


def was_let_in(answer) -> bool:
    if answer.status_code in (401, 403):
        return False
    return not (
        answer.status_code == 303
        and answer.headers["location"] == "/sign-in"
        and answer.request.url.path not in ("/", "/sign-in")
    )


@pytest.mark.parametrize("who", sorted(ALL))
def test_a_role_takes_its_paths_and_no_other(house: House, who: str) -> None:
    for (method, path), let_in in LET_IN.items():
        if path == "/sign-out":
            continue  # below: it would end the walk
        visitor = visitor_as(house, who)
        answer = asked(visitor, method, path)
        assert was_let_in(answer) == (who in let_in), (method, path, answer.status_code)
        assert answer.status_code < 500, (method, path, answer.text)


def test_signing_out_needs_somebody_signed_in(house: House) -> None:
    assert house.visitor().post("/sign-out").status_code == 401
    visitor = house.signed_in("display")
    assert visitor.post("/sign-out").status_code == 303
    assert visitor.get("/board").status_code == 303


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/patients/../accounts", "/static/../app.py", "/static/%2e%2e%2fapp.py", "/x/y"],
)
def test_a_path_that_is_not_in_the_table_does_not_exist(house: House, path: str) -> None:
    answer = house.signed_in("therapist").get(path)
    assert answer.status_code in (404, 403)
    assert "import" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(house: House, method: str) -> None:
    assert house.signed_in("administrator")._ask(method, "/accounts").status_code == 405


def test_every_answer_forbids_scripts_from_elsewhere_and_framing(house: House) -> None:
    visitor = house.signed_in("administrator")
    for path in ("/patients", "/board", "/static/look.css", "/sign-in", "/nothing", "/audit"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_no_page_has_a_script_or_a_style_within(house: House) -> None:
    visitor = house.signed_in("administrator")
    for path in ("/patients", "/board", "/songs", "/stations", "/accounts", "/audit", "/account"):
        text = visitor.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"<[^>]+\son\w+=", text)
        assert text.count("<script") == text.count('<script src="/static/')
