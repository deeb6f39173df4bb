#!/usr/bin/env python3
"""answers.py PROGRAM CASE… — what each worked case must be able to answer, as the program computes it today, compared
with what was read and agreed to (CASE.ref beside this file). The moments stand in CASE.moments, one a line: as of when,
and what was known by then (- for everything). A case's agreements pass their check without a word. UPDATE=1 rewrites the
references: read the difference before you commit it."""
import difflib
import glob
import json
import os
import subprocess
import sys
import tempfile

program, cases = os.path.abspath(sys.argv[1]), sys.argv[2:]
HERE = os.path.dirname(os.path.abspath(__file__))


def moments(case):
    for line in open(os.path.join(HERE, case + ".moments"), encoding="utf-8"):
        as_of, known = line.split()
        yield as_of, None if known == "-" else known


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


def so_in(judged):
    """The verdict, what it was, and under which readings it is otherwise than the verdict; of a disputed term whose
    readings are equal, so that only its texts differ, what they all are."""
    readings = sorted((judged.get("was_readings") or judged["readings"]).items())
    verdicts = {v for _, v in readings}
    told = judged["verdict"] + (" (was %s)" % judged["was"] if "was" in judged else "")
    if len(verdicts) > 1:
        return told + " — " + ", ".join("%s %s" % r for r in readings)
    return told if verdicts <= {judged["verdict"], judged.get("was")} else told + " — every reading " + verdicts.pop()


def answers(register, case):
    records = {r["id"]: r for r in map(json.loads, truce("list", "-C", register, "--json").splitlines())}
    yield "%d records" % len(records)
    for as_of, known in moments(case):
        words = ["standing", "-C", register, "--json", "--as-of", as_of] + (["--known", known] if known else [])
        standing = json.loads(truce(*words))
        yield ""
        yield "As of %s, %s: %d records" % (as_of, "as known on " + known if known else "as known at the end",
                                           standing["known"])
        for agreement in standing["agreements"]:
            yield "%s: %s since %s" % (agreement["id"], agreement["standing"], agreement.get("since", "-"))
            for channel in agreement["channels"]:
                yield "  channel %s: %s since %s" % (channel["id"], channel["standing"], channel.get("since", "-"))
            if "fault" in agreement:
                yield "  cannot be read: %s at %s" % (agreement["fault"]["code"], agreement["fault"]["pointer"])
            for term in agreement["terms"]:
                yield "  %s: %s" % (term["id"], so_in(term))
                for name, rival in sorted(term.get("rivals", {}).items()):
                    yield "    as %s has it: %s" % (name, so_in(rival))
                yield from held(term["clock"], records)
        for kind in ("notices", "questions"):
            for item in standing["open"][kind]:
                yield "  waits: %s to %s, due %s (%s)" % (told(records, item["id"]), item["to"], item.get("due", "-"),
                                                         item["state"])
        for item in standing["open"].get("proposals", []):
            yield "  proposed: %s, to %s, as %s is %s" % (item["do"], ", ".join(item["ask"]), item["term"], item["on"])


def remarks(case):
    """What the check of its agreements has to say: nothing."""
    for path in sorted(glob.glob(os.path.join(HERE, "..", "..", "cases", case, "*.json"))):
        if any(record["kind"] == "agreement" for record in json.load(open(path, encoding="utf-8"))):
            for agreement in json.loads(truce("terms", "check", path, "--json"))["agreements"]:
                for remark in agreement["errors"] + agreement["warnings"]:
                    yield "%s: %s (%s)" % (agreement["agreement"], remark["message"], remark["pointer"])


def main():
    lines = 0
    differ = []
    for case in cases:
        said = list(remarks(case))
        if said:
            sys.exit("\n".join(said))
        reference = os.path.join(HERE, case + ".ref")
        with tempfile.TemporaryDirectory() as folder:
            truce("case", "load", case, "-C", folder + "/r")
            got = "\n".join(answers(folder + "/r", case)) + "\n"
        if os.environ.get("UPDATE"):
            open(reference, "w", encoding="utf-8").write(got)
        wanted = open(reference, encoding="utf-8").read()
        lines += len(got.splitlines())
        if got != wanted:
            differ.append(case)
            sys.stderr.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), reference, "now"))
    if differ:
        sys.exit("the answers differ: " + ", ".join(differ))
    print("%d cases, %d lines as agreed" % (len(cases), lines))


main()
