"""A second reading of spec/record.md §1 and §5 to §8, in Python's standard library alone. It shares no code with truce: what
is admitted, who the members are, which policy is in force and what each entry counts for. Written to be compared with,
not to be fast."""
import base64, hashlib, json
from datetime import datetime, timezone
import forms

# ---- Ed25519 as record.md accepts it, after the reference of RFC 8032

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def recover(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode_point(raw):
    y = int.from_bytes(raw, 'little')
    y, sign = y & (1 << 255) - 1, y >> 255
    x = recover(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(point):
    x, y, z, _ = point
    i = pow(z, P - 2, P)
    x, y = x * i % P, y * i % P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover(BASE_Y, 0), BASE_Y, 1, recover(BASE_Y, 0) * BASE_Y % P)
NEUTRAL = encode_point((0, 1, 1, 0))


def holds(public, signature, message):
    if len(signature) != 64:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], 'little')
    a, r_point = decode_point(public), decode_point(r)
    if a is None or r_point is None or s >= L:
        return False
    if NEUTRAL in (encode_point(times(8, a)), encode_point(times(8, r_point))):
        return False
    h = int.from_bytes(hashlib.sha512(r + public + message).digest(), 'little') % L
    x, y, z, t = a
    return encode_point(add(times(s, BASE), times(h, (P - x, y, z, P - t)))) == r


def secret_of(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], 'little') & (1 << 254) - 8 | 1 << 254
    return a, h[32:], encode_point(times(a, BASE))


def sign(seed, message):
    a, prefix, public = secret_of(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), 'little') % L
    big_r = encode_point(times(r, BASE))
    h = int.from_bytes(hashlib.sha512(big_r + public + message).digest(), 'little') % L
    return big_r + ((r + h * a) % L).to_bytes(32, 'little')


# ---- notes and keys

class Refused(Exception):
    def __init__(self, code, pointer=''):
        super().__init__(code, pointer)
        self.code, self.pointer = code, pointer


READER = b'\xfftruce-reader/v1'


class Key:
    """A verifier or reader key."""

    def __init__(self, text):
        self.name, self.id, raw = text.split('+', 2)
        raw = base64.b64decode(raw, validate=True)
        if raw.startswith(READER) and len(raw) == len(READER) + 32:
            self.algorithm, self.bytes = 'reader', raw[len(READER):]
        elif raw[:1] in (b'\x01', b'\x04') and len(raw) == 33:
            self.algorithm, self.bytes = raw[0], raw[1:]
        else:
            raise Refused('record-verifier')
        if self.id != hashlib.sha256(self.name.encode() + b'\n' + raw).digest()[:4].hex():
            raise Refused('record-verifier')


def signature_line(line):
    """Name, key id and signature of "— name base64"."""
    dash, name, b64 = line.split(' ')
    raw = base64.b64decode(b64, validate=True)
    if dash != '\u2014' or len(raw) < 5 or base64.b64encode(raw).decode() != b64:
        raise ValueError(line)
    return name, raw[:4].hex(), raw[4:]


class Record:
    def __init__(self, note):
        try:
            text, empty, line, rest = note.split(b'\n')
            name, key, self.signature = signature_line(line.decode())
            if empty or rest or len(self.signature) != 64:
                raise ValueError
        except ValueError:
            raise Refused('record-note')
        self.text = text + b'\n'
        self.note, self.id = note, hashlib.sha256(self.text).hexdigest()
        self.body = json.loads(text)
        self.kind, self.by, self.key, self.seq = (self.body[k] for k in ('kind', 'by', 'key', 'seq'))
        self.written = seconds(self.body['written'])
        if name != self.by:
            raise Refused('record-name', '/by')
        if key != self.key:
            raise Refused('record-key', '/key')

    def get(self, name, default=None):
        return self.body.get(name, default)


def seconds(text):
    return int(datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=timezone.utc).timestamp())


# ---- the tree

def node(left, right):
    return hashlib.sha256(b'\1' + left + right).digest()


class Tree:
    """The right edge of RFC 6962's tree, and its root at every size."""

    def __init__(self):
        self.edge, self.roots = [], [hashlib.sha256(b'').digest()]

    def add(self, entry):
        size, hash_ = len(self.roots) - 1, hashlib.sha256(b'\0' + entry).digest()
        while size & 1:
            hash_, size = node(self.edge.pop(), hash_), size >> 1
        self.edge.append(hash_)
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node(left, root)
        self.roots.append(root)


