#!/usr/bin/env python3
"""keys.py PROGRAM PRINTER — what becomes of keys, from beginning to end with the real program: a policy that waits for its
anchor, a notice that a mirror has had, the log's key changed, keys lost, retired and stolen, with the recovery key and
without. In the end a reading of the rules that is not truce's (test/interop) agrees with every entry."""
import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import records
import replay

PROGRAM, PRINTER = (os.path.abspath(path) for path in sys.argv[1:3])
ORIGIN = "truce.example/keys"
checks = failed = 0


def check(held, what):
    global checks, failed
    checks += 1
    if not held:
        failed += 1
        print("does not hold: %s" % what, file=sys.stderr)


class Register:
    def __init__(self, folder):
        self.folder, self.directory = folder, os.path.join(folder, "r")
        os.makedirs(os.path.join(folder, "k"))

    def path(self, name):
        return os.path.join(self.folder, "k", name + ".key")

    def run(self, *words, refused=None):
        result = subprocess.run([PROGRAM, *words], capture_output=True, timeout=60,
                                env={**os.environ, "LC_ALL": "C.UTF-8", "TRUCE_DIR": self.directory})
        out = result.stdout.decode() + result.stderr.decode()
        check((result.returncode == 0) == (refused is None), "%s gives %d: %s" % (" ".join(words), result.returncode, out))
        check(refused is None or refused in out, "%s is refused as %s: %s" % (" ".join(words), refused, out))
        return result.stdout.decode()

    def key(self, file, name, *more):
        return self.run("key", "new", name, "--out", self.path(file), *more).split()[0]

    def say(self, key, kind, *fields, refused=None):
        """Its id."""
        out = self.run("write", kind, *fields, "--key", self.path(key), "--submit", "--json", refused=refused)
        return json.loads(out.splitlines()[-1]).get("id") if refused is None else None

    def agree(self, id, *keys, refused=None):
        for key in keys:
            self.say(key, "approval", "of=" + id, "decision=approve", refused=refused)

    def shown(self, id):
        return json.loads(self.run("show", id, "--json"))

    def marks(self, id):
        listed = {r["id"]: r.get("marks", []) for r in map(json.loads, self.run("list", "--json").splitlines())}
        check(listed[id] == self.shown(id).get("marks", []), "list and show mark %s alike" % id)
        return listed[id]

    def standing(self):
        return json.loads(self.run("standing", "--json"))

    def head(self):
        """The published checkpoint: its text, and its lines."""
        with open(os.path.join(self.directory, "log", "checkpoint"), encoding="utf-8") as file:
            text, lines = file.read().split("\n\n")
        return text + "\n", lines.splitlines()

    def cosigned(self, *cosigners, at=None):
        """The same with cosignatures, in a file."""
        text, lines = self.head()
        for cosigner in cosigners:
            with open(self.path(cosigner), encoding="utf-8") as file:
                name, id, raw = file.read().strip().split("+", 4)[2:]
            when = int(time.time()) if at is None else at
            signature = records.sign(base64.b64decode(raw)[1:], b"cosignature/v1\ntime %d\n" % when + text.encode())
            line = bytes.fromhex(id) + when.to_bytes(8, "big") + signature
            lines.append("\u2014 %s %s" % (name, base64.b64encode(line).decode()))
        path = os.path.join(self.folder, "cosigned")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n" + "\n".join(lines) + "\n")
        return path

    def anchor(self, *cosigners, at=None, refused=None):
        return self.run("anchor", "--key", self.path("office"), "--from", self.cosigned(*cosigners, at=at), refused=refused)

    def verified(self):
        return json.loads(self.run("verify", "--json").splitlines()[-1])["faults"] == 0


def report(text):
    return ("act=shelling", "method=heard", "when.from=2026-10-05T06:00:00Z", "when.to=2026-10-05T06:05:00Z", "text.en=" + text)


