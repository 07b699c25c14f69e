"""The registry: every code that is used is in it, and every code in it is used and has a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model.workbook.codes import CODES

ROOT = Path(__file__).parents[1]
A_CODE = re.compile(r'"([EW]\d{3})"')


def codes_in(folder: str, pattern: str, *without: str) -> set[str]:
    files = (file for file in (ROOT / folder).rglob(pattern) if file.name not in without)
    return {code for file in files for code in A_CODE.findall(file.read_text(encoding="utf-8"))}


def test_every_code_used_is_in_the_registry_and_the_other_way_round():
    assert codes_in("model", "*.py", "codes.py") == set(CODES)


def test_every_code_has_a_test():
    assert set(CODES) - codes_in("tests", "*.py") == set()


@pytest.mark.parametrize("code", list(CODES.values()), ids=lambda code: code.code)
def test_an_example_reads_like_a_message(code):
    assert re.fullmatch(rf"{code.code} [^;]+: .+; .+; .+", code.example, re.DOTALL)
    assert code.title
    assert code.remedy.endswith(".")
