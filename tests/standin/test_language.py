"""The language: code on the left, what it shows on the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.standin.inside import Inside

Run = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    inside = Inside()
    return lambda code: inside.run(code, str(tmp_path))


MACROS = [
    ("local a 5\ndisplay `a'", "5"),
    ('local a = 2 + 3\ndisplay "`a\'"', "5"),
    ('local a 2 + 3\ndisplay "`a\'"', "2 + 3"),
    ('local a "two words"\ndisplay "`a\'"', "two words"),
    ("local i 2\nlocal x2 two\ndisplay \"`x`i''\"", "two"),
    ("display `=2*3'", "6"),
    ('local i 4\ndisplay `++i\' " " `i++\' " " `i\'', "5 5 6"),
    ("local i 4\ndisplay `--i'", "3"),
    ("local i 1\nlocal ++i\ndisplay `i'", "2"),
    ('global g abc\ndisplay "$g ${g}d"', "abc abcd"),
    ('global a b\nglobal b c\ndisplay "$$a"', "$b"),
    ('local n g\nglobal g value\ndisplay "${`n\'}"', "value"),
    ('display "\\`a\'"', "`a'"),
    ('display "[`nothing\']"', "[]"),
    ('local a = 1/3\ndisplay "`a\'"', ".3333333333333333"),
    ('local a = 1e20\ndisplay "`a\'"', "1.00000000000e+20"),
    ('local a = .\ndisplay "`a\'"', "."),
    ('display `"say "hi""\'', 'say "hi"'),
    ('local n : word count a "b c" d\ndisplay `n\'', "3"),
    ('local w : word 2 of a "b c" d\ndisplay "`w\'"', "b c"),
    ('display "`: word 1 of x y\'"', "x"),
    ("local a abc\nlocal n : length local a\ndisplay `n'", "3"),
    ('local a a b a\nlocal u : list uniq a\ndisplay "`u\'"', "a b"),
    ('local a a b c\nlocal b b\nlocal u : list a - b\ndisplay "`u\'"', "a c"),
    ('local a a b\nlocal b b c\nlocal u : list a | b\ndisplay "`u\'"', "a b c"),
    ('local a a b\nlocal b b c\nlocal u : list a & b\ndisplay "`u\'"', "b"),
    ('local a c a b\nlocal u : list sort a\ndisplay "`u\'"', "a b c"),
    ('local a a b c\nlocal u : list sizeof a\ndisplay "`u\'"', "3"),
    ('local a a b c\nlocal u : list posof "b" in a\ndisplay "`u\'"', "2"),
    ('local a b\nlocal c a b\nlocal u : list a in c\ndisplay "`u\'"', "1"),
    ('local d : display %5.2f 3.14159\ndisplay "[`d\']"', "[ 3.14]"),
    ('local a x.y.z\nlocal b : subinstr local a "." "_", all\ndisplay "`b\'"', "x_y_z"),
    ('macro drop _all\nglobal a 1\nglobal b 2\nmacro drop a\ndisplay "[$a$b]"', "[2]"),
    ("tokenize a b c\nmacro shift\ndisplay \"`1'`2'\"", "bc"),
    ('tokenize "a,b", parse(",")\ndisplay "`1\' `2\' `3\'"', "a , b"),
    ("local l a b c\ngettoken f r : l\ndisplay \"[`f'][`r']\"", "[a][ b c]"),
    ('local l "a=b"\ngettoken f r : l, parse("=")\ndisplay "[`f\'][`r\']"', "[a][=b]"),
    ("local l (a b) c\ngettoken f r : l, bind\ndisplay \"[`f'][`r']\"", "[(a b)][ c]"),
    ("tempname x\nscalar `x' = 4\ndisplay `x'", "4"),
    ("local x `c(console)'\ndisplay \"`x'\"", "console"),
]

EXPRESSIONS = [
    ("1+1", "2"),
    ("2^3^2", "64"),
    ("-2^2", "-4"),
    ("10/4", "2.5"),
    ("1/0", "."),
    (".a", ".a"),
    (". > 5", "1"),
    (".a > .", "1"),
    ("1 & 0 | 1", "1"),
    ("!0", "1"),
    ("!(1==1)", "0"),
    ("1 != 2", "1"),
    ("1 ~= 2", "1"),
    ('"a" < "b"', "1"),
    ('"a" + 1', "a1"),
    ('"a" * 3', "aaa"),
    ("1e3", "1000"),
    ("1e10", "1.000e+10"),
    ("123456789", "1.235e+08"),
    ("1/3", ".33333333"),
    ("-1/3", "-.33333333"),
    ("100000/3", "33333.333"),
    ("%9.3f 1/3", "    0.333"),
    ("%05.1f 2.26", "002.3"),
    ("_pi", "3.1415927"),
    ("1, 2", "1 2"),
    ("1 2", "12"),
    ('_col(5) "x"', "    x"),
    ('_dup(3) "x"', "xxx"),
    ('"a" _skip(2) "b"', "a  b"),
    ("_char(65)", "A"),
    ('as text "a" as result "b"', "ab"),
    ('"{hline 5}"', "-----"),
    ('"{bf:bold} {it:x}"', "bold x"),
    ('"{not a tag}"', "{not a tag}"),
    ("(1 + 2) * 3", "9"),
    ("5 - -3", "8"),
    ("2*-3", "-6"),
    ("1 == 1 & 2 == 2", "1"),
    ("c(pi)", "3.1415927"),
]

CONTROL = [
    ('foreach x in a "b c" {\ndisplay "`x\'"\n}', "a\nb c"),
    ("foreach x of numlist 1/3 5(5)15 {\ndisplay `x' _c\n}", "1235" + "1015"),
    ('local l a b\nforeach x of local l {\ndisplay "`x\'"\n}', "a\nb"),
    ('global l a b\nforeach x of global l {\ndisplay "`x\'"\n}', "a\nb"),
    ("forvalues i = 3(-1)1 {\ndisplay `i' _c\n}", "321"),
    ('forvalues i = 0(.5)1 {\ndisplay `i\' " " _c\n}', "0 .5 1 "),
    ("forvalues i = 1 3 to 7 {\ndisplay `i' _c\n}", "1357"),
    ("forvalues i = 2/1 {\ndisplay `i'\n}", ""),
    ("local i 0\nwhile `i' < 3 {\nlocal ++i\ndisplay `i' _c\n}", "123"),
    ("forvalues i = 1/5 {\nif `i'==2 continue\nif `i'==4 continue, break\ndisplay `i' _c\n}", "13"),
    ("if 0 {\ndisplay 1\n}\nelse if 1 {\ndisplay 2\n}\nelse {\ndisplay 3\n}", "2"),
    ("if 0 {\ndisplay 1\n}\nelse if 0 {\ndisplay 2\n}\nelse {\ndisplay 3\n}", "3"),
    ("if 1 {\ndisplay 1\n}\nelse if 1 {\ndisplay 2\n}\nelse {\ndisplay 3\n}", "1"),
    ("if 1==1 display 5", "5"),
    ("if 1==2 display 5\nelse display 6", "6"),
    ("if . display 5", "5"),
    ("if 1 {\nif 0 {\ndisplay 1\n}\nelse {\ndisplay 2\n}\n}\nelse {\ndisplay 3\n}", "2"),
    (
        "forvalues i=1/2 {\nforvalues j=1/2 {\nif `j'==2 continue, break\ndisplay `i' `j'\n}\n}",
        "11\n21",
    ),
    ("capture {\ndisplay 1\nerror 7\n}\ndisplay _rc", "7"),
    ("capture noisily {\ndisplay 1\nerror 9\n}\ndisplay _rc", "1\nassertion is false\n9"),
    ("capture noisily display 1", "1"),
    ("quietly noisily display 1", "1"),
    ("quietly display as error 1", "1"),
    ("capture display as error 1", ""),
    ("qui: display 1\ncap: display 2\nn: display 3", "3"),
    ("capture confirm number a\ndisplay _rc", "7"),
    ("capture confirm file nowhere\ndisplay _rc", "601"),
    ("capture confirm name a1\ndisplay _rc", "0"),
    ("capture confirm integer number 5\ndisplay _rc", "0"),
    ("version 16: display 5", "5"),
    ("version 13\ndisplay 5", "5"),
    ("timer on 1\ntimer off 1\nquietly timer list\ndisplay r(nt1)", "1"),
    ("display 1 // one\n* two\n/* three */ display 4 /* five */", "1\n4"),
    ('display "http://x.y"', "http://x.y"),
    ("set type double\ndisplay c(type)", "double"),
    ("set level 90\ndisplay c(level)", "90"),
    ("exit\ndisplay 1", ""),
]

PROGRAMS = [
    ('local a "x" "y"\ndisplay `"`a\'"\'', '"x" "y"'),
    ('program p\nsyntax [, N(numlist >0 max=2)]\ndisplay "`n\'"\nend\np, n(1/2)', "1 2"),
    (
        "program p\nsyntax [, N(numlist >0 max=2)]\nend\ncapture noisily p, n(0)\n"
        "capture noisily p, n(1 2 3)",
        "n() invalid -- invalid numlist\nn() invalid -- invalid numlist",
    ),
    ('program p\nsyntax [, P(passthru)]\ndisplay "`p\'"\nend\np, p(x y)', "p(x y)"),
    ("program p\nsyntax [, I(integer 1)]\nend\ncapture p, i(1.5)\ndisplay _rc", "198"),
    ("program p\nsyntax [, N(name)]\nend\ncapture p, n(1a)\ndisplay _rc", "198"),
    ("program p\nargs a b\ndisplay \"`b'`a'\"\nend\np 1 2", "21"),
    ("program p\ndisplay \"`0'|`1'|`*'\"\nend\np x y", "x y|x|x y"),
    (
        "program p, rclass\nreturn scalar a = 4\nreturn local b t\nend\np\ndisplay r(a) r(b)",
        "4t",
    ),
    (
        "program p, rclass\nreturn scalar a = 4\nend\np\nreturn list",
        "\nscalars:\n                  r(a) =  4",
    ),
    ("program p\nlocal x 5\nend\nlocal x 1\np\ndisplay `x'", "1"),
    ("program p\nexit\ndisplay 1\nend\np\ndisplay 2", "2"),
    ("program p\nexit 5\nend\ncapture p\ndisplay _rc", "5"),
    ("program p\nerror 111\nend\ncapture noisily p\ndisplay _rc", "not found\n111"),
    ("program p\ndisplay 1\nend\nprogram drop p\ncapture p\ndisplay _rc", "199"),
    ('program p\nif "`1\'" == "" exit\ndisplay "`1\'"\nmacro shift\np `*\'\nend\np a b', "a\nb"),
    (
        "program p, eclass\nereturn local c p\nereturn scalar N = 3\nend\np\ndisplay e(N) e(c)",
        "3p",
    ),
    ('program p, sclass\nsreturn local a "x"\nend\np\ndisplay "`s(a)\'"', "x"),
    (
        "program p, rclass\nreturn scalar a=1\nend\np\n_return hold h\ncapture display r(a)\n"
        "_return restore h\ndisplay r(a)",
        "1",
    ),
    ('program p\nsyntax anything\ndisplay "`anything\'"\nend\np a b, \n', "a b"),
    (
        "program p\nsyntax [, Level(real 95) Title(string) noHEADer]\n"
        'display "`level\'|`title\'|`header\'"\nend\np, l(90) t("a b") nohead',
        "90|a b|noheader",
    ),
    ("program p\nsyntax [, A B(integer 3)]\ndisplay \"[`a'][`b']\"\nend\np", "[][3]"),
    (
        "program p\nsyntax , Need(string)\nend\ncapture noisily p\ndisplay _rc",
        "option need() required\n198",
    ),
    (
        "program p\nsyntax [, A]\nend\ncapture noisily p, zz\ndisplay _rc",
        "option zz not allowed\n198",
    ),
    ('program p\nsyntax [, A *]\ndisplay "`options\'"\nend\np, zz yy(3)', "zz yy(3)"),
    ('program p\nsyntax namelist(min=2 max=2)\ndisplay "`namelist\'"\nend\np a b', "a b"),
    (
        "program p\nsyntax anything [if] [in]\n"
        "display \"`anything'|`if'|`in'\"\nend\np a if b==1 in 1/2",
        "a|if b==1|in 1/2",
    ),
    (
        'program p\nsyntax using/ [, new]\ndisplay "`using\' `new\'"\nend\np using "a b.dta", new',
        "a b.dta new",
    ),
    ("capture program drop nothere\ndisplay _rc", "111"),
    (
        "program p\nend\ncapture noisily program p\ndisplay _rc",
        "program p already defined\n110",
    ),
    ("program p\nquietly q\nend\nprogram q\nnoisily display 1\ndisplay 2\nend\np", "1"),
]

ERRORS = [
    ("foo", "command foo is unrecognized\nr(199);"),
    ("display x", "x not found\nr(111);"),
    ("display 1 +", "invalid syntax\nr(198);"),
    ("display (1", "invalid syntax\nr(198);"),
    ('display "a', "too few quotes\nr(132);"),
    ('display 1 - "a"', "type mismatch\nr(109);"),
    ("display nofunction(1)", "unknown function nofunction()\nr(133);"),
    ("exit, foo", "option foo not allowed\nr(198);"),
    ("set nothing on", "invalid 'nothing' \nr(198);"),
    ("foreach x {\n}", "invalid syntax\nr(198);"),
    ("forvalues i = a/b {\n}", "a not found\nr(111);"),
    ("error 2000", "no observations\nr(2000);"),
    ("error 4", "no; dataset in memory has changed since last saved\nr(4);"),
    ("confirm number x", "'x' found where number expected\nr(7);"),
    ("cd /nowhere/at/all", "unable to change to /nowhere/at/all\nr(170);"),
    ("else display 1", "else not allowed; no preceding if\nr(198);"),
    ("log close", "no log file open\nr(606);"),
    ("browse", "command browse is unrecognized\nr(199);"),
    ("program drop p", "program p not found\nr(111);"),
    ("}", "command } is unrecognized\nr(199);"),
]


@pytest.mark.parametrize(("code", "shown"), MACROS + CONTROL + PROGRAMS)
def test_code_shows(run: Run, code: str, shown: str) -> None:
    assert run(code).rstrip("\n") == shown


@pytest.mark.parametrize(("expression", "shown"), EXPRESSIONS)
def test_display_shows(run: Run, expression: str, shown: str) -> None:
    assert run(f"display {expression}") == shown + "\n"


@pytest.mark.parametrize(("code", "shown"), ERRORS)
def test_errors_read_as_in_the_real_console(run: Run, code: str, shown: str) -> None:
    assert run(code) == shown + "\n"
