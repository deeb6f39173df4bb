#!/usr/bin/env python3
"""evidence.py PROGRAM CORPUS — what `truce verify` says of evidence and of policies: each file of the corpus holds, holds no
more with a letter of a note changed or under another key; a register satisfies a policy or does not."""
import glob
import json
import os
import subprocess
import sys
import tempfile

PROGRAM, CORPUS = os.path.abspath(sys.argv[1]), sys.argv[2]
failed = 0


def verify(*words):
    done = subprocess.run([PROGRAM, "verify", "--json", *words], capture_output=True, env={"LC_ALL": "C.UTF-8"})
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return done.returncode, lines[-1] if lines else {}, done.stderr.decode()


def check(good, what):
    global failed
    if not good:
        failed += 1
        print("does not hold:", what)


def put(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


with tempfile.TemporaryDirectory() as folder:
    for path in sorted(glob.glob(os.path.join(CORPUS, "*-*"))):
        text = open(path, encoding="utf-8").read()
        status, answer, _ = verify(path)
        check(status == 0 and answer["trust"] == "own-word" and answer["evidence"] in path, path)
        evidence = json.loads(text)
        for member in ("second", "entry", "promise", "refusal"):
            if member in evidence:
                word = evidence[member]
                other = put(os.path.join(folder, "changed"),
                            text.replace(word, word[:20] + ("A" if word[20] != "A" else "B") + word[21:]))
                status, answer, said = verify(other)
                check(status == 3 and answer["faults"] == 1, "%s with another %s" % (path, member))
        status, answer, _ = verify(path, "--key", "example.org/log+f2eee5a8+AYVTuxTA5LZrMBFkeKLj7jHz8NW4ZwxwGnr+ZzRjTl7Q")
        check(status == 3 and answer["trust"] == "keys", path + " under another key")
        policy = "".join("log %s\n" % key if "+A" in key else "witness w%d %s\n" % (i, key)
                         for i, key in enumerate(evidence["keys"])) + "quorum none\n"
        status, answer, said = verify(path, "--policy", put(os.path.join(folder, "policy"), policy))
        check(status == 0 and answer["trust"] == "keys", path + " under a policy of its keys: " + said)

    register = os.path.join(folder, "register")
    subprocess.run([PROGRAM, "case", "load", "village", "-C", register], check=True, capture_output=True)
    public = subprocess.run([PROGRAM, "key", "public", os.path.join(register, "log.key")], capture_output=True)
    log = public.stdout.decode().strip()
    witness = subprocess.run([PROGRAM, "key", "new", "example.org/witness", "--cosign", "--out",
                              os.path.join(folder, "witness.key")], capture_output=True).stdout.decode().strip()
    status, answer, said = verify(register, "--policy", put(os.path.join(folder, "policy"), "log %s\nquorum none\n" % log))
    check(status == 0 and answer["trust"] == "policy" and answer["cosigned"] == answer["entries"], "quorum none: " + said)
    status, answer, said = verify(register, "--policy", put(
        os.path.join(folder, "policy"), "log %s\nwitness w %s\nquorum w\n" % (log, witness)))
    check(status == 3 and answer["cosigned"] == 0, "a quorum that is not there")
    status, _, said = verify(register, "--policy", put(os.path.join(folder, "policy"), "quorum w\n"))
    check(status == 4 and "policy" in said, "a policy that cannot be read: %d %s" % (status, said))
    os.makedirs(os.path.join(register, "peers", "evidence"))
    with open(os.path.join(register, "log", "checkpoint"), "rb") as head:
        put(os.path.join(register, "peers", "cosigned"), head.read().decode())
    put(os.path.join(register, "peers", "evidence", "one.json"),
        open(sorted(glob.glob(os.path.join(CORPUS, "fork-*")))[0], encoding="utf-8").read())
    status, answer, said = verify(register)
    check(status == 0, "heads and evidence beside the log: " + said)
    with open(os.path.join(register, "peers", "cosigned"), "r+", encoding="utf-8") as head:
        text = head.read().split("\n")
        text[2] = "A" + text[2][1:] if text[2][0] != "A" else "B" + text[2][1:]
        head.seek(0)
        head.write("\n".join(text))
    status, answer, _ = verify(register)
    check(status == 3 and answer["faults"] == 1, "another head beside the log")

print("%s, %d failed" % (os.path.basename(__file__), failed))
sys.exit(failed > 0)
