#!/usr/bin/env python3
"""histories.py JUDGE COUNT [SEED] — random histories of registers: founders who agree and object, keys added, retired and stolen,
policies, anchors, vouching, notices, corrections, entries slipped in. truce (JUDGE, judge-entries) and another reading of
the rules (records.py) must say the same of every entry. The seed is printed; a history that differs is named by it."""
import base64, hashlib, json, random, subprocess, sys
import records

START = 1473667200000
ORIGIN = 'truce.example/random'
PARTIES = ('north', 'south', 'office', 'monitor')


class Key:
    made, of = {}, {}

    def __init__(self, name, use, algorithm=1):
        self.name, self.algorithm = name, algorithm
        self.seed = hashlib.sha256(('%s/%s' % (name, use)).encode()).digest()
        self.a, self.prefix, self.public = records.secret_of(self.seed)
        self.id = self.id_of(bytes([algorithm]) + self.public)
        self.verifier = self.text(bytes([algorithm]) + self.public, self.id)
        self.reader = self.text(records.READER + self.public, self.id_of(records.READER + self.public))
        self.reader_id = self.id_of(records.READER + self.public)
        Key.of[self.id] = self

    def id_of(self, raw):
        return hashlib.sha256(self.name.encode() + b'\n' + raw).digest()[:4].hex()

    def text(self, raw, id):
        return '%s+%s+%s' % (self.name, id, base64.b64encode(raw).decode())

    def sign(self, message):
        return records.sign(self.seed, message)


def key(name, use, algorithm=1):
    return Key.made.setdefault((name, use, algorithm), None) or Key.made.__setitem__(
        (name, use, algorithm), Key(name, use, algorithm)) or Key.made[name, use, algorithm]


def jcs(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(',', ':'))


def line(name, id, signature):
    return '\u2014 %s %s' % (name, base64.b64encode(bytes.fromhex(id) + signature).decode())


