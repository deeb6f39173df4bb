#!/usr/bin/env python3
"""hosts.py PROGRAM LIBRARY [--short] [SEED] — five machines as network namespaces: a host, two parties, the UN and a field
office, between them a wire that loses, doubles and reorders (switch.py). In them run the real servers: truce serve, three
witnesses, three mirrors; the field office has no network and is reached by pouches. The host then lies, and each must
show what the table (lies.py) says. Needs root; skips where namespaces cannot be had. The seed of the wire is printed."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import liar
import tree
from library import Library, Register
from lies import LIES, WIRE
from switch import Switch, why_not
from world import Ground, ROLES, now_ms, read, report, utc

ADDRESSES = {"host": 1, "face": 1, "north": 2, "south": 3, "un": 4, "field": 5}
WITNESS_OF = {"north": "w0", "south": "w1", "un": "w2"}
NETWORKED = list(WITNESS_OF)
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
failed = checks = 0


def check(good, what):
    global failed, checks
    checks += 1
    if not good:
        failed += 1
        print("does not hold:", what, flush=True)
    return good


def until(what, find, seconds=40):
    """Waits for what comes by itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(.1)
    check(False, what)
    return None


class Server:
    """A command that goes on, its lines of JSON, and its end."""
    running = []

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        text=True, env=ENVIRONMENT)
        self.told, self.said = [], []
        self.threads = [threading.Thread(target=self.read, args=(self.process.stdout, self.take), daemon=True),
                        threading.Thread(target=self.read, args=(self.process.stderr, self.said.append), daemon=True)]
        for thread in self.threads:
            thread.start()
        Server.running.append(self)
        until("%s listens: %s" % (command[4:8], self.said),
              lambda: any("url" in line for line in self.told) or self.process.poll() is not None)

    @staticmethod
    def read(stream, take):
        for line in stream:
            take(line)

    def take(self, line):
        self.told.append(json.loads(line))

    def codes(self):
        """What it says of its host; that the wire is bad, everybody knows."""
        codes = [line["code"] for line in self.told if "code" in line]
        return [code for code in codes if not code.startswith(("http-", "source-"))]

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = -1
        for thread in self.threads:
            thread.join(10)
        if self in Server.running:
            Server.running.remove(self)
        return status


