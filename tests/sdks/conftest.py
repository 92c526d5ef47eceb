"""The libraries under test: one program per language and test process."""

from collections.abc import Iterator

import pytest

from tests.sdks.library import PROGRAMS, Library, missing


@pytest.fixture(scope="session", params=sorted(PROGRAMS))
def library(request: pytest.FixtureRequest) -> Iterator[Library]:
    """Each of the libraries in turn; not run, with the reason, where its language is missing."""
    reason = missing(request.param)
    if reason:
        pytest.skip(reason)
    started = Library.started(request.param)
    yield started
    started.stop()
