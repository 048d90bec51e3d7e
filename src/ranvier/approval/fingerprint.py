"""One hash over everything that can reach a reader (design: Words, promise 5)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from ranvier.approval.frozen import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ranvier.approval.frozen import Frozen
    from ranvier.issue.edition import Edition
    from ranvier.rendering.publication import Publication
    from ranvier.subscribers.segments import Segment


def fingerprint(
    frozen: Frozen,
    *,
    publication: Publication,
    edition: Edition,
    segments: Sequence[Segment],
    topics: Mapping[str, tuple[str, ...]],
) -> str:
    """SHA-256, 64 hex digits, over what is frozen and over the rules by which readers get it.

    Publication (its audiences), edition and the topics of the items are those rules. People, transport,
    secrets and the date of sending are not in it. `frozen.header` holds no MIME boundary: that is derived
    from the fingerprint.
    """
    document = {
        "edition": asdict(edition),
        "frozen": to_json(frozen),
        "publication": asdict(publication),
        "segments": [repr(segment) for segment in segments],  # a condition's type is part of what it means
        "topics": topics,
    }
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
