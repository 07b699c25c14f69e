"""Damaged files: archives and tables that are cut, swapped, emptied or blown up."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile


def damage_archive(content: bytes, chance: random.Random) -> bytes:
    """An Excel file with something wrong in it: bytes, parts, or what a part says."""
    how = chance.choice(("cut", "flip", "drop", "empty", "swap", "edit", "edit", "edit", "repeat"))
    if how == "cut":
        return content[: chance.randrange(len(content))]
    if how == "flip":
        return flipped(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    one, other = chance.sample(sorted(parts), 2)
    if how == "drop":
        del parts[one]
    elif how == "empty":
        parts[one] = b""
    elif how == "swap":
        parts[one], parts[other] = parts[other], parts[one]
    else:
        parts[one] = edit_part(parts[one], chance, repeat=how == "repeat")
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return damaged.getvalue()


def edit_part(part: bytes, chance: random.Random, *, repeat: bool) -> bytes:
    """A part with an attribute or a tag that says something else, or said many times."""
    places = list(re.finditer(rb'="[^"]*"|<[^<>]+>', part))
    if not places:
        return part
    place = chance.choice(places)
    if repeat:
        return part[: place.end()] + place.group() * chance.choice((2, 1000, 20000)) + part[place.end() :]
    new = chance.choice((
        b'=""', b'="0"', b'="-1"', b'="99999999999999999999"', b'="x"', b'="A1:XFD1048576"', b'="s"', b'="e"', b'="b"',
        b"", b'="1e309"', '="\u0430"'.encode(), b"<", b"<x>", b"&b;",
    ))  # fmt: skip
    return part[: place.start()] + new + part[place.end() :]


def damage_table(tables: dict[str, bytes], chance: random.Random) -> tuple[str, str, bytes]:
    """The name of a CSV file, what is done to it, and its content with something wrong in it."""
    name = chance.choice(sorted(tables))
    content = tables[name]
    how = chance.choice(("cut", "flip", "quote", "code", "wide", "marks"))
    if how == "cut":
        content = content[: chance.randrange(len(content) + 1)]
    elif how == "flip":
        content = flipped(content, chance)
    elif how == "quote":
        place = chance.randrange(len(content) + 1)
        content = content[:place] + b'"' + content[place:]
    elif how == "code":
        content = content.decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037")))
    elif how == "wide":
        content = content.replace(b"\n", b"," * chance.choice((1, 300, 20000)) + b"\n")
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=chance.choice(";\t|")).writerows(csv.reader(io.StringIO(content.decode())))
        content = text.getvalue().encode()
    return name, how, content


def flipped(content: bytes, chance: random.Random) -> bytes:
    """The content with up to twenty bytes that are others."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)
