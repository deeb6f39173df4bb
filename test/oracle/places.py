"""Whether what a record says of a place lies in a place of an agreement: 2 in, 1 maybe, 0 out (spec/terms.md, "In, out,
maybe"). `edge` tells how near the answer came to being another, so that what hinges on centimetres is not drawn."""
import json
import math

import earth

IN, MAYBE, OUT = 2, 1, 0


def pair(point):
    return point['lat_e7'], point['lon_e7']


class Places:
    def __init__(self, table, areas):
        """The agreement's places by name; areas: (drawn by the secretariat, name, where, from, until) in the log's order."""
        self.table, self.areas = table, areas
        self.keys = {}
        self.edge = math.inf  # metres
        self.known = {}

    def key(self, place):
        """A place of a selector, as SQL names it."""
        text = json.dumps(place, sort_keys=True)
        self.keys[text] = place
        return text

    def area(self, name, at):
        """What the secretariat drew last of what holds then."""
        found = [where for agreed, n, where, b0, b1 in self.areas if agreed and n == name and b0 <= at < b1]
        return found[-1] if found else None

    def named(self, name):
        """What a record means by a name that is none of the agreement's: the secretariat's last, else anybody's."""
        found = sorted((agreed, i, where) for i, (agreed, n, where, _, _) in enumerate(self.areas) if n == name)
        return found[-1][2] if found else None

    # ---- what a record says, as a disc

    def disc(self, where, at):
        """Middle and radius of where it may have been; None: cannot be told."""
        if 'place' in where:
            shape = self.table.get(where['place'])
            if shape is not None:
                disc = self.disc_of_place(shape, at)
            else:
                drawn = self.named(where['place'])
                disc = drawn and self.disc(drawn, at)
            return disc and (disc[0], disc[1] + where.get('radius_m', 0))
        if 'point' in where or 'cell' in where:
            return pair(where.get('point') or where['cell']), where.get('radius_m', 0)
        if 'bearing' in where:
            return self.sector(where['bearing'], where.get('radius_m', 0))
        middle, radius = earth.around([pair(p) for p in where.get('line') or where['polygon']])
        return middle, radius + where.get('radius_m', 0)

    @staticmethod
    def sector(bearing, more):
        start = pair(bearing['from'])
        way = (bearing['least_m'] + bearing['most_m']) / 2
        angle = math.radians(bearing['degrees'])
        middle = earth.offset(start, way * math.cos(angle), way * math.sin(angle))
        corner = math.radians(bearing['degrees'] + 10)
        far = earth.offset(start, bearing['most_m'] * math.cos(corner), bearing['most_m'] * math.sin(corner))
        return middle, earth.metres(middle, far) + more

    def disc_of_place(self, place, at):
        if isinstance(place, str):
            return self.disc_of_place(self.table[place], at)
        if 'point' in place:
            return pair(place['point']), place.get('radius_m', 0)
        if 'line' in place or 'polygon' in place:
            middle, radius = earth.around([pair(p) for p in place.get('line') or place['polygon']])
            return middle, radius + place.get('radius_m', 0)
        if 'buffer' in place:
            middle, radius = self.disc_of_place(place['buffer'], at)
            return middle, radius + place['m']
        if 'any' in place:
            parts = place['any'] if isinstance(place['any'], list) else [place['any']]
            discs = [self.disc_of_place(p, at) for p in parts]
            if None in discs:
                return None
            middle = earth.around([d[0] for d in discs])[0]
            return middle, max(earth.metres(middle, d[0]) + d[1] for d in discs)
        if 'area' in place:
            where = self.area(place['area'], at)
            return where and self.disc(where, at)
        return ('cell' in place and (pair(place['cell']), place.get('radius_m', 0))) or None

    # ---- in or out

    def judge(self, value, limit):
        """d + r <= m, d - r > m: here `value` holds (d, r)."""
        d, r = value
        self.edge = min(self.edge, abs(d + r - limit), abs(d - r - limit))
        return IN if d + r <= limit else OUT if d - r > limit else MAYBE

    def fit(self, place, where, t0, t1):
        """A place that moves has held all the time, or at a part of it."""
        if isinstance(place, str):
            if where.get('place') == place:
                return IN
            return self.fit(self.table[place], where, t0, t1)
        if 'any' in place:
            parts = place['any'] if isinstance(place['any'], list) else [place['any']]
            return max(self.fit(p, where, t0, t1) for p in parts)
        if 'area' in place:
            return self.fit_area(place['area'], where, t0, t1)
        disc = self.disc(where, t0)
        if disc is None:
            return MAYBE
        if 'sealed' in place:
            if 'cell' not in place:
                return MAYBE
            return min(MAYBE, self.judge((earth.metres(pair(place['cell']), disc[0]), disc[1]),
                                         place.get('radius_m', 0)))
        return self.fit_shape(place, disc)

    def fit_area(self, name, where, t0, t1):
        moments = {t0} | {b for agreed, n, _, b0, b1 in self.areas if agreed and n == name for b in (b0, b1)
                          if t0 < b <= t1}
        found = set()
        for at in moments:
            shape = self.area(name, at)
            disc = self.disc(where, at)
            if where.get('place') == name and name not in self.table:
                found.add(IN)
            elif shape is None:
                found.add(MAYBE)
            elif disc is None:
                found.add(MAYBE)
            else:
                found.add(self.fit_where(shape, disc, at))
        return found.pop() if len(found) == 1 else MAYBE

    def fit_where(self, shape, disc, at):
        """An area's own shape is given as a record's `where`."""
        if 'place' in shape:
            inner = self.table.get(shape['place'])
            return MAYBE if inner is None else self.fit(inner, {'point': dict(zip(('lat_e7', 'lon_e7'), disc[0])),
                                                                'radius_m': disc[1]}, at, at)
        if 'cell' in shape:
            return self.judge((earth.metres(pair(shape['cell']), disc[0]), disc[1]), shape.get('radius_m', 0))
        return self.fit_shape(shape, disc)

    def fit_shape(self, place, disc):
        middle, r = disc
        if 'point' in place:
            return self.judge((earth.metres(pair(place['point']), middle), r), place.get('radius_m', 0))
        if 'line' in place:
            return self.judge((earth.line(middle, [pair(p) for p in place['line']])[0], r), place.get('radius_m', 0))
        if 'polygon' in place:
            return self.judge((earth.polygon(middle, [pair(p) for p in place['polygon']]), r), 0)
        inner = place['buffer']
        inner = self.table[inner] if isinstance(inner, str) else inner
        if 'point' in inner:
            return self.judge((earth.metres(pair(inner['point']), middle), r), inner.get('radius_m', 0) + place['m'])
        if 'polygon' in inner:
            return self.judge((earth.polygon(middle, [pair(p) for p in inner['polygon']]), r), place['m'])
        d, side = earth.line(middle, [pair(p) for p in inner['line']])
        near = self.judge((d, r), inner.get('radius_m', 0) + place['m'])
        if place.get('side', 'both') == 'both':
            return near
        self.edge = min(self.edge, abs(d - r))
        wanted = 1 if place['side'] == 'right' else -1
        return min(near, MAYBE if d <= r else IN if side == wanted else OUT)

    # ---- watching

    def is_part(self, name, place):
        """Is `place` by its name the one called `name`, or a part of it?"""
        if name == place:
            return True
        parts = self.table.get(name, {}).get('any', []) if isinstance(name, str) else []
        return any(self.is_part(p, place) for p in (parts if isinstance(parts, list) else [parts]))

    def holds(self, where, place, at):
        """Does what is watched hold the whole place?"""
        if isinstance(place, str):
            if self.is_part(where.get('place'), place):
                return True
            return self.holds(where, self.table[place], at)
        if 'any' in place:
            parts = place['any'] if isinstance(place['any'], list) else [place['any']]
            return all(self.holds(where, p, at) for p in parts)
        if 'area' in place:  # it moves, and what watches does not
            return where.get('place') == place['area']
        disc = self.disc_of_place(place, at)
        if disc is None or 'cell' in where:  # somewhere in the cell, but not all of it
            return False
        shape = where
        if 'place' in where:
            shape = self.table.get(where['place'])
            if shape is None:
                shape = self.named(where['place'])
            else:
                return self.fit(shape, {'point': dict(zip(('lat_e7', 'lon_e7'), disc[0])), 'radius_m': disc[1]},
                                at, at) == IN
        return shape is not None and self.fit_where(shape, disc, at) == IN
