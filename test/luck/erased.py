#!/usr/bin/env python3
"""erased.py TRUCE — what was sealed, carried, opened and erased is looked for on the disk.

A register on an ext4 of its own (a loop device, as root; else a plain folder) is written to through every path: sealed
by the command line, handed in through a server, given another reader, opened by the command line and over HTTP, the
index searched and rebuilt. After `truce erase` no byte of what was sealed, and none of any cipher, may stand in a file
of the register, nor anywhere in the raw image of the disk once it is unmounted."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TRUCE = sys.argv[1]
MARK = "Qasr-al-Zaytun"  # in no other text of the program
REPORT = {
    "act": "shelling", "method": "seen", "actor": "north",
    "when": {"from": "2016-09-12T10:11:12Z", "to": "2016-09-12T10:15:16Z", "precision": "exact"},
    "where": {"point": {"lat_e7": 361234987, "lon_e7": 371987234}, "radius_m": 37, "name": MARK + " mill"},
    "observer": {"function": "miller of " + MARK},
    "text": {"en": "Seen from the roof of " + MARK, "ar": "شوهد من سطح طاحونة " + MARK, "original": "en",
             "translated_by": {"ar": "office"}},
}
SECRETS = [MARK.encode(), b"361234987", b"371987234", b"10:11:12Z", "طاحونة".encode()]
checks = failures = 0


def check(held, what):
    global checks, failures
    checks += 1
    if not held:
        failures += 1
        print("does not hold:", what)


def run(*arguments, status=0):
    done = subprocess.run([TRUCE, *arguments], capture_output=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "LANG": "C.UTF-8", "TMPDIR": KEYS})
    check(done.returncode == status, f"{' '.join(arguments[:3])}: {done.returncode} {done.stderr.decode()[-300:]}")
    return done.stdout.decode()


@contextlib.contextmanager
def disk(folder):
    """A mounted ext4 and its image; None for the image where it may not be mounted."""
    image, mount = os.path.join(folder, "image"), os.path.join(folder, "mount")
    os.mkdir(mount)
    with open(image, "wb") as file:
        file.truncate(64 << 20)
    made = os.geteuid() == 0 and shutil.which("mkfs.ext4") and \
        subprocess.run(["mkfs.ext4", "-q", image], capture_output=True).returncode == 0 and \
        subprocess.run(["mount", "-o", "loop", image, mount], capture_output=True).returncode == 0
    try:
        yield mount, image if made else None
    finally:
        if made and os.path.ismount(mount):
            subprocess.run(["umount", mount], check=True)


def files_with(folder, words):
    found = []
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                text = file.read()
            found += [(os.path.join(root, name), w) for w in words if w in text]
    return found


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def served(register):
    """The server's address, and what asks it for a path as somebody who may read."""
    port = free_port()
    token = run("member", "add", "reader", "--members", KEYS + "/members").strip()
    server = subprocess.Popen([TRUCE, "serve", "-C", register, "--listen", f"127.0.0.1:{port}", "--members", KEYS + "/members"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def ask(path, accept="*/*"):
        said = {"Accept": accept, "Authorization": "Bearer " + token}
        with urllib.request.urlopen(urllib.request.Request(address + path, headers=said)) as answer:
            return answer.read()

    for _ in range(200):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address + "/healthz").close()
            break
        time.sleep(0.05)
    try:
        yield address, ask
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def announce(register, name, recovery, number):
    file = os.path.join(KEYS, f"{name}.{number}.reader")
    public = run("key", "new", name, "--out", file, "--read").strip()
    run("write", "-C", register, "key", f"party={name}", "change=reader", f"verifier={public}", "--key", recovery, "--submit")
    return file


def make(register):
    run("init", register, "--origin", "truce.example/erased", "--name", "office", "--yes")
    office, recovery = register + "/keys/office.key", register + "/keys/office.recovery.key"
    own = [run("key", "new", "liaison", "--out", f"{KEYS}/liaison.{use}").strip() for use in ("key", "recovery")]
    party = {"party": "liaison", "names": {"en": "Liaison", "original": "en"}, "role": "monitor", "keys": own[:1], "recovery": own[1]}
    policy = {"sealed_by_default": [{"kind": "report", "pointers": ["/observer", "/text", "/when", "/where"]}]}
    for kind, object_ in (("party", party), ("policy", policy)):
        with open(f"{KEYS}/{kind}.json", "w") as file:
            json.dump(object_, file)
        run("write", "-C", register, kind, "--from", f"{KEYS}/{kind}.json", "--key", office, "--submit")
    return office, announce(register, "office", recovery, 1), announce(register, "liaison", KEYS + "/liaison.recovery", 1)


def through_every_path(register, elsewhere):
    office, office_reader, reader = make(register)
    with open(KEYS + "/report.json", "w") as file:
        json.dump(REPORT, file)
    write = ["write", "report", "--from", KEYS + "/report.json", "--key", office, "--reader", "liaison",
             "--seal", "/where=1km:liaison"]
    check(MARK in run(*write, "-C", register, "--dry-run"), "the writer sees what will be sealed")
    shutil.copytree(register, elsewhere, ignore=shutil.ignore_patterns("server.lock"))
    here = json.loads(run(*write, "-C", register, "--submit", "--json").splitlines()[-1])["id"]
    session = KEYS + "/office.session"
    run("session", "new", "-C", register, "--key", office, "--out", session)
    with served(register) as (address, ask):
        note = f"{KEYS}/note"
        with open(note, "w") as file: # by another office, which has a copy of the register
            file.write(run(*write[:1], "claim", "actor=north", "text.en=Heard at " + MARK, "text.original=en",
                           "--seal", "/text", "--reader", "liaison", "--key", office, "-C", elsewhere))
        # The copy does not know of the first report: the office's chain has two records of one seq, which is shown.
        there = json.loads(run("submit", "-C", elsewhere, "--to", address, "--session", session, note).splitlines()[0])["id"]
        names = [i["cipher"] for id_ in (here, there)
                 for i in json.loads(ask(f"/records/{id_}"))["sealed"]]
        ciphers = [ask(f"/sealed/{name}") for name in names]
        for page in ("/", f"/records/{here}", "/records?kind=report"):
            check(MARK.encode() not in ask(page, "text/html"), f"{page} shows nothing that is sealed")
    announce(register, "liaison", KEYS + "/liaison.recovery", 2)
    run("open", "-C", register, here, "--key", office_reader, "--rebox")
    for id_, wanted in ((here, 5), (there, 1)):
        for key in (reader, KEYS + "/liaison.2.reader") if id_ == here else (reader,):
            opened = run("open", "-C", register, id_, "--key", key, "--json")
            check(opened.count('"opened"') >= wanted and MARK in opened, f"{key} opens {id_}")
    run("rebuild", "-C", register)
    check(MARK not in run("list", "-C", register, "--text", MARK), "search finds nothing that is sealed")
    bodies = [c[c.index(b"\n") + 1:][:256] for c in ciphers]
    pieces = [b[at:at + 48] for b in bodies for at in (0, 100, 200)]
    check(len({f for f, _ in files_with(register, pieces)}) == len(names), "before, each cipher stands in its file")
    for id_ in (here, there):
        run("erase", "-C", register, id_)
    return here, pieces


def main():
    global KEYS
    folder = tempfile.mkdtemp()
    KEYS = os.path.join(folder, "keys")
    os.mkdir(KEYS)
    try:
        with disk(folder) as (mount, image):
            register = mount + "/register"
            here, pieces = through_every_path(register, folder + "/elsewhere")
            for where, word in files_with(register, SECRETS + pieces):
                check(False, f"{where} still holds {word[:20]!r}")
            check(not files_with(register, SECRETS + pieces), "no file holds anything of it")
            check("0 faults" in run("verify", register), "the register verifies")
            check("erased" in run("open", "-C", register, here, "--key", KEYS + "/liaison.1.reader"), "it says so")
            if image:
                os.sync()
                subprocess.run(["umount", mount], check=True)
                with open(image, "rb") as file:
                    raw = file.read()
                check(b"truce.example/erased" in raw, "the image is the disk's")
                left = [w for w in SECRETS + pieces if w in raw]
                check(not left, f"the raw disk holds {[w[:20] for w in left]}")
            else:
                print("no disk of its own may be mounted here: the files alone were looked through")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{checks} checks, {failures} failed")
    return failures > 0


sys.exit(main())
