#!/usr/bin/env python3
"""carried.py PROGRAM [SEED] — what pouches carry besides notes. Ciphers of sealed values go with the records that name
them, by way of couriers, and never again once they were erased. A full copy without a network goes on by the log's
entries: from pouches in any order, damaged ones, and though it is killed at any moment; and it shows a host that was
set back, or tells two histories. The seed is printed."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
draw = random.Random(SEED)
MARK = "Qasr-al-Zaytun"
REPORT = {"act": "shelling", "method": "seen", "text": {"en": "Seen from the roof of " + MARK, "original": "en"},
          "when": {"from": "2016-09-12T10:11:12Z", "to": "2016-09-12T10:15:16Z", "precision": "exact"},
          "where": {"point": {"lat_e7": 361234987, "lon_e7": 371987234}, "radius_m": 37}}
checks = failed = 0


def check(held, what):
    global checks, failed
    checks += 1
    if not held:
        failed += 1
        print("does not hold:", what)


def truce(*words, ok=(0,)):
    done = subprocess.run([PROGRAM, *words], capture_output=True, stdin=subprocess.DEVNULL,
                          env={"LC_ALL": "C.UTF-8", "TMPDIR": FOLDER})
    if done.returncode not in ok:
        raise SystemExit("seed %d: truce %s: %d\n%s%s" % (SEED, " ".join(words), done.returncode,
                                                         done.stdout.decode()[-2000:], done.stderr.decode()[-2000:]))
    return done.stdout.decode()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def place(*names):
    return os.path.join(FOLDER, *names)


def packed(to, register, *more):
    return lines(truce("pouch", "pack", place(to), *more, "-C", place(register), "--json"))[-1]


def opened(pouch, register, ok=(0,)):
    return lines(truce("pouch", "open", place(pouch), "-C", place(register), "--json", ok=ok))


def ciphers(register):
    folder = place(register, "sealed")
    return sorted(n for n in (os.listdir(folder) if os.path.isdir(folder) else ()) if len(n) == 64)


def say(register, key, text):
    truce("write", "question", "to=office", "at=2016-09-10T00:00:00Z", "text.en=" + text, "text.original=en", "--key", key, "-C",
          place(register), *(("--submit",) if register in ("host", "old") else ()))


def make():
    truce("init", place("host"), "--origin", "truce.example/carried", "--name", "office", "--yes")
    office, recovery = place("host", "keys", "office.key"), place("host", "keys", "office.recovery.key")
    policy = {"sealed_by_default": [{"kind": "report", "pointers": ["/text", "/when", "/where"]}]}
    with open(place("policy.json"), "w") as file:
        json.dump(policy, file)
    with open(place("report.json"), "w") as file:
        json.dump(REPORT, file)
    truce("write", "-C", place("host"), "policy", "--from", place("policy.json"), "--key", office, "--submit")
    reader = truce("key", "new", "office", "--out", place("office.reader"), "--read").strip()
    truce("write", "-C", place("host"), "key", "party=office", "change=reader", "verifier=" + reader, "--key", recovery,
          "--submit")
    field = truce("key", "new", "office", "--out", place("field.key")).strip()
    truce("write", "-C", place("host"), "key", "party=office", "change=add", "verifier=" + field, "--key", office, "--submit")
    for name in ("field", "courier", "far"):
        truce("mirror", place("host"), place(name))
    return office


# ---- ciphers

def sealed_ones(office):
    note = truce("write", "-C", place("field"), "report", "--from", place("report.json"), "--key", place("field.key"))
    names = ciphers("field")
    check(len(names) >= 3 and MARK not in note, "the field office seals: %s" % names)
    check(packed("1.pouch", "field")["sealed"] == len(names), "its ciphers go with it")
    check(opened("1.pouch", "courier")[-1]["sealed"] == len(names) and ciphers("courier") == names, "a courier keeps them")
    for _ in range(2):
        opened("1.pouch", "courier")
    packed("2.pouch", "courier")
    opened("2.pouch", "host")
    check(ciphers("host") == names, "the host has them")
    id_ = lines(truce("list", "--kind", "report", "--json", "-C", place("host")))[0]["id"]
    check(MARK in truce("open", id_, "-C", place("host"), "--key", place("office.reader"), "--json"), "and its reader opens them")

    packed("3.pouch", "host", "--entries-from", "0")
    check(opened("3.pouch", "far")[-1]["taken"] == 1, "a copy far away goes on by it")
    check(ciphers("far") == names, "with the ciphers")
    check(MARK in truce("open", id_, "-C", place("far"), "--key", place("office.reader"), "--json"), "which open there")

    with open(place("host", "sealed", names[0]), "rb") as file:
        body = file.read()[-64:]
    truce("erase", "-C", place("host"), id_)
    check(ciphers("host") == [], "erased at the host")
    for pouch in ("1.pouch", "2.pouch"):
        check(opened(pouch, "host")[-1]["known"] == 0, "opened again without a word")
    check(ciphers("host") == [], "and it stays so")
    for more in ((id_,), ("--entries-from", "0")):
        check(packed("4.pouch", "host", *more)["sealed"] == 0, "later pouches do not carry them")
    truce("erase", "-C", place("far"), id_)
    opened("3.pouch", "far")
    check(ciphers("far") == [], "nor does a copy take back what it erased")
    for root, _, files in os.walk(place("host")):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                check(body not in file.read(), "nothing of it in %s" % name)
    truce("verify", place("host"))
    truce("verify", place("far"))


# ---- entries

def size(register):
    return len(lines(truce("list", "--json", "--limit", "1000", "-C", place(register))))


def damaged(path, into):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    if draw.random() < 0.5:
        data = data[:draw.randrange(len(data))]
    else:
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    with open(into, "wb") as file:
        file.write(data)


def killed(pouch, register):
    process = subprocess.Popen([PROGRAM, "pouch", "open", place(pouch), "-C", place(register)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(draw.random() * 0.12)
    process.kill()
    process.wait()


def copies(office):
    shutil.copytree(place("host"), place("old"))
    sticks, count = [], size("host")
    for i in range(12):
        say("host", office, "question %d" % i)
        count += 1
        if draw.random() < 0.7:
            sticks.append("%d.stick" % i)
            packed(sticks[-1], "host", "--entries-from", str(draw.randrange(count)))
    shutil.copytree(place("far"), place("far-before"))
    for turn in range(3):
        shutil.rmtree(place("far"))
        shutil.copytree(place("far-before"), place("far"))
        order, before = sticks * 2, size("far")
        draw.shuffle(order)
        for stick in order:
            if draw.random() < 0.4:
                damaged(place(stick), place("bad"))
                opened("bad", "far", ok=(0, 3, 4))
            if draw.random() < 0.4:
                killed(stick, "far")
            opened(stick, "far", ok=(0, 4))
            now = size("far")
            check(before <= now <= count, "a copy never goes back")
            before = now
        packed("whole.pouch", "host", "--entries-from", "0")
        opened("whole.pouch", "far")
        check(size("far") == count, "at the end it has all: %d of %d" % (size("far"), count))
        check(truce("list", "--json", "--limit", "1000", "-C", place("far")) ==
              truce("list", "--json", "--limit", "1000", "-C", place("host")), "the same records in the same order")
        truce("verify", place("far"))
    truce("mirror", place("host"), place("far"))  # the network is back: nothing in the way


def histories(office):
    said = truce("pouch", "open", place("whole.pouch"), "-C", place("old"), ok=(3,))
    check(size("old") < size("host"), "a host that was set back takes nothing %s" % said)
    for i in range(3):
        say("old", office, "otherwise %d" % i)
    packed("small.pouch", "old", "--entries-from", "0")
    for i in range(15):
        say("old", office, "otherwise again %d" % i)
    packed("large.pouch", "old", "--entries-from", "0")
    before = size("far")
    for pouch in ("small.pouch", "large.pouch"):
        check(opened(pouch, "far", ok=(3,))[-1]["forks"] == 1, "two histories: %s" % pouch)
    kept = os.listdir(place("far", "peers", "evidence"))
    check(len(kept) == 2 and size("far") == before, "both are evidence, and nothing was taken")
    for name in kept:
        truce("verify", place("far", "peers", "evidence", name))
    truce("verify", place("far"))


with tempfile.TemporaryDirectory() as FOLDER:
    key = make()
    sealed_ones(key)
    copies(key)
    histories(key)
print("carried.py: seed %d, %d checks, %d failed" % (SEED, checks, failed))
sys.exit(failed > 0)
