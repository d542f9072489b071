# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes MaxMind DB files (format 2.0, IPv4 trees); just enough for the scripts of this folder. Standard library only."""

import struct
import time

METADATA_MARK = b"\xab\xcd\xefMaxMind.com"


class Reader:
    def __init__(self, data):
        self.data = data
        mark = data.rfind(METADATA_MARK)
        if mark < 0:
            raise ValueError("no MaxMind DB metadata")
        self.base = mark + len(METADATA_MARK)
        self.metadata, _ = self._decode(self.base)
        self.nodes = self.metadata["node_count"]
        self.record_bits = self.metadata["record_size"]
        self.node_bytes = self.record_bits // 4
        self.base = self.nodes * self.node_bytes + 16
        self.cache = {}

    def record(self, node, side):
        at = node * self.node_bytes
        b = self.data
        if self.record_bits == 24:
            at += 3 * side
            return int.from_bytes(b[at:at + 3], "big")
        if self.record_bits == 28:
            middle = b[at + 3]
            if side == 0:
                return ((middle & 0xF0) << 20) | int.from_bytes(b[at:at + 3], "big")
            return ((middle & 0x0F) << 24) | int.from_bytes(b[at + 4:at + 7], "big")
        return int.from_bytes(b[at + 4 * side:at + 4 * side + 4], "big")

    def networks(self):
        """(first address, prefix length, value) of every IPv4 network of an IPv4 tree."""
        stack = [(0, 0, 0)]
        while stack:
            node, address, bits = stack.pop()
            for side in (1, 0):
                record = self.record(node, side)
                at = address | (side << (31 - bits))
                if record < self.nodes:
                    stack.append((record, at, bits + 1))
                elif record > self.nodes:
                    yield at, bits + 1, self.value(record - self.nodes - 16)

    def value(self, offset):
        if offset not in self.cache:
            self.cache[offset] = self._decode(self.base + offset)[0]
        return self.cache[offset]

    def _decode(self, at):
        control = self.data[at]
        at += 1
        kind = control >> 5
        if kind == 1:
            extra = (control >> 3) & 3
            low = control & 7
            if extra == 3:
                pointer = int.from_bytes(self.data[at:at + 4], "big")
            else:
                pointer = (low << (8 * (extra + 1))) + int.from_bytes(self.data[at:at + extra + 1], "big") + (0, 2048, 526336)[extra]
            return self._decode(self.base + pointer)[0], at + extra + 1
        if kind == 0:
            kind = 7 + self.data[at]
            at += 1
        size = control & 31
        if size >= 29:
            extra = size - 28
            size = (29, 285, 65821)[extra - 1] + int.from_bytes(self.data[at:at + extra], "big")
            at += extra
        if kind == 7:
            out = {}
            for _ in range(size):
                key, at = self._decode(at)
                out[key], at = self._decode(at)
            return out, at
        if kind == 11:
            out = []
            for _ in range(size):
                item, at = self._decode(at)
                out.append(item)
            return out, at
        if kind == 14:
            return bool(size), at
        raw = self.data[at:at + size]
        at += size
        if kind == 2:
            return raw.decode("utf-8"), at
        if kind == 3:
            return struct.unpack(">d", raw)[0], at
        if kind == 15:
            return struct.unpack(">f", raw)[0], at
        if kind in (5, 6, 9, 10):
            return int.from_bytes(raw, "big"), at
        return raw, at


class Unsigned:
    """An unsigned number of 16, 32 or 64 bits; readers insist on the metadata's."""

    def __init__(self, bits, value):
        self.bits, self.value = bits, value


def encoded(value):
    def head(kind, size):
        if size < 29:
            first, rest = size, b""
        elif size < 285:
            first, rest = 29, bytes([size - 29])
        else:
            first, rest = 30, struct.pack(">H", size - 285)
        if kind > 7:
            return bytes([first, kind - 7]) + rest
        return bytes([kind << 5 | first]) + rest

    if isinstance(value, str):
        raw = value.encode("utf-8")
        return head(2, len(raw)) + raw
    if isinstance(value, dict):
        return head(7, len(value)) + b"".join(encoded(k) + encoded(v) for k, v in value.items())
    if isinstance(value, list):
        return head(11, len(value)) + b"".join(encoded(item) for item in value)
    if isinstance(value, Unsigned):
        kind, value = {16: 5, 32: 6, 64: 9}[value.bits], value.value
        raw = value.to_bytes(8, "big").lstrip(b"\0")
        return head(kind, len(raw)) + raw
    raise TypeError(type(value))


def written(networks, database_type, description, build_epoch=None):
    """The bytes of an IPv4 database of (first address, prefix length, value); networks must not overlap."""
    nodes = [[None, None]]
    data, offsets = bytearray(), {}
    for address, bits, value in networks:
        raw = encoded(value)
        if raw not in offsets:
            offsets[raw] = len(data)
            data += raw
        node = 0
        for depth in range(bits - 1):
            side = address >> (31 - depth) & 1
            if nodes[node][side] is None:
                nodes.append([None, None])
                nodes[node][side] = len(nodes) - 1
            node = nodes[node][side]
        nodes[node][address >> (32 - bits) & 1] = ("data", offsets[raw])
    count = len(nodes)
    tree = bytearray()
    for node in nodes:
        for record in node:
            number = count if record is None else record if isinstance(record, int) else count + 16 + record[1]
            tree += number.to_bytes(3, "big")
    metadata = {
        "binary_format_major_version": Unsigned(16, 2), "binary_format_minor_version": Unsigned(16, 0),
        "build_epoch": Unsigned(64, int(time.time()) if build_epoch is None else build_epoch),
        "database_type": database_type, "description": {"en": description}, "ip_version": Unsigned(16, 4), "languages": ["en"],
        "node_count": Unsigned(32, count), "record_size": Unsigned(16, 24),
    }
    return bytes(tree) + b"\0" * 16 + bytes(data) + METADATA_MARK + encoded(metadata)
