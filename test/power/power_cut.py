#!/usr/bin/env python3
"""power_cut.py PROGRAM TOOLS --rounds N | --seconds N [--seed S] — pulls the plug of a real disk, again and again. A register, a
courier's copy and a witness lie on an ext4 of their own; while writers hand in records by the wire and by command, pouches
are packed and opened and heads are cosigned, the file system is shut down without a last word. Mounted again it must have
whatever anybody was told is safe:
  - every receipt: its record at its index, the promised leaf, the head that its proof leads to; `truce verify` finds no fault;
  - every note that `truce write` printed, in the outbox or in the log;
  - every cosignature: the witness has that size or more, and never signs two roots for one size;
  - every pouch that was said to be packed, byte for byte; and under a pouch's name nothing that is not whole;
  - what a pouch that was opened to its end brought.
Needs root, loop devices and mkfs.ext4; without them it says so in one line. The seed, which is printed, decides when the
plug is pulled; what runs at that moment is up to the machine."""
import argparse
import atexit
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

DISK_MIB = 192
ROUNDS_PER_DISK = 10  # then a new one, so that looking through what has gathered does not take the time
HTTP_WRITERS, COMMAND_WRITERS, STICKS, LOGS = 3, 1, 3, 40
NOTES = 6000  # for each writer and disk
ORIGIN = "truce.example/power"
SKIPPED = 77

failed = 0
counts = dict.fromkeys(("rounds", "receipts", "heads", "cosignatures", "notes", "pouches", "carried"), 0)
alive = []


def check(good, what):
    global failed
    if not good:
        failed += 1
        print("does not hold:", what, flush=True)
    return good


def start(*words, **more):
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, "LC_ALL": "C.UTF-8"}, **more)
    alive.append(process)
    return process


def run(*words, data=None):
    """Status and standard output; a status below zero if it was killed."""
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "LC_ALL": "C.UTF-8"})
    out, err = process.communicate(data)
    return process.returncode, out.decode(), err.decode()


def must(*words, data=None):
    status, out, err = run(*words, data=data)
    if status != 0:
        raise SystemExit("%s: %d\n%s%s" % (" ".join(words), status, out[-2000:], err[-2000:]))
    return out


class Disk:
    # As ext4 is by default; so that a name or a size can be there before the data; and with data written at once.
    WAYS = ("data=ordered", "data=writeback", "data=ordered,nodelalloc")

    def __init__(self, folder):
        self.image, self.at, self.mounted = os.path.join(folder, "disk"), os.path.join(folder, "at"), False
        self.way = self.WAYS[0]
        os.mkdir(self.at)
        atexit.register(self.unmount)

    def make(self, way=WAYS[0]):
        self.unmount()
        self.way = way
        with open(self.image, "wb") as file:
            file.truncate(DISK_MIB << 20)
        return run("mkfs.ext4", "-q", "-F", self.image)[0] == 0 and self.mount()

    def mount(self):
        self.mounted = run("mount", "-t", "ext4", "-o", "loop," + self.way, self.image, self.at)[0] == 0
        return self.mounted

    def unmount(self):
        for _ in range(100):
            if not self.mounted or run("umount", self.at)[0] == 0:
                self.mounted = False
                return self.let_go()
            time.sleep(0.1)  # somebody who was killed has not let go yet
        raise SystemExit("%s cannot be unmounted" % self.at)

    def let_go(self):
        """Another namespace of mounts (a browser's, a container's) may have this one too and keep it alive, shut down as it
        is. Then the disk goes on as a copy of what has reached it."""
        for _ in range(10):
            if not run("losetup", "-j", self.image)[1]:
                return
            time.sleep(0.05)
        copy = self.image + "+"
        must("cp", "--sparse=always", self.image, copy)
        os.remove(self.image)
        self.image = copy


