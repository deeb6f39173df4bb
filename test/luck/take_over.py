#!/usr/bin/env python3
"""take_over.py PROGRAM — a host that is gone, from beginning to end with real servers: its witnesses vote, a full copy goes
on under a new key from the largest head that they cosigned, what stood beyond it comes in anew, what nobody has is named;
the old host, still there, finds no witness, and what it writes is told from the log. What must be refused is."""
import atexit
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM = os.path.abspath(sys.argv[1])
ORIGIN = "truce.example/taken"
failed = checks = 0


def check(good, what):
    global failed, checks
    checks += 1
    if not good:
        failed += 1
        print("does not hold:", what)


def call(*words, **more):
    return subprocess.run([PROGRAM, *words], capture_output=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "LC_ALL": "C.UTF-8"}, **more)


def truce(*words, ok=0, says=""):
    done = call(*words)
    said = done.stdout.decode() + done.stderr.decode()
    check(done.returncode == ok and says in said, "%s: %d, not %d %s\n%s" % (" ".join(words), done.returncode, ok, says, said))
    return done.stdout.decode()


running = []
atexit.register(lambda: [process.kill() for process in running if process.poll() is None])


def serving(*words):
    process = subprocess.Popen([PROGRAM, *words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env={**os.environ, "LC_ALL": "C.UTF-8"})
    running.append(process)
    return process, json.loads(process.stdout.readline())["url"].rstrip("/")


def ended(process):
    process.send_signal(signal.SIGTERM)
    check(process.wait(30) == 0, "a server ends by itself")


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, find, seconds=60):
    for _ in range(seconds * 10):
        found = find()
        if found:
            return found
        time.sleep(0.1)
    check(False, what)
    return None


