"""The pages' files are there, each under its name alone."""

import pytest

from game.clinic.pages.static import FILES
from tests.clinic.visiting import House


def test_every_file_is_there_and_is_answered(house: House) -> None:
    visitor = house.visitor()
    for name, (path, kind) in FILES.items():
        answer = visitor.get(f"/static/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(kind.partition(";")[0])
        assert answer.content == path.read_bytes()
        again = visitor.get(f"/static/{name}", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("name", ["", "app.py", "..%2fapp.py", "look.css%00", "%2e%2e", "LOOK.CSS"])
def test_nothing_else_is(house: House, name: str) -> None:
    assert house.visitor().get(f"/static/{name}").status_code == 404
