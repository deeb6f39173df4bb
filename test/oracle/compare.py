"""compare.py PAIRS-BINARY [PAIRS [SEED]] — the program's verdicts beside the oracle's, over random pairs of a term and a log.

Prints each disagreement with what is needed to see it again, and last `N pairs, D differ`."""
import argparse
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from draw import Draw, FEATURES, stamp
from oracle import Oracle


class Program:
    def __init__(self, binary, folder):
        self.path = os.path.join(folder, f'index-{os.getpid()}')
        self.pipe = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, draw, moments, entries=None):
        open(self.path, 'w').close()
        lines = [f'log {self.path}']
        lines += [f'entry {int(void)} {received * 1000} {text}' for received, void, text in entries or draw.entries]
        lines += [f'ask {at}' for at in moments] + ['end', '']
        self.pipe.stdin.write('\n'.join(lines))
        self.pipe.stdin.flush()
        out = []
        while (line := self.pipe.stdout.readline().strip()):
            out.append(json.loads(line)[0])
        if len(out) != len(moments):
            raise SystemExit('the program gave up')
        return out


def texts(answer):
    """{text: {reading: verdict}} of the program's answer."""
    out = {None: answer['readings']}
    for name, rival in answer.get('rivals', {}).items():
        out[name] = rival['readings']
    return out


def one_log(program, seed, features, only=None):
    draw = Draw(seed, features)
    said = program.ask(draw, draw.moments)
    oracle = Oracle(program.path, draw.entries)
    faults, verdicts = [], {}
    for at, answer in zip(draw.moments, said):
        if 'fault' in answer:
            raise SystemExit(f"seed {seed}: the program cannot read its agreement: {answer['fault']}")
        for term in answer['terms']:
            if only and term['id'] != only:
                continue
            mine, joint = oracle.answer(oracle.terms[term['id']], at)
            verdicts[joint] = verdicts.get(joint, 0) + 1
            if mine != texts(term) or joint != term['verdict']:
                faults.append((seed, at, term['id'], texts(term), term['verdict'], mine, joint))
    oracle.close()
    return len(oracle.terms), faults, verdicts


def work(binary, seeds, features, only, out):
    with tempfile.TemporaryDirectory() as folder:
        program = Program(binary, folder)
        for seed in iter(seeds.get, None):
            out.put(one_log(program, seed, features, only))
        program.pipe.stdin.close()
        program.pipe.wait()
        os.remove(program.path)
    out.put(None)


def tell(fault):
    seed, at, term, theirs, their_joint, mine, my_joint = fault
    print(f'log {seed}, as of {stamp(at)}, term {term}: the program {their_joint}, the oracle {my_joint}')
    for text in mine:
        for reading in mine[text]:
            a, b = theirs.get(text, {}).get(reading), mine[text][reading]
            if a != b:
                print(f"    {'' if text is None else text + ' '}{reading}: the program {a}, the oracle {b}")


def differs(program, draw, entries, term, at):
    [answer] = program.ask(draw, [at], entries)
    theirs = next(t for t in answer['terms'] if t['id'] == term)
    oracle = Oracle(program.path, entries)
    mine, joint = oracle.answer(oracle.terms[term], at)
    oracle.close()
    return mine != texts(theirs) or joint != theirs['verdict'], (draw.seed, at, term, texts(theirs), theirs['verdict'],
                                                                 mine, joint)


def shrink(program, draw, term, at):
    """Leaves out records for as long as the disagreement stays, and tells what is left."""
    entries = list(draw.entries)
    step = len(entries) // 2
    while step:
        i = 9
        while i < len(entries):
            fewer = entries[:i] + [e for e in entries[i:i + step] if '"kind":"agreement"' in e[2]] + entries[i + step:]
            if len(fewer) < len(entries) and differs(program, draw, fewer, term, at)[0]:
                entries = fewer
            else:
                i += step
        step //= 2
    tell(differs(program, draw, entries, term, at)[1])
    body = draw.body
    shown = [term]
    for name in shown:
        text = json.dumps({k: v for k, v in next(t for t in body['terms'] if t['id'] == name).items() if k != 'clause'})
        print('   ', text)
        shown += [t['id'] for t in body['terms'] if f'"{t["id"]}"' in text and t['id'] not in shown]
    for key in ('force', 'anchors', 'zones', 'channels', 'prevails', 'decides'):
        if key in body:
            print('   ', key, json.dumps(body[key]))
    for name, reading in body['readings'].items():
        print('   ', name, json.dumps(reading))
    number = {hashlib.sha256(e[2].encode() + b'\n').hexdigest(): i for i, e in enumerate(entries)}
    envelope = ('v', 'register', 'key', 'prev', 'written', 'method', 'seq', 'kind', 'by')
    for i, (received, void, text) in enumerate(entries[8:]):
        record = json.loads(text)
        if record['kind'] == 'agreement':
            continue
        shown = json.dumps({k: v for k, v in record.items() if k not in envelope})
        for name, n in number.items():
            shown = shown.replace(f'"{name}"', f'#{n}')
        print(f"    #{i + 8} {stamp(received)} {'void ' if void else ''}{record['kind']} by {record['by']} {shown}")


def look(asked, features):
    """One disagreement, made small."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program(asked.binary, folder)
        draw = Draw(asked.seed, features)
        for fault in one_log(program, asked.seed, features, asked.term)[1][:asked.tell]:
            shrink(program, draw, fault[2], fault[1])


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument('binary')
    parse.add_argument('pairs', nargs='?', type=int, default=2000)
    parse.add_argument('seed', nargs='?', type=int, default=int(time.time()))
    parse.add_argument('--only', help='these features of draw.py alone, by commas')
    parse.add_argument('--without', default='', help='all but these')
    parse.add_argument('--term')
    parse.add_argument('--look', action='store_true', help="the seed's log alone: each disagreement with the fewest records")
    parse.add_argument('--tell', type=int, default=10)
    asked = parse.parse_args()
    features = asked.only.split(',') if asked.only is not None else [f for f in FEATURES if f not in asked.without.split(',')]
    if asked.look:
        return look(asked, features)
    print(f'seed {asked.seed}')
    started = time.time()
    seeds, out = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(asked.binary, seeds, features, asked.term, out)) for _ in range(2)]
    for w in workers:
        w.start()
    pairs = differ = asked_for = 0
    verdicts, next_seed, running = {}, asked.seed, 2
    for _ in range(4):
        seeds.put(next_seed)
        next_seed += 1
        asked_for += 1
    while running and any(w.is_alive() for w in workers) or not out.empty():
        try:
            found = out.get(timeout=1)
        except Exception:
            continue
        if found is None:
            running -= 1
            continue
        asked_for -= 1
        pairs += found[0]
        for fault in found[1]:
            differ += 1
            if differ <= asked.tell:
                tell(fault)
        for verdict, n in found[2].items():
            verdicts[verdict] = verdicts.get(verdict, 0) + n
        if pairs < asked.pairs:
            seeds.put(next_seed)
            next_seed += 1
            asked_for += 1
        elif asked_for == 0:
            seeds.put(None)
            seeds.put(None)
    for w in workers:
        w.join()
    print(', '.join(f'{v} {n}' for v, n in sorted(verdicts.items())))
    print(f'{time.time() - started:.1f} seconds')
    print(f'{pairs} pairs, {differ} differ')
    sys.exit(1 if differ or pairs < asked.pairs or any(w.exitcode for w in workers) else 0)


if __name__ == '__main__':
    main()
