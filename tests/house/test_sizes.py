"""A file has one noun and a function one thought."""

from tests.house.source import functions, python_files, shown

FILE_LINES = 300
FUNCTION_LINES = 40


def test_files_are_short() -> None:
    sizes = {
        shown(file): len(file.read_text(encoding="utf-8").splitlines()) for file in python_files()
    }
    assert {file: lines for file, lines in sizes.items() if lines >= FILE_LINES} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{shown(file)}:{function.lineno} {function.name}": (
            (function.end_lineno or 0) - function.lineno + 1
        )
        for file in python_files()
        for function in functions(file)
    }
    assert {name: lines for name, lines in sizes.items() if lines >= FUNCTION_LINES} == {}
