"""Our requests against the published schema of mail/send, where it lies beside the project."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.doubles.composer import HandMade, delivery

from ranvier.delivery.sendgrid_request import encoded, group_of, request_body
from ranvier.message.sender import Sender

SHARED = Path(__file__).parents[2].parent / "shared"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not beside the project")


@pytest.mark.parametrize("reply_to", ["", "editors@news.example.org"])
def test_a_request_is_as_the_schema_says(reply_to):
    schema = json.loads((SHARED / "sendgrid/mail_send.schema.json").read_text())
    sender = Sender(
        name="Digest", address="digest@news.example.org", list_id="d.example.org", reply_to=reply_to
    )
    group, unfit = group_of([delivery(number) for number in range(1, 1001)], HandMade())
    assert group
    assert not unfit
    body = json.loads(encoded(request_body(group.parts, sender, group.readers)))
    assert len(body["personalizations"]) == 1000
    jsonschema.validate(body, schema)
    body["personalizations"] = []
    body["subject"] = ""
    with pytest.raises(jsonschema.ValidationError):  # the schema does bite
        jsonschema.validate(body, schema)