# ---- who is a member (§6)

WHO = ('genesis', 'party', 'key', 'policy', 'approval', 'anchor')
POLICY = ('thresholds', 'witnessing', 'quota', 'sealed_by_default', 'grace_entries', 'merge_within', 'public')


class Member:
    def __init__(self, party, founder):
        self.party, self.founder, self.role, self.until = party, founder, None, None


class Held:
    def __init__(self, party, key, use):
        self.party, self.key, self.use = party, key, use
        self.replaced, self.retired, self.stolen, self.successor, self.since = False, None, None, None, None


class Members:
    def __init__(self):
        self.genesis, self.members, self.keys, self.uses = None, {}, {}, []
        self.policy, self.log_keys, self.words, self.proposals = {}, [], {}, {}
        self.founded, self.deliveries = False, []

    # keys

    def used(self, use, key):
        return any(u != use and b == key.bytes for u, b in self.uses)

    def add_key(self, party, use, text):
        key = Key(text)
        if (party, key.id) in self.keys or self.used(use, key):
            return
        self.uses.append((use, key.bytes))
        self.keys[party, key.id] = Held(party, key, use)

    def set_recovery(self, party, text):
        key = Key(text)
        held = self.keys.get((party, key.id))
        if (held and held.use != 'recovery') or self.used('recovery', key):
            return
        for k in self.keys.values():
            if k.party == party and k.use == 'recovery':
                k.replaced = k is not held
        if not held:
            self.add_key(party, 'recovery', text)

    def set_log_key(self, size, text):
        key = Key(text)
        if not self.used('log', key):
            self.uses.append(('log', key.bytes))
            self.log_keys.append((size, key))

    def log_key_at(self, size):
        return [key for at, key in self.log_keys if at <= size][-1]

    def readers(self):
        return [k for k in self.keys.values() if k.use == 'reader' and k.retired is None]

    # policy

    def witnesses(self):
        return [Key(w['key']) for w in self.policy.get('witnessing', {}).get('witnesses', [])]

    def mirrors(self):
        return [(Key(m['key']), m.get('party')) for m in self.policy.get('witnessing', {}).get('mirrors', [])]

    def staying(self, new):
        mine = [(k.name, k.id, k.bytes) for k in self.witnesses()]
        keys = [Key(w['key']) for w in new['witnesses']]
        return sum((k.name, k.id, k.bytes) in mine for k in keys)

    def most_removed(self):
        return max(1, self.policy.get('witnessing', {}).get('faults', 0))

    def policy_fault(self, body):
        new = body.get('witnessing')
        if new is None:
            return None
        keys = [('witness', w) for w in new['witnesses']] + [('mirror', m) for m in new.get('mirrors', [])]
        if any(self.used(use, Key(w['key'])) for use, w in keys):
            return 'key-use'
        return 'witnesses' if len(self.witnesses()) - self.staying(new) > self.most_removed() else None

    def set_policy(self, body):
        self.policy.update({k: body[k] for k in POLICY if k in body})
        if 'witnessing' in body:
            self.uses += [('witness', k.bytes) for k in self.witnesses()] + [('mirror', k.bytes) for k, _ in self.mirrors()]

    # what takes effect

    def begin(self, record):
        body = record.body
        self.genesis, self.origin = record, body['register']
        self.register = self.origin + '#' + record.id[:16]
        self.exercise = body.get('exercise', False)
        self.set_log_key(0, body['log_key'])
        for f in body['founders']:
            self.members[f['party']] = member = Member(f['party'], True)
            member.role = f['role']
            self.add_key(f['party'], 'signing', f['key'])
            self.set_recovery(f['party'], f['recovery'])
        self.set_policy(body)
        self.founders = [f['party'] for f in body['founders']]
        self.founded = len(self.founders) == 1

    def apply(self, index, body):
        getattr(self, 'apply_' + body['kind'])(index, body)

    def apply_policy(self, index, body):
        self.set_policy(body)

    def apply_party(self, index, body):
        member = self.members.setdefault(body['party'], Member(body['party'], False))
        member.role, member.until = body['role'], seconds(body['until']) if 'until' in body else None
        for key in body['keys']:
            self.add_key(body['party'], 'signing', key)
        if 'recovery' in body:
            self.set_recovery(body['party'], body['recovery'])

    def apply_key(self, index, body):
        party, change = body['party'], body['change']
        held = self.keys.get((party, body.get('of')))
        if change == 'log':
            self.set_log_key(index + 1, body['verifier'])
        elif party not in self.members:
            return
        elif change in ('add', 'reader'):
            self.add_key(party, {'add': 'signing', 'reader': 'reader'}[change], body['verifier'])
        elif change == 'recovery':
            self.set_recovery(party, body['verifier'])
        elif held and change == 'retire' and held.use != 'recovery' and held.retired is None:
            held.retired = index
        elif held and change == 'compromised' and held.use == 'signing':
            held.stolen = index if held.stolen is None else held.stolen
            held.since, held.successor = seconds(body['since']), body.get('successor')

    def asked(self, body, received):
        leaving = body['party'] if body['kind'] == 'party' and 'until' in body else None
        return [f for f in self.founders if f != leaving and not self.ended(self.members[f], received)]

    @staticmethod
    def ended(member, received):
        return member.until is not None and received >= member.until * 1000

    def settle(self, index, received, proposal):
        if proposal['effective'] or proposal['decided'] is not None:
            return
        record = proposal['record']
        words = self.words.get(record.id, {})
        asked = self.asked(record.body, received)
        behind = [f for f in asked if f == record.by or words.get(f) == 'approve']
        threshold = self.policy['thresholds']['policy' if record.kind == 'policy' else 'enrol']
        if not behind or len(behind) < min(threshold, len(asked)):
            return
        proposal['decided'] = index
        if record.kind == 'policy' and self.witnesses():
            return
        self.make_effective(index, proposal)

    def make_effective(self, index, proposal):
        body = proposal['record'].body
        if body['kind'] == 'policy' and self.policy_fault(body):
            return
        proposal['effective'] = True
        self.apply(index, body)

    def anchored(self, index, received, record):
        lines = {(n, i): s for n, i, s in map(signature_line, record.get('signatures'))}
        times_ = {}
        for key, party in self.mirrors():
            signature = lines.get((key.name, key.id))
            if signature and party:
                self.deliveries.append((party, record.get('size'), index, int.from_bytes(signature[:8], 'big'), received))
        cosigned = sum((k.name, k.id) in lines for k in self.witnesses())
        waiting = sorted((p for p in self.proposals.values() if p['record'].kind == 'policy' and p['decided'] is not None
                          and not p['effective'] and p['decided'] < record.get('size')), key=lambda p: p['decided'])
        for p in waiting:
            new, quorum = p['record'].get('witnessing'), self.policy.get('witnessing', {}).get('quorum', 0)
            if new:
                quorum = min(quorum, self.staying(new))
            if cosigned >= quorum:
                self.make_effective(index, p)
                if p['effective']:
                    return

    def add(self, index, received, record):
        if record.kind not in WHO:
            return
        if record.kind == 'genesis':
            return self.begin(record)
        key = self.keys.get((record.by, record.key))
        founder = record.by in self.founders
        if key and key.stolen is not None:
            return
        if record.kind == 'anchor':
            self.anchored(index, received, record)
        elif record.kind == 'approval':
            if not founder:
                return
            of = record.get('of')
            self.words.setdefault(of, {})[record.by] = record.get('decision')
            words = self.words[of]
            if of == self.genesis.id and all(f == self.founders[0] or words.get(f) == 'approve' for f in self.founders):
                self.founded = True
            if of in self.proposals:
                self.settle(index, received, self.proposals[of])
        elif key.use == 'recovery':
            self.apply(index, record.body)
        elif founder:
            self.proposals[record.id] = {'record': record, 'effective': False, 'decided': None}
            self.settle(index, received, self.proposals[record.id])

    def delivery(self, party, index):
        """The first anchor by which that party's mirror is known to have had the entry."""
        return next((d for d in self.deliveries if d[0] == party and d[1] > index), None)


