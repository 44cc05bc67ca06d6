"""Reads a letter on stdin with Python's email package and prints what it understood as JSON."""

import email
import email.policy
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = list(message.walk())
defects = [repr(defect) for part in parts for defect in part.defects]
defects += [repr(defect) for part in parts for value in part.values() for defect in getattr(value, "defects", [])]
json.dump(
    {
        "defects": defects,
        "headers": [[name.lower(), str(value)] for name, value in message.items()],
        "parts": [
            [part.get_content_type(), part.get_content().replace("\r\n", "\n")]
            for part in parts
            if not part.is_multipart()
        ],
    },
    sys.stdout,
)
