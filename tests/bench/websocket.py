# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a WebSocket client as a measurement needs: the messages of a server on this machine, one after the other."""
import base64
import os
import socket
import struct


class WebSocket:
    def __init__(self, host, port, path="/", headers=(), within=30):
        self.socket = socket.create_connection((host, port), within)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._read()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise OSError("no WebSocket: " + head.split(b"\r\n")[0].decode())

    def _read(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise EOFError("the server has closed")
        self.buffer += piece

    def _take(self, size):
        while len(self.buffer) < size:
            self._read()
        out, self.buffer = self.buffer[:size], self.buffer[size:]
        return out

    def send(self, payload, opcode=1):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode]) + (bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + struct.pack(">H", size))
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def message(self):
        """The next whole message; pings are answered."""
        whole = b""
        while True:
            first, second = self._take(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self._take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._take(8))[0]
            payload = self._take(size)
            opcode = first & 0x0F
            if opcode == 9:
                self.send(payload, 10)
            elif opcode == 8:
                raise EOFError("the server says goodbye")
            elif opcode in (0, 1, 2):
                whole += payload
                if first & 0x80:
                    return whole

    def close(self):
        self.socket.close()
