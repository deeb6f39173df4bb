#!/usr/bin/env python3
"""intake.py TRUCE SHARED — what truce intake finds in the annotated articles of SHARED (development set and seed), by the
scorer that lies beside them; with dirtied copies. Skips with one line where SHARED is absent. Bounds are a little below
what is measured, so that a rule that breaks is seen."""
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile

truce, shared = sys.argv[1:]
folder = os.path.join(shared, "statements")
if not os.path.isdir(folder):
    print("skipped: no annotated articles beside the repository")
    sys.exit(77)
# content F1, content and speaker F1, act
BOUNDS = {"ar": (0.95, 0.95, 0.85), "en": (0.90, 0.90, 0.85), "seed": (0.95, 0.95, 0.85), "dirty": (0.92, 0.90, 0.80)}


def load(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(folder, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


score = load("score")
failures = 0


def propose(path):
    out = subprocess.run([truce, "intake", path, "--json"], stdout=subprocess.PIPE, check=True).stdout
    answer, raw = json.loads(out), open(path, "rb").read()
    for s in answer["statements"]:
        for a, b in (("content_start", "content_end"), ("start", "end"), ("target_start", "target_end")):
            if a in s:
                raw[s[a] : s[b]].decode("utf-8")  # on whole characters
    return answer


def judge(name, pairs):
    global failures
    total = {}
    for gold, text in pairs:
        counted = score.score(score.load(gold), propose(text))[0]
        for key, value in counted.items():
            total[key] = total.get(key, 0) + value
    content = score.prf(total["content"], total["pred"], total["gold"])
    both = score.prf(total["both"], total["pred"], total["gold"])[2]
    act = total["act"] / max(1, total["n"])
    held = content[2] >= BOUNDS[name][0] and both >= BOUNDS[name][1] and act >= BOUNDS[name][2]
    failures += not held
    print("%-6s %3d of %3d: content P %.3f F1 %.3f, with speaker %.3f, act %.3f%s"
          % (name, total["content"], total["gold"], content[0], content[2], both, act, "" if held else "  BELOW"))


dev = os.path.join(folder, "dev")
for language in ("ar", "en"):
    names = [n[:-5] for n in sorted(os.listdir(dev)) if n.startswith(language) and n.endswith(".json")]
    judge(language, [(os.path.join(dev, n + ".json"), os.path.join(dev, n + ".txt")) for n in names])
seed = os.path.join(shared, "seed", "article-ar")
judge("seed", [(seed + ".statements.json", seed + ".txt")])
with tempfile.TemporaryDirectory() as work:
    clean, dirty = os.path.join(work, "clean"), os.path.join(work, "dirty")
    shutil.copytree(dev, clean, copy_function=shutil.copyfile)
    shutil.copyfile(seed + ".txt", os.path.join(clean, "ar-seed.txt"))
    shutil.copyfile(seed + ".statements.json", os.path.join(clean, "ar-seed.json"))
    for n in os.listdir(clean):
        if n.startswith("en"):
            os.remove(os.path.join(clean, n))
    subprocess.run([sys.executable, os.path.join(folder, "make_noisy.py"), clean, dirty], check=True)
    judge("dirty", [(os.path.join(dirty, n), os.path.join(dirty, n[:-5] + ".txt"))
                    for n in sorted(os.listdir(dirty)) if n.endswith(".json")])


def expect(held, what):
    global failures
    failures += not held
    if not held:
        print("does not hold: " + what)


def run(*arguments):
    return subprocess.run([truce, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


# The seed article taken into the 2016 case: it offers what waits, and what is accepted can be checked against the file.
with tempfile.TemporaryDirectory() as work:
    article, register = seed + ".txt", os.path.join(work, "register")
    raw = open(article, "rb").read()
    run("case", "load", "syria-2016", "-C", register)
    answer = json.loads(run("intake", article, "-C", register, "--json", "--date", "2016-10-04"))
    untold = [s for s in answer["statements"] if "لم تبلغ" in s["content"]]
    expect(len(untold) == 1, "Washington has not informed Moscow, once")
    offers = untold[0]["offers"]
    expect({"united-states", "russia"} <= set(offers["addressed"]) | set(offers.get("parties", [])), "both parties are offered")
    notices = [r["id"] for r in offers["records"] if r["why"] == "unacknowledged"]
    expect(len(notices) >= 1 and len(set(notices)) == len(notices), "the notices that were never acknowledged, each once")
    expect(all(any(r["why"] == "recorded" for r in s["offers"]["records"]) for s in answer["statements"]),
           "every statement of the article is in the case already")
    number = answer["statements"].index(untold[0]) + 1
    run("intake", article, "-C", register, "--accept", str(number), "--key", os.path.join(register, "keys", "press.key"),
        "--at", "2016-10-03T17:00:00Z", "--party", "russia", "--about", notices[0])
    record = json.loads(run("list", "-C", register, "--kind", "statement", "--json").splitlines()[-1])
    words = record["words"]
    expect(words["sha256"] == hashlib.sha256(raw).hexdigest(), "the source's hash")
    expect(raw[words["start"] : words["end"]].decode() == words["exact"], "the words are the file's")
    expect(record["about"] == [notices[0]] and record["party"] == "russia", "what the person said of it")
    run("verify", "-C", register)
print("12 checks, %d failed" % failures)
sys.exit(failures > 0)