class History:
    def __init__(self, seed):
        self.random = r = random.Random(seed)
        self.log, self.handed, self.told = records.Log(check_signatures=False), [], []
        self.received, self.seq = START, {}
        self.founders = PARTIES[:r.randint(1, 3)]
        self.witnesses = [key('witness-%d' % i, 'w', 4) for i in range(4)]
        self.mirrors = [key('mirror-%s' % p, 'm', 4) for p in ('south', 'office')]
        self.log_keys = [key(ORIGIN, 'log'), key(ORIGIN, 'next')]
        self.reports, self.proposals, self.notices, self.all = [], [], [], []

    # handing in

    def time(self):
        return '2016-09-12T%02d:00:00Z' % self.random.randint(6, 9)

    def say(self, signer, kind, slips=False, **fields):
        seq = self.seq.get(signer.id, 0) if self.random.random() < .95 else self.random.randint(0, 9)
        body = {'v': 1, 'register': self.register, 'kind': kind, 'by': signer.name, 'key': signer.id, 'seq': seq,
                'written': self.time(), **fields}
        if seq:
            body['prev'] = hashlib.sha256(b'%d' % seq).hexdigest()
        self.seq[signer.id] = seq + 1
        return self.hand(body, signer, slips)

    def hand(self, body, signer, slips=False):
        text = jcs(body).encode() + b'\n'
        note = text + b'\n' + line(signer.name, signer.id, signer.sign(text)).encode() + b'\n'
        self.received += self.random.choice((0, 0, 1, 700, 40000))
        record, is_void = records.Record(note), False
        try:
            self.log.check(record, self.received)
            self.told.append('admitted')
        except records.Refused as refused:
            self.told.append('%s %s' % (refused.code, refused.pointer))
            is_void = True
        self.handed.append('%d %s%s' % (self.received, base64.b64encode(note).decode(), ' slip' if slips else ''))
        if is_void and not slips:
            return record.id
        self.log.append(record, self.received, b'received %d\n' % self.received + note, is_void)
        self.all.append(record.id)
        return record.id

    # who and what

    def party(self):
        members = list(self.log.members.members)
        return self.random.choice(members if members and self.random.random() < .95 else PARTIES)

    def known(self, party, use):
        """Keys that the party has for that use: what is tried should mostly be possible."""
        return [Key.of[k.key.id] for k in self.log.members.keys.values() if k.party == party and k.use == use]

    def signer(self, party=None):
        party = party or self.party()
        known = self.known(party, 'signing')
        if known and self.random.random() < .93:
            return self.random.choice(known)
        return key(party, self.random.choice(('sign', 'device', 'recovery', 'recovery-2')))

    def witnessing(self):
        chosen = self.random.sample(self.witnesses, self.random.randint(1, 4))
        n = len(chosen)
        faults = self.random.choice([0, 0, 1]) if n > 2 else 0
        least = (n + faults) // 2 + 1
        out = {'faults': faults, 'quorum': self.random.randint(min(least, n), n), 'witnesses': [{'key': k.verifier} for k in chosen]}
        if 2 * out['quorum'] <= n + faults:
            out['faults'] = 0
        if self.random.random() < .7:
            out['mirrors'] = [{'key': m.verifier, **({'party': p} if self.random.random() < .8 else {})}
                              for m, p in zip(self.mirrors, ('south', 'office'))]
        return out

    def begin(self):
        r = self.random
        body = {'v': 1, 'register': ORIGIN, 'kind': 'genesis', 'by': 'north', 'key': key('north', 'sign').id, 'seq': 0,
                'written': self.time(), 'nonce': '%064x' % r.getrandbits(256), 'log_key': self.log_keys[0].verifier,
                'founders': [{'party': p, 'names': {'en': p, 'original': 'en'}, 'role': role, 'key': key(p, 'sign').verifier,
                              'recovery': key(p, 'recovery').verifier}
                             for p, role in zip(self.founders, ('party', 'guarantor', 'secretariat'))],
                'thresholds': {'enrol': r.randint(1, len(self.founders)), 'policy': r.randint(1, len(self.founders))}}
        if r.random() < .5:
            body['witnessing'] = self.witnessing()
        if r.random() < .5:
            body['grace_entries'] = r.randint(0, 5)
        if r.random() < .3:
            body['quota'] = {'per_day': r.randint(6, 20), 'reserve': r.randint(0, 3)}
        self.register = ORIGIN
        id = self.hand(body, key('north', 'sign'))
        self.register = ORIGIN + '#' + id[:16]
        self.proposals.append(id)
        for p in self.founders[1:]:
            self.say(key(p, 'sign'), 'approval', of=id, decision='approve')

    # the steps

    def report(self):
        more = {'replaces': self.random.choice(self.reports)} if self.reports and self.random.random() < .4 else {}
        self.reports.append(self.say(self.signer(), 'report', self.slips(), act='shot', method='heard', **more,
                                     when={'from': '2016-09-12T05:00:00Z', 'to': '2016-09-12T06:00:00Z'}))

    def slips(self):
        return self.random.random() < .1

    def retraction(self):
        self.say(self.signer(), 'retraction', self.slips(), of=self.pick(self.all))

    def pick(self, of):
        return self.random.choice(of) if of and self.random.random() < .95 else '%064x' % self.random.getrandbits(256)

    def notice(self):
        self.notices.append(self.say(self.signer(), 'notice', to=[self.party()], at=self.time(), alternates=[self.party()]))

    def acknowledgement(self):
        self.say(self.signer(), 'acknowledgement', of=self.pick(self.notices), at=self.time(), receipt='received')

    def approval(self):
        self.say(self.signer(self.random.choice(self.founders)), 'approval', self.slips(),
                 of=self.pick(self.proposals[-6:]), decision=self.random.choice(('approve', 'approve', 'approve', 'object')))

    def change(self):
        r, party = self.random, self.party()
        what = r.choice(('add', 'add', 'retire', 'compromised', 'compromised', 'log', 'recovery', 'reader', 'reader'))
        fields = {'add': lambda: {'verifier': r.choice((key(party, 'device'), key(party, 'device'), key(party, 'recovery'))).verifier},
                  'recovery': lambda: {'verifier': key(party, r.choice(('recovery', 'recovery-2', 'sign'))).verifier},
                  'reader': lambda: {'verifier': key(party, r.choice(('reader', 'reader-2', 'sign'))).reader},
                  'log': lambda: {'verifier': r.choice(self.log_keys).verifier},
                  'retire': lambda: {'of': r.choice((key(party, 'sign').id, key(party, 'device').id, key(party, 'reader').reader_id,
                                                     key(party, 'recovery').id))},
                  'compromised': lambda: {'of': r.choice((key(party, 'sign'), key(party, 'device'))).id, 'since': self.time(),
                                          'successor': r.choice((key(party, 'device'), key(party, 'sign'))).id}}[what]()
        recovery = self.known(party, 'recovery') or [key(party, 'recovery')]
        signer = r.choice(recovery) if r.random() < .6 else self.signer(r.choice(self.founders))
        self.proposals.append(self.say(signer, 'key', self.slips(), party=party, change=what, **fields))

    def member(self):
        r, party = self.random, self.random.choice(PARTIES)
        until = {'until': '2016-09-12T08:0%d:00Z' % r.randint(0, 9)} if r.random() < .3 else {}
        self.proposals.append(self.say(self.signer(r.choice(self.founders)), 'party', party=party, role=r.choice(('party', 'monitor')),
                                       names={'en': party, 'original': 'en'}, **until,
                                       keys=[key(party, r.choice(('sign', 'sign', 'device'))).verifier],
                                       **({'recovery': key(party, 'recovery').verifier} if r.random() < .5 else {})))

    def policy(self):
        r = self.random
        body = {}
        if r.random() < .7:
            body['witnessing'] = self.witnessing()
        if r.random() < .3:
            body['thresholds'] = {'enrol': r.randint(1, 3), 'policy': r.randint(1, 3)}
        if r.random() < .3:
            body['quota'] = {'per_day': r.randint(5, 30), 'reserve': r.randint(0, 5)}
        if r.random() < .3 or not body:
            body['grace_entries'] = r.randint(0, 9)
        self.proposals.append(self.say(self.signer(r.choice(self.founders)), 'policy', **body))

    def anchor(self):
        r = self.random
        have = len(self.log.entries)
        size = r.choice((have, have, have - 1, r.randint(0, have + 1)))
        root = base64.b64encode(self.log.tree.roots[min(size, have)]).decode()
        text = ('%s\n%d\n%s\n' % (ORIGIN, size, root)).encode()
        right = self.log.members.log_key_at(size).id if self.log.members.genesis else None
        signer = next(k for k in self.log_keys if k.id == right) if r.random() < .9 else r.choice(self.log_keys)
        lines = [line(signer.name, signer.id, signer.sign(text))]
        for cosigner in r.sample(self.witnesses + self.mirrors, r.randint(0, 6)):
            when = self.received // 1000 - r.randint(0, 9000)
            message = b'cosignature/v1\ntime %d\n' % when + (text if r.random() < .98 else b'x')
            lines.append(line(cosigner.name, cosigner.id, when.to_bytes(8, 'big') + cosigner.sign(message)))
        self.say(self.signer(), 'anchor', self.slips(), size=size, root=root, signatures=sorted(lines))

    def steal(self):
        """A device is added, and says from then on that the first key was stolen."""
        party, recovery = self.party(), None
        recovery = (self.known(party, 'recovery') or [key(party, 'recovery')])[-1]
        self.say(recovery, 'key', party=party, change='add', verifier=key(party, 'device').verifier)
        self.say(recovery, 'key', party=party, change='compromised', of=key(party, 'sign').id, since=self.time(),
                 successor=key(party, 'device').id)

    def vouch(self):
        stolen_keys = [k for k in self.log.members.keys.values() if k.stolen is not None]
        if not stolen_keys and self.random.random() < .9:
            return self.steal()
        party = self.random.choice(stolen_keys).party if stolen_keys else self.party()
        stolen, by = self.random.choice((('sign', 'device'), ('device', 'sign')))
        named = sorted({self.pick(self.all) for _ in range(self.random.randint(1, 4))})
        self.say(key(party, by), 'vouch', self.slips(), of=key(party, stolen).id, records=named)

    def run(self, steps):
        self.begin()
        what = [self.report, self.retraction, self.notice, self.acknowledgement, self.approval, self.change, self.member, self.policy,
                self.anchor, self.vouch]
        for _ in range(steps):
            self.random.choices(what, (5, 2, 2, 1, 6, 4, 2, 2, 5, 3))[0]()
        return self

    def wanted(self):
        from replay import in_force
        entries = [(r, v) for r, _, v in self.log.entries]
        m = self.log.members
        out = list(self.told)
        for i, state in enumerate(records.effects(entries, len(entries), m)):
            had = [(p, m.delivery(p, i)) for p in m.members]
            out.append(state + ''.join(' %s:%d:%d' % (p, d[2], d[3]) for p, d in had if d))
        return out + [in_force(m)]


def main():
    judge, count = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(10**9)
    print('seed %d' % first)
    failed, checks, codes = 0, 0, {}
    for seed in range(first, first + count):
        history = History(seed).run(30)
        wanted = history.wanted()
        asked = '\n'.join(history.handed) + '\n\n'
        got = subprocess.run([judge], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
        for told in history.told:
            codes[told.split(' ')[0]] = codes.get(told.split(' ')[0], 0) + 1
        for state in wanted[len(history.told):-1]:
            for word in state.split(' ')[:1] + [w for w in state.split(' ')[2:] if ':' not in w]:
                codes[word] = codes.get(word, 0) + 1
        checks += len(wanted)
        if got != wanted:
            failed += 1
            at = next((i for i, (g, w) in enumerate(zip(got, wanted)) if g != w), min(len(got), len(wanted)))
            print('history %d differs at line %d of %d: got %s, wanted %s' % (
                seed, at, len(history.told), got[at:at + 1], wanted[at:at + 1]))
    print(', '.join('%s %d' % c for c in sorted(codes.items())))
    print('%d checks, %d failed' % (checks, failed))
    return 1 if failed else 0


sys.exit(main())