class OverSocket(http.client.HTTPConnection):
    """The server's own door, where nobody has to show who he is."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self.path)


class Given:
    """What somebody was told on one disk. It counts only if it was told before the plug was pulled: each thing waits with
    its moment until that is known."""

    def __init__(self):
        self.lock, self.waiting = threading.Lock(), []
        self.index = {}      # id -> entry, of every receipt
        self.handed_in = {}  # writer -> how many receipts
        self.lines = set()   # for `kept`
        self.notes = {}      # name in the outbox -> note that was printed
        self.carried = {}    # the same at the courier's
        self.roots = {}      # (log, size) -> root that the witness cosigned
        self.newest = {}     # log -> the largest size of them
        self.packed = {}     # stick -> its bytes, or None if they are not known
        self.packing = set()  # sticks that somebody had begun to write anew

    def tell(self, kind, *what, moment=None):
        with self.lock:
            self.waiting.append((time.monotonic() if moment is None else moment, kind, what))

    def settle(self, cut):
        for moment, kind, what in sorted(self.waiting, key=lambda told: told[0]):
            if moment < cut:
                kind(*what)
        self.waiting = []

    def head(self, note):
        origin, size, root = note.split("\n")[:3]
        counts["heads"] += 1
        self.lines.add("root %s %s\n" % (size, root))
        if "\u2014 witness.example " in note:
            check(self.roots.setdefault((origin, int(size)), root) == root, "one root for size %s of %s" % (size, origin))
            self.newest[origin] = max(int(size), self.newest.get(origin, 0))

    def cosigned(self, log, size, root):
        counts["cosignatures"] += 1
        check(size >= self.newest.get(log, 0), "no cosignature goes back: %d of %s" % (size, log))
        check(self.roots.setdefault((log, size), root) == root, "one root for size %d of %s" % (size, log))
        self.newest[log] = size

    def has_size(self, log, size):
        check(size >= self.newest.get(log, 0), "the witness remembers: %d of %s" % (size, log))

    def receipt(self, writer, told):
        counts["receipts"] += 1
        self.handed_in[writer] = self.handed_in.get(writer, 0) + 1
        check(self.index.setdefault(told["id"], told["index"]) == told["index"], "a record keeps its place")
        check(told["promise"] is not None or told["proof"] is not None, "a receipt says who stands behind it: %s" % told)
        if told["promise"] is not None:
            fields = dict(field.split(" ", 1) for field in told["promise"].split("\n")[1:5])
            check(int(fields["index"]) == told["index"], "a promise is for the receipt's entry")
            self.lines.add("leaf %s %s\n" % (fields["index"], fields["leaf"]))
        if told["proof"] is not None:
            self.head(told["proof"].split("\n\n", 1)[1])

    def refused(self, lines):
        """Nothing is refused and nothing fails but for the cut."""
        check(False, "a record is taken: %s" % lines)

    def note(self, name, note):
        check(self.notes.setdefault(name, note) == note, "no number is used twice: " + name)

    def begins(self, stick):
        self.packing.add(stick)

    def packs(self, stick, data):
        self.packed[stick] = data
        self.packing.discard(stick)

    def carries(self, notes):
        self.carried = notes


def split_notes(text):
    """Signed notes, one behind the other, each of one signature line."""
    parts = text.split("\n\u2014 ")
    notes, before = [], parts[0]
    for part in parts[1:]:
        line, _, rest = part.partition("\n")
        notes.append(before + "\n\u2014 " + line + "\n")
        before = rest
    return notes


class Bench:
    """The arrangement on one disk, from its founding on."""

    def __init__(self, disk, keys, program, tools, draw):
        self.disk, self.keys, self.program, self.tools, self.draw = disk, keys, program, tools, draw
        self.given, self.first_life, self.cut_at = Given(), True, None
        self.server = self.witness = self.url = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.found()

    def at(self, *names):
        return os.path.join(self.disk.at, *names)

    def key(self, name):
        return os.path.join(self.keys, name + ".key")

    def truce(self, *words, data=None):
        return run(self.program, *words, data=data)

    def found(self):
        for name in os.listdir(self.keys):
            os.remove(os.path.join(self.keys, name))
        names = ["un", "recovery", "writer"] + ["w%d" % i for i in range(HTTP_WRITERS + COMMAND_WRITERS)]
        public = {name: must(self.program, "key", "new", "un", "--out", self.key(name)).strip() for name in names}
        self.verifier = must(self.program, "key", "new", "witness.example", "--cosign", "--out", self.key("witness")).strip()
        url = "http://127.0.0.1:%d" % self.port
        genesis = {"nonce": "!nonce", "log_key": "!log", "exercise": True, "thresholds": {"enrol": 1, "policy": 1},
                   "founders": [{"party": "un", "names": {"en": "United Nations", "original": "en"}, "role": "secretariat",
                                 "key": public["un"], "recovery": public["recovery"]}],
                   "witnessing": {"faults": 0, "quorum": 1, "witnesses": [{"key": self.verifier, "url": url}]}}
        json.dump(genesis, open(os.path.join(self.keys, "genesis.json"), "w"))
        must(self.program, "init", self.at("host"), "--origin", ORIGIN, "--name", "un", "--genesis",
             os.path.join(self.keys, "genesis.json"), "--key", self.key("un"))
        for name in names[2:]:
            must(self.program, "write", "key", "party=un", "change=add", "verifier=" + public[name], "--key", self.key("un"),
                 "--submit", "-C", self.at("host"))
        for copy in ("courier", "scratch"):
            os.mkdir(self.at(copy))
            shutil.copytree(self.at("host", "log"), self.at(copy, "log"))
        os.mkdir(self.at("sticks"))
        os.mkdir(self.at("witness"))
        first = must(self.program, "show", json.loads(must(self.program, "list", "--json", "-C", self.at("host"))
                                                      .split("\n")[0])["id"], "--json", "-C", self.at("host"))
        register = "%s#%s" % (ORIGIN, json.loads(first)["id"][:16])
        self.notes = {name: split_notes(must(os.path.join(self.tools, "make-notes"), self.key(name), register, "0", str(NOTES)))
                      for name in names[3:]}
        logs = must(os.path.join(self.tools, "ask"), str(LOGS))
        logs += "log %s\n" % must(self.program, "key", "public", self.at("host", "log.key")).strip()
        open(os.path.join(self.keys, "logs"), "w").write(logs)
        os.sync()

    # ---- what goes on while the power is there

    def cut(self):
        return self.cut_at is not None

    def write_by_wire(self, name):
        connection = OverSocket(self.at("host", "server.lock"))
        first = self.given.handed_in.get(name, 0)
        while not self.cut():
            notes = "".join(self.notes[name][first:first + 1 + self.draw.randrange(4)])
            try:
                connection.request("POST", "/records", notes.encode(), {"Content-Type": "text/plain"})
                lines = connection.getresponse().read().decode().splitlines()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.01)
                continue
            first += self.took(name, lines)

    def took(self, name, lines):
        """How many of the lines are receipts."""
        receipts = [told for told in map(json.loads, lines) if "id" in told]
        for told in receipts:
            self.given.tell(self.given.receipt, name, told)
        if len(receipts) < len(lines):
            self.given.tell(self.given.refused, lines)
        return len(receipts)

    def write_by_command(self, name):
        first = self.given.handed_in.get(name, 0)
        while not self.cut():
            notes = "".join(self.notes[name][first:first + 1 + self.draw.randrange(4)])
            status, out, _ = self.truce("submit", "-C", self.at("host"), data=notes.encode())
            first += self.took(name, out.splitlines())
            if status != 0:
                time.sleep(0.05)  # without a server others hold the register at times

    def write_to_outbox(self):
        while not self.cut():
            submit = ["--submit", "--json"] if self.draw.random() < 0.3 else []
            status, out, _ = self.truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=Who was there?",
                                        "--key", self.key("writer"), "-C", self.at("host"), *submit)
            if submit:
                self.took("writer", [line for line in out.splitlines() if line.startswith('{"id"')])
            elif status == 0:
                note = json.loads(out.split("\n")[0])
                self.given.tell(self.given.note, "un.%s.%010d.note" % (note["key"], note["seq"]), out.encode())

    def pack_and_open(self):
        while not self.cut():
            stick = "%d.pouch" % self.draw.randrange(STICKS)
            more = ["--entries-from", "0"] if self.draw.random() < 0.3 else []
            self.given.tell(self.given.begins, stick)
            if self.truce("pouch", "pack", self.at("sticks", stick), "-C", self.at("host"), *more)[0] != 0:
                time.sleep(0.01)
                continue
            packed = time.monotonic()
            self.given.tell(self.given.packs, stick, self.read("sticks", stick), moment=packed)
            if self.truce("pouch", "open", self.at("sticks", stick), "-C", self.at("courier"))[0] == 0:
                opened = time.monotonic()
                self.given.tell(self.given.carries, self.in_outbox("courier"), moment=opened)

    def in_outbox(self, register):
        folder = self.at(register, "outbox")
        try:
            names = [name for name in os.listdir(folder) if name.endswith(".note")]
        except OSError:  # nothing yet, or the cut
            names = []
        return {name: self.read(register, "outbox", name) for name in names}

    def read(self, *names):
        """Its bytes, or None; after the cut nothing can be read, or what was never on the disk."""
        try:
            data = open(self.at(*names), "rb").read()
        except OSError:
            return None
        return None if self.cut() else data

    def watch(self):
        """Whoever asks for heads, and remembers them."""
        name = hashlib.sha256(ORIGIN.encode()).hexdigest()
        wanted = ["http://127.0.0.1:%d/%s/checkpoint" % (self.port, name)]
        if self.url:
            wanted += [self.url + "checkpoint", self.url + "cosigned"]
        while not self.cut():
            for url in wanted:
                try:
                    with urllib.request.urlopen(url, timeout=20) as answer:
                        self.given.tell(self.given.head, answer.read().decode())
                except (OSError, http.client.HTTPException):
                    time.sleep(0.01)
            time.sleep(0.02)

    # ---- power on, power off

    def power_on(self, early):
        """Starts whoever serves. An early cut comes while they are still finding out what the last one left."""
        words = ["--override"] if self.first_life else ["--alone"]
        self.witness = start(self.program, "witness", "-C", self.at("witness"), "--key", self.key("witness"), "--logs",
                             os.path.join(self.keys, "logs"), "--listen", "127.0.0.1:%d" % self.port, "--json", *words)
        if self.draw.random() < 0.8:
            self.server = start(self.program, "serve", "-C", self.at("host"), "--listen", "127.0.0.1:0", "--yes", "--json")
        if early:
            self.url = None
            return
        check(self.witness.stdout.readline(), "the witness starts")
        self.first_life = False
        self.url = None
        if self.server:
            line = self.server.stdout.readline()
            if check(line, "the server starts"):
                self.url = json.loads(line)["url"]

    def load(self, early):
        asker = start(os.path.join(self.tools, "ask"), str(LOGS), "http://127.0.0.1:%d/add-checkpoint" % self.port,
                      self.verifier, str(self.draw.randrange(1 << 30))) if not early else None
        work = [(self.write_by_wire, "w%d" % i) for i in range(HTTP_WRITERS) if self.server]
        work += [(self.write_by_command, "w%d" % i) for i in range(HTTP_WRITERS, HTTP_WRITERS + COMMAND_WRITERS)]
        work += [(self.write_to_outbox,), (self.pack_and_open,), (self.watch,)]
        threads = [threading.Thread(target=one[0], args=one[1:], daemon=True) for one in work if not early]
        for thread in threads:
            thread.start()
        time.sleep(self.draw.random() * (0.08 if early else 1.4))
        self.cut_at = float(must(os.path.join(self.tools, "shut_down"), self.disk.at))
        for process in (self.server, self.witness):
            if process:
                process.kill()
                process.wait()
                process.stdout.close()
                alive.remove(process)
        self.server = self.witness = None
        for thread in threads:
            thread.join()
        if asker:
            self.asked(asker)
        self.given.settle(self.cut_at)
        self.disk.unmount()
        self.cut_at = None

    def asked(self, asker):
        out = asker.communicate()[0].decode()
        alive.remove(asker)
        check(asker.returncode == 0, "every cosignature holds")
        for words in map(str.split, out.splitlines()):
            kind = self.given.cosigned if words[0] == "given" else self.given.has_size
            self.given.tell(kind, "power.example/log" + words[2], int(words[3]), *words[4:], moment=float(words[1]))

    # ---- what must be there when the power is back

    def look(self):
        self.look_at_log()
        self.look_at_notes()
        self.look_at_sticks()
        self.look_at_witness()

    def look_at_log(self):
        lines = sorted(self.given.lines)
        status, out, _ = run(os.path.join(self.tools, "kept"), self.at("host", "log"), data="".join(lines).encode())
        check(status == 0, "what was promised and signed is kept:\n" + out[-1000:])
        status, out, err = self.truce("verify", self.at("host"), "--json")
        check(status == 0 and json.loads(out.splitlines()[-1])["faults"] == 0, "the log verifies: " + out[-500:] + err[-500:])
        status, out, err = self.truce("list", "--json", "-C", self.at("host"))
        check(status == 0, "records can be listed: " + err)
        self.listed = {told["id"]: told["index"] for told in map(json.loads, out.splitlines())}
        lost = [id for id, index in self.given.index.items() if self.listed.get(id) != index]
        check(not lost, "%d receipts of %d are kept: %s" % (len(lost), len(self.given.index), lost[:3]))

    def look_at_notes(self):
        for folder, notes, what in (("host", self.given.notes, "written"), ("courier", self.given.carried, "carried")):
            for name, note in notes.items():
                path = self.at(folder, "outbox", name)
                id = None if note is None else hashlib.sha256(note.split(b"\n")[0] + b"\n").hexdigest()
                there = os.path.exists(path) and note in (None, open(path, "rb").read())
                check(there or (folder == "host" and id in self.listed), "a note that was %s is kept: %s" % (what, name))
        counts["notes"] += len(self.given.notes)
        counts["carried"] += len(self.given.carried)

    def look_at_sticks(self):
        for name in sorted(os.listdir(self.at("sticks"))):
            path = self.at("sticks", name)
            if name.endswith(".new"):  # what a cut left of a pouch that was being packed; it may be anything but believed
                check(self.truce("pouch", "open", path, "-C", self.at("scratch"))[0] in (0, 4), "a torn pouch is told")
                os.remove(path)
                continue
            data = self.given.packed.get(name)
            if data is None or open(path, "rb").read() != data:
                check(data is None or name in self.given.packing, "a pouch stays as it was packed: " + name)
                status, _, err = self.truce("pouch", "open", path, "-C", self.at("scratch"))
                check(status == 0, "under a pouch's name stands a whole one: %d %s" % (status, err))
                self.given.packed[name] = open(path, "rb").read()
        for name in self.given.packed:
            check(os.path.exists(self.at("sticks", name)), "a pouch that was packed is there: " + name)
        self.given.packing.clear()
        counts["pouches"] += len(self.given.packed)

    def look_at_witness(self):
        if self.first_life:
            return
        witness = start(self.program, "witness", "-C", self.at("witness"), "--key", self.key("witness"), "--logs",
                        os.path.join(self.keys, "logs"), "--listen", "127.0.0.1:%d" % self.port, "--json", "--alone")
        if check(witness.stdout.readline(), "the witness opens its memory"):
            with urllib.request.urlopen("http://127.0.0.1:%d/healthz" % self.port, timeout=20) as answer:
                logs = {log["origin"]: log for log in json.load(answer)["logs"]}
            for log, size in self.given.newest.items():
                check(logs[log]["size"] >= size, "the witness has size %d of %s, it gave %d" % (logs[log]["size"], log, size))
                root = self.given.roots.get((log, logs[log]["size"]))
                check(root in (None, logs[log]["root"]), "the witness has the root that it cosigned of %s: %s, not %s" % (log, logs[log], root))
        witness.send_signal(signal.SIGTERM)
        witness.wait(30)
        witness.stdout.close()
        alive.remove(witness)


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("tools")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    given = parser.parse_args()
    if os.geteuid() != 0 or not os.path.exists("/dev/loop-control") or not shutil.which("mkfs.ext4"):
        skip("a power cut needs root, loop devices and mkfs.ext4")
    program, tools, draw = os.path.abspath(given.program), os.path.abspath(given.tools), random.Random(given.seed)
    folder = tempfile.mkdtemp(prefix="power-")
    atexit.register(shutil.rmtree, folder)
    disk = Disk(folder)
    atexit.register(lambda: [process.kill() for process in alive])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if not disk.make():
        skip("this machine does not let a loop device be mounted")
    os.mkdir(os.path.join(folder, "keys"))
    print("power_cut.py: seed %d" % given.seed, flush=True)
    end, bench = time.monotonic() + given.seconds, None
    while failed < 20 and (counts["rounds"] < given.rounds or time.monotonic() < end):
        if counts["rounds"] % ROUNDS_PER_DISK == 0:
            disk.make(draw.choice(disk.WAYS))
            bench = Bench(disk, os.path.join(folder, "keys"), program, tools, draw)
        early = not bench.first_life and draw.random() < 0.2
        bench.power_on(early)
        bench.load(early)
        if not disk.mount():
            raise SystemExit("the disk cannot be mounted again")
        bench.look()
        counts["rounds"] += 1
        if counts["rounds"] % 20 == 0:
            print("%s, %d failed" % (", ".join("%s %d" % one for one in counts.items()), failed), flush=True)
    print("power_cut.py: %s, %d failed" % (", ".join("%s %d" % one for one in counts.items()), failed))
    sys.exit(failed > 0)


main()