class Five:
    def __init__(self, program, library, folder, switch):
        self.program, self.folder, self.switch = program, folder, switch
        self.certificate()
        self.calls = Library(library)
        urls = {WITNESS_OF[party]: "https://%s:8081" % switch.address(party) for party in NETWORKED}
        self.ground = Ground(self.calls, self.path("ground"), self.run, urls)
        for party in ROLES:
            shutil.copytree(self.ground.path(party), self.path(party))
            token = self.run("member", "add", party, "--members", self.path("members")).strip()
            with open(self.path(party + ".token"), "w", encoding="utf-8") as file:
                file.write(token.splitlines()[0] + "\n")
        shutil.copytree(self.ground.host, self.path("host"))
        self.hosts, self.mirrors, self.witnesses, self.number = {}, {}, {}, 0

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout

    def there(self, party, *words, seconds=60):
        """A command in somebody's namespace."""
        return subprocess.run([*self.switch.inside(party), self.program, *words], capture_output=True, text=True,
                              env=ENVIRONMENT, timeout=seconds, check=False)

    def certificate(self):
        names = ",".join("IP:10.77.0.%d" % n for n in sorted(set(ADDRESSES.values())))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                        "2", "-subj", "/CN=hosts", "-addext", "subjectAltName=" + names, "-keyout", self.path("tls.key"),
                        "-out", self.path("tls.pem")], check=True, capture_output=True)
        os.chmod(self.path("tls.key"), 0o600)
        self.tls = ["--tls-cert", self.path("tls.pem"), "--tls-key", self.path("tls.key")]

    # ---- servers

    def serve(self, face="host", directory=None):
        self.hosts[face] = Server([*self.switch.inside(face), self.program, "serve", "-C", directory or self.path(face),
                                   "--listen", "10.77.0.1:8443", *self.tls, "--members", self.path("members"), "--peers-ca",
                                   self.path("tls.pem"), "--yes", "--json"])

    def stop(self, face="host"):
        return self.hosts.pop(face).end()

    def witness(self, party):
        key = WITNESS_OF[party]
        self.witnesses[party] = Server([*self.switch.inside(party), self.program, "witness", "-C", self.path(key), "--key",
                                        self.ground.path(key + ".key"), "--log", self.ground.log_key, "--override", "--listen",
                                        self.switch.address(party) + ":8081", *self.tls, "--json"])

    def mirror(self, party):
        self.mirrors[party] = Server([*self.switch.inside(party), self.program, "mirror", "https://10.77.0.1:8443", self.path(party),
                                      "--key", self.ground.path("mirror-%s.key" % party), "--genesis", self.ground.genesis,
                                      "--poll", "1", "--listen", self.switch.address(party) + ":8080", *self.tls, "--members",
                                      self.path("members"), *self.who(party), "--json"])

    def who(self, party):
        return ["--member", party, "--token-file", self.path(party + ".token"), "--tls-ca", self.path("tls.pem")]

    # ---- what people do

    def write(self, party, text):
        return self.run("write", "report", "act=shelling", "method=heard", "when.from=2026-10-05T06:00:00Z",
                        "when.to=2026-10-05T06:05:00Z", "text.en=" + text, "--key", self.ground.path(party + ".key"), "-C",
                        self.path(party)).encode()

    def submit(self, party, *notes, to="10.77.0.1:8443"):
        """What the server said of each."""
        self.number += 1
        path = self.path("%d.note" % self.number)
        with open(path, "wb") as file:
            file.write(b"".join(notes))
        for _ in range(3):  # whoever lost the answer asks again
            done = self.there(party, "submit", path, "--to", "https://" + to, "--json", *self.who(party))
            if done.returncode in (0, 4):
                break
        return [json.loads(line) for line in done.stdout.splitlines()]

    def size(self, party):
        note = read(self.path(party, "log", "checkpoint"))
        return tree.Head(note).size if note else 0

    def entries(self, party):
        return liar.entries_of(self.path(party))

    def all_have(self, size, parties=NETWORKED, seconds=60):
        for party in parties:
            until("%s has %d records, not %d: %s" % (party, size, self.size(party), self.mirrors[party].said[-2:]),
                  lambda party=party: self.size(party) >= size, seconds)

    def all_tell(self, codes, parties=NETWORKED):
        for party in parties:
            until("%s tells %s, not %s" % (party, codes, self.mirrors[party].codes()),
                  lambda party=party: set(codes) <= set(self.mirrors[party].codes()))

    def evidence(self, party):
        folder = self.path(party, "peers", "evidence")
        return [os.path.join(folder, name) for name in os.listdir(folder)] if os.path.isdir(folder) else []

    def prove(self, lie, line):
        path = self.path(lie + ".json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(line)
        done = self.there("field", "verify", path, "--policy", self.ground.log, "--json")
        kind = json.loads(line)["evidence"]
        check(done.returncode == 0 and kind == LIES[lie].evidence, "%s is not proved: %s" % (lie, done.stdout + done.stderr))

    def sign(self, name, kind, **fields):
        self.number += 1
        id = self.ground.public[name].split("+")[1]
        body = {"v": 1, "register": self.ground.register, "kind": kind, "by": name, "key": id, "seq": 1000000 + self.number,
                "prev": "%064x" % self.number, "written": utc(now_ms()), **fields}
        text = json.dumps(body).encode()
        return self.calls.answer("truce_sign", self.ground.keys[name], text, len(text))

    def slip(self, *entries):
        """The host stops, changes its own files, and goes on; the program signs what it finds."""
        self.stop()
        liar.slip(self.path("host"), entries)
        self.serve()

    def face_of(self, name):
        """Another face of the host, with a copy of its files."""
        shutil.rmtree(self.path("face"), ignore_errors=True)
        self.stop()
        shutil.copytree(self.path("host"), self.path("face"), ignore=shutil.ignore_patterns("*.lock"))
        self.serve()
        return self.path("face")

    def met(self, *parties):
        for party in ADDRESSES:
            self.switch.face(party, "face" if party in parties else None)


# ---- what is played; each begins with what the one before left

def honest(five):
    """Nobody lies; the wire is bad, the office in the south is cut off for a while, and the field office is carried."""
    switch = five.switch
    notes = [five.write(party, "Heard in the %s" % party) for party in NETWORKED]
    for party, note in zip(NETWORKED, notes):
        receipt, = five.submit(party, note, note)[:1]
        check("id" in receipt, "%s has a receipt: %s" % (party, receipt))
    size = five.ground.size + 3
    five.all_have(size)
    until("a quorum cosigns", lambda: (read(five.path("host", "peers", "cosigned")) or b"").count(b"witness-") >= 2)
    until("and a full copy", lambda: read(five.path("host", "peers", "mirrored")))
    # the south is cut off: it hands in at its own mirror, which stamps and waits
    switch.separate("south", "host")
    cut_off = five.write("south", "Heard while cut off")
    answer = five.submit("south", cut_off, to=switch.address("south") + ":8080")
    check(answer and "arrival" in answer[0], "the mirror stamps it: %s" % answer)
    state = json.loads(five.run("arrivals", "-C", five.path("south"), "--json").splitlines()[-1])["state"]
    check(state == "waiting", "it waits: %s" % state)
    # the field office's records travel by way of the UN
    field = five.write("field", "Heard in the field")
    five.run("pouch", "pack", five.path("field.pouch"), "-C", five.path("field"))
    carried = five.there("un", "pouch", "open", five.path("field.pouch"), "--to", "https://10.77.0.1:8443", "-C", five.path("un"),
                         *five.who("un"), "--json")
    check(carried.returncode == 0, "the pouch is handed in: %s" % carried.stderr)
    five.all_have(size + 1, ("north", "un"))
    switch.join()
    five.all_have(size + 2)
    check(len(five.entries("south")) == size + 2, "each record once")
    for note in notes + [cut_off, field]:
        check(sum(liar.note_of(e) == note for e in five.entries("north")) == 1, "each record is there once")
    state = json.loads(five.run("arrivals", "-C", five.path("south"), "--json").splitlines()[-1])["state"]
    check(state == "in", "what waited is in the log: %s" % state)
    for party in NETWORKED:
        check(not five.mirrors[party].codes() and not five.evidence(party), "%s accuses: %s" % (party, five.mirrors[party].codes()))
    done = five.there("field", "mirror", five.path("un"), five.path("field"), "--genesis", five.ground.genesis)
    check(done.returncode in (0, 3) and five.size("field") == size + 2, "the field office gets a copy on a stick: " + done.stderr)


def times(five):
    """Before anything else came: records logged now as if they had come hours ago."""
    def cosigned():
        note = read(five.path("host", "peers", "cosigned"))
        return note if note and tree.Head(note).size == five.ground.size else None
    note = until("the first head is cosigned", cosigned)
    with Register(five.calls, five.path("north")) as register:
        anchor = five.sign("un", "anchor", **register.anchor(note))
    past = liar.received_of(five.entries("host")[-1])
    late, early = liar.entry(past + 2, five.sign("north", "report", **report("Late"))), liar.entry(past + 1, anchor)
    within = liar.entry(now_ms() - 200000, five.sign("north", "report", **report("A little late")))
    five.slip(early, late, within)
    five.all_have(five.ground.size + 3)
    five.all_tell(["received-early"])
    check(all(five.mirrors[p].codes() == ["received-early"] * 2 for p in NETWORKED), "and of nothing else")
    entries, head = five.entries("un"), tree.Head(read(five.path("un", "log", "checkpoint")))
    leaves, at, index = [tree.leaf(e) for e in entries[:head.size]], entries.index(early), entries.index(late)
    five.prove("backdate", liar.evidence("received", [five.ground.log_key] + [five.ground.public["w%d" % i] for i in range(3)],
                                         entry=late, index=index, proof=tree.inclusion(index, leaves), checkpoint=head.note,
                                         anchor=early, anchor_index=at, anchor_proof=tree.inclusion(at, leaves)))
    for party in NETWORKED:
        five.mirrors[party].told.clear()
    five.ground.size += 3  # for what is counted from here on


def void(five):
    """Everything that nobody could have admitted, at once."""
    said = [liar.note_of(e) for e in five.entries("host")]
    note, other = said[-1], next(n for n in said if b'"by":"north"' in n and b'"kind":"report"' in n)
    at = note.index(b'"en":"') + 6
    party = five.sign("un", "party", party="ghost", role="monitor", names={"en": "Ghost", "original": "en"},
                      keys=[five.ground.public["ghost"]])
    false = {five.sign("ghost", "report", **report("Boo")): "admission-member-unknown",
             five.sign("field", "standing", agreement="%064x" % 7, act="withdraw", scope={"whole": True}, at=utc(now_ms())):
                 "admission-role",
             five.sign("south", "retraction", of=liar.id_of(other)): "admission-own",
             note: "admission-duplicate",
             note[:at] + b"#" + note[at + 1:]: "admission-signature",
             five.ground.elsewhere: "admission-register",
             b"hello\n": "record-note"}
    now, size = max(now_ms(), liar.received_of(five.entries("host")[-1])), len(five.entries("host"))
    five.slip(liar.entry(now, party), *[liar.entry(now + i, n) for i, n in enumerate(false, 1)],
              liar.entry(now - 5000, five.sign("north", "report", **report("Out of order"))))
    five.all_have(size + len(false) + 2)
    wanted = sorted([*false.values(), "received-back"])
    for name in NETWORKED:
        until("%s tells %s, not %s" % (name, wanted, sorted(five.mirrors[name].codes())),
              lambda name=name: sorted(five.mirrors[name].codes()) == wanted)
        five.mirrors[name].told.clear()
    done = five.there("un", "verify", five.path("un"), "--genesis", five.ground.genesis, "--json")
    told = [json.loads(line).get("code") for line in done.stdout.splitlines()]
    check(done.returncode == 3 and set(wanted) <= set(told), "a copy verifies as what it is: %s" % told)
    receipt, = five.submit("north", five.write("north", "And it goes on"))
    check("id" in receipt, "honest records go on: %s" % receipt)


def promises(five):
    """A face of the host takes records, gives receipts, and is gone."""
    face = five.face_of("promises")
    five.serve("face")
    five.met("field")
    notes = [five.write("field", "Promised %d" % i) for i in range(3)]
    receipts = [five.submit("field", note)[0] for note in notes]
    five.stop("face")
    shutil.rmtree(face)
    five.met()
    five.submit("field", notes[1], notes[0])  # in each other's place; the third never comes
    five.submit("south", five.write("south", "Instead of the third"))
    five.all_have(receipts[2]["size"])
    head, entries = tree.Head(read(five.path("un", "log", "checkpoint"))), five.entries("un")
    for lie, receipt in (("reorder", receipts[0]), ("drop", receipts[2])):
        if receipt["promise"]:
            five.prove(lie, liar.misplaced([five.ground.log_key], receipt["promise"].encode(), receipt["index"], head, entries))
        else:
            five.prove("drop-signed", liar.contradicted([five.ground.log_key], receipt, head, entries))
    answer, = five.submit("field", notes[2])
    check("id" in answer, "it is handed in again: %s" % answer)


def refusal(five):
    shutil.copytree(five.ground.unfounded, five.path("face"))
    five.serve("face")
    five.met("field")
    note = five.write("field", "Refused")
    answer, = five.submit("field", note)
    five.stop("face")
    shutil.rmtree(five.path("face"))
    five.met()
    if check("refused" in answer, "it is refused: %s" % answer):
        five.prove("refuse", liar.evidence("refusal", [five.ground.log_key], refusal=answer["note"].encode(), note=note))
    answer, = five.submit("field", note)
    check("id" in answer, "and was admissible: %s" % answer)


def two_tongues(five):
    same = {"seq": 5000000, "prev": "%064x" % 5}
    notes = [five.sign("south", "report", **same, **report(text)) for text in ("They began", "They did not")]
    five.submit("south", *notes)
    five.all_tell(["mirror-equivocation"])
    for party in NETWORKED:
        kept = until("%s keeps it" % party, lambda party=party: five.evidence(party))
        done = five.there("field", "verify", kept[0], "--json")
        check(done.returncode == 0 and "equivocation" in done.stdout, "it is proved: " + done.stdout)
        five.mirrors[party].told.clear()
        os.remove(kept[0])


def false_files(five):
    """Plain files that were changed on the way to a new copy."""
    for lie, change in (("tamper", "entries"), ("wrong-key", "checkpoint")):
        five.face_of(lie)
        log = five.path("face", "log")
        size = tree.Head(read(os.path.join(log, "checkpoint"))).size
        if change == "entries":
            path = os.path.join(log, "tile", "entries", "000.p", str(size))
            data = bytearray(read(path))
            data[-20] ^= 1
        else:
            path = os.path.join(log, "checkpoint")
            head = tree.Head(read(path))
            data = head.text + b"\n" + five.ground.false_line(head.text)
        with open(path, "wb") as file:
            file.write(data)
        files = subprocess.Popen([*five.switch.inside("face"), sys.executable, "-m", "http.server", "8000", "--bind", "10.77.0.1",
                                  "--directory", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        five.met("south")
        done = until("the files are served", lambda: (lambda d: None if "http-connect" in d.stderr or "http-" in d.stderr else d)(
            five.there("south", "mirror", "http://10.77.0.1:8000", five.path("new-" + lie), "--genesis", five.ground.genesis)))
        files.kill()
        files.wait()
        five.met()
        check(done and done.returncode == 3 and any(code in done.stderr for code in LIES[lie].codes), "%s is seen: %s" % (lie, done))
        check(not os.path.exists(five.path("new-" + lie, "log", "checkpoint")), "%s: nothing is taken" % lie)


def freeze(five):
    """The south is shown an old head; the copy of the UN has what it misses."""
    five.face_of("freeze")
    five.serve("face")
    five.met("south")
    five.submit("north", five.write("north", "Not for the south"))
    size = len(five.entries("host"))
    five.all_have(size, ("north", "un"))
    check(five.size("south") < size and not five.mirrors["south"].codes(), "the south notices nothing by itself")
    five.mirrors["south"].end()
    done = five.there("south", "mirror", "https://%s:8080" % five.switch.address("un"), five.path("south"), *five.who("south"))
    check(done.returncode == 0 and five.size("south") >= size, "it copies from the UN: " + done.stderr)
    five.stop("face")
    five.met()
    five.mirror("south")


def two_views(five):
    """One face for the north and the UN, another for the south; then the south meets the first."""
    five.face_of("two-views")
    five.serve("face")
    five.met("south")
    five.submit("north", five.write("north", "In the one history"))
    five.submit("south", five.write("south", "In the other"))
    size = len(five.entries("host"))
    five.all_have(size)
    until("the one is cosigned", lambda: tree.Head(read(five.path("host", "peers", "cosigned"))).size == size)
    check(not any(five.mirrors[p].codes() for p in NETWORKED), "nobody can notice yet")
    time.sleep(2)  # the other face asks the south's witness alone
    cosigned = read(five.path("face", "peers", "cosigned"))
    check(tree.Head(cosigned).size < size, "the other is cosigned by no quorum")
    five.stop("face")
    five.met()
    until("the south's mirror ends", lambda: five.mirrors["south"].process.poll() is not None)
    status = five.mirrors["south"].end()
    check(status == 3 and "mirror-fork" in "".join(five.mirrors["south"].said), "for two histories: %s %s" % (
        status, five.mirrors["south"].said))
    for path in five.evidence("south"):
        five.prove("two-views", read(path).decode())
    check(five.evidence("south"), "and keeps the evidence")
    # carried to the UN by hand, it convinces there too
    five.run("pouch", "pack", five.path("fork.pouch"), "-C", five.path("south"))
    done = five.there("un", "pouch", "open", five.path("fork.pouch"), "-C", five.path("field"), "--json")
    check(five.evidence("field"), "a pouch brings it on: %s" % done.stdout)


def rewrite(five):
    """The host changes what it has published."""
    five.stop()
    entries = five.entries("host")
    keep = [e for e in entries[:-3]] + entries[-2:]
    liar.rewrite(five.path("host"), keep, five.ground.beginning)
    five.serve()
    five.submit("un", five.write("un", "And on"))
    for party in ("north", "un"):
        until("%s ends; it has %d records, the host %d" % (party, five.size(party), five.size("host")), lambda party=party: five.mirrors[party].process.poll() is not None)
        status = five.mirrors[party].end()
        check(status == 3 and "mirror-fork" in "".join(five.mirrors[party].said), "%s: %s %s %s" % (party, status, five.mirrors[party].said, five.mirrors[party].told))
        kept = five.evidence(party)
        check(kept, "%s keeps evidence" % party)
        for path in kept:
            five.prove("rewrite", read(path).decode())


PLAYS = {times: "backdate backdate-within", honest: "withhold",
         void: "slip-in invent-member forge replay disorder", promises: "drop-signed reorder", refusal: "refuse",
         two_tongues: "two-tongues", false_files: "tamper wrong-key", freeze: "freeze", two_views: "two-views", rewrite: "rewrite"}
SHORT = (times, honest, void, promises, two_views)
assert sorted(" ".join(PLAYS.values()).split()) == sorted(WIRE), "the table says otherwise of what is played here"


def main():
    words = [word for word in sys.argv[1:] if word != "--short"]
    program, library = map(os.path.abspath, words[:2])
    reason = why_not()
    if reason:
        print("skipped: " + reason)
        return 77
    seed = int(words[2]) if len(words) > 2 else random.SystemRandom().randrange(10**9)
    print("seed %d" % seed, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    switch = Switch(ADDRESSES, seed)
    try:
        with tempfile.TemporaryDirectory(prefix="truce-hosts-") as folder:
            five = Five(program, library, folder, switch)
            for party in NETWORKED:
                five.witness(party)
            five.serve()
            for party in NETWORKED:
                five.mirror(party)
            chosen = os.environ.get("PLAYS", "").split()
            for play in [p for p in PLAYS if p.__name__ in chosen] or (SHORT if "--short" in sys.argv else PLAYS):
                began = time.monotonic()
                play(five)
                print("%s: %.1f s" % (play.__name__, time.monotonic() - began), flush=True)
            for server in list(Server.running):
                server.end()
    finally:
        for server in list(Server.running):
            server.process.kill()
        switch.close()
    print(", ".join("%s %d" % count for count in switch.counts.items()))
    print("%d checks, %d failed" % (checks, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