def founded(r):
    keys = {}
    for party, role in (("north", "party"), ("south", "guarantor"), ("office", "secretariat")):
        keys[party] = {"party": party, "names": {"en": party, "original": "en"}, "role": role, "key": r.key(party, party),
                       "recovery": r.key(party + "-recovery", party)}
    genesis = {"nonce": "!nonce", "log_key": "!log", "thresholds": {"enrol": 2, "policy": 2}, "grace_entries": 5,
               "founders": list(keys.values())}
    with open(os.path.join(r.folder, "genesis.json"), "w", encoding="utf-8") as file:
        json.dump(genesis, file)
    made = r.run("init", r.directory, "--origin", ORIGIN, "--genesis", file.name, "--key", r.path("north"), "--yes", "--json")
    r.agree(json.loads(made.splitlines()[-1])["genesis"], "south", "office")


def policy(r):
    """The first policy takes effect at once; the next needs the old quorum, and not the witness that it removes."""
    witnesses = [r.key("w%d" % i, "witness-%d" % i, "--cosign") for i in range(3)]
    mirror = r.key("mirror", "mirror-south", "--cosign")
    def watching(*which):
        return "witnessing=" + json.dumps({"faults": 0, "quorum": 2, "witnesses": [{"key": witnesses[i]} for i in which],
                                           "mirrors": [{"key": mirror, "party": "south"}]})
    r.say("north", "policy", "witnessing.faults=0", "witnessing.quorum=1", "witnessing.witnesses=" +
          json.dumps([{"key": witnesses[0]}, {"key": witnesses[1]}]), refused="record-shape")
    r.agree(r.say("north", "policy", watching(0, 1, 2)), "south")
    r.say("north", "policy", watching(0, 1, 2).replace(witnesses[0], r.key("x", "x", "--cosign")).replace(
        witnesses[1], r.key("y", "y", "--cosign")), refused="admission-witnesses")
    r.agree(r.say("north", "policy", watching(0, 1)), "south")
    r.anchor("w2", "mirror")                 # one of those needed is missing
    r.anchor("w0", "w1")                     # w2 is not needed
    text, lines = r.head()
    os.makedirs(os.path.join(r.directory, "peers"))
    os.rename(r.cosigned("w0"), os.path.join(r.directory, "peers", "cosigned"))
    r.run("anchor", "--key", r.path("office"))
    os.remove(os.path.join(r.directory, "peers", "cosigned"))
    os.rmdir(os.path.join(r.directory, "peers"))
    broken = r.cosigned("w0")
    with open(broken, encoding="utf-8") as file:
        told = file.read()
    with open(broken, "w", encoding="utf-8") as file:
        file.write(told[:-12] + ("A" if told[-12] != "A" else "B") + told[-11:])
    r.run("anchor", "--key", r.path("office"), "--from", broken, refused="admission-anchor-signature")


def delivery(r):
    notice = r.say("north", "notice", "to=south,office", "at=2026-10-05T06:00:00Z", "act=convoy", "read_back=/act")
    check(all("delivered" not in d for d in r.shown(notice)["delivery"]), "nothing was delivered yet")
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.2)
    r.anchor("w0", "mirror", at=int(time.time()) - 7200)
    then = json.loads(r.run("standing", "--json", "--as-of", before))["open"]["notices"]
    check(len(then) == 2 and all("delivered" not in n for n in then), "a second before the anchor nothing was known")
    waiting = {n["to"]: n for n in r.standing()["open"]["notices"] if n["id"] == notice}
    check(waiting["south"]["delivered"]["mirror"] == "south", "south's mirror has had it")
    check(waiting["south"]["delivered"]["apart"].startswith("PT"), "two clocks disagree by two hours")
    check("delivered" not in waiting["office"], "the office has no mirror")
    for language, words in (("en", ("the full copy of south had it", "they are 2 h")), ("ar", ("النسخة الكاملة الخاصة", "متعارضان"))):
        text = " ".join(r.run("standing", "--lang", language).split())
        check(all(word in text for word in words), "the standing tells so in %s: %s" % (language, text))
    r.say("south", "acknowledgement", "of=" + notice, "at=2026-10-05T07:00:00Z", "receipt=read-back",
          'read_back=[{"pointer":"/act","value":"convoy"}]')
    south = [d for d in r.shown(notice)["delivery"] if d["to"] == "south"][0]
    check(south["read"]["by"] == "south" and south["read"]["at"] == "2026-10-05T07:00:00Z", "south read it")
    check("apart" in south["read"], "what south says of when is long before the log knew")


