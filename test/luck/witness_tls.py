#!/usr/bin/env python3
"""witness_tls.py PROGRAM — a witness that speaks TLS, from end to end: a host that trusts the certificate's authority gets its
heads cosigned, one that trusts another authority does not, nor does one whose witness shows the name of somebody else; a
second witness asks the first the same way. Certificates are made by openssl, each signed by an authority of this test."""
import atexit
import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM = os.path.abspath(sys.argv[1])
failed = checks = 0
running = []
atexit.register(lambda: [process.kill() for process in running if process.poll() is None])


def check(good, what):
    global failed, checks
    checks += 1
    if not good:
        failed += 1
        print("does not hold:", what)


def run(*words, **more):
    return subprocess.run([PROGRAM, *words], capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"}, **more)


def truce(*words, **more):
    done = run(*words, **more)
    if done.returncode != 0:
        raise SystemExit("truce %s: %d\n%s" % (" ".join(words), done.returncode, done.stderr.decode()))
    return done.stdout.decode()


def serving(*words):
    process = subprocess.Popen([PROGRAM, *words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
    running.append(process)
    return process, json.loads(process.stdout.readline())["url"].rstrip("/")


def ended(process):
    process.send_signal(signal.SIGTERM)
    check(process.wait(30) == 0, "a server ends by itself")
    process.stdout.close()


def get(url, authority=None, data=None):
    context = ssl.create_default_context(cafile=authority) if authority else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=20, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def until(what, find, seconds=60):
    """Waits for what comes by itself."""
    for _ in range(seconds * 10):
        if find():
            break
        time.sleep(0.1)
    check(find(), what)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


with tempfile.TemporaryDirectory() as folder:
    place = lambda *names: os.path.join(folder, *names)

    def authority(name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                place(name + ".key.pem"), "-out", place(name + ".pem"), "-days", "2", "-subj", "/CN=" + name, "-addext",
                "basicConstraints=critical,CA:TRUE")
        return place(name + ".pem")

    def certify(name, names):
        """A certificate for these names, signed by the authority of the test, under the witness's file names."""
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                place(name + ".key.pem"), "-out", place(name + ".request"), "-subj", "/CN=" + name)
        open(place("names"), "w").write("subjectAltName=" + names)
        openssl("x509", "-req", "-in", place(name + ".request"), "-CA", place("ours.pem"), "-CAkey", place("ours.key.pem"),
                "-CAcreateserial", "-days", "2", "-extfile", place("names"), "-out", place(name + ".pem"))

    ours, others = authority("ours"), authority("others")
    certify("witness", "DNS:localhost,IP:127.0.0.1")
    un, recovery = (truce("key", "new", "un", "--out", place(name)).strip() for name in ("un.key", "recovery.key"))
    key = truce("key", "new", "w.example", "--cosign", "--out", place("w.key")).strip()
    address = "127.0.0.1:%d" % free_port()
    genesis = {"nonce": "!nonce", "log_key": "!log",
               "founders": [{"party": "un", "names": {"en": "United Nations", "original": "en"}, "role": "secretariat",
                             "key": un, "recovery": recovery}],
               "thresholds": {"enrol": 1, "policy": 1}, "exercise": True,
               "witnessing": {"faults": 0, "quorum": 1, "witnesses": [{"key": key, "url": "https://" + address}]}}
    json.dump(genesis, open(place("genesis.json"), "w"))
    truce("init", place("host"), "--origin", "truce.example/tls", "--name", "un", "--genesis", place("genesis.json"), "--key",
          place("un.key"))
    log = truce("key", "public", place("host", "log.key")).strip()
    tls = ("--tls-cert", place("witness.pem"), "--tls-key", place("witness.key.pem"))
    of_witness = ("-C", place("witness"), "--key", place("w.key"), "--log", log)

    done = run("witness", *of_witness, "--listen", "0.0.0.0:0", "--override")
    check(done.returncode == 2, "without a certificate a witness listens on this machine alone: %d" % done.returncode)
    witness, url = serving("witness", *of_witness, "--listen", address, "--override", *tls)
    check(url == "https://" + address, "its address says TLS: " + url)
    try:
        get("http://" + address + "/healthz")
        check(False, "in the clear it says nothing")
    except (OSError, ssl.SSLError):
        check(True, "in the clear it says nothing")
    try:
        get(url + "/healthz", others)
        check(False, "another authority does not vouch for it")
    except OSError as problem:
        check("CERTIFICATE_VERIFY_FAILED" in str(problem), "another authority does not vouch for it: %s" % problem)
    check(get(url + "/healthz", ours)[0] == 200, "to who trusts its authority it says how it is")

    host = None

    def hosting(trusted):
        return serving("serve", "-C", place("host"), "--listen", "127.0.0.1:0", "--yes", "--peers-ca", trusted)

    def say(text):
        note = truce("write", "question", "to=un", "at=2016-09-10T00:00:00Z", "text.en=" + text, "-C", place("host"), "--key",
                     place("un.key"))
        return json.loads(truce("submit", "-C", place("host"), input=note.encode()))["id"]

    def level(id):
        return json.loads(get("%s/records/%s/receipt" % (host, id))[1])["level"]

    def cosigned():
        return json.loads(get(host + "/heads")[1]).get("cosigned", {}).get("size", 0)

    # A host that trusts the wrong ones goes on, and nothing is cosigned; the right one has all cosigned.
    server, host = hosting(others)
    first = say("Who?")
    until("the head is published", lambda: level(first) == "checkpoint")
    time.sleep(3)
    check(cosigned() == 0 and level(first) == "checkpoint", "a host that trusts others has nothing cosigned")
    told = [asked for asked in json.loads(get(host + "/heads")[1])["cosigners"] if not asked["late"]]
    check(not told, "and says so: %s" % told)
    ended(server)
    server, host = hosting(ours)
    until("a host that trusts its authority has it cosigned", lambda: level(first) == "cosigned")
    proof = json.loads(get("%s/records/%s/receipt" % (host, first))[1])["proof"]
    check("\u2014 w.example " in proof, "the proof bears the cosignature")
    open(place("policy"), "w").write("log %s\nwitness w %s\nquorum w\n" % (log, key))

    # Its certificate is another's: by name it is somebody else, and the next head waits until it is put right.
    right = {name: open(place(name), "rb").read() for name in ("witness.pem", "witness.key.pem")}
    certify("witness", "DNS:other.example")
    witness.send_signal(signal.SIGHUP)
    time.sleep(1)
    ended(server)  # connections live on under the old certificate: a new host asks anew
    server, host = hosting(ours)
    second = say("Where?")
    until("the next head is published", lambda: level(second) == "checkpoint")
    time.sleep(3)
    check(level(second) == "checkpoint", "a witness that shows another's name is not asked")
    for name, data in right.items():
        open(place(name), "wb").write(data)
    witness.send_signal(signal.SIGHUP)
    until("with its own name again it cosigns what has come", lambda: level(second) == "cosigned", 90)

    # A second witness learns from the first, by TLS, what it has to know before it signs.
    name = hashlib.sha256(b"truce.example/tls").hexdigest()
    truce("key", "new", "v.example", "--cosign", "--out", place("v.key"))
    for trusted, sure in ((others, False), (ours, True)):
        learner, at = serving("witness", "-C", place("second"), "--key", place("v.key"), "--log", log, "--listen", "127.0.0.1:0",
                              "--peer", "%s/%s/checkpoint" % (url, name), "--tls-ca", trusted)
        if sure:
            until("a peer is heard by TLS", lambda: json.loads(get(at + "/healthz")[1])["sure"])
        else:
            time.sleep(2)
            check(not json.loads(get(at + "/healthz")[1])["sure"], "a peer that cannot be trusted is not heard")
        ended(learner)

    ended(server)
    ended(witness)
    verified = json.loads(truce("verify", place("host"), "--policy", place("policy"), "--json").splitlines()[-1])
    check(verified["trust"] == "policy" and verified["cosignatures"] == 1, "the cosignature holds: %s" % verified)

print("witness_tls.py: %d checks, %d failed" % (checks, failed))
sys.exit(failed > 0)
