"""Looks at what a run published and mailed, with Python's readers instead of ours: look.py PUBLIC OUTBOX"""

import json
import sys
from email import policy
from email.parser import BytesParser
from pathlib import Path

import feedparser


def check(holds, fault):
    if not holds:
        sys.exit(f"look.py: {fault}")


def feed_ids(path):
    """The ids of an RSS or Atom document that feedparser reads without a complaint."""
    feed = feedparser.parse(path.read_bytes())
    check(not feed.bozo, f"{path}: {feed.get('bozo_exception')}")
    check(len(feed.entries) > 0, f"{path} has no entries")
    for entry in feed.entries:
        check(entry.get("id"), f"{path}: an entry has no id")
    return [entry.id for entry in feed.entries]


def json_ids(path):
    feed = json.loads(path.read_text(encoding="utf-8"))
    check(feed["version"].startswith("https://jsonfeed.org/version/1"), f"{path}: version {feed['version']}")
    return [item["id"] for item in feed["items"]]


def look_at_letter(path):
    letter = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    for part in letter.walk():
        check(not part.defects, f"{path}: {part.defects}")
        for name, value in part.items():
            check(not value.defects, f"{path}: {name}: {value.defects}")
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"):
        check(len(letter.get_all(name, [])) == 1, f"{path} has not exactly one {name}")
    check(letter["Date"].datetime is not None, f"{path}: Date {letter['Date']}")
    for subtype in ("plain", "html"):
        body = letter.get_body(preferencelist=(subtype,))
        check(body is not None and body.get_content().strip(), f"{path} has no text/{subtype}")


def main(public, outbox):
    rss, atom = feed_ids(public / "feed.xml"), feed_ids(public / "atom.xml")
    check(rss == atom, "feed.xml and atom.xml list different ids")
    check(rss == json_ids(public / "feed.json"), "feed.xml and feed.json list different ids")
    check(len(set(rss)) == len(rss), "feed.xml has an id twice")
    letters = sorted(outbox.rglob("*.eml"))
    check(len(letters) == 1, f"{outbox} holds {len(letters)} letters instead of 1")
    look_at_letter(letters[0])
    print(f"{len(rss)} entries, the same in RSS, Atom and JSON; {letters[0]} reads well")


main(Path(sys.argv[1]), Path(sys.argv[2]))
