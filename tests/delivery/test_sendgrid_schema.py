"""Our requests against the published schema of mail/send, where it lies beside the project."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.doubles.composer import HandMade, delivery

from ranvier.delivery.sendgrid_request import Personal, personal_of, request_body
from ranvier.message.sender import Sender

SHARED = Path(__file__).parents[2].parent / "shared"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not beside the project")


@pytest.mark.parametrize("reply_to", ["", "editors@news.example.org"])
def test_a_request_is_as_the_schema_says(reply_to):
    schema = json.loads((SHARED / "sendgrid/mail_send.schema.json").read_text())
    sender = Sender(
        name="Digest", address="digest@news.example.org", list_id="d.example.org", reply_to=reply_to
    )
    made = [personal_of(delivery(number), HandMade()) for number in range(1, 1001)]
    readers = [one for one in made if isinstance(one, Personal)]
    assert len(readers) == 1000
    body = request_body(HandMade().parts("clinicians", 3), sender, readers)
    jsonschema.validate(body, schema)
    body["personalizations"] = []
    body["subject"] = ""
    with pytest.raises(jsonschema.ValidationError):  # the schema does bite
        jsonschema.validate(body, schema)
