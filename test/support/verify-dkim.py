"""Verifies each DKIM-Signature of the letter on stdin with dkimpy, the first one first, and prints verdicts as JSON.

Every argument is a TXT record: NAME=TEXT. No other name is looked up.
"""

import json
import sys

import dkim

records = dict(argument.encode().split(b"=", 1) for argument in sys.argv[1:])
verifier = dkim.DKIM(sys.stdin.buffer.read())


def look_up(name, timeout=5):
    return records.get(name.rstrip(b"."))


def verdict(index):
    try:
        return {"passes": verifier.verify(index, dnsfunc=look_up), "fault": None}
    except dkim.DKIMException as fault:
        return {"passes": False, "fault": str(fault)}


signatures = [name for name, _ in verifier.headers if name.lower() == b"dkim-signature"]
json.dump([verdict(index) for index in range(len(signatures))], sys.stdout)