def log_key(r):
    """The host goes on only if it has the new secret; from then on nothing is signed by the old one."""
    old = records.Key(r.run("key", "public", os.path.join(r.directory, "log.key")).split()[0])
    new = r.key("next", ORIGIN)
    change = r.say("north", "key", "party=north", "change=log", "verifier=" + new)
    r.agree(change, "south", refused="log-next-key")
    check(r.verified(), "nothing was written")
    os.rename(r.path("next"), os.path.join(r.directory, "log-next.key"))
    r.agree(change, "south")
    new = records.Key(new)
    for name in ("in the process that changed it", "after the next opening"):
        text, lines = r.head()
        who, id, signature = records.signature_line(lines[0])
        check(id == new.id and records.holds(new.bytes, signature, text.encode()), "the new key signs " + name)
        check(not records.holds(old.bytes, signature, text.encode()), "the old key does not " + name)
        check(r.verified(), "verified " + name)
        r.say("office", "report", *report(name))
    check(not os.path.exists(os.path.join(r.directory, "log-next.key")), "the new key has taken its place")
    r.anchor("w0", "w1")


class Served:
    def __init__(self, r):
        self.r = r

    def __enter__(self):
        self.server = subprocess.Popen([PROGRAM, "serve", "-C", self.r.directory, "--listen", "127.0.0.1:0", "--json"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                       env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.url = json.loads(self.server.stdout.readline())["url"]
        return self

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return answer.read().decode()

    def __exit__(self, *ignored):
        self.server.send_signal(signal.SIGTERM)
        check(self.server.wait(30) == 0, "the server ends well")


def public(r):
    """A register is open to all once the policy that says so is in force, and not when it is agreed."""
    def is_open():
        with Served(r) as served:
            try:
                return served.get("checkpoint") != ""
            except urllib.error.HTTPError as error:
                return error.code != 401
    r.agree(r.say("north", "policy", "public=true"), "south")
    check(not is_open(), "a policy that waits for its anchor opens nothing")
    r.anchor("w0", "w1")
    check(is_open(), "one in force does")


def log_key_while_served(r):
    """The same in a server that goes on: what it gives out from then on bears the new key."""
    new = r.key("third", ORIGIN)
    os.rename(r.path("third"), os.path.join(r.directory, "log-next.key"))
    with Served(r) as served:
        change = r.say("north", "key", "party=north", "change=log", "verifier=" + new)
        r.agree(change, "south")
        key = records.Key(new)
        receipt = json.loads(r.run("write", "report", *report("served"), "--key", r.path("office"), "--submit", "--json").splitlines()[-1])
        said = receipt["proof"] if receipt["proof"] else receipt["promise"]
        text, lines = said.split("\n\n")[-2:]
        name, id, signature = records.signature_line(lines.splitlines()[0])
        check(id == key.id and records.holds(key.bytes, signature, (text + "\n").encode()), "a receipt bears the new key's signature")
        for _ in range(100):
            text, lines = served.get("checkpoint").split("\n\n")
            name, id, signature = records.signature_line(lines.splitlines()[0])
            if int(text.split("\n")[1]) > receipt["index"]:
                break
            time.sleep(0.1)
        check(id == key.id and records.holds(key.bytes, signature, (text + "\n").encode()), "and so does the published head")
    check(r.verified(), "verified after the server")
    r.say("office", "report", *report("and opened again"))
    check(r.verified(), "verified by the key in its place")


def endings(r):
    device = r.key("device", "north")
    r.say("north-recovery", "key", "party=north", "change=add", "verifier=" + device)
    before, id = r.say("north", "report", *report("before")), r.run("key", "public", r.path("north")).split("+")[1]
    # retired: late until the grace index
    r.say("north-recovery", "key", "party=north", "change=retire", "of=" + id)
    late = r.say("north", "report", *report("late"))
    check(r.marks(late) == ["late"] and r.marks(before) == [], "what came after its key was retired is late")
    # stolen: contested, and without effect until the device vouches
    r.say("north-recovery", "key", "party=north", "change=compromised", "of=" + id, "since=2026-01-01T00:00:00Z",
          "successor=" + device.split("+")[1])
    check(r.marks(before) == ["contested"] and r.marks(late) == ["contested", "late"], "what the stolen key signed is contested")
    stolen = r.say("north", "report", *report("stolen"))
    check(r.marks(stolen) == ["late", "unvouched"], "what came after takes no effect")
    ring = r.say("north", "notice", "to=office", "at=2026-10-05T06:00:00Z", "text.en=By the thief, or not")
    back = r.say("north", "retraction", "of=" + before)
    def waits(id):
        return id in [n["id"] for n in r.standing()["open"]["notices"]]
    check(not waits(ring), "a notice without effect waits for nobody")
    marked = r.standing()["marked"]
    check(len(marked["contested"]) == 3 and {**marked, "contested": marked["contested"][1:]} == {"contested": [before, late], "late": [late, stolen, ring], "unvouched": [stolen, ring]}, "the standing says so: %s" % marked)
    for language, words in (("en", ("Contested", "Late", "Without effect")), ("ar", ("متنازع", "متأخرة", "لا أثر لها"))):
        text = r.run("standing", "--lang", language)
        check(all(word in text for word in words), "and tells people in %s: %s" % (language, text))
    r.say("north", "report", *report("too late"), refused="admission-key-retired")
    r.say("south", "vouch", "of=" + id, "records=" + stolen, refused="admission-successor")
    r.say("device", "vouch", "of=" + id, "records=" + ",".join(sorted((before, stolen))))
    check(r.marks(before) == [] and r.marks(stolen) == ["late"], "the device vouched for both")
    check(not waits(ring), "and not for the notice")
    r.say("device", "vouch", "of=" + id, "records=" + ",".join(sorted((ring, back))))
    check(waits(ring), "a notice that was vouched for waits")
    standing = r.run("standing", "--json", "--as-of", "2026-12-24T00:00:00Z")
    for path in os.listdir(r.directory):
        if path.startswith("index."):
            os.remove(os.path.join(r.directory, path))
    check(r.run("standing", "--json", "--as-of", "2026-12-24T00:00:00Z") == standing, "what was kept is what is seen afresh")
    with Served(r) as served:
        check(json.loads(served.get("records/" + late))["marks"] == ["contested", "late"], "a server tells so before anybody writes")
        check(",contested late," in served.get("records?f=csv"), "and in a table")
        check("متنازع عليها" in served.get("records/" + late + "?f=html&lang=ar"), "and on a page")
    # all keys lost: the founders give the office a new one
    spare = r.key("spare", "office")
    add = r.say("south", "key", "party=office", "change=add", "verifier=" + spare)
    r.say("spare", "report", *report("too early"), refused="admission-key-unknown")
    r.agree(add, "device")
    r.say("spare", "report", *report("with a new key"))
    lost = r.key("office-recovery-2", "office")
    r.agree(r.say("south", "key", "party=office", "change=recovery", "verifier=" + lost), "device")
    r.say("office-recovery", "key", "party=office", "change=retire", "of=" + id, refused="admission-")
    r.say("office-recovery-2", "key", "party=office", "change=retire", "of=" + r.run("key", "public", r.path("office")).split("+")[1])


def main():
    with tempfile.TemporaryDirectory() as folder:
        r = Register(folder)
        founded(r)
        policy(r)
        delivery(r)
        log_key(r)
        public(r)
        log_key_while_served(r)
        endings(r)
        check(r.verified(), "verified in the end")
        replay.whole(PRINTER, r.directory)
    print("%d checks, %d failed" % (checks + replay.checks, failed + replay.failed))
    return 1 if failed or replay.failed else 0


sys.exit(main())
