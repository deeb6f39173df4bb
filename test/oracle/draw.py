"""Random agreements and logs: everything that a term can say, and records that bear on it. The same seed draws the
same. Times lie on a coarse grid so that edges meet; places keep clear of edges, which two ways of measuring may see
differently by millimetres."""
import base64
import hashlib
import json
import random
import re
from datetime import datetime, timezone

import earth
from log import fits_target, seconds
from places import Places

START = seconds('2020-01-01T00:00:00Z')
HOUR, DAY = 3600, 86400
ORIGIN = 'test.example/oracle'
FOUNDERS = {'a': 'party', 'b': 'party', 'c': 'party', 'g': 'guarantor', 'm': 'monitor', 'n': 'monitor',
            's': 'secretariat', 'h': 'humanitarian'}
BANDS = ['x', 'y']  # armed groups that are no members
FEATURES = ['areas', 'excepts', 'findings', 'rates', 'ratios', 'held', 'reply', 'moments', 'while', 'rivals', 'channels',
            'amounts', 'weapons', 'links', 'corrections', 'standing', 'designated', 'passages', 'acts', 'composite',
            'renewals', 'voids', 'responses', 'claims', 'answers', 'events', 'until', 'each', 'sealed', 'targets',
            'acts-watched', 'restrictions', 'parts', 'conflicts', 'force-until', 'late']