# ---- admission (§7)

ROLES = {'standing': 'party guarantor', 'response': 'party guarantor', 'finding': 'monitor secretariat',
         'area': 'party secretariat', 'site': 'party humanitarian', 'passage': 'party humanitarian',
         'designation': 'party secretariat', 'agreement': 'secretariat', 'part': 'secretariat',
         'party': '', 'key': '', 'policy': ''}
FOUNDERS = ('agreement', 'part', 'party', 'key', 'policy')
TARGET = {'approval': 'of', 'standing': 'agreement', 'acknowledgement': 'of', 'answer': 'of', 'response': 'of',
          'retraction': 'of', 'reveal': 'of'}
FITTING = {'acknowledgement': ('notice', 'question'), 'answer': ('question',), 'standing': ('agreement',)}
RESERVE = ('notice', 'acknowledgement', 'question', 'answer', 'standing', 'key')


def opens(reveal, record):
    """Does `reveal` open what `record` sealed: place, level and hash are an item's, and the value has its field's form?"""
    pointer, value = reveal.get('pointer'), reveal.get('value')
    bound = forms.canonical([record.get('register'), record.by, record.seq, pointer, value])
    hash_ = hashlib.sha256(b'truce-seal/v1\0' + bytes.fromhex(reveal.get('salt')) + bound.encode()).hexdigest()
    sealed = any((i['pointer'], i['level'], i['hash']) == (pointer, reveal.get('level'), hash_) for i in record.get('sealed', []))
    return sealed and forms.has_form(value, forms.field_form(record.kind, pointer))


