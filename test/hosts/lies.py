#!/usr/bin/env python3
"""lies.py [FILE] — the table of lies: what each is answered by. Histories and hosts are played against it, and spec/threats.md
holds it between two marks: told as a test, it compares the two; with --write it writes it there."""
import collections
import sys

PREVENTED, DETECTED, PROVABLE, OPEN = "prevented", "detected", "provable", "not defended"

Lie = collections.namedtuple("Lie", "what answer codes after evidence note")


def lie(what, answer, codes="", after="", evidence=None, note=""):
    """codes: the checks by which it is noticed; evidence: the kind of file that proves it to outsiders."""
    return Lie(what, answer, tuple(codes.split()), after, evidence, note)


LIES = {
    # what was handed in
    "drop": lie("gives a promise for a record and never logs it", PROVABLE, "promise-missed",
                "the promised index is in a signed head; whoever has the receipt looks (`truce promises`)", "promise",
                note="the author hands it in again"),
    "drop-signed": lie("gives a receipt with a signed head for a record and never logs it", PROVABLE,
                       after="a later signed head; whoever has the receipt looks", evidence="fork",
                       note="the author hands it in again"),
    "reorder": lie("logs two promised records in each other's place", PROVABLE, "promise-missed",
                   "the promised index is in a signed head; whoever has the receipt looks (`truce promises`)", "promise"),
    "late": lie("covers a promised record after its merge-by only", PROVABLE,
                after="a witness cosigned, after merge-by, a head that does not cover it", evidence="promise",
                note="says what the witness had been shown, not why"),
    "withhold": lie("takes no record from one office, and says nothing", PREVENTED,
                    after="a pouch brings it to any other office",
                    note="a mirror's stamp shows when it had it (`truce arrivals`)"),
    "withhold-all": lie("never logs one record, whoever brings it", DETECTED, "withheld",
                        "a day after a mirror stamped it (`truce arrivals`)",
                        note="it is kept in every outbox that a pouch reached; a take-over logs it"),
    "refuse": lie("refuses with its signature what is admissible", PROVABLE,
                  after="at once: the refusal is signed", evidence="refusal",
                  note="that it was admissible, any copy of the log shows"),
    "delay": lie("logs a record hours after it came, within merge-by", OPEN,
                 note="`written`, `received` and a mirror's stamp stand apart"),

    # the log itself
    "two-views": lie("shows two histories, signed by one key", PROVABLE, "mirror-fork heads-other",
                     "the first time that a head of the one meets a copy of the other", "fork",
                     "only one of them is ever cosigned by a quorum"),
    "rewrite": lie("removes, swaps or changes published entries and signs anew", PROVABLE, "mirror-fork heads-other",
                   "the next round of any mirror that had them", "fork"),
    "roll-back": lie("goes back to an earlier head and goes on from there", PROVABLE, "mirror-fork heads-other",
                     "the next round of any mirror that had more, once it goes on otherwise", "fork"),
    "freeze": lie("shows one office an old head, and nothing newer", DETECTED, "stale",
                  "an hour without a newer quorum (`truce heads`); or any other office's head",
                  note="a copy of the newer log is taken from any mirror"),
    "tamper": lie("serves other bytes than its signed head covers", PREVENTED,
                  "mirror-entries mirror-bundle mirror-proof", "at once: nothing of it is taken"),
    "wrong-key": lie("signs with a key that the members did not put in force", PREVENTED, "mirror-key mirror-signature",
                     "at once: nothing of it is taken"),

    # what is in it
    "slip-in": lie("logs what nobody may say: by no member, against the matrix, another's, twice, or no record at all",
                   DETECTED, "admission-member-unknown admission-role admission-own admission-duplicate record-note",
                   "the round that copies it", note="void in every copy; the copy itself is the proof"),
    "invent-member": lie("logs a membership that too few founders agreed to, and what that member says", DETECTED,
                         "admission-member-unknown", "the round that copies it", note="void in every copy"),
    "forge": lie("logs a record with a changed letter, or under a false signature", DETECTED, "admission-signature",
                 "the round that copies it", note="void in every copy"),
    "replay": lie("logs a record of another register", DETECTED, "admission-register", "the round that copies it",
                  note="void in every copy"),

    # when it came
    "backdate": lie("says that a record came before a head that an earlier entry anchors, by more than 300 s", PROVABLE,
                    "received-early", "the round that copies it", "received"),
    "backdate-within": lie("says that a record came at most 300 s before that, or there is no anchor between", OPEN,
                           note="anchor often: the bound is the last anchor"),
    "disorder": lie("says that a record came before the entry that stands before it", DETECTED, "received-back",
                    "the round that copies it", note="the copy itself is the proof"),
    "postdate": lie("says that a record came more than 300 s after a cosigner had it", PROVABLE, "received-ahead",
                    "the round that copies it", "received"),

    # others than the host
    "bad-witness": lie("has one witness more on its side than the policy's `faults`, and shows two cosigned histories",
                       PROVABLE, "mirror-fork heads-other", "the first time that the two meet", "fork",
                       "both are cosigned: not prevented"),
    "two-tongues": lie("an author signs two records for one place of its chain", PROVABLE, "mirror-equivocation pouch-conflict",
                       "both are in one copy, or one pouch meets the other", "equivocation", "both stand, and are shown"),
    "slander": lie("an office makes evidence against an honest host or author out of what they signed", PREVENTED,
                   "evidence-nothing evidence-form", "`truce verify FILE`"),
}

# What shows it: random histories in one process (histories.py), one network of namespaces (hosts.py), or another test.
ELSEWHERE = {"late": "test/unit/evidence.c"}
WIRE = ("drop-signed", "reorder", "withhold", "refuse", "two-views", "rewrite", "freeze", "tamper", "wrong-key", "slip-in",
        "invent-member", "forge", "replay", "backdate", "backdate-within", "disorder", "two-tongues")


def shown_by(name):
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    return "histories, hosts" if name in WIRE else "histories"


BEGIN, END = "<!-- lies -->\n", "<!-- end of lies -->\n"


def table():
    rows = ["| lie | what is done | answer | noticed by | when, and what remains | evidence | shown by |", "|---|---|---|---|---|---|---|"]
    for name, it in LIES.items():
        codes = " ".join("`%s`" % code for code in it.codes)
        when = "; ".join(filter(None, (it.after, it.note)))
        who = it.what if it.what.startswith("an ") else "the host " + it.what
        rows.append("| %s | %s | **%s** | %s | %s | %s | %s |" % (
            name, who, it.answer, codes, when, "`%s`" % it.evidence if it.evidence else "", shown_by(name)))
    return "\n".join(rows) + "\n"


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = before + BEGIN + table() + END + after
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as file:
            file.write(wanted)
    elif text != wanted:
        print("%s has another table of lies than test/hosts/lies.py: run test/hosts/lies.py %s --write" % (path, path))
        return 1
    wrong = [n for n, it in LIES.items() if (it.answer == PROVABLE) != (it.evidence is not None)]
    print("%d lies, %d without the evidence that they promise" % (len(LIES), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
