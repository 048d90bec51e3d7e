"""Whatever is asked, by the OpenAPI document and beside it, with real links and with others: no 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.doubles.sendgrid_hook import SendGridHook
from tests.weeks import CLOCKS, World

from ranvier.settings.workspace import Environment, Workspace
from ranvier.web.site import site

EXAMPLES = 12


@pytest.fixture
def schema(world: World) -> Iterator[Any]:
    workspace = Workspace(world.workspace.root, Environment(webhook_key=SendGridHook().public))
    app = site(workspace, CLOCKS)
    made = schemathesis.openapi.from_dict(app.openapi())
    made.app = app
    yield made
    workspace.close()


def test_no_request_is_an_error_of_ours(world: World, schema: Any) -> None:
    real = {kind: world.link("ann", kind)[3:] for kind in "up"}
    operations = [result.ok() for result in schema.get_all_operations()]
    assert {operation.path for operation in operations} >= {
        "/subscribe",
        "/u/{token}",
        "/p/{token}/forget",
        "/c/{token}",
        "/webhooks/sendgrid",
        "/issues/{edition}/{day}",
    }
    for operation in operations:
        for mode in GenerationMode:
            _try(operation, mode, real.get(operation.path[1:2], ""))


def _try(operation: Any, mode: GenerationMode, real: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_real=some.booleans())
    def check(case: Any, is_real: bool) -> None:  # noqa: FBT001 - as above
        if is_real and real:
            case.path_parameters["token"] = real
        answer = case.call()
        assert answer.status_code < 500, (operation.method, operation.path, case.body)
        assert "Traceback" not in answer.text

    with suppress(Unsatisfiable):  # an operation that takes nothing cannot be asked wrongly
        check()
