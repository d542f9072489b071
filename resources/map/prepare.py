#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the TopoJSON of the npm package world-atlas (Natural Earth) into the map files of the console.

Run once per new edition of the data, from any folder:
    npm pack world-atlas && tar xzf world-atlas-*.tgz
    resources/map/prepare.py package/countries-110m.json resources/map/world-110m.json
    resources/map/prepare.py package/countries-50m.json  resources/map/world-50m.json

The format, JSON in UTF-8:
    {
      "format": "clickroom-map/1",
      "source": text,
      "unit": 0.001,                       degrees per unit: every coordinate is a whole number of thousandths of a degree
      "countries": [                       in the order of their names
        {
          "code": "DE",                    ISO 3166-1 alpha-2; "XK" for Kosovo, as geo databases have it; "" where there is none
          "name": "Germany",
          "box": [west, south, east, north],
          "polygons": [                    to be filled, without a pen
            [ ring, hole, hole, … ]        a ring is flat: [lon, lat, lon, lat, …]; the last point is not repeated
          ],
          "outlines": [ line, … ]          to be drawn with a pen: flat like a ring, NOT closed unless first and last point are equal
        }
      ]
    }
Longitudes lie in -180 … 180 and latitudes in -85 … 85 (what Web Mercator shows). A ring that crosses the 180th meridian is cut there
into several polygons; outlines hold no line along that cut, along a pole or along the clamped latitude, so the map shows none.
Fill with the odd-even rule. Countries that share a code (Australia and a reef of its own) are one entry.
"""

import json
import sys

LATITUDE_MAX = 85.0
UNIT = 0.001

# ISO 3166-1: numeric code and alpha-2.
ISO = """
004AF 008AL 010AQ 012DZ 016AS 020AD 024AO 028AG 031AZ 032AR 036AU 040AT 044BS 048BH 050BD 051AM 052BB 056BE
060BM 064BT 068BO 070BA 072BW 074BV 076BR 084BZ 086IO 090SB 092VG 096BN 100BG 104MM 108BI 112BY 116KH 120CM
124CA 132CV 136KY 140CF 144LK 148TD 152CL 156CN 158TW 162CX 166CC 170CO 174KM 175YT 178CG 180CD 184CK 188CR
191HR 192CU 196CY 203CZ 204BJ 208DK 212DM 214DO 218EC 222SV 226GQ 231ET 232ER 233EE 234FO 238FK 239GS 242FJ
246FI 248AX 250FR 254GF 258PF 260TF 262DJ 266GA 268GE 270GM 275PS 276DE 288GH 292GI 296KI 300GR 304GL 308GD
312GP 316GU 320GT 324GN 328GY 332HT 334HM 336VA 340HN 344HK 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL
380IT 384CI 388JM 392JP 398KZ 400JO 404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 438LI
440LT 442LU 446MO 450MG 454MW 458MY 462MV 466ML 470MT 474MQ 478MR 480MU 484MX 492MC 496MN 498MD 499ME 500MS
504MA 508MZ 512OM 516NA 520NR 524NP 528NL 531CW 533AW 534SX 535BQ 540NC 548VU 554NZ 558NI 562NE 566NG 570NU
574NF 578NO 580MP 581UM 583FM 584MH 585PW 586PK 591PA 598PG 600PY 604PE 608PH 612PN 616PL 620PT 624GW 626TL
630PR 634QA 638RE 642RO 643RU 646RW 652BL 654SH 659KN 660AI 662LC 663MF 666PM 670VC 674SM 678ST 682SA 686SN
688RS 690SC 694SL 702SG 703SK 704VN 705SI 706SO 710ZA 716ZW 724ES 728SS 729SD 732EH 740SR 744SJ 748SZ 752SE
756CH 760SY 762TJ 764TH 768TG 772TK 776TO 780TT 784AE 788TN 792TR 795TM 796TC 798TV 800UG 804UA 807MK 818EG
826GB 831GG 832JE 833IM 834TZ 840US 850VI 854BF 858UY 860UZ 862VE 876WF 882WS 887YE 894ZM
"""
ALPHA2 = {entry[:3]: entry[3:] for entry in ISO.split()}
# No ISO number; XK is the user-assigned code that geo databases answer with.
BY_NAME = {"Kosovo": "XK"}


def decoded_arcs(topology):
    """Delta-coded and quantised arcs as lists of (longitude, latitude)."""
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x += dx
            y += dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        arcs.append(points)
    return arcs


def ring_points(arcs, indices):
    """One closed ring from its arcs; ~i is arc i backwards. The last point is not repeated."""
    points = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points[:-1] if points and points[0] == points[-1] else points


def unwrapped(points):
    """Longitudes made continuous: no step over 180 degrees. Returns the points and the turns made around the pole (0 or ±360)."""
    out = [points[0]]
    for lon, lat in points[1:]:
        previous = out[-1][0]
        while lon - previous > 180:
            lon -= 360
        while lon - previous < -180:
            lon += 360
        out.append((lon, lat))
    step = points[0][0] - out[-1][0]
    turn = round((out[-1][0] - points[0][0] + (step + 180) % 360 - 180) / 360) * 360
    return out, turn


def clipped(points, limit, keep_below):
    """One pass of Sutherland-Hodgman against the meridian `limit`."""
    inside = (lambda p: p[0] <= limit) if keep_below else (lambda p: p[0] >= limit)
    out = []
    for i, point in enumerate(points):
        previous = points[i - 1]
        if inside(point) != inside(previous):
            share = (limit - previous[0]) / (point[0] - previous[0])
            out.append((limit, previous[1] + share * (point[1] - previous[1])))
        if inside(point):
            out.append(point)
    return out


def worlds(points):
    """Numbers of the 360-degree bands that the points touch."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    first = int((west + 180) // 360)
    last = int(-((-(east - 180)) // 360))
    return range(first, max(first, last) + 1)


def cut_ring(points):
    """The ring as rings within -180 … 180."""
    ring, turn = unwrapped(points)
    if turn:
        # A ring around the pole (Antarctica) is closed along the pole.
        pole = -90.0 if ring[0][1] < 0 else 90.0
        ring = ring + [(ring[0][0] + turn, ring[0][1]), (ring[0][0] + turn, pole), (ring[0][0], pole)]
    rings = []
    for world in worlds(ring):
        low, high = -180 + 360 * world, 180 + 360 * world
        piece = clipped(clipped(ring, low, False), high, True) if ring else []
        if len(piece) >= 3:
            rings.append([(lon - 360 * world, lat) for lon, lat in piece])
    return rings


def hidden(a, b):
    """A line along the 180th meridian or at the clamped latitude is no coast."""
    along_cut = abs(abs(a[0]) - 180) < 1e-6 and abs(abs(b[0]) - 180) < 1e-6
    return along_cut or (abs(a[1]) >= LATITUDE_MAX and abs(b[1]) >= LATITUDE_MAX)


def cut_outline(points):
    """The closed ring's line as lines within -180 … 180, without what is no coast."""
    ring, turn = unwrapped(points)
    ring.append((ring[0][0] + turn, ring[0][1]))
    lines, line = [], []

    def end():
        nonlocal line
        if len(line) > 1:
            lines.append(line)
        line = []

    def world_of(a, b):
        return int(((a[0] + b[0]) / 2 + 180) // 360)

    for a, b in zip(ring, ring[1:]):
        # A segment is split at every 180th meridian that it crosses.
        stops = [a]
        for world in worlds([a, b]):
            meridian = 180 + 360 * world
            if min(a[0], b[0]) < meridian < max(a[0], b[0]):
                share = (meridian - a[0]) / (b[0] - a[0])
                stops.append((meridian, a[1] + share * (b[1] - a[1])))
        stops.append(b)
        for p, q in zip(stops, stops[1:]):
            shift = 360 * world_of(p, q)
            start, finish = (p[0] - shift, p[1]), (q[0] - shift, q[1])
            if hidden(start, finish):
                end()
                continue
            if line and line[-1] != start:
                end()
            if not line:
                line = [start]
            line.append(finish)
    end()
    # What begins and ends at the ring's arbitrary first point is one line.
    if len(lines) > 1 and lines[0][0] == lines[-1][-1]:
        lines[0] = lines.pop() + lines[0][1:]
    return lines


def flat(points, closed):
    """Whole units, latitude clamped, repeated points dropped."""
    numbers = []
    for lon, lat in points:
        pair = [round(lon / UNIT), round(max(-LATITUDE_MAX, min(LATITUDE_MAX, lat)) / UNIT)]
        if numbers[-2:] != pair:
            numbers.extend(pair)
    if closed and len(numbers) > 2 and numbers[:2] == numbers[-2:]:
        del numbers[-2:]
    return numbers


def area(ring):
    """Twice the signed area of a flat ring."""
    xs, ys = ring[0::2], ring[1::2]
    return sum(xs[i - 1] * ys[i] - xs[i] * ys[i - 1] for i in range(len(xs)))


def contains(ring, x, y):
    xs, ys = ring[0::2], ring[1::2]
    inside = False
    for i in range(len(xs)):
        j = i - 1
        if (ys[i] > y) != (ys[j] > y) and x < (xs[j] - xs[i]) * (y - ys[i]) / (ys[j] - ys[i]) + xs[i]:
            inside = not inside
    return inside


def polygons_of(arcs, rings):
    """One source polygon (outer ring, holes) as polygons within the map."""
    # At 50m Antarctica is the band between a line along the pole and its coast: without the former the coast is the outer ring.
    rings = [ring for ring in rings if any(abs(lat) < LATITUDE_MAX for _, lat in ring_points(arcs, ring))]
    if not rings:
        return []
    outer = [flat(piece, True) for piece in cut_ring(ring_points(arcs, rings[0]))]
    polygons = [[ring] for ring in outer if len(ring) >= 6 and area(ring)]
    for hole_indices in rings[1:]:
        for piece in cut_ring(ring_points(arcs, hole_indices)):
            hole = flat(piece, True)
            if len(hole) < 6 or not area(hole):
                continue
            owner = next((p for p in polygons if contains(p[0], hole[0], hole[1])), polygons[0] if polygons else None)
            if owner is not None:
                owner.append(hole)
    return polygons


def country_of(arcs, geometry):
    name = geometry["properties"]["name"]
    code = ALPHA2.get(geometry["id"], "") if "id" in geometry else BY_NAME.get(name, "")
    source = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    polygons, outlines = [], []
    for rings in source:
        polygons.extend(polygons_of(arcs, rings))
        for ring in rings:
            outlines.extend(flat(line, False) for line in cut_outline(ring_points(arcs, ring)))
    return {"code": code, "name": name, "polygons": polygons, "outlines": [line for line in outlines if len(line) >= 4]}


def with_box(country):
    lons = [x for polygon in country["polygons"] for x in polygon[0][0::2]]
    lats = [y for polygon in country["polygons"] for y in polygon[0][1::2]]
    return {"code": country["code"], "name": country["name"], "box": [min(lons), min(lats), max(lons), max(lats)],
            "polygons": country["polygons"], "outlines": country["outlines"]}


def main(source, target):
    with open(source, encoding="utf-8") as file:
        topology = json.load(file)
    arcs = decoded_arcs(topology)
    by_code, countries = {}, []
    for geometry in topology["objects"]["countries"]["geometries"]:
        country = country_of(arcs, geometry)
        if not country["polygons"]:
            continue
        first = by_code.get(country["code"]) if country["code"] else None
        if first is None:
            by_code[country["code"]] = country
            countries.append(country)
        else:
            first["polygons"].extend(country["polygons"])
            first["outlines"].extend(country["outlines"])
    countries.sort(key=lambda country: country["name"])
    with open(target, "w", encoding="utf-8") as file:
        file.write('{"format":"clickroom-map/1","source":"Natural Earth (public domain), by way of world-atlas 2.0.2","unit":0.001,"countries":[\n')
        file.write(",\n".join(json.dumps(with_box(c), ensure_ascii=False, separators=(",", ":")) for c in countries))
        file.write("\n]}\n")
    points = sum(len(ring) // 2 for c in countries for p in c["polygons"] for ring in p)
    print(f"{target}: {len(countries)} countries, {sum(len(c['polygons']) for c in countries)} polygons, {points} points")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: prepare.py countries-110m.json world-110m.json")
    main(sys.argv[1], sys.argv[2])
