"""How the canonical form writes numbers, names and sections: "The digest" of the books."""


def ints(*values):
    return b"".join(int(value).to_bytes(8, "little", signed=True) for value in values)


def names(*values):
    return b"".join(bytes([len(name.encode())]) + name.encode() for name in values)


def section(letter, rows):
    return letter.encode() + ints(len(rows)) + b"".join(rows)
