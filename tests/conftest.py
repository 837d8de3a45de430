"""What all tests share: no test touches the user's own data, and skips can be forbidden."""

import os

import pytest

pytest_plugins = ["tests.postgres", "tests.records.databases"]


@pytest.fixture(autouse=True)
def _own_data_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIPTUNE_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("GRIPTUNE_DATABASE", raising=False)


#: Folders whose tests follow the real clock with several processes each.
IN_REAL_TIME = ("tests/hil/",)


# First, so that the groups are there when pytest-xdist's workers look for them.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the walls first, then everything else; and say what may run beside what (``-n auto``).

    A file's tests stay on one worker, so that what they share is made once. Tests in real time
    never run beside each other: those with a window, those with the firmware's simulator, and those
    marked ``real_time``.
    """
    items.sort(key=lambda item: "test_walls" not in item.nodeid)
    for item in items:
        alone = item.nodeid.startswith(IN_REAL_TIME) or any(
            item.get_closest_marker(name) for name in ("display", "real_time")
        )
        group = "real time" if alone else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With GRIPTUNE_NO_SKIPS=1 (as in .ci/run) a skipped test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("GRIPTUNE_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