def stamp(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def span(s):
    for unit, letters in ((DAY, 'P{}D'), (HOUR, 'PT{}H'), (60, 'PT{}M')):
        if s % unit == 0 and s > 0:
            return letters.format(s // unit)
    return f'PT{s}S'


def verifier(name, word, algorithm=b'\x01'):
    public = hashlib.sha256(f'{name} {word}'.encode()).digest()
    key = hashlib.sha256(name.encode() + b'\n' + algorithm + public).hexdigest()[:8]
    return key, f'{name}+{key}+{base64.b64encode(algorithm + public).decode()}'


def canonical(body):
    return json.dumps(body, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def point(at):
    return {'lat_e7': at[0], 'lon_e7': at[1]}


TOWN = (360000000, 370000000)


def beside(north, east, at=TOWN):
    return earth.offset(at, north, east)


PLACES = {
    'town': {'point': point(TOWN), 'radius_m': 1000},
    'hill': {'point': point(beside(6000, 0)), 'radius_m': 2500},
    'square': {'polygon': [point(beside(n, e)) for n, e in ((-1000, 7000), (1500, 7000), (2000, 10000), (-1000, 9500))]},
    'road': {'line': [point(beside(n, e)) for n, e in ((-6000, -4000), (-6000, 0), (-5000, 4000))]},
    'street': {'line': [point(beside(n, e)) for n, e in ((0, -9000), (3000, -9000))], 'radius_m': 400},
    'strip': {'buffer': 'road', 'm': 1500, 'side': 'left'},
    'lane': {'buffer': 'street', 'm': 900, 'side': 'right'},
    'belt': {'buffer': 'square', 'm': 1200},
    'ring': {'buffer': {'point': point(beside(6000, 0))}, 'm': 4000, 'side': 'both'},
    'camps': {'any': ['town', 'square']},
    'region': {'point': point(TOWN), 'radius_m': 60000},
}
ACTS = ['shelling', 'air-strike', 'inspection', 'combat-flight']
AMOUNTS = [3, 4, 5, 6, 7, 8, 10, 11, 12, 16, 17, 20, 27, 28]  # at the edges of what is told
WEAPONS = ['mortar', 'artillery', 'drone']
# What a log may be about: its kinds of records. Few records that bear on each other say more than many that do not.
THEMES = {
    'designated': ['report', 'report', 'report', 'designation', 'designation'],
    'links': ['report', 'report', 'report', 'claim', 'link', 'link'],
    'reply': ['notice', 'notice', 'acknowledgement', 'acknowledgement', 'acknowledgement', 'question', 'answer', 'attempt'],
    'standing': ['standing', 'standing', 'standing', 'report', 'notice'],
    'excepts': ['report', 'report', 'response', 'response', 'finding', 'notice', 'notice'],
    'amounts': ['report', 'report', 'claim', 'finding'],
    'ratios': ['report', 'report', 'notice', 'passage'],
    'held': ['report', 'coverage', 'coverage', 'restriction'],
    'findings': ['report', 'finding', 'finding', 'finding', 'response'],
    'while': ['report', 'report', 'notice', 'coverage'],
    'answers': ['report', 'claim', 'response', 'response', 'party', 'finding'],
    'conflicts': ['report', 'claim', 'claim', 'link', 'finding'],
    'restrictions': ['coverage', 'coverage', 'restriction', 'restriction', 'report'],
    'passages': ['passage', 'passage', 'response', 'finding'],
    'corrections': ['report', 'claim', 'notice', 'acknowledgement', 'correction', 'correction', 'correction', 'retraction',
                    'finding', 'response'],
}


class Draw:
    def __init__(self, seed, features=FEATURES):
        self.seed, self.rng = seed, random.Random(seed)
        self.features = set(features)
        themes = sorted(t for t in THEMES if t in self.features)
        self.theme = self.rng.choice(themes) if themes and self.rng.randrange(100) < 80 else None
        if self.theme:  # with little beside it
            self.features = {self.theme} | {f for f in FEATURES if f in self.features and self.rng.randrange(100) < 40}
        self.entries = []
        self.bodies = []
        self.seqs, self.prevs, self.dropped = {}, {}, set()
        self.received = START - 30 * DAY
        self.draw_geography()
        self.found()
        self.draw_agreement()
        self.draw_log()
        self.moments = [self.as_of() for _ in range(2)]

    # ---- choosing

    def has(self, feature):
        return feature in self.features

    def chance(self, percent, feature=None):
        if feature is not None and feature == self.theme:
            percent = max(percent, 60)
        hit = self.rng.randrange(100) < percent
        return hit and (feature is None or self.has(feature))

    def one(self, *options):
        return self.rng.choice(options)

    def some(self, options, least=1, most=3):
        most = min(most, len(options))
        return sorted(self.rng.sample(list(options), self.rng.randint(min(least, most), most)))

    def time(self):
        return START + self.rng.randrange(-12, 11 * 24) * HOUR + self.one(0, 0, 0, 900, 1800)

    def edge(self):
        return START + self.rng.randrange(-1, 11) * DAY + self.one(-3, -2, 0, 0, 6, 21, 22) * HOUR + self.one(-1, 0, 0, 0)

    def as_of(self):
        """Seldom before anything has begun."""
        found = [self.one(self.time, self.edge, self.told_time)() for _ in range(2)]
        return max(found) if self.chance(80) else found[0]

    def told_time(self):
        """A moment that some record or term names, or a second beside it."""
        text = ' '.join(t for _, _, t in self.entries[len(FOUNDERS):])
        times = [t for t in map(seconds, re.findall(r'"(2020-\d\d-\d\dT\d\d:\d\d:\d\dZ)"', text)) if t < START + 14 * DAY]
        return self.one(*times) + self.one(-1, 0, 0, 1) if times else self.edge()

    def moment_time(self):
        return self.one(self.time, self.edge)()

    # ---- writing

    def say(self, kind, by, received=None, replaces=None, **fields):
        """Appends a record; gives its id. What admission would refuse is in the log as void."""
        self.received = max(self.received, received or 0)
        key, _ = verifier(by, 'key')
        body = {'v': 1, 'register': self.register, 'kind': kind, 'by': by, 'key': key, 'seq': self.seqs.get(by, 0),
                'written': stamp(self.received), **{k: v for k, v in fields.items() if v is not None}}
        if by in self.prevs:
            body['prev'] = self.prevs[by]
        if replaces:
            body['replaces'] = replaces
        text = canonical(body)
        record_id = hashlib.sha256(text.encode() + b'\n').hexdigest()
        dropped = self.chance(2, 'voids') and kind not in ('genesis', 'agreement', 'part', 'party') and (
            kind != 'approval' or fields['of'] != self.genesis)
        if dropped:
            self.dropped.add(len(self.entries))
        void = dropped or not self.admitted(body)
        self.entries.append((self.received, void, text))
        self.bodies.append((record_id, body, void))
        self.seqs[by] = body['seq'] + 1
        self.prevs[by] = record_id
        return record_id

    def admitted(self, body):
        known = {record_id: b for record_id, b, void in self.bodies if not void}
        target = known.get(body.get('agreement') if body['kind'] == 'standing' else body.get('of'))
        if target is not None and not fits_target(body, target):
            return False
        old = known.get(body.get('replaces'))
        return old is None or (old['by'], old['kind']) == (body['by'], body['kind'])

    def found(self):
        founders = [{'party': name, 'names': {'en': name, 'original': 'en'}, 'role': role,
                     'key': verifier(name, 'key')[1], 'recovery': verifier(name, 'recovery')[1]}
                    for name, role in FOUNDERS.items()]
        self.register, self.genesis = ORIGIN, None
        self.genesis = self.say('genesis', 'a', nonce='0' * 63 + '7', founders=founders, exercise=True,
                                log_key=verifier(ORIGIN, 'log')[1], thresholds={'enrol': 1, 'policy': 1})
        self.register = f'{ORIGIN}#{self.genesis[:16]}'
        for name in list(FOUNDERS)[1:]:
            self.say('approval', name, of=self.genesis, decision='approve')
        if self.has('answers'):
            for name in self.some('abg', 1, 2):
                self.party(name)

    def party(self, name):
        others = self.some(['a', 'b', 'c'] + BANDS, 1, 2)
        answers = [dict(party=o, **{'from': stamp(self.one(START - 20 * DAY, self.moment_time() - 3 * DAY))},
                        **({'until': stamp(self.moment_time() + self.one(0, 15) * DAY)} if self.chance(50) else {}))
                   for o in others if o != name]
        self.say('party', 's', party=name, names={'en': name, 'original': 'en'}, role=FOUNDERS[name],
                 keys=[verifier(name, 'key')[1]], answers_for=answers or None)

    # ---- places

    def draw_geography(self):
        self.table = dict(PLACES)
        self.areas = []
        if self.has('areas'):
            self.table['front'] = {'area': 'front-line'}
            self.areas = [self.area() for _ in range(self.rng.randint(0, 3))]
        if self.has('sealed'):
            self.table['vault'] = {'sealed': 'ab' * 32}
            self.table['depot'] = {'sealed': 'cd' * 32, 'cell': point(beside(0, 20000)), 'radius_m': 5000}
        self.all_areas = [(True, name, where, START - 99 * DAY, START + 99 * DAY)
                          for i, (name, where, _, _) in enumerate(self.areas)]

    def area(self):
        name = self.one('front-line', 'front-line', 'camp-line')
        more = 0 if name == 'front-line' else 400  # no two of them alike
        shape = self.one({'point': point(beside(15000, 0)), 'radius_m': 3000 + more},
                         {'polygon': [point(beside(n, e)) for n, e in ((14000, -2000), (16000, -2000), (16000, 1000 + more))]},
                         {'point': point(TOWN), 'radius_m': 2000 + more})
        start = self.moment_time()
        return name, shape, self.one(START - 9 * DAY, start), self.one(None, None, start + self.rng.randint(1, 4) * DAY)

    def clear(self, where, margin):
        """Does no place hinge on less than `margin` metres, whichever area holds?"""
        for areas in [self.all_areas] + [[a] for a in self.all_areas]:
            places = Places(self.table, areas)
            for name in self.table:
                places.fit(name, where, START, START)
            if places.edge < margin:
                return False
        return True

    def where(self):
        if self.chance(30):
            return {'place': self.one('town', 'hill', 'square', 'road', 'strip', 'region',
                                      *(['front-line', 'camp-line', 'nowhere'] if self.has('areas') else []))}
        while True:
            north, east = self.one((0, 0), (6000, 0), (500, 8500), (-6000, -2000), (1500, -9000), (15000, 0), (0, 20000))
            size = self.one(200, 1500, 4000)
            at = beside(north + self.rng.randint(-size, size), east + self.rng.randint(-size, size))
            radius = self.one({}, {}, {'radius_m': self.one(50, 300, 1200, 5000)})
            margin = 20
            form = self.rng.randrange(10)
            if form < 6:
                where = {'point': point(at), **radius}
            elif form < 7:
                where = {'cell': point(at), 'radius_m': self.one(1000, 10000)}
            elif form < 8:
                where, margin = {'bearing': {'from': point(at), 'degrees': self.rng.randrange(360), 'least_m': 800,
                                             'most_m': 1300}, **radius}, 500
            else:
                word = self.one('line', 'polygon')
                where, margin = {word: [point(at), point(beside(200, 50, at)), point(beside(100, 200, at))], **radius}, 250
            if self.clear(where, margin):
                return where

    # ---- the agreement

    def group(self, rich=True):
        plain = self.one('*', '*', 'a', 'b', 'sides', ['a', 'b'], ['b', 'x'], 'guarantors')
        if self.theme in ('designated', 'answers') and rich and self.chance(60):
            return self.one(*([{'designated': True}, {'not': {'designated': True}}, {'affiliate_of': self.one('x', 'y', 'a')}]
                              if self.theme == 'designated' else [{'answered_for': self.one('a', 'b', 'g')}]))
        if not rich or self.chance(60):
            return plain
        options = [{'role': self.one('party', 'monitor', 'guarantor')}, {'assented': True}, {'not': 'a'},
                   {'not': {'role': 'monitor'}}, ['x', {'role': 'party'}]]
        if self.has('designated'):
            options += [{'designated': True}, {'not': {'designated': True}}, {'affiliate_of': self.one('x', 'y', 'a')}]
        if self.has('answers'):
            options += [{'answered_for': self.one('a', 'b', 'g')}]
        return self.one(*options)

    def who(self):
        return self.one('*', '*', '*', '*', 'a', 'sides', ['a', 'b', 'c'], self.group())

    def event_selector(self):
        s = {}
        if self.chance(70):
            s['act'] = self.one('attack', 'shelling', 'shelling', 'shelling', 'air-strike', ['inspection', 'shelling'], 'flights')
        if self.chance(30):
            s['place'] = self.one('town', 'region', 'region', 'hill', 'square', 'road', 'strip', 'lane', 'street', 'belt', 'ring', 'camps',
                                  'region', *(['front', 'front'] if self.has('areas') else []),
                                  *(['vault', 'depot'] if self.has('sealed') else []))
        if self.chance(25):
            s['actor'] = self.group()
        if self.chance(15, 'targets'):
            s['target'] = self.group()
        if self.chance(12, 'weapons'):
            s['weapon'] = self.one('arms', 'mortar', ['mortar', 'drone'], {'any': ['artillery'], 'um': [100000, 160000]})
        if self.chance(15, 'passages'):
            s = {k: v for k, v in s.items() if k in ('place', 'actor')}
            s.update(kind='passage', step=self.one('delivered', ['refused', 'turned-back'], 'allowed'))
            if self.chance(40):
                s['by'] = self.group()
        return s

    def act_selector(self, kinds=None):
        s = {'kind': kinds or self.one('notice', 'notice', 'acknowledgement', 'question', 'answer', 'standing', 'attempt',
                                       'finding', 'approval')}
        kind = s['kind']
        if kind in ('notice', 'standing') and self.chance(40):
            s['act'] = self.one('exercise', 'withdrawal') if kind == 'notice' else self.one('suspend', 'resume', 'renew')
        if kind in ('notice', 'question', 'attempt'):
            if self.chance(20, 'channels'):
                s['channel'] = self.one('line', 'centre')
            if self.chance(30):
                s['to'] = self.group(rich=False)
        if kind == 'acknowledgement' and self.chance(40):
            s['receipt'] = self.one('received', ['read-back', 'received'], 'refused')
        if kind == 'attempt' and self.chance(50):
            s['result'] = self.one('reached', ['no-answer', 'line-cut'])
        if kind == 'finding' and self.chance(50):
            s['result'] = self.one('substantiated', ['not-substantiated', 'inconclusive'])
        if kind == 'approval' and self.chance(50):
            s['result'] = self.one('approve', 'object')
        if self.chance(25):
            s['by'] = self.group()
        return s

    def selector(self, flat=False):
        if self.chance(30, 'acts'):
            s = self.act_selector()
        else:
            s = self.event_selector()
        if not flat and self.chance(8, 'composite'):
            return {'any': [s, self.event_selector(), *([self.act_selector()] if self.has('acts') else [])]}
        return s

    def moment(self, plain=False, late=False):
        if late:  # an end: seldom before the beginning
            if self.chance(60):
                return {'at': stamp(self.edge() + self.one(1, 2, 4) * DAY)}
            m = self.moment(plain)
            return dict(m if 'plus' in m else {'of': m}, plus='P4D')
        m = self.one({'at': stamp(self.moment_time())}, {'local': stamp(self.moment_time())[:-1], 'zone': self.one(*self.zones)},
                     'start', {'of': 'start', 'days': self.rng.randint(-1, 5), 'zone': self.one(*self.zones)},
                     {'of': {'at': stamp(self.edge())}, 'plus': self.one('PT6H', 'P1D')})
        if plain or not self.chance(35, 'moments'):
            return m
        options = [{self.one('first', 'last'): [m, self.moment(plain=True), *self.other_moments()]}]
        options += self.other_moments() * 2
        if self.has('renewals'):
            options += [dict({'of': m}, renew=self.one(['a', 'b'], 'a'))]
        m = self.one(*options)
        if self.chance(30):
            m = {'of': m, 'plus': self.one('PT3H', 'P1D', 'P2D')}
        return m

    def other_moments(self):
        """Those that wait for something."""
        options = []
        done = [t['id'] for t in self.terms if 'at_least' in t['rule'] or 'held' in t['rule']]
        if done:
            options += [{'done': self.one(*done)}]
        if self.has('events'):
            options += [dict(event=self.selector(flat=True), **self.one({}, {'nth': 2}))]
        return options

    def watch(self):
        if self.chance(40 if self.theme in ('held', 'restrictions', None) else 75):
            return 'log'
        return dict(share=self.one([1, 1000], [1, 3], [1, 2], [9, 10], [1, 1]),
                    of=self.one(['town'], ['town'], ['hill'], ['town', 'square'], ['road'], ['camps'], ['strip'],
                                *([['front']] if self.has('areas') else [])),
                    **self.one({}, {'grace': 'P1D'}, {'grace': 'PT30H'}))

    def measured(self, rule):
        if self.chance(15, 'amounts'):
            rule['measure'] = self.one({'sum': 'fighters'}, {'max': 'fighters'}, {'sum': 'vehicles'}, 'events')
        return rule

    def cap(self):
        term = {'rule': self.measured({'at_most': self.one(0, 0, 0, 1, 1, 2, 3, 4, 6), 'of': self.selector()})}
        if 'measure' in term['rule']:
            term['rule']['at_most'] = self.one(*AMOUNTS)
        if self.chance(20, 'rates'):
            term['every'] = self.one('P1D', 'PT36H', 'P3D')
        if self.chance(30, 'until'):
            term['until'] = self.moment(late=True)
        return term

    def floor(self):
        each = self.chance(10, 'each')
        term = {'rule': self.measured({'at_least': self.one(1, 1, 1, 2, 2, 3, 4), 'of': self.selector(flat=each)})}
        if 'measure' in term['rule']:
            term['rule']['at_least'] = self.one(*AMOUNTS)
        if self.chance(20, 'ratios'):
            term['rule']['at_least'] = {'times': self.one([1, 2], [2, 3], [1, 1], [3, 2]), 'of': self.selector()}
        if self.chance(35, 'rates'):
            term['every'] = self.one('P1D', 'PT36H', 'P3D')
        if 'every' not in term or self.chance(30):
            term['by'] = self.moment(late=True)
        if each:
            term.update(each=True, who=self.one('sides', ['a', 'b', 'c']))
        return term

    def held(self):
        caps = [t['id'] for t in self.terms if 'at_most' in t['rule'] and 'every' not in t]
        return {'rule': dict(held=self.one('P1D', 'P2D', 'P3D', 'PT60H'), of=self.some(caps, 1, 3),
                             unwatched=self.one('stop', 'reset', 'count'), **self.one({}, {'void': 'reset'}, {'void': 'stop'}))}

    def reply(self):
        trigger = self.act_selector(self.one('notice', 'notice', 'question', 'attempt'))
        if self.chance(60):
            trigger = {'kind': trigger['kind']}
        with_ = self.act_selector({'notice': 'acknowledgement', 'question': self.one('answer', 'acknowledgement'),
                                   'attempt': 'notice'}[trigger['kind']])
        if self.chance(60):
            with_ = {'kind': with_['kind']}
        return {'rule': dict(reply=trigger, within=self.one('PT2H', 'P1D', 'P3D'), **{'with': with_},
                             **self.one({}, {'stated': True}))}

    def term(self, i):
        kinds = ['cap'] * 5 + ['floor'] * 4
        if self.has('held') and any('at_most' in t['rule'] and 'every' not in t for t in self.terms):
            kinds += ['held'] * 2
        if self.has('reply'):
            kinds += ['reply'] * 2
        if self.has('composite') and len(self.terms) > 2:
            kinds += ['all', 'any']
        if self.theme in kinds:
            kinds += [self.theme] * len(kinds)
        kind = self.one(*kinds, 'may')
        if kind in ('all', 'any'):
            term = {'rule': {kind: self.some([t['id'] for t in self.terms], 1, 3)}}
        elif kind == 'may':
            term = {'rule': {'may': self.selector()}}
        else:
            term = getattr(self, kind)()
        term = {'id': f't{i}', 'clause': {'en': 'Words.', 'original': 'en'}, 'who': self.who(), 'watch': self.watch(), **term}
        if self.chance(20):
            term['from'] = self.moment(self.chance(70))
        if self.chance(15, 'channels'):
            term['channel'] = self.one('line', 'centre')
        if self.chance(50):
            term['zone'] = self.one(*self.zones)
        if kind in ('cap', 'floor'):
            self.decorate(term)
        elif kind in ('held', 'reply', 'may'):
            self.stand_under(term)
        if self.chance(15, 'rivals'):
            self.rival(term)
        return term

    def decorate(self, term):
        if self.chance(25, 'excepts'):
            lead = self.one('PT2H', 'P1D')
            term['except'] = self.rng.sample(
                [{'justify': 'self-defence'}, {'justify': 'excluded-group'}, {'if': self.one({'act': 'shelling'}, self.event_selector())},
                 {'notified': self.act_selector('notice'), 'lead': lead}], self.rng.randint(1, 2))
        if self.chance(20, 'findings'):
            term['finding'] = dict(by=self.one('monitors', {'role': 'secretariat'}, ['m', 's']),
                                   **self.one({}, {'standard': 'probable'}, {'standard': 'plausible'}),
                                   **self.one({}, {}, {'quorum': 2}), **self.one({}, {'reply': 'P1D'}))
        self.stand_under(term, [term])

    def stand_under(self, term, more=()):
        counting = [t['id'] for t in self.terms + list(more) if 'at_most' in t['rule'] or 'at_least' in t['rule']]
        if counting and self.chance(20, 'while'):
            term['while'] = self.one(*counting)

    def rival(self, term):
        patches = {}
        rule = term['rule']
        if isinstance(rule.get('at_most'), int):
            patches['/rule/at_most'] = self.one(0, 1, 4)
        if isinstance(rule.get('at_least'), int):
            patches['/rule/at_least'] = self.one(1, 2, 4)
        if 'place' in rule.get('of', {}):
            patches['/rule/of/place'] = self.one('town', 'hill', 'region')
        if 'by' in term:
            patches['/by'] = self.moment(plain=True, late=True)
        if 'until' in term:
            patches['/until'] = self.moment(plain=True, late=True)
        if 'within' in rule:
            patches['/rule/within'] = 'PT6H'
        if 'held' in rule:
            patches['/rule/held'] = 'P4D'
        if not patches or self.chance(20):
            patches['/who'] = self.one('a', '*') if not term.get('each') else ['a', 'b']
        term['rival'] = {self.one('ar', 'en', 'fr', 'draft'): patches}

    def reading(self, i):
        need = self.one(['report'], ['claim', 'report'], ['admitted', 'claim', 'found', 'report'], ['admitted', 'found'], ['admitted', 'found', 'report'],
                        ['admitted', 'claim', 'found', 'report'], ['found'], ['claim'])
        trust = self.one('*', '*', '*', 'm', 'monitors', ['a', 'm'], ['b', 'm', 's'], {'role': 'monitor'}, {'not': 'a'}, ['m', 's'])
        reading = dict(trust=trust, links=self.one('m', 's', '*', ['m', 'n']), need=need)
        if self.chance(50):
            reading['unless'] = self.one(['not-found'], ['deny'], ['deny', 'not-found'])
        if self.chance(60, 'conflicts'):
            reading['conflict'] = self.one('in', 'maybe', 'out')
        if self.chance(60):
            reading['excuse'] = self.one('never', 'claimed', 'found')
        return reading

    def draw_agreement(self):
        self.terms = []
        self.zones = {'z': [{'from': '2019-01-01T00:00:00Z', 'offset_s': 10800}, {'from': '2020-01-04T00:00:00Z',
                                                                                   'offset_s': 7200}]}
        if self.chance(40):
            self.zones['w'] = [{'from': '2019-01-01T00:00:00Z', 'offset_s': -5400}]
        release = self.one({}, {'suspend': ['a', 'b']}, {'withdraw': ['a', 'b']}, {'suspend': 'sides', 'withdraw': 'a'})
        if self.theme == 'standing':
            release = {'suspend': ['a', 'b'], **self.one({}, {'withdraw': 'c'})}
        body = dict(agreement='truce', title={'en': 'Truce', 'original': 'en'}, parties=['a', 'b', 'c'], zones=self.zones,
                    groups={'sides': ['a', 'b'], 'guarantors': ['g'], 'monitors': ['m', 'n']},
                    classes={'attack': ['shelling', 'air-strike'], 'flights': {'any': ['combat-flight', 'air-strike']},
                             'arms': {'any': ['mortar', 'artillery'], 'um': [82000, 155000]}},
                    places=self.table,
                    anchors={'start': {'local': stamp(START + self.one(0, 3, 21) * HOUR)[:-1], 'zone': 'z'}},
                    readings={f'r{i}': self.reading(i) for i in range(self.rng.randint(1, 3))},
                    force=dict(assent=self.one('sides', ['a', 'b'], ['a', 'b', 'c']), **({'release': release} if release else {})))
        if self.has('channels'):
            body['channels'] = {'line': self.one({}, {'release': {'suspend': ['g']}}), 'centre': {}}
        body['force'].update(self.one({}, {}, {'from': 'start'}, {'from': 'start'}, {'from': {'at': stamp(self.moment_time())}}))
        if self.chance(10, 'events'):
            body['force']['from'] = {'event': self.one({'kind': 'approval', 'result': 'approve'}, {'kind': 'notice', 'by': 'sides'})}
        if self.chance(8, 'force-until'):
            body['force']['until'] = {'at': stamp(self.moment_time() + 2 * DAY)}
        for i in range(self.rng.randint(30, 60)):
            self.terms.append(self.term(i))
        body['terms'] = self.terms
        if self.chance(15):
            body['decides'] = self.one(*body['readings'])
        if self.has('rivals') and self.chance(60):
            body['versions'] = [{'lang': 'ar'}, {'lang': 'en'}]
            if self.chance(60):
                body['prevails'] = self.one('ar', 'en')
        self.body = dict(body)
        if self.chance(15, 'parts'):
            moved = self.some([k for k in ('groups', 'classes', 'places', 'anchors', 'readings') if k in body], 1, 3)
            body['parts'] = [self.say('part', 's', START - 13 * DAY, agreement='truce', **{k: body.pop(k) for k in moved})]
        self.agreement = self.say('agreement', 's', START - 12 * DAY, **body)
        self.other = self.say('agreement', 's', START - 12 * DAY, agreement='other', title={'en': 'Other', 'original': 'en'},
                              parties=['a', 'b'], force={'assent': ['a', 'b']})

    # ---- records

    def when(self):
        start = self.moment_time()
        end = start + self.one(0, 0, 1200, HOUR, 3 * HOUR, 8 * HOUR, DAY)
        when = {'from': stamp(start), 'to': stamp(end)}
        if end - start == DAY and self.chance(50):
            when.update(precision='day', exact={'from': stamp(start + 6 * HOUR), 'to': stamp(start + 7 * HOUR)})
        return when

    def counts(self):
        return [dict(kind=self.one('fighters', 'fighters', 'vehicles'), n=self.one(0, 1, 4, 8, 10, 16, 22),
                     exactness=self.one('exact', 'exact', 'at-least', 'at-most', 'about'))
                for _ in range(self.rng.randint(1, 2))]

    def event_fields(self, always=()):
        e = {}
        if 'act' in always or self.chance(60):
            e['act'] = self.one(*['shelling'] * 6, *ACTS)
        if 'when' in always or self.chance(70):
            e['when'] = self.when()
        if self.chance(70):
            e['where'] = self.where()
        if self.chance(65):
            e['actor'] = self.one('a', 'a', 'b', 'b', 'c', *BANDS * (4 if self.theme == 'designated' else 1))
        if self.chance(30, 'targets'):
            e['target'] = self.one('a', 'b', 'x', 'y')
        if self.chance(30, 'weapons'):
            e['weapon'] = dict({'class': self.one(*WEAPONS)}, **self.one({}, {'calibre_um': self.one(60000, 120000, 160000)}))
        if self.chance(40, 'amounts'):
            e['counts'] = self.counts()
        return e

    def known(self, *kinds):
        """Ids of earlier records of these kinds; now and then of any."""
        found = [i for i, b, _ in self.bodies if b['kind'] in kinds]
        return self.one(*found) if found else None

    def draw_log(self):
        parties = ['a', 'b', 'c']
        early, self.waiting = START - 10 * DAY, []
        for name in parties:
            if self.chance(97 if name != 'c' else 90):
                at = self.one(*[early] * 9, START + self.rng.randrange(40) * HOUR)
                self.waiting.append((at, lambda name=name, at=at: self.say(
                    'standing', name, at, agreement=self.agreement, act='assent', scope={'whole': True}, at=stamp(at))))
        for name, where, start, until in self.areas:
            at = self.one(early, self.moment_time())
            self.waiting.append((at, lambda name=name, where=where, start=start, until=until, at=at: self.say(
                'area', self.one('a', 's'), at, area=name, where=where, until=until and stamp(until), **{'from': stamp(start)})))
        for _ in range(self.rng.randint(3, 12) if self.theme == 'reply' else self.rng.randint(4, 28) if self.theme else self.rng.randint(5, 80)):
            at = self.moment_time() + self.one(0, 0, 2, 30) * HOUR
            self.waiting.append((at, lambda at=at: self.draw_record(at)))
        for at, act in sorted(self.waiting, key=lambda w: w[0]):
            act()
        if self.chance(30, 'late'):
            self.shuffle()

    def shuffle(self):
        """Some records arrive before or after others, whatever they name; what they may be is judged where they stand."""
        first = next(i for i, (_, b, _) in enumerate(self.bodies) if b['kind'] == 'agreement') + 1
        received = [r for r, _, _ in self.entries]
        order = list(range(len(self.entries)))
        for _ in range(self.rng.randint(1, 12)):
            if len(order) > first:
                moved = order.pop(self.rng.randrange(first, len(order)))
                order.insert(self.rng.randint(first, len(order)), moved)
        texts, bodies, self.bodies = [e[2] for e in self.entries], self.bodies, []
        self.entries = []
        for i, k in enumerate(order):
            record_id, body, void = bodies[k]
            void = k in self.dropped or not self.admitted(body)
            self.bodies.append((record_id, body, void))
            self.entries.append((received[i], void, texts[k]))

    def draw_record(self, at):
        kinds = ['report'] * 12 + ['coverage'] * 6
        for feature, more in (('claims', ['claim'] * 3), ('responses', ['response'] * 3 + ['finding'] * 4),
                              ('links', ['link'] * 2), ('acts', ['notice'] * 3 + ['acknowledgement'] * 2 + ['question', 'answer',
                              'attempt', 'approval', 'finding']), ('reply', ['notice'] * 2 + ['acknowledgement'] * 3 + ['question'] * 2 +
                              ['answer'] * 2 + ['attempt']), ('standing', ['standing']), ('designated', ['designation'] * 2),
                              ('passages', ['passage'] * 2), ('restrictions', ['restriction']), ('corrections', ['correction'] * 2 + ['retraction']),
                              ('answers', ['party']), ('excepts', ['response'] * 2 + ['notice'] * 2), ('findings', ['finding'] * 2)):
            if self.has(feature):
                kinds += more
        if self.theme:
            kinds = THEMES[self.theme]
        getattr(self, 'draw_' + self.one(*kinds))(at)

    def author(self, *most):
        return self.one(*most, *FOUNDERS)

    def draw_report(self, at, replaces=None, by=None):
        about = self.known('report') if self.chance(4) else None
        return self.say('report', by or self.author('m', 'm', 'm', 'n', 's', 'a', 'b'), at, replaces, method='seen', about=about and [about],
                        **self.event_fields(('act', 'when')))

    def draw_claim(self, at, replaces=None, by=None):
        target = self.known('report', 'claim', 'passage', *(['finding'] if self.chance(5) else [])) if self.chance(60) else None
        event = self.event_fields(('when',) if self.chance(90) else ('act',)) if target is None or self.chance(30) else None
        if event:
            event.pop('actor', None)
        return self.say('claim', by or self.author('a', 'b', 'm'), at, replaces, actor=self.one('a', 'b', 'c', *BANDS),
                        about=target and [target], event=event,
                        act='shelling' if not (event and 'act' in event) and self.chance(30) else None)

    def draw_coverage(self, at, replaces=None, by=None):
        start = self.one(self.edge(), self.time())
        return self.say('coverage', by or self.author('m', 'm', 'm', 'n', 's', 'a', 'h'), at, replaces, how='post',
                        where=self.one({'place': 'town'}, {'place': 'region'}, {'place': 'region'}, {'place': 'hill'},
                                       {'point': point(beside(100, 100)), 'radius_m': 5000}, {'place': 'camps'},
                                       {'point': point(beside(100, 100)), 'radius_m': 20000},
                                       {'polygon': [point(beside(n, e)) for n, e in ((-9000, -20000), (20000, -20000), (20000, 20000),
                                                                                     (-9000, 20000))]},
                                       {'cell': point(TOWN), 'radius_m': 20000}, *([{'place': 'front-line'}] if self.areas else [])),
                        when={'from': stamp(start), 'to': stamp(start + self.one(6, 12, 24, 48, 96, 200) * HOUR)},
                        uptime_permille=self.one(None, None, 1000, 700, 400, 0),
                        acts=self.one(None, None, ['air-strike', 'shelling'], ['shelling']) if self.has('acts-watched') else None)

    def draw_restriction(self, at, replaces=None, by=None):
        start = self.moment_time()
        return self.say('restriction', by or self.author('m', 'm', 'n', 's'), at, replaces, restriction=self.one('denied', 'delayed'),
                        where=self.one({'place': 'town'}, {'place': 'region'}, {'place': 'hill'}),
                        when={'from': stamp(start), 'to': stamp(start + self.one(3, 12, 48) * HOUR)})

    def draw_response(self, at, replaces=None, by=None):
        target = self.known('report', 'claim', 'finding', 'passage', *(['response'] if self.chance(10) else []))
        if target is None:
            return self.draw_report(at)
        word = self.one('deny', 'admit', 'partly', 'justify', 'justify')
        told = next(b for i, b, _ in self.bodies if i == target)
        accused = told.get('actor') or told.get('event', {}).get('actor')
        by = by or (accused if accused in ('a', 'b', 'c') and self.chance(70) else self.one('a', 'b', 'c', 'g', 'a', 'b'))
        return self.say('response', by, at, replaces, of=target, response=word,
                        ground=self.one('self-defence', 'excluded-group', 'error') if word == 'justify' else None,
                        event=self.some_event() if self.chance(40) else None)

    def some_event(self):
        return self.event_fields() or {'act': 'shelling'}

    def draw_finding(self, at, replaces=None, by=None):
        target = self.known('report', 'report', 'claim', 'passage', 'response', *(['finding'] if self.chance(10) else []))
        found = [b['about'][0] for _, b, _ in self.bodies if b['kind'] == 'finding']
        if found and self.chance(85 if self.theme == 'findings' else 50):
            target = self.one(*found[:2])
        if target is None:
            return self.draw_report(at)
        about = {target} | ({self.known('report', 'claim')} if self.chance(15) else set()) - {None}
        return self.say('finding', by or self.one('m', 'm', 'n', 's', 's'), at, replaces, about=sorted(about - {None}),
                        finding=self.one('substantiated', 'substantiated', 'substantiated', 'not-substantiated', 'inconclusive', 'no-access'),
                        standard=self.one(None, 'plausible', 'probable', 'highly-probable'),
                        event=self.some_event() if self.chance(40) else None)

    def draw_link(self, at, replaces=None, by=None):
        found = [i for i, b, _ in self.bodies if b['kind'] in ('report', 'claim', 'passage')]
        if len(found) < 2:
            return self.draw_report(at)
        found = found[:3] if self.theme == 'links' else found
        return self.say('link', by or self.author('m', 'm', 's', 'n'), at, replaces, about=self.some(found, 2, 3),
                        link=self.one('same', 'same', 'distinct'))

    def draw_notice(self, at, replaces=None, by=None):
        stated = at - self.one(0, 0, 1, 5) * HOUR
        return self.say('notice', by or self.author('a', 'b'), at, replaces, to=self.one(['a'], ['b'], ['a'], ['b'], ['a', 'b'], ['b', 'g'], ['m']),
                        at=stamp(stated), act=self.one(None, 'exercise', 'withdrawal'),
                        channel=self.one(None, 'line', 'centre') if self.has('channels') else None,
                        acknowledge_by=self.one(None, stamp(stated + self.one(1, 6, 30) * HOUR)), alternates=self.one(None, ['c'], ['c', 'h'], ['c', 'h']),
                        agreement=self.one(None, self.agreement, self.agreement, self.other),
                        event={'act': 'exercise', 'when': {'from': stamp(at + HOUR), 'to': stamp(at + self.one(3, 40, 90) * HOUR)}}
                        if self.chance(50) else None,
                        about=self.one(None, None, [a] if (a := self.known('attempt', 'notice')) else None))

    def draw_question(self, at, replaces=None, by=None):
        stated = at - self.one(0, 0, 1, 5) * HOUR
        return self.say('question', by or self.author('a', 'b'), at, replaces, to=self.one(['a'], ['b'], ['a', 'b'], ['m']), at=stamp(stated),
                        answer_by=self.one(None, stamp(stated + self.one(1, 6, 30) * HOUR)),
                        channel=self.one(None, 'line') if self.has('channels') else None,
                        agreement=self.one(None, self.agreement, self.agreement, self.other))

    def draw_acknowledgement(self, at, replaces=None, by=None):
        target = self.known('notice', 'question')
        if target is None:
            return self.draw_notice(at)
        if self.chance(60):  # the last
            target = [i for i, b, _ in self.bodies if b['kind'] in ('notice', 'question')][-1]
        body = next(b for i, b, _ in self.bodies if i == target)
        by = by or self.one(*body['to'], *body.get('alternates', []), *(['c'] if self.chance(5) else []))
        return self.say('acknowledgement', by, at, replaces, of=target, at=stamp(at - self.one(0, 0, 2) * HOUR),
                        receipt=self.one('received', 'received', 'read-back', 'refused', 'unreadable'))

    def draw_answer(self, at, replaces=None, by=None):
        target = self.known('question')
        if target is None:
            return self.draw_question(at)
        return self.say('answer', by or self.one('a', 'b', 'm'), at, replaces, of=target, at=stamp(at - self.one(0, 0, 2) * HOUR))

    def draw_attempt(self, at, replaces=None, by=None):
        return self.say('attempt', by or self.author('a', 'b', 'm'), at, replaces, to=self.one('a', 'b', 'm'), at=stamp(at - self.one(0, 3) * HOUR),
                        means='hotline', result=self.one('reached', 'no-answer', 'line-cut'),
                        channel=self.one(None, 'line') if self.has('channels') else None)

    def draw_approval(self, at, replaces=None):
        return self.say('approval', self.author(), at, of=self.one(self.agreement, self.agreement, self.genesis, self.other),
                        decision=self.one('approve', 'object'))

    def draw_standing(self, at, replaces=None, by=None):
        scope = self.one({'whole': True}, {'whole': True}, {'whole': True}, {'whole': True}, *([{'channel': 'line'}, {'channel': 'centre'}] if self.has('channels') else []))
        act = self.one('suspend', 'suspend', 'resume', 'resume', 'resume', 'renew', 'renew', 'reservation',
                       *(['withdraw'] if self.chance(15) else []), *(['lapse'] if self.chance(20) else []))
        stated = at - self.one(0, 0, 5, 40) * HOUR
        return self.say('standing', by or self.one('a', 'b', 'a', 'b', 'g', 'c'), at, replaces,
                        agreement=self.other if self.chance(5) else self.agreement, act=act, scope=scope,
                        at=stamp(stated), until=stamp(stated + self.rng.randint(1, 6) * DAY) if act == 'renew' else None)

    def draw_designation(self, at, replaces=None, by=None):
        start = self.moment_time()
        group = self.one('x', 'x', 'y', 'c', 'a')  # affiliations never go round in a circle
        of = {'c': self.one('x', 'y', 'a'), 'x': self.one('y', 'y', 'a'), 'y': 'a', 'a': None}[group]
        more = self.one({'designation': 'in'}, {'designation': 'in'}, {'designation': 'out'}, {'adherence': 'adheres'},
                        *([{'affiliate_of': of}, {'affiliate_of': of}, {'designation': 'in', 'affiliate_of': of}] if of else []))
        return self.say('designation', by or self.one('s', 's', 's', 'a'), at, replaces, group=group,
                        until=self.one(None, None, stamp(start + self.rng.randint(1, 4) * DAY)),
                        **{'from': stamp(self.one(start, START - 20 * DAY, START - 20 * DAY))}, **more)

    def draw_passage(self, at, replaces=None, by=None):
        fields = self.event_fields()
        return self.say('passage', by or self.one('h', 'h', 'a', 'b'), at, replaces, passage=self.one('p1', 'p2'), at=stamp(self.moment_time()),
                        step=self.one('asked', 'allowed', 'refused', 'delivered', 'turned-back'),
                        **{k: v for k, v in fields.items() if k in ('where', 'actor', 'counts')})

    def draw_party(self, at):
        self.received = max(self.received, at)
        self.party(self.one('a', 'b', 'g'))

    KINDS = ('report', 'claim', 'coverage', 'restriction', 'response', 'finding', 'link', 'notice', 'question', 'answer',
             'attempt', 'standing', 'designation', 'passage')

    def draw_correction(self, at):
        found = [(i, b) for i, b, _ in self.bodies if b['kind'] in self.KINDS and b.get('act') != 'assent']
        if not found:
            return self.draw_report(at)
        record_id, body = self.one(*found)
        getattr(self, 'draw_' + body['kind'])(at, record_id, body['by'])

    def draw_retraction(self, at):
        found = [(i, b) for i, b, _ in self.bodies if b['kind'] in self.KINDS + ('acknowledgement', 'area')]
        if found:
            record_id, body = self.one(*found)
            self.say('retraction', body['by'] if self.chance(95) else 'a', at, of=record_id)
