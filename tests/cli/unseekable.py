# SPDX-License-Identifier: BSL-1.0
"""What zipfile takes for a pipe, so that it puts the sizes behind the members."""
import io


class Unseekable(io.RawIOBase):
    def __init__(self):
        super().__init__()
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)

    def getvalue(self):
        return self.data
