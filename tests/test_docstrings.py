"""What public classes say of themselves is complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def records() -> Iterator[tuple[str, list[str], str]]:
    """Classes that list their attributes: where they are, names of their fields, and the list."""
    for path in sorted((ROOT / "model").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "Attributes:" in (text := ast.get_docstring(node) or ""):
                fields = [
                    part.target.id
                    for part in node.body
                    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                ]
                yield f"{path.stem}.{node.name}", fields, text


@pytest.mark.parametrize(("name", "fields", "text"), [pytest.param(*found, id=found[0]) for found in records()])
def test_attributes_are_all_listed(name, fields, text):
    words = set(re.findall(r"\w+", text))
    assert [field for field in fields if field not in words and field[0] != "_"] == [], name


def test_there_are_such_classes():
    assert len(list(records())) > 30