with tempfile.TemporaryDirectory() as folder:
    place = lambda *names: os.path.join(folder, *names)
    key = lambda file, name, *more: truce("key", "new", name, "--out", place(file + ".key"), *more).strip()
    witnesses = [{"url": "http://127.0.0.1:%d" % free_port(), "key": key("w%d" % i, "w%d.example" % i, "--cosign")}
                 for i in range(3)]
    founders = [{"party": party, "names": {"en": party, "original": "en"}, "role": role, "key": key(party, party),
                 "recovery": key(party + "-recovery", party)}
                for party, role in (("north", "party"), ("south", "party"), ("un", "secretariat"))]
    json.dump({"nonce": "!nonce", "log_key": "!log", "founders": founders, "thresholds": {"enrol": 2, "policy": 2},
               "exercise": True, "witnessing": {"faults": 0, "quorum": 2, "witnesses": witnesses}},
              open(place("genesis.json"), "w"))

    def say(register, by, kind, *fields, hand_in=True):
        words = ["write", kind, *fields, "-C", place(register), "--key", place(by + ".key")]
        out = truce(*words, *(["--submit", "--json"] if hand_in else []))
        return json.loads(out.splitlines()[-1])["id"] if hand_in else out

    def ask(register, by, text, **more):
        return say(register, by, "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=" + text, **more)

    made = truce("init", place("host"), "--origin", ORIGIN, "--genesis", place("genesis.json"), "--key", place("north.key"),
                 "--yes", "--json")
    genesis = json.loads(made.splitlines()[-1])["genesis"]
    for by in ("south", "un"):
        say("host", by, "approval", "of=" + genesis, "decision=approve")
    old = truce("key", "public", place("host", "log.key")).strip()
    new = key("log-next", ORIGIN)
    other = key("log-other", ORIGIN)

    def watch(i, *words, log=(old,)):
        logs = [word for vkey in log for word in ("--log", vkey)]
        return serving("witness", "-C", place("watch%d" % i), "--key", place("w%d.key" % i), *logs, "--override",
                       "--listen", witnesses[i]["url"].split("//")[1], *words)[0]

    watching = [watch(i) for i in range(3)]
    server, url = serving("serve", "-C", place("host"), "--listen", "127.0.0.1:0", "--yes")
    sizes = lambda: {c["name"]: c.get("size", 0) for c in json.loads(get(url + "/heads"))["cosigners"]}
    size = lambda: int(get(url + "/checkpoint").split("\n")[1])
    seen = [ask("host", "north", "first"), ask("host", "south", "second")]
    until("all cosign", lambda: set(sizes().values()) == {5})
    truce("mirror", url, place("early"))
    ended(watching[0])
    seen.append(ask("host", "north", "third"))
    base = 6
    until("two cosign", lambda: sorted(sizes().values()) == [5, base, base])
    ended(watching[1])
    ended(watching[2])
    beyond = [ask("host", "south", "fourth"), ask("host", "north", "fifth")]
    until("all is published", lambda: size() == base + 2)
    truce("mirror", url, place("copy"))
    truce("mirror", url, place("behind"))
    check(len(truce("list", "-C", place("copy"), "--json").splitlines()) == base + 2, "the copy has more than was cosigned")
    lost = ask("host", "un", "of which nobody hears")
    carried = ask("host", "un", "carried by hand", hand_in=False)
    open(place("carried.note"), "w", encoding="utf-8").write(carried)
    ended(server)
    truce("pouch", "pack", place("pouch"), "-C", place("host"))
    truce("pouch", "open", place("pouch"), "-C", place("copy"))

    # The votes. Whoever voted never cosigns the old key again.
    vote = lambda i, vkey, *words, **more: truce("witness", "-C", place("watch%d" % i), "--key", place("w%d.key" % i), "--log", old,
                                                 "--override", "--vote", vkey, *words, **more)
    votes = [vote(i, new) for i in range(2)]
    vote(0, other, ok=4, says="witness-voted")
    text = lambda vote: vote[:vote.rindex("\n\n")]
    check(text(vote(0, new)) == text(votes[0]), "a vote that is asked for again is the same")
    for name, text in (("votes", "".join(votes)), ("one", votes[0]), ("twice", votes[0] * 2),
                       ("false", votes[0].replace("size ", "size 1")), ("rest", votes[1] + "and so on\n")):
        open(place(name), "w", encoding="utf-8").write(text)

    # The records that put the new key in force, made by those who have the copy.
    def note(by, kind, *fields):
        return truce("write", kind, *fields, "-C", place("plan"), "--key", place(by + ".key"))

    shutil.copytree(place("copy"), place("plan"))
    shutil.rmtree(place("plan", "outbox"))
    def id_of(note):
        return hashlib.sha256(note[:note.rindex("\n\n") + 1].encode()).hexdigest()
    change = note("north", "key", "party=north", "change=log", "verifier=" + new)
    agreed = note("south", "approval", "of=" + id_of(change), "decision=approve")
    open(place("change"), "w", encoding="utf-8").write(change)
    open(place("agreed"), "w", encoding="utf-8").write(agreed)

    def take_over(into, *words, copy="copy", **more):
        return truce("take-over", place(into), "-C", place(copy), *words, **more)

    whole = ["--key", place("log-next.key"), "--records", place("change"), "--records", place("agreed")]
    take_over("no", ok=2, says="take-over-nothing")
    take_over("no", "--votes", place("one"), *whole, ok=4, says="take-over-few")
    take_over("no", "--votes", place("twice"), *whole, ok=4, says="take-over-few")
    take_over("no", "--votes", place("rest"), *whole, ok=4, says="vote-form")
    take_over("no", "--votes", place("false"), *whole, ok=3, says="vote-unproven")
    take_over("no", "--votes", place("votes"), "--set-aside", "w0.example", *whole, ok=4, says="take-over-few")
    take_over("no", "--votes", place("votes"), "--key", place("log-other.key"), *whole[2:], ok=4, says="take-over-few")
    take_over("no", "--votes", place("votes"), "--key", place("log-next.key"), ok=2)
    check(not os.path.exists(place("no")), "what is refused leaves nothing")
    take_over("new", "--votes", place("votes"), *whole[:4], ok=4, says="take-over-key")
    truce("mirror", place("new"), place("look"))
    check(len(truce("list", "-C", place("look"), "--json").splitlines()) == base, "it is a copy up to the base meanwhile")
    told = json.loads(take_over("new", "--votes", place("votes"), *whole, "--json").splitlines()[-1])
    check(told["base"] == base and told["host"] and told["needed"] == 2, "it goes on from the base: %s" % told)
    check([v["fate"] for v in told["votes"]] == ["counts", "counts"], "both votes count")
    check(told["receipts"] >= 3 and told["refused"] == 0, "what stood beyond is in again: %s" % told)
    check([(m["by"], m["from"], m["to"]) for m in told["missing"]] == [("un", 1, 1)],
          "what nobody has is named: %s" % told["missing"])
    take_over("new", "--votes", place("votes"), *whole, ok=4, says="log-exists")

    # The new log: the old entries as they were, then the rest; verified like any.
    entries = lambda register: json.loads("[" + ",".join(truce("list", "-C", place(register), "--json").splitlines()) + "]")
    ids = [r["id"] for r in entries("new")]
    check(set(seen + beyond + [id_of(carried)]) <= set(ids) and lost not in ids, "every record that anybody has is in")
    first = lambda register: [(r["id"], r["received"]) for r in entries(register)][:base]
    check(first("new") == first("copy"), "before the base nothing has changed")
    verified = json.loads(truce("verify", "-C", place("new"), "--json").splitlines()[-1])
    check(verified["faults"] == 0, "it verifies: %s" % verified)
    check(os.path.exists(place("new", "peers", "votes")), "the votes are kept")
    open(place("new", "peers", "votes"), "a").write("x")
    truce("verify", "-C", place("new"), ok=3, says="peers/votes")
    open(place("new", "peers", "votes"), "w", encoding="utf-8").write("".join(votes))

    # The new host finds its witnesses; the old one, which is still there, does not.
    truce("mirror", place("new"), place("young"))
    watching = [watch(i, log=(old, new)) for i in range(2)]
    server, url = serving("serve", "-C", place("new"), "--listen", "127.0.0.1:0", "--yes")
    until("the new host's heads are cosigned", lambda: json.loads(get(url + "/heads")).get("cosigned", {}).get("size", 0) > base)
    ask("new", "south", "to the new host")
    ended(server)
    old_server, old_url = serving("serve", "-C", place("host"), "--listen", "127.0.0.1:0", "--yes")
    ask("host", "un", "to the old host")
    time.sleep(3)
    heads = json.loads(get(old_url + "/heads"))
    check(heads.get("cosigned", {}).get("size", 0) <= base, "the old host's heads are not cosigned: %s" % heads)
    truce("mirror", old_url, place("young"), ok=3, says="mirror-ended")
    truce("mirror", place("new"), place("copy"), ok=3, says="mirror-other-host")
    check(not os.path.exists(place("copy", "peers", "evidence")) or not os.listdir(place("copy", "peers", "evidence")),
          "a change of host accuses nobody")

    # Another copy comes over.
    told = json.loads(take_over("copy2", "--votes", place("votes"), "--json", copy="behind").splitlines()[-1])
    check(not told["host"] and told["base"] == base and told["waiting"] == 2, "a copy that waits: %s" % told)
    truce("mirror", place("new"), place("copy2"))
    check([r["id"] for r in entries("copy2")] == [r["id"] for r in entries("new")], "and follows the new host")
    check(json.loads(truce("verify", "-C", place("copy2"), "--json").splitlines()[-1])["faults"] == 0, "it verifies")
    ended(old_server)
    for process in watching:
        ended(process)

    # A copy with less than a witness saw, and one of another history under the same key.
    take_over("no", "--votes", place("votes"), *whole, copy="early", ok=4, says="take-over-behind")
    shutil.copytree(place("early"), place("liar"))
    os.remove(place("liar", "log", "following"))
    shutil.copy(place("host", "log.key"), place("liar", "log.key"))
    ask("liar", "north", "another third")
    ask("liar", "north", "another fourth")
    take_over("no", "--votes", place("votes"), *whole, copy="liar", ok=3, says="take-over-fork")
    kept = os.listdir(place("no", "peers", "evidence"))
    check(len(kept) == 1, "two histories are kept: %s" % kept)
    truce("verify", place("no", "peers", "evidence", kept[0]), says="signed two sequences")

print("%d checks, %d failed" % (checks, failed))
sys.exit(1 if failed else 0)
