"""Distances on the ellipsoid, by another way than the program's: Vincenty's inverse (Survey Review XXIII, 176, 1975) and
the plane that keeps distances and directions from one point. Floating point: whoever compares keeps clear of edges."""
import functools
import math

A, F = 6378137.0, 1 / 298.257223563
B = A * (1 - F)


@functools.lru_cache(200000)
def seen_from(at, other):
    """East and north, in metres, at which `other` lies seen from `at`: as far and in the direction of the geodesic."""
    (lat1, lon1), (lat2, lon2) = at, other
    if at == other:
        return 0.0, 0.0
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(lat / 1e7))) for lat in (lat1, lat2))
    s1, c1, s2, c2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    length = lam = math.radians((lon2 - lon1) / 1e7)
    for _ in range(100):
        sl, cl = math.sin(lam), math.cos(lam)
        ss = math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl)
        cs = s1 * s2 + c1 * c2 * cl
        sigma = math.atan2(ss, cs)
        sa = c1 * c2 * sl / ss
        c2a = 1 - sa * sa
        cm = cs - 2 * s1 * s2 / c2a if c2a > 1e-12 else 0.0
        c = F / 16 * c2a * (4 + F * (4 - 3 * c2a))
        before, lam = lam, length + (1 - c) * F * sa * (sigma + c * ss * (cm + c * cs * (2 * cm * cm - 1)))
        if abs(lam - before) < 1e-13:
            break
    us = c2a * (A * A - B * B) / (B * B)
    a = 1 + us / 16384 * (4096 + us * (us * (320 - 175 * us) - 768))
    b = us / 1024 * (256 + us * (us * (74 - 47 * us) - 128))
    ds = b * ss * (cm + b / 4 * (cs * (2 * cm * cm - 1) - b / 6 * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)))
    metres = B * a * (sigma - ds)
    towards = math.atan2(c2 * math.sin(lam), c1 * s2 - s1 * c2 * math.cos(lam))
    return metres * math.sin(towards), metres * math.cos(towards)


def metres(a, b):
    return math.hypot(*seen_from(a, b))


def offset(at, north, east):
    """A point about so many metres off; no more exact than its use asks for."""
    lat = math.radians(at[0] / 1e7)
    e2 = F * (2 - F)
    w = math.sqrt(1 - e2 * math.sin(lat) ** 2)
    return (at[0] + round(math.degrees(north * w ** 3 / (A * (1 - e2))) * 1e7),
            at[1] + round(math.degrees(east * w / (A * math.cos(lat))) * 1e7))


def nearest(p, a, b):
    """From p, the nearest point of the way from a to b: distance, and on which side of it p lies (+1 right, -1 left)."""
    (x1, y1), (x2, y2) = seen_from(p, a), seen_from(p, b)
    dx, dy = x2 - x1, y2 - y1
    whole = dx * dx + dy * dy
    t = 0.0 if whole == 0 else min(1.0, max(0.0, -(x1 * dx + y1 * dy) / whole))
    x, y = x1 + t * dx, y1 + t * dy
    cross = dx * -y1 - dy * -x1  # positive: p left of the way
    return math.hypot(x, y), (-1 if cross > 0 else 1 if cross < 0 else 0)


def line(p, points):
    """Distance to a line and the side at its nearest piece."""
    return min((nearest(p, a, b) for a, b in zip(points, points[1:])), key=lambda found: found[0])


def polygon(p, points):
    """Distance to a polygon's edge, negative inside."""
    ring = points + points[:1]
    edge = min(nearest(p, a, b)[0] for a, b in zip(ring, ring[1:]))
    inside = False
    plane = [seen_from(p, q) for q in ring]
    for (x1, y1), (x2, y2) in zip(plane, plane[1:]):
        if (y1 > 0) != (y2 > 0) and x1 - y1 * (x2 - x1) / (y2 - y1) > 0:
            inside = not inside
    return -edge if inside else edge


def around(points):
    """A disc that holds them all: the middle of their box, and the way to the farthest."""
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    middle = ((min(lats) + max(lats)) // 2, (min(lons) + max(lons)) // 2)
    return middle, max(metres(middle, p) for p in points)
