"""A register, its host, its witnesses and four offices, all of them real: the register's directory, full copies made by
truce's own mirror, pouches, witnesses with their memory. The network between them is the order in which a history lets
them meet. Beside every exchange stands what it must show, computed from the entries alone (tree.py)."""
import datetime
import json
import os
import shutil
import time

import liar
import tree
from library import (CHECKPOINT, COSIGN, DONE, DURABLE, REFUSED, SIGN, UNVERIFIED, WRITE, Register, Witness, copied)

import sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import records  # the signature of an empty log, and nothing else

ORIGIN = "truce.example/hosts"
FOUNDERS = {"north": "party", "south": "party", "un": "secretariat"}
ROLES = {**FOUNDERS, "field": "monitor"}  # the field office has no network: what it knows and says is carried
WITNESSES, QUORUM = 3, 2
HOURS_BEFORE = 3  # the register was founded so long ago, so that there is a past to backdate into


def now_ms():
    return time.time_ns() // 1000000


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def head_of(directory, name=os.path.join("log", "checkpoint")):
    note = read(os.path.join(directory, name))
    return None if note is None else tree.Head(note)


def utc(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Ground:
    """What all histories begin with: keys, the founded register, copies of it."""

    def __init__(self, library, folder, program, urls=None):
        """`urls`: where the witnesses answer, by the names of their keys."""
        self.calls, self.folder, self.program, self.urls = library, folder, program, urls or {}
        self.keys, self.public = {}, {}
        os.makedirs(folder)
        for party in ROLES:
            for name in (party, party + "-recovery"):
                self.make(name, party)
        for name in ("stranger", "ghost"):
            self.make(name, name)
        for i in range(WITNESSES):
            self.make("w%d" % i, "witness-%d.example" % i, COSIGN)
        for party in ROLES:
            self.make("mirror-" + party, "mirror-" + party, COSIGN)
        self.host = self.found("host", ORIGIN)
        self.log_key = self.program("key", "public", os.path.join(self.host, "log.key")).strip()
        self.beginning = self.sign_nothing()
        past = [liar.shifted(entry, -HOURS_BEFORE * 3600000) for entry in liar.entries_of(self.host)]
        liar.rewrite(self.host, past, self.beginning)
        with Register(library, self.host, WRITE):
            pass
        self.genesis = liar.id_of(liar.note_of(past[0]))
        self.size, self.register = len(past), "%s#%s" % (ORIGIN, self.genesis[:16])
        self.first_head = read(os.path.join(self.host, "log", "checkpoint"))
        self.log = self.trust("log")
        for party in ROLES:
            status, code, _ = copied(library, self.host, self.path(party), self.genesis, self.keys["mirror-" + party])
            assert status == DONE, code
        # another register with the same members, for what is replayed
        self.other = self.found("other", "truce.example/elsewhere")
        with Register(library, self.other) as register:
            self.elsewhere = register.write(self.keys["north"], "report", report("Said elsewhere"))
        # the same before its founders approved it: it refuses what is admissible
        self.unfounded = self.path("unfounded")
        self.make("false", ORIGIN)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make(self, name, signer, use=SIGN):
        self.public[name] = self.calls.new_key(signer, self.path(name + ".key"), use)
        self.keys[name] = self.calls.key(self.path(name + ".key"))

    def trust(self, name):
        """A C2SP tlog-policy of this register."""
        path = self.path(name + ".policy")
        with open(path, "w", encoding="utf-8") as file:
            file.write("log %s\n" % self.log_key)
            for i in range(WITNESSES):
                file.write("witness w%d %s\n" % (i, self.public["w%d" % i]))
            for party in ROLES:
                file.write("witness %s %s\n" % (party, self.public["mirror-" + party]))
            file.write("group g %d %s\nquorum g\n" % (QUORUM, " ".join("w%d" % i for i in range(WITNESSES))))
        return path

    def witness(self, i):
        url = self.urls.get("w%d" % i)
        return {"key": self.public["w%d" % i], **({"url": url} if url else {})}

    def found(self, name, origin):
        genesis = {"nonce": "!nonce", "log_key": "!log", "thresholds": {"enrol": 2, "policy": 2},
                   "founders": [{"party": party, "names": {"en": party, "original": "en"}, "role": role,
                                 "key": self.public[party], "recovery": self.public[party + "-recovery"]}
                                for party, role in FOUNDERS.items()],
                   "witnessing": {"faults": 0, "quorum": QUORUM, "mirror_quorum": 1,
                                  "witnesses": [self.witness(i) for i in range(WITNESSES)],
                                  "mirrors": [{"key": self.public["mirror-" + party], "party": party} for party in ROLES]}}
        with open(self.path("genesis.json"), "w", encoding="utf-8") as file:
            json.dump(genesis, file)
        directory = self.path(name)
        made = json.loads(self.program("init", directory, "--origin", origin, "--genesis", self.path("genesis.json"),
                                       "--key", self.path("north.key"), "--yes", "--json").splitlines()[-1])
        if name == "host":
            shutil.copytree(directory, self.path("unfounded"))
        with Register(self.calls, directory, WRITE) as register:
            def say(who, kind, **fields):
                note = register.write(self.keys[who], kind, fields)
                answer, = register.submit(note)
                assert "id" in answer, answer
                return answer["id"]
            for party in ("south", "un"):
                say(party, "approval", of=made["genesis"], decision="approve")
            field = say("north", "party", party="field", role=ROLES["field"], names={"en": "Field", "original": "en"},
                        keys=[self.public["field"]], recovery=self.public["field-recovery"])
            say("un", "approval", of=field, decision="approve")
        shutil.rmtree(os.path.join(directory, "outbox"))
        os.mkdir(os.path.join(directory, "outbox"))
        return directory

    @staticmethod
    def signed(key_file, text):
        """A signature line."""
        name, id, raw = read(key_file).decode().strip().split("+", 4)[2:]
        line = bytes.fromhex(id) + records.sign(tree.base64.b64decode(raw)[1:], text)
        return ("\u2014 %s %s\n" % (name, tree.base64_of(line))).encode()

    def sign_nothing(self):
        """The host's checkpoint of size 0."""
        text = ("%s\n0\n%s\n" % (ORIGIN, tree.base64_of(tree.root([])))).encode()
        return text + b"\n" + self.signed(os.path.join(self.host, "log.key"), text)

    def false_line(self, text):
        """By a key of the right name that nobody put in force."""
        return self.signed(self.path("false.key"), text)


def report(text, **more):
    return {"act": "shelling", "method": "heard", "text": {"en": text, "original": "en"},
            "when": {"from": "2026-10-05T06:00:00Z", "to": "2026-10-05T06:05:00Z"}, **more}


class View:
    """A history that the host shows: a register of its own, held open for writing."""

    def __init__(self, world, name):
        self.world, self.name, self.directory = world, name, world.path(name)
        self.register, self.known = None, {}  # known: the size that each witness cosigned last, as the host remembers it

    def open(self):
        if self.register is None:
            self.register = Register(self.world.calls, self.directory, WRITE)
            self.register.heads()  # who the members are, as a server knows before it answers
        return self.register

    def close(self):
        if self.register is not None:
            self.register.__exit__()
            self.register = None

    def entries(self):
        return liar.entries_of(self.directory)

    def head(self):
        return head_of(self.directory)

    def publish(self):
        self.open().publish()

    def slip(self, entries):
        """Entries that the program would not admit; it signs them when the log is opened again."""
        self.close()
        liar.slip(self.directory, entries)
        self.publish()

    def rewrite(self, entries):
        self.close()
        liar.rewrite(self.directory, entries, self.world.ground.beginning)
        self.publish()

    def copy_to(self, name):
        """The same files under another name, as a host can have them; both go on from there."""
        self.close()
        other = View(self.world, name)
        shutil.copytree(self.directory, other.directory)
        other.known = dict(self.known)
        return other


class Office:
    def __init__(self, world, party):
        self.world, self.party = world, party
        self.directory, self.key, self.mirror_key = world.path(party), world.ground.keys[party], world.ground.keys["mirror-" + party]
        self.view, self.receipts, self.seen = None, [], set()

    def entries(self):
        return liar.entries_of(self.directory)

    def head(self):
        return head_of(self.directory)

    def target(self):
        return head_of(self.directory, os.path.join("peers", "seen", "target"))

    def write(self, kind, **fields):
        with Register(self.world.calls, self.directory) as register:
            note = register.write(self.key, kind, fields)
        self.world.written[liar.id_of(note)] = (self.party, note)
        return note

    def keep_said(self, notes, answers):
        with Register(self.world.calls, self.directory) as register:
            register.keep_said(b"".join(notes), answers)

    def promises(self):
        """What became of what the host promised; each is settled once, by the copy that is here."""
        entries, size = self.entries(), self.head().size
        with Register(self.world.calls, self.directory) as register:
            status, told = register.promises()
        missed = {(p["id"], p["index"]) for p in told if p["state"] == "missed"}
        wanted = {(a["id"], a["index"]) for a in self.receipts
                  if size > a["index"] and "leaf " + tree.base64_of(tree.leaf(entries[a["index"]])) not in a["promise"].split("\n")}
        self.world.check(missed == wanted, "%s is told of %s missed, and should of %s" % (self.party, missed, wanted))
        self.world.check((status == UNVERIFIED) == bool(wanted), "%s: promises are settled with %d" % (self.party, status))
        return missed

    def outbox(self):
        folder = os.path.join(self.directory, "outbox")
        notes = [read(os.path.join(folder, name)) for name in sorted(os.listdir(folder))]
        return [note for note in notes if note]

    def evidence(self):
        folder = os.path.join(self.directory, "peers", "evidence")
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []


class World:
    """One history's host, offices and witnesses."""

    def __init__(self, ground, folder, random):
        self.ground, self.calls, self.folder, self.random = ground, ground.calls, folder, random
        os.makedirs(folder)
        for name in ("host", *ROLES):
            shutil.copytree(ground.path(name), self.path(name))
        self.views = [View(self, "host")]
        self.offices = {party: Office(self, party) for party in ROLES}
        for office in self.offices.values():
            office.view = self.views[0]
        self.witnesses = [[Witness(self.calls, self.path("w%d" % i), ground.keys["w%d" % i], ground.log_key)]
                          for i in range(WITNESSES)]
        self.written = {}   # id → author and note of every honest record
        self.faults = {}    # entry → the codes by which every copy tells of it
        self.twins = {}     # note → another note for the same place of its author's chain
        self.cosigned = []  # the leaves of every tree that a quorum cosigned
        self.wrong, self.checks, self.pouches = [], 0, 0

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def close(self):
        for view in self.views:
            view.close()
        for witness in sum(self.witnesses, []):
            witness.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def check(self, good, what):
        self.checks += 1
        if not good:
            self.wrong.append(what)

    # ---- handing in

    def hand_in(self, office, notes, view=None, level=None):
        """The host takes notes; what it answers is kept by the office."""
        view = view or office.view
        register = view.open()
        register.level(DURABLE if level is None and self.random.random() < .5 else level or CHECKPOINT)
        answers = register.submit(b"".join(notes))
        for note, answer in zip(notes, answers):
            if "id" in answer:
                self.check(answer["id"] == liar.id_of(note), "a receipt is of another record")
            if answer.get("promise"):
                office.receipts.append(answer)
        office.keep_said(notes, answers)
        return answers

    def hand_in_waiting(self, office, view=None):
        """Everything in the outbox, in any order, some of it twice: what a bad network makes of it."""
        view = view or office.view
        notes = [note for note in office.outbox() if not self.is_held_back(office, note, view)]
        self.random.shuffle(notes)
        notes += [note for note in notes if self.random.random() < .2]
        if not notes:
            return []
        answers = self.hand_in(office, notes, view)
        for note, answer in zip(notes, answers):
            self.check("id" in answer or self.contradicts(answer), "an honest record is refused: %s" % answer)
        return answers

    def contradicts(self, answer):
        """An anchor of one history is refused in another."""
        return False

    def is_held_back(self, office, note, view):
        return False

    # ---- cosigning

    def cosign(self, view, reachable):
        """The host hands its head to the witnesses that it reaches, as a collector does."""
        view.publish()
        head, leaves, lines = view.head(), None, []
        for i in reachable:
            leaves = leaves or [tree.leaf(entry) for entry in view.entries()[:head.size]]
            state = self.witness_of(i, view)
            status, line = self.add(state, head, leaves, min(view.known.get(i, 0), head.size))
            if status == 409 and int(line) <= head.size:
                status, line = self.add(state, head, leaves, int(line))
            if status == 200:
                lines.append(line)
                view.known[i] = head.size
            self.after_witness(view, i, head, leaves, status)
        if lines:
            view.open().cosigned(head.note + b"".join(lines))
            if len(lines) >= QUORUM:
                self.cosigned.append(leaves[:head.size])
        return lines

    def witness_of(self, i, view):
        return self.witnesses[i][0]

    def after_witness(self, view, i, head, leaves, status):
        self.check(status in (200, 409, 422), "a witness answers %d" % status)

    @staticmethod
    def add(witness, head, leaves, old):
        proof = tree.consistency(old, leaves) if 0 < old < head.size else []
        body = b"old %d\n" % old + b"".join(tree.base64_of(h).encode() + b"\n" for h in proof) + b"\n" + head.note
        return witness.add(body)

    # ---- copying and carrying, each beside what it must show

    def forks(self, ours, entries_of_ours, head, leaves):
        """Is that head, of a tree with these leaves, of another history than ours?"""
        if ours is None:
            return False
        if head.size <= ours.size:
            return tree.root([tree.leaf(e) for e in entries_of_ours[:head.size]]) != head.root
        return tree.root(leaves[:ours.size]) != ours.root

    def copy(self, office, source, tampered=None):
        """One round of an office's mirror over a directory. What it must show is known before."""
        before, target, head = office.head(), office.target(), head_of(source)
        theirs = liar.entries_of(source)[:head.size] if tampered is None else tampered
        leaves = [tree.leaf(entry) for entry in theirs]
        mine = office.entries()
        forked = self.forks(before, mine, head, leaves)
        if target and not forked and target.size <= head.size:
            forked = tree.root(leaves[:target.size]) != target.root
        status, code, told = copied(self.calls, source, office.directory, self.ground.genesis, office.mirror_key)
        after = office.head()
        name = "%s copies %s" % (office.party, os.path.basename(source))
        if forked:
            self.check((status, code) == (UNVERIFIED, "mirror-fork"), "%s: a fork, and it says %s" % (name, code))
            self.check(after.size == before.size, "%s: something of a fork was published" % name)
            office.seen.add("mirror-fork")
            return "mirror-fork"
        if tampered is not None and status != DONE:
            self.check(status == UNVERIFIED, "%s: tampered with, and it says %s" % (name, code))
            office.seen.add(code)
            return code
        if target and target.size > max(before.size, head.size) and code == "mirror-absent":
            return code  # it goes towards a larger head, and this source does not have that yet
        self.check(status == DONE, "%s: %s" % (name, code))
        self.check(after.size == max(before.size, head.size), "%s: it has %d of %d" % (name, after.size, head.size))
        wanted = self.faults_among(theirs, before.size, head.size)
        self.check(sorted(told) == sorted(wanted), "%s: it tells %s, and should %s" % (name, told, wanted))
        office.seen.update(told)
        return "" if status == DONE else code

    def codes_of(self, entry):
        """What every copy tells of this entry alone. A host that runs ahead of all clocks does so from then on."""
        if entry in self.faults:
            return self.faults[entry]
        return ("received-ahead",) if liar.received_of(entry) > now_ms() + 300000 else ()

    def faults_among(self, entries, start, end):
        """The codes that a round over entries start … end tells of. What was slipped in is known by its bytes."""
        told, notes = [], []
        for entry in entries[start:end]:
            told += self.codes_of(entry)
            note = entry.split(b"\n", 1)[-1]
            if self.twins.get(note) in notes:
                told.append("mirror-equivocation")
            notes.append(note)
        return told

    def bring_cosignature(self, office, view):
        note = read(os.path.join(office.directory, "peers", "seen", "cosigned"))
        if note is not None:
            return view.open().cosigned(note)
        return None

    def pack(self, office):
        self.pouches += 1
        path = self.path("%d.pouch" % self.pouches)
        with Register(self.calls, office.directory) as register:
            register.pack(path)
        return path

    def open_pouch(self, office, path, head):
        """`head` is the newest that the pouch brings."""
        mine, before = office.entries(), office.head()
        with Register(self.calls, office.directory) as register:
            status, told, sums, _ = register.open_pouch(path)
        codes = [fault["code"] for fault in told if "code" in fault]
        wanted = head.size <= before.size and tree.root([tree.leaf(e) for e in mine[:head.size]]) != head.root
        self.check(("heads-other" in codes) == wanted, "%s opens a pouch and tells %s" % (office.party, codes))
        self.check((status == UNVERIFIED) == wanted, "%s opens a pouch: %d" % (office.party, status))
        office.seen.update(code for code in codes if code != "pouch-conflict")
        return codes

    def open_pouch_at_host(self, view, path):
        """What is in it is handed in."""
        return view.open().open_pouch(path, True)[3]

    def visit(self, courier, office, copies=True):
        """Somebody carries a stick from the one to the other: a pouch, and perhaps the copy itself."""
        path = self.pack(courier)
        head = courier.head()
        for _ in range(1 if self.random.random() < .8 else 2):
            self.open_pouch(office, path, head)
        if copies and (courier.head().root != office.head().root or self.random.random() < .1):
            self.copy(office, courier.directory)
