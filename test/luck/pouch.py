#!/usr/bin/env python3
"""pouch.py PROGRAM [SEED] — offices without a network: each writes records under a key of its own, packs pouches now and
then, and the sticks travel: to the host or by way of couriers, in any order, some twice, some damaged on the way, some
lost and packed again. In the end the host has every record exactly once, in chains without gaps. The seed is printed."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
OFFICES, COURIERS, DAYS = 4, 2, 12
draw = random.Random(SEED)
failed = 0


def truce(*words, ok=(0,), **more):
    done = subprocess.run([PROGRAM, *words], capture_output=True, env={"LC_ALL": "C.UTF-8"}, **more)
    if done.returncode not in ok:
        raise SystemExit("seed %d: truce %s: %d\n%s%s" % (SEED, " ".join(words), done.returncode,
                                                         done.stdout.decode()[-2000:], done.stderr.decode()[-2000:]))
    return done.stdout.decode()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def check(good, what):
    global failed
    if not good:
        failed += 1
        print("does not hold:", what)


def damaged(path, into):
    data = bytearray(open(path, "rb").read())
    if draw.random() < 0.5:
        data = data[:draw.randrange(len(data))]
    else:
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    open(into, "wb").write(data)
    return into


with tempfile.TemporaryDirectory() as folder:
    place = lambda *names: os.path.join(folder, *names)
    host = place("host")
    truce("init", host, "--origin", "truce.example/pouches", "--name", "un")
    founder = place("host", "keys", "un.key")
    for i in range(OFFICES):
        key = truce("key", "new", "un", "--out", place("%d.key" % i)).strip()
        truce("write", "key", "party=un", "change=add", "verifier=" + key, "--key", founder, "--submit", "-C", host)
    for name in ["office%d" % i for i in range(OFFICES)] + ["courier%d" % i for i in range(COURIERS)]:
        os.mkdir(place(name))
        shutil.copytree(place("host", "log"), place(name, "log"))
    written, sticks, made = {}, [], 0
    for day in range(DAYS):
        for i in range(OFFICES):
            for _ in range(draw.randrange(3)):
                note = truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z",
                             "text.en=Day %d of office %d: %d" % (day, i, len(written)), "--key", place("%d.key" % i),
                             "-C", place("office%d" % i))
                written[note.split("\n")[0]] = i
            if draw.random() < 0.5:
                made += 1
                sticks.append(place("%d.pouch" % made))
                truce("pouch", "pack", sticks[-1], "-C", place("office%d" % i))
        for _ in range(draw.randrange(4)):
            if not sticks:
                break
            stick = draw.choice(sticks)
            to = draw.choice([host] + [place("courier%d" % i) for i in range(COURIERS)])
            if draw.random() < 0.3:
                said = truce("pouch", "open", damaged(stick, place("damaged")), "-C", to, "--json", ok=(0, 4))
            else:
                sums = lines(truce("pouch", "open", stick, "-C", to, "--json"))[-1]
                check(sums["conflicts"] == 0 and sums["forks"] == 0, "no conflict and no fork: %s" % sums)
            if draw.random() < 0.3 and to != host:
                made += 1
                sticks.append(place("%d.pouch" % made))
                truce("pouch", "pack", sticks[-1], "-C", to)
            if draw.random() < 0.2:
                sticks.remove(stick)  # lost
    for name in ["office%d" % i for i in range(OFFICES)]:
        truce("pouch", "pack", place("last.pouch"), "-C", place(name))
        answer = lines(truce("pouch", "open", place("last.pouch"), "-C", host, "--json"))
        check(answer[-1]["missing"] == 0, "nothing is missing at the end: %s" % answer[-1])
    found = lines(truce("list", "--kind", "question", "--json", "-C", host))
    check(len(found) == len(written) == len({r["id"] for r in found}), "%d written, %d found" % (len(written), len(found)))
    texts = {r["text"]["en"] for r in found}
    check(texts == {json.loads(text)["text"]["en"] for text in written}, "the same texts")
    truce("verify", host)

    # Weeks apart: whatever the order in which sticks come, and how often, an office ends with the same records waiting;
    # two that claim one place of a chain are told by each that met both, and are evidence there.
    weeks = place("weeks")
    os.mkdir(weeks)
    shutil.copytree(place("host", "log"), os.path.join(weeks, "log"))
    carried = []
    for week in range(8):
        if week == 5:  # the office's machine is put back to what it was some weeks before
            shutil.rmtree(os.path.join(weeks, "outbox"))
            shutil.copytree(place("weeks-before"), os.path.join(weeks, "outbox"))
        for i in range(1 + draw.randrange(3)):
            truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=Week %d: %d" % (week, i), "--key",
                  place("1.key"), "-C", weeks)
        if week == 2:
            shutil.copytree(os.path.join(weeks, "outbox"), place("weeks-before"))
        carried.append(place("week%d.pouch" % week))
        truce("pouch", "pack", carried[-1], "-C", weeks)
    outcomes = set()
    for turn in range(4):
        courier = place("in-order-%d" % turn)
        os.mkdir(courier)
        shutil.copytree(place("host", "log"), os.path.join(courier, "log"))
        order = carried * (1 + draw.randrange(2))
        draw.shuffle(order)
        told = [lines(truce("pouch", "open", stick, "-C", courier, "--json", ok=(0, 4))) for stick in order]
        seen = set(os.listdir(os.path.join(courier, "outbox")))
        check(any(t[-1]["conflicts"] > 0 for t in told), "two records of one place are told")
        check(any(line.get("code") == "pouch-conflict" for t in told for line in t), "by name")
        evidence = os.listdir(os.path.join(courier, "peers", "evidence"))
        check(evidence != [], "and are evidence")
        for name in evidence:
            truce("verify", os.path.join(courier, "peers", "evidence", name))
        again = lines(truce("pouch", "open", carried[-1], "-C", courier, "--json", ok=(0, 4)))[-1]
        check(again["kept"] == 0 and again["missing"] == 0, "nothing new, nothing missing: %s" % again)
        truce("verify", courier)
        outcomes.add(tuple(sorted(seen)))
    check(len(outcomes) == 1, "the same places of the chain, whatever the order")
    for stick in draw.sample(carried, len(carried)) * 2:
        answer = lines(truce("pouch", "open", stick, "-C", host, "--json"))[-1]
        check(answer["conflicts"] == 0 and answer["forks"] == 0, "the host admits both, and readers are shown them")
    weekly = [r["text"]["en"] for r in lines(truce("list", "--kind", "question", "--json", "-C", host))
              if r["text"]["en"].startswith("Week ")]
    check(len(weekly) == len(set(weekly)), "each once")
    truce("verify", host)

    # A record that never travelled is told as missing; one that contradicts another is kept beside it, as evidence.
    office = place("office0")
    for name in os.listdir(os.path.join(office, "outbox")):
        os.remove(os.path.join(office, "outbox", name))
    shutil.rmtree(os.path.join(office, "log"))
    shutil.copytree(place("host", "log"), os.path.join(office, "log"))
    for text in ("first", "second", "third"):
        truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=" + text, "--key", place("0.key"), "-C",
              office)
    names = sorted(os.listdir(os.path.join(office, "outbox")))
    os.remove(os.path.join(office, "outbox", names[1]))
    truce("pouch", "pack", place("gap.pouch"), "-C", office)
    courier = place("courier0")
    shutil.rmtree(os.path.join(courier, "log"))
    shutil.copytree(place("host", "log"), os.path.join(courier, "log"))
    told = lines(truce("pouch", "open", place("gap.pouch"), "-C", courier, "--json"))
    check(told[-1]["missing"] == 1 and any(line.get("pouch") == "missing" and line["from"] == line["to"]
                                           for line in told), "one is missing: %s" % told)
    shutil.rmtree(os.path.join(office, "outbox"))
    truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=otherwise", "--key", place("0.key"), "-C", office)
    truce("pouch", "pack", place("other.pouch"), "-C", office)
    told = lines(truce("pouch", "open", place("other.pouch"), "-C", courier, "--json", ok=(4,)))
    check(told[-1]["conflicts"] == 1, "a conflict is told: %s" % told)
    kept = os.listdir(os.path.join(courier, "peers", "evidence"))
    check(len(kept) == 1, "and kept")
    truce("verify", os.path.join(courier, "peers", "evidence", kept[0]))
    truce("verify", courier)
    truce("pouch", "open", place("gap.pouch"), "-C", host, "--to", "http://127.0.0.1:1", ok=(1,))

print("pouch.py: seed %d, %d records, %d pouches, %d failed" % (SEED, len(written), made, failed))
sys.exit(failed > 0)