def target_fault(record, target):
    if record.kind in FITTING and target.kind not in FITTING[record.kind]:
        return 'target'
    if record.kind == 'retraction' and (target.kind in WHO or target.kind in ('retraction', 'vouch')):
        return 'target'
    if record.kind in ('retraction', 'reveal') and record.by != target.by:
        return 'own'
    if record.kind == 'reveal' and not opens(record, target):
        return 'reveal'
    if record.kind == 'acknowledgement' and record.by not in target.get('to') + target.get('alternates', []):
        return 'addressee'
    return None


class Log:
    """Entries as they come; void ones stay out of everything but the tree."""

    def __init__(self, check_signatures=True):
        self.members, self.tree, self.entries, self.by_id = Members(), Tree(), [], {}
        self.days, self.check_signatures = {}, check_signatures

    def check(self, record, received):
        m, no = self.members, 'admission-'
        def refuse(code, pointer=''):
            raise Refused(no + code, pointer)
        if not m.genesis and record.kind != 'genesis':
            refuse('founding', '/kind')
        if record.kind == 'genesis':
            if m.genesis or self.entries:
                refuse('genesis', '/kind')
            if self.check_signatures and not holds(Key(record.get('founders')[0]['key']).bytes, record.signature, record.text):
                refuse('signature', '/key')
            return
        if record.get('register') != m.register:
            refuse('register', '/register')
        if not m.founded and record.kind != 'approval':
            refuse('founding', '/kind')
        member, key = m.members.get(record.by), m.keys.get((record.by, record.key))
        if not member:
            refuse('member-unknown', '/by')
        if not key or key.use == 'reader':
            refuse('key-unknown', '/key')
        if self.check_signatures and not holds(key.key.bytes, record.signature, record.text):
            refuse('signature', '/key')
        if m.ended(member, received):
            refuse('member-ended', '/by')
        if key.use == 'recovery' and (key.replaced or record.kind != 'key' or record.get('party') != record.by
                                      or record.get('change') == 'log'):
            refuse('recovery-key', '/key')
        if key.retired is not None and len(self.entries) - key.retired > m.policy.get('grace_entries', 0):
            refuse('key-retired', '/key')
        allowed = record.kind not in ROLES or member.role in ROLES[record.kind].split()
        if not (allowed or (record.kind in FOUNDERS and member.founder) or (record.kind == 'key' and key.use == 'recovery')):
            refuse('role', '/kind')
        self.check_brought(record, refuse)
        if record.kind == 'vouch':
            of = m.keys.get((record.by, record.get('of')))
            if not of or of.stolen is None or of.successor != record.key:
                refuse('successor', '/of')
        if record.id in self.by_id:
            refuse('duplicate')
        self.check_targets(record, refuse)
        if record.kind == 'anchor':
            self.check_anchor(record, refuse)
        quota = m.policy.get('quota')
        if quota and not m.exercise:
            most = quota['per_day'] + (quota['reserve'] if record.kind in RESERVE else 0)
            if self.days.get((record.by, received // 86400000), 0) >= most:
                refuse('quota')

    def check_brought(self, record, refuse):
        m, body = self.members, record.body
        def bring(text, use, listed, pointer):
            key = Key(text)
            held = m.keys.get((body['party'], key.id))
            if held and not (listed and held.use == use and held.retired is None and held.key.bytes == key.bytes):
                refuse('key-taken', pointer)
            if m.used(use, key):
                refuse('key-use', pointer)
        if record.kind == 'party':
            for i, key in enumerate(body['keys']):
                bring(key, 'signing', True, '/keys/%d' % i)
            if 'recovery' in body:
                bring(body['recovery'], 'recovery', True, '/recovery')
        if record.kind == 'key':
            change = body['change']
            if body['party'] not in m.members:
                refuse('member-unknown', '/party')
            if change in ('add', 'recovery', 'reader'):
                bring(body['verifier'], {'add': 'signing'}.get(change, change), False, '/verifier')
            elif change == 'log':
                if m.used('log', Key(body['verifier'])):
                    refuse('key-use', '/verifier')
            else:
                held = m.keys.get((body['party'], body['of']))
                if not held or held.use not in (('signing', 'reader') if change == 'retire' else ('signing',)):
                    refuse('key-unknown', '/of')
        if record.kind == 'policy':
            fault = m.policy_fault(body)
            if fault:
                refuse(fault, '/witnessing' if fault == 'key-use' else '/witnessing/witnesses')

    def check_targets(self, record, refuse):
        field = TARGET.get(record.kind)
        target = self.by_id.get(record.get(field)) if field else None
        if target is not None:
            fault = target_fault(record, self.entries[target][0])
            if fault:
                refuse(fault, '/value' if fault == 'reveal' else '/' + field)
        before = self.by_id.get(record.get('replaces'))
        if before is not None:
            other = self.entries[before][0]
            if (other.kind, other.by) != (record.kind, record.by):
                refuse('replaces', '/replaces')

    def check_anchor(self, record, refuse):
        m, size = self.members, record.get('size')
        if size > len(self.entries):
            refuse('anchor-size', '/size')
        root = base64.b64decode(record.get('root'))
        if root != self.tree.roots[size]:
            refuse('anchor-root', '/root')
        text = f'{m.origin}\n{size}\n{record.get("root")}\n'.encode()
        lines = [signature_line(l) for l in record.get('signatures')]
        key = m.log_key_at(size)
        mine = [s for n, i, s in lines if (n, i) == (key.name, key.id)]
        if not mine or not all(holds(key.bytes, s, text) for s in mine):
            refuse('anchor-signature', '/signatures')
        for key in m.witnesses() + [k for k, _ in m.mirrors()]:
            for n, i, s in lines:
                if (n, i) != (key.name, key.id):
                    continue
                message = b'cosignature/v1\ntime %d\n' % int.from_bytes(s[:8], 'big') + text
                if len(s) != 72 or not holds(key.bytes, s[8:], message):
                    refuse('anchor-signature', '/signatures')

    def append(self, record, received, entry, is_void=False):
        index = len(self.entries)
        self.entries.append((record, received, is_void))
        self.tree.add(entry)
        if is_void:
            return
        self.by_id[record.id] = index
        day = record.by, received // 86400000
        self.days[day] = self.days.get(day, 0) + 1
        self.members.add(index, received, record)


# ---- effect (§8): for `size` entries, each a pair (record, void); `members` of then, or None where no key has ended

NEEDS_ABOUT = ('finding', 'link')


def effects(entries, size, members):
    return Effects(entries, size, members).states()


class Effects:
    def __init__(self, entries, size, members):
        self.entries, self.size = entries[:size], size
        self.keys = {} if members is None else {k: h for k, h in members.keys.items() if h.use == 'signing'}
        self.at = {}
        self.line, self.head = list(range(size)), list(range(size))
        self.retracted, self.misplaced, self.vouched = {}, {}, {}
        for t, (record, is_void) in enumerate(self.entries):
            if not is_void:
                self.arrive(t, record)

    def held(self, i):
        record = self.entries[i][0]
        key = self.keys.get((record.by, record.key))
        return key is not None and key.stolen is not None and key.stolen < i

    def active(self, i):
        return not self.held(i) or i in self.vouched

    def target(self, i):
        record = self.entries[i][0]
        return self.at.get(record.get(TARGET.get(record.kind)))

    def replaced(self, i):
        return self.at.get(self.entries[i][0].get('replaces'))

    def join(self, target, later):
        a_line, b_line = self.line[target], self.line[later]
        if a_line == b_line:
            return
        a, b = self.head[a_line], self.head[b_line]
        ra, rb = self.entries[a][0], self.entries[b][0]
        older = target != a and ra.key == rb.key and rb.seq < ra.seq
        self.head[a_line] = a if older else b
        self.line = [a_line if l == b_line else l for l in self.line]

    def take_up(self, i):
        """What entry i does to others that are here."""
        record, target, before = self.entries[i][0], self.target(i), self.replaced(i)
        if record.kind == 'retraction' and target is not None and i not in self.misplaced and self.active(i):
            self.retracted.setdefault(target, i)
        if before is not None:
            other = self.entries[before][0]
            if (other.kind, other.by) != (record.kind, record.by):
                self.misplaced.setdefault(i, before)
            elif self.active(i):
                self.join(before, i)

    def arrive(self, t, record):
        waiting = [i for i in range(t) if not self.entries[i][1] and
                   record.id in (self.entries[i][0].get('replaces'), self.entries[i][0].get(TARGET.get(self.entries[i][0].kind)))]
        self.at.setdefault(record.id, t)
        self.take_up(t)
        for i in waiting:
            other = self.entries[i][0]
            if other.get(TARGET.get(other.kind)) == record.id and target_fault(other, record):
                self.misplaced.setdefault(i, t)
            self.take_up(i)
        self.vouching(t)

    def fits(self, v, i):
        vouch, record = self.entries[v][0], self.entries[i][0]
        return (not self.entries[v][1] and vouch.kind == 'vouch' and record.id in vouch.get('records') and vouch.by == record.by and
                vouch.get('of') == record.key and record.kind not in WHO)

    def vouching(self, t):
        restored = []
        def vouch(v, i):
            if self.active(v) and self.fits(v, i) and i not in self.vouched:
                if self.held(i):
                    restored.append(i)
                self.vouched[i] = v
        def vouch_all(v):
            record = self.entries[v][0]
            for id in record.get('records') if record.kind == 'vouch' and self.active(v) else ():
                if id in self.at:
                    vouch(v, self.at[id])
        for v in range(t):
            if self.held(t):
                vouch(v, t)
        vouch_all(t)
        for i in restored:
            self.take_up(i)
            vouch_all(i)

    def waits(self, i):
        record = self.entries[i][0]
        named = [record.get(TARGET.get(record.kind)), record.get('replaces')]
        named += record.get('about', []) if record.kind in NEEDS_ABOUT else []
        return any(n is not None and n not in self.at for n in named)

    def state(self, i):
        record, is_void = self.entries[i]
        if is_void:
            return 'void %d' % i
        head = self.head[self.line[i]]
        key = self.keys.get((record.by, record.key))
        out = ('out-of-place %d' % self.misplaced[i] if i in self.misplaced else
               'retracted %d' % self.retracted[i] if i in self.retracted else
               'replaced %d' % head if head != i else
               'unvouched %d' % key.stolen if not self.active(i) else
               'waiting %d' % i if self.waits(i) else 'counts %d' % i)
        if key and key.stolen is not None and not self.held(i) and i not in self.vouched and record.written > key.since:
            out += ' contested'
        if key and key.retired is not None and i > key.retired:
            out += ' late'
        return out

    def states(self):
        return [self.state(i) for i in range(self.size)]

    def chains(self):
        out, first = [], {}
        everyone = {}
        for i, (r, is_void) in enumerate(self.entries):
            if not is_void:
                everyone.setdefault((r.by, r.key, r.seq), []).append(i)
        for i, (r, is_void) in enumerate(self.entries):
            if is_void:
                continue
            if everyone[r.by, r.key, r.seq][0] != i:
                out.append('equivocation %d %d' % (i, everyone[r.by, r.key, r.seq][0]))
            before = everyone.get((r.by, r.key, r.seq - 1))
            if r.seq and not before:
                out.append('gap %d %d' % (i, i))
            elif r.seq and r.get('prev') not in [self.entries[b][0].id for b in before]:
                out.append('prev %d %d' % (i, before[0]))
        return out
