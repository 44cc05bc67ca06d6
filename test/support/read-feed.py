"""Reads feeds as feedparser understands them: paths on standard input, one a line; a JSON list on standard output."""

import json
import sys

import feedparser

# Texts as they stand in the feed, not as HTML that feedparser thinks safe.
feedparser.SANITIZE_HTML = 0
feedparser.RESOLVE_RELATIVE_URIS = 0


def read(path):
    with open(path, "rb") as file:
        feed = feedparser.parse(file)
    return {
        "fault": repr(feed.bozo_exception) if feed.bozo else None,
        "version": feed.version,
        "title": feed.feed.get("title", ""),
        "language": feed.feed.get("language"),
        "entries": [
            {
                "id": entry.get("id"),
                "link": entry.get("link"),
                "title": entry.get("title", ""),
                "author": entry.get("author_detail", {}).get("name"),
                "published": list(entry.get("published_parsed") or []),
                "summary": entry.get("summary", ""),
                "content": [content.value for content in entry.get("content", [])],
                "tags": [tag.term for tag in entry.get("tags", [])],
            }
            for entry in feed.entries
        ],
    }


json.dump([read(line.rstrip("\n")) for line in sys.stdin], sys.stdout)
