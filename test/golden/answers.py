#!/usr/bin/env python3
"""answers.py PROGRAM CASE REFERENCE — what a worked case must be able to answer, as the program computes it today,
compared with what was read and agreed to. UPDATE=1 rewrites the reference: read the difference before you commit it."""
import difflib
import json
import os
import subprocess
import sys
import tempfile

program, case, reference = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]

# as of, known by (None: everything)
MOMENTS = {
    "syria-2016": [
        ("2016-09-12T12:00:00Z", "2016-09-12T12:00:00Z"),
        ("2016-09-16T12:00:00Z", "2016-09-16T12:00:00Z"),
        ("2016-09-18T18:00:00Z", "2016-09-18T18:00:00Z"),
        ("2016-09-18T18:00:00Z", "2016-10-03T23:59:59Z"),
        ("2016-09-18T18:00:00Z", None),
        ("2016-09-20T18:00:00Z", "2016-09-20T18:00:00Z"),
        ("2016-10-04T12:00:00Z", "2016-10-04T12:00:00Z"),
        ("2016-10-04T12:00:00Z", None),
    ],
}


def truce(*words):
    result = subprocess.run([program, *words], capture_output=True, timeout=120, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if result.returncode != 0:
        sys.exit("truce %s: %s" % (" ".join(words), result.stderr.decode()))
    return result.stdout


def told(records, record_id):
    """The record in a few words that do not change when the case's other records do."""
    record = records.get(record_id)
    if record is None:
        return record_id
    text = record.get("text", {}).get("en", "")
    return "%s of %s, %s%s" % (record["kind"], record["by"], record["written"][:16],
                               ": " + text[:72] + ("…" if len(text) > 72 else "") if text else "")


def held(clock, records):
    for reading, run in sorted(clock.get("runs", {}).items()):
        yield "    %s: longest sure run %d of %d hours%s" % (
            reading, run["longest_s"] // 3600, clock["held_s"] // 3600,
            "; last set back on %s by %s" % (run["reset_at"][:10], told(records, run["reset_by"]))
            if "reset_by" in run else "; never set back")


def answers(register):
    records = {r["id"]: r for r in map(json.loads, truce("list", "-C", register, "--json").splitlines())}
    yield "%d records" % len(records)
    for as_of, known in MOMENTS[case]:
        words = ["standing", "-C", register, "--json", "--as-of", as_of] + (["--known", known] if known else [])
        standing = json.loads(truce(*words))
        yield ""
        yield "As of %s, %s: %d records" % (as_of, "as known on " + known if known else "as known at the end",
                                           standing["known"])
        for agreement in standing["agreements"]:
            yield "%s: %s since %s" % (agreement["id"], agreement["standing"], agreement.get("since", "-"))
            for channel in agreement["channels"]:
                yield "  channel %s: %s since %s" % (channel["id"], channel["standing"], channel.get("since", "-"))
            for term in agreement["terms"]:
                readings = sorted((term.get("was_readings") or term["readings"]).items())
                verdicts = {v for _, v in readings}
                yield "  %s: %s%s%s" % (
                    term["id"], term["verdict"], " (was %s)" % term["was"] if "was" in term else "",
                    " — " + ", ".join("%s %s" % r for r in readings) if len(verdicts) > 1 else "")
                for name, rival in sorted(term.get("rivals", {}).items()):
                    yield "    as %s has it: %s%s" % (name, rival["verdict"],
                                                      " (was %s)" % rival["was"] if "was" in rival else "")
                yield from held(term["clock"], records)
        for kind in ("notices", "questions"):
            for item in standing["open"][kind]:
                yield "  waits: %s to %s, due %s (%s)" % (told(records, item["id"]), item["to"], item.get("due", "-"),
                                                         item["state"])


with tempfile.TemporaryDirectory() as folder:
    truce("case", "load", case, "-C", folder + "/r")
    got = "\n".join(answers(folder + "/r")) + "\n"
if os.environ.get("UPDATE"):
    open(reference, "w", encoding="utf-8").write(got)
wanted = open(reference, encoding="utf-8").read()
if got != wanted:
    sys.stderr.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), reference, "now"))
    sys.exit("the answers of %s differ from %s" % (case, reference))
print("%d lines as agreed" % len(got.splitlines()))
