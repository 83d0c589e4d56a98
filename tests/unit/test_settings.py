"""Precedence, conversion, limits and messages of the settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import SETTINGS, Setting, Settings, is_loopback, load_settings


def written(folder: Path, text: str) -> Path:
    file = folder / "stata-sessions.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(
    flags: dict[str, object] | None = None,
    environ: dict[str, str] | None = None,
    file: Path | None = None,
) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(flags or {}, environ or {}, file)
    return str(caught.value)


def test_nothing_given_means_the_defaults() -> None:
    assert load_settings({}, {}) == Settings()


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 1\nmax_sessions = 1\nqueue_limit = 1\n")
    environ = {"STATA_SESSIONS_PORT": "2", "STATA_SESSIONS_MAX_SESSIONS": "2"}
    settings = load_settings({"port": 3, "max_sessions": None}, environ, file)
    assert (settings.port, settings.max_sessions, settings.queue_limit) == (3, 2, 1)
    assert settings.closed_kept == 1000


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "0", 0),
        ("session_timeout", "1.5", 1.5),
        ("session_timeout", "90", 90.0),
        ("multi_session", "off", False),
        ("log_json", "True", True),
        ("log_level", "debug", "DEBUG"),
        ("allowed_dirs", "/a, /b ,", ("/a", "/b")),
        ("stata_path", "/opt/stata 18", "/opt/stata 18"),
    ],
)
def test_text_becomes_the_type_of_the_setting(name: str, text: str, value: object) -> None:
    settings = load_settings({}, {SETTINGS[name].variable: text})
    assert getattr(settings, name) == value
    assert type(getattr(settings, name)) is type(value)


def test_an_empty_variable_and_an_empty_tuple_are_not_given() -> None:
    environ = {"STATA_SESSIONS_PORT": "", "STATA_SESSIONS_ALLOWED_DIRS": "/a"}
    settings = load_settings({"allowed_dirs": ()}, environ)
    assert (settings.port, settings.allowed_dirs) == (4000, ("/a",))


@pytest.mark.parametrize("variable", ["CONFIG", "URL", "STANDIN", "MARK"])
def test_variables_that_are_no_settings_are_passed_over(variable: str) -> None:
    assert load_settings({}, {f"STATA_SESSIONS_{variable}": "x", "PATH": "/bin"}) == Settings()


def test_a_misspelt_key_in_a_file_names_file_key_and_nearest(tmp_path: Path) -> None:
    file = written(tmp_path, "max-sesions = 3\n")
    assert refusal(file=file) == f"{file}: unknown setting max-sesions; did you mean max_sessions?"


def test_a_misspelt_variable_names_the_right_one() -> None:
    message = refusal(environ={"STATA_SESSIONS_MAX_SESION": "3"})
    assert "STATA_SESSIONS_MAX_SESION; did you mean STATA_SESSIONS_MAX_SESSIONS?" in message


def test_an_unknown_key_like_no_other_gets_no_guess() -> None:
    assert refusal({"zzzz": 1}) == "the command line: unknown setting zzzz"


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("port", 65_536, "give at most 65535"),
        ("port", "4000.5", "give a whole number"),
        ("port", True, "give a whole number"),
        ("max_sessions", 0, "give at least 1"),
        ("break_grace", "nan", "give at least 0.05"),
        ("session_timeout", "inf", "give at most"),
        ("session_timeout", "soon", "give a number"),
        ("session_timeout", False, "give a number"),
        ("session_timeout", 10**400, "give a number"),
        ("multi_session", "maybe", "give true or false"),
        ("multi_session", 1, "give true or false"),
        ("console", "octave", "give one of 'auto', 'stata', 'standin'"),
        ("stata_path", 18, "give text"),
        ("stata_path", "a\0b", "give text without a NUL"),
        ("allowed_dirs", 18, "give a list of texts"),
        ("allowed_dirs", ("/a", 18), "give a list of texts"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    name: str, value: object, hint: str
) -> None:
    assert refusal({name: value}).startswith(f"the command line: {name} = {value!r}: {hint}")


def test_a_secret_value_is_never_shown() -> None:
    assert "18181818" not in refusal({"token": 18181818})
    assert "hush" not in repr(load_settings({"token": "hush"}, {}))


@pytest.mark.parametrize("text", ["port =", "port = 1\nport = 2", "[port]\nx = 1\n[port]"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    assert refusal(file=file).startswith(f"{file}: not valid TOML: ")


# Values of TOML, and words that are none.
VALUES = st.sampled_from(
    ["1", "-1", "1e999", "nan", "inf", "true", '""', '"off"', "[]", "[1]", '["a"]']
)
VALUES |= st.sampled_from(["{}", "{a = 1}", "1979-05-27", "9" * 5000, "0x" + "f" * 400, "[" * 5000])
VALUES |= st.text(max_size=6) | st.integers().map(str) | st.floats().map(str)
KEYS = st.sampled_from([*SETTINGS, "prot", "a.b", '"port"', "[table]", "", "[[port]]"]) | st.text(
    max_size=5
)
ROWS = st.lists(st.tuples(KEYS, VALUES).map(" = ".join) | st.text(max_size=10), max_size=4)


@given(ROWS, st.dictionaries(st.sampled_from(list(SETTINGS.values())), VALUES, max_size=3))
def test_any_settings_are_taken_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], environ: dict[Setting, str]
) -> None:
    file = written(tmp_path_factory.getbasetemp(), "\n".join(rows))
    variables = {setting.variable: text for setting, text in environ.items()}
    for given_file, given_environ in ((file, {}), (None, variables)):
        try:
            load_settings({}, given_environ, given_file)
        except ConfigurationError as error:
            assert error.message


@given(st.binary(max_size=40))
def test_any_bytes_for_a_file_are_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.toml"
    file.write_bytes(content)
    try:
        assert load_settings({}, {}, file) == Settings()
    except ConfigurationError as error:
        assert str(file) in error.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gone.toml"
    assert refusal(file=file) == f"{file}: cannot be read: No such file or directory"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "stata.example.org"])
def test_an_address_that_others_reach_needs_a_token(host: str) -> None:
    assert "set token_file" in refusal({"host": host})
    assert load_settings({"host": host, "token_file": "/etc/token"}, {}).host == host


def test_a_unix_socket_needs_no_token() -> None:
    settings = load_settings({"host": "0.0.0.0", "unix_socket": "/run/stata.sock"}, {})
    assert settings.unix_socket == "/run/stata.sock"


def test_a_linesize_that_stata_would_refuse_is_refused_at_once() -> None:
    assert "40 to 255" in refusal({"linesize": 39})
    assert [load_settings({"linesize": n}, {}).linesize for n in (0, 40)] == [0, 40]


def test_two_places_for_the_token_are_one_too_many() -> None:
    assert "not both" in refusal({"token": "a", "token_file": "b"})


@pytest.mark.parametrize("encoding", ["latin1", "UTF-8", "cp932", "euc-jp"])
def test_an_encoding_that_contains_ascii_is_taken(encoding: str) -> None:
    assert load_settings({"encoding": encoding}, {}).encoding == encoding


@pytest.mark.parametrize("encoding", ["", "latin-99", "utf-16", "utf-7", "rot13", "base64"])
def test_another_encoding_is_refused(encoding: str) -> None:
    assert "such as utf-8, latin-1" in refusal({"encoding": encoding})


@pytest.mark.parametrize("prefix", ["a", ".", "a.b.", "a/.", "ä.", "a. ", "x" * 16 + "."])
def test_a_session_prefix_cannot_be_a_name_of_anybodys_choice(prefix: str) -> None:
    assert "letters and digits and a dot, such as a." in refusal({"session_prefix": prefix})
    assert load_settings({"session_prefix": "node7."}, {}).session_prefix == "node7."


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_loopback(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_number_has_both_limits_and_a_default_inside(setting: Setting) -> None:
    if setting.type in (int, float):
        assert setting.minimum is not None and setting.maximum is not None
        assert isinstance(setting.default, int | float)
        assert setting.minimum <= setting.default <= setting.maximum
    assert not setting.choices or setting.default in setting.choices
