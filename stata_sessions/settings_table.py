"""Every setting: its name, type, default, limits and what it is for.

The class is the table. To add a setting, add one line here; the command line, the environment,
``conf/stata-sessions.toml`` and ``docs/settings.rst`` follow from it (a test names what was
forgotten). Those of jobs on other machines are in ``settings_elsewhere.py``.
Paths are text, and empty text means "not given". Durations are seconds, sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from stata_sessions.settings_elsewhere import ElsewhereSettings
from stata_sessions.settings_field import DAY_S, GIB, KIB, MIB, YEAR_S
from stata_sessions.settings_field import setting as _setting

Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ElsewhereSettings):
    """All that an operator can set, checked and frozen."""

    host: str = _setting(
        "127.0.0.1",
        "Address to listen on; any address but loopback needs a token.",
        heading="Address",
    )
    port: int = _setting(
        4000, "Port to listen on; 0 takes a free one and prints it.", minimum=0, maximum=65_535
    )
    unix_socket: str = _setting("", "Listen on this Unix socket instead of host and port.")
    threads: int = _setting(
        0, "Threads that answer requests; 0 derives it from max_sessions.", minimum=0, maximum=1000
    )
    drain_timeout: float = _setting(
        15.0, "Seconds that running answers get when the server stops.", minimum=0, maximum=3600
    )
    end_timeout: float = _setting(
        30.0, "Seconds that consoles get to end when the server stops.", minimum=1, maximum=3600
    )
    log_level: str = _setting(
        "INFO",
        "How much to log; code is logged at DEBUG only.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    )
    log_json: bool = _setting(False, "Log one JSON object per line.")

    token: str = _setting(
        "", "Token that every request must carry; prefer token_file.", secret=True, heading="Access"
    )
    token_file: str = _setting("", "File that holds the token, readable by its owner alone.")
    tokens_file: str = _setting(
        "", "TOML file of named tokens, each with sessions of its own, readable by its owner alone."
    )
    allowed_hosts: tuple[str, ...] = _setting(
        (), "More names to accept in the Host header, besides the address itself."
    )
    allowed_origins: tuple[str, ...] = _setting(
        (), "Web pages from elsewhere that may ask, such as https://stata.example.org."
    )
    allowed_dirs: tuple[str, ...] = _setting(
        (), "Folders that do-files and working directories must lie in; none means anywhere."
    )
    shell: bool = _setting(
        True, "Let code start programs; --no-shell refuses what plainly does, and is no border."
    )

    console: str = _setting(
        "auto",
        "Which console to run: auto finds Stata or refuses to start.",
        choices=("auto", "stata", "standin"),
        heading="Stata",
    )
    launcher: str = _setting("local", "How a console is brought up, by name of the plug-in.")
    stata_path: str = _setting("", "Stata's program, or the folder it lies in.")
    stata_edition: str = _setting(
        "", "Which flavour to prefer; empty takes the largest.", choices=("", "mp", "se", "be")
    )
    working_dir: str = _setting("", "Where sessions start; empty is the server's own folder.")
    work_dir: str = _setting("", "Where private session folders go; empty is the temporary folder.")
    encoding: str = _setting(
        "utf-8", "Encoding of Stata's text: utf-8, or for Stata before 14 such as latin-1."
    )
    linesize: int = _setting(
        80, "Stata's linesize at the start, 40 or more; 0 leaves it.", minimum=0, maximum=255
    )
    columns: int = _setting(255, "Width of each console's terminal.", minimum=40, maximum=1000)
    rows: int = _setting(1000, "Height of each console's terminal.", minimum=10, maximum=10_000)
    processors: int = _setting(
        0, "Processors each Stata/MP session may use; 0 leaves it to Stata.", minimum=0, maximum=64
    )
    processors_total: int = _setting(
        0,
        "Processors for all sessions together, shared out over max_sessions; 0 is no budget.",
        minimum=0,
        maximum=100_000,
    )
    nice: int = _setting(0, "How far each console steps back for others.", minimum=0, maximum=19)
    memory_limit_mb: int = _setting(
        0, "MB of memory at which a console is ended; 0 sets no limit.", minimum=0, maximum=2**24
    )
    data_limit_mb: int = _setting(
        0,
        "MB that the system lets each process of a console allocate (RLIMIT_DATA); 0 is no limit.",
        minimum=0,
        maximum=2**24,
    )
    free_memory_mb: int = _setting(
        0,
        "MB of free memory without which no Stata is started; 0 starts it always.",
        minimum=0,
        maximum=2**24,
    )
    licence_seats: int = _setting(
        0,
        "Seats of the licence that this server may take, spares included; 0 is unknown.",
        minimum=0,
        maximum=10_000,
        heading="Licence",
    )
    licence_wait: float = _setting(
        5.0,
        "Seconds before a licence that refused a seat is asked again; doubled each time.",
        minimum=0.1,
        maximum=DAY_S,
    )
    licence_wait_limit: float = _setting(
        300.0, "The longest of these waits.", minimum=0.1, maximum=DAY_S
    )
    licence_words: tuple[str, ...] = _setting(
        (), "More words in a failed start that mean: no seat is free."
    )

    multi_session: bool = _setting(
        True, "Offer many sessions; without it only the default one.", heading="Sessions"
    )
    max_sessions: int = _setting(
        4, "Sessions alive at once, the default one included.", minimum=1, maximum=10_000
    )
    session_timeout: float = _setting(
        3600.0,
        "Seconds without a command before a session closes; 0 is never.",
        minimum=0,
        maximum=YEAR_S,
    )
    worker_start_timeout: float = _setting(
        60.0, "Seconds that Stata gets to reach its first prompt.", minimum=0.1, maximum=DAY_S
    )
    session_prefix: str = _setting(
        "", "What the ids that this server makes begin with, such as a., for a proxy to go by."
    )
    auto_create: bool = _setting(False, "Create a session when an unknown session_id is used.")
    warm_spares: int = _setting(
        0, "Consoles kept started ahead, so that a new session is instant.", minimum=0, maximum=100
    )
    lost_kept: int = _setting(
        20, "Lost sessions kept to read and restart; the oldest go.", minimum=0, maximum=10_000
    )
    closed_kept: int = _setting(
        1000, "Ended sessions whose end is remembered and explained.", minimum=0, maximum=10**6
    )

    command_timeout: float = _setting(
        600.0,
        "Seconds a command may run unless its caller says otherwise; 0 is no limit.",
        minimum=0,
        maximum=YEAR_S,
        heading="Commands",
    )
    break_grace: float = _setting(
        5.0, "Seconds Stata gets to answer each break.", minimum=0.05, maximum=3600
    )
    kill_grace: float = _setting(
        2.0, "Seconds between asking a console to end and killing it.", minimum=0.05, maximum=600
    )
    left_open_wait: float = _setting(
        5.0, "Seconds before a block left open by the code is closed.", minimum=0.1, maximum=DAY_S
    )
    queue_limit: int = _setting(
        100, "Commands that may wait in one session.", minimum=1, maximum=10**6
    )
    commands_kept: int = _setting(
        10_000, "Ended commands each session remembers.", minimum=1, maximum=10**7
    )
    code_limit_bytes: int = _setting(
        10 * MIB, "Size of the code of one command.", minimum=1, maximum=GIB
    )
    input_limit_bytes: int = _setting(
        4000, "Size of one row sent to a waiting console.", minimum=1, maximum=4000
    )

    output_memory_bytes: int = _setting(
        256 * KIB,
        "Output of each session kept in memory; older output goes to its folder.",
        minimum=4 * KIB,
        maximum=GIB,
        heading="Output",
    )
    output_limit_bytes: int = _setting(
        GIB,
        "Output of each session kept at all; the oldest goes first.",
        minimum=4 * KIB,
        maximum=2**50,
    )
    free_disk_mb: int = _setting(
        64,
        "MB that have to be free in work_dir for /health/ready to say yes; 0 is any.",
        minimum=0,
        maximum=2**24,
    )
    raw_limit_bytes: int = _setting(
        64 * KIB, "Uncleaned terminal bytes of each session kept.", minimum=0, maximum=GIB
    )
    result_display_mode: str = _setting(
        "compact", "What tool answers show of the output.", choices=("compact", "full")
    )
    max_output_tokens: int = _setting(
        10_000,
        "About how many tokens a tool answer may have; 0 is no limit.",
        minimum=0,
        maximum=10**9,
    )

    history_file: str = _setting(
        "",
        "What ran, on disk; empty is history.sqlite in the state folder of the server's account, "
        "off is none.",
        heading="History",
    )
    history_days: float = _setting(
        90.0, "Days that ended commands stay in it; 0 is for ever.", minimum=0, maximum=36_500
    )
    history_limit_mb: int = _setting(
        256, "MB that it may take; the oldest commands go first.", minimum=1, maximum=2**20
    )
    history_output_bytes: int = _setting(
        64 * KIB,
        "Output of each command kept in it: half from its beginning, half from its end.",
        minimum=0,
        maximum=64 * MIB,
    )

    body_limit_bytes: int = _setting(
        16 * MIB, "Size of one HTTP request.", minimum=KIB, maximum=GIB, heading="HTTP"
    )
    connection_limit: int = _setting(1000, "Connections open at once.", minimum=1, maximum=100_000)
    connection_timeout: int = _setting(
        120,
        "Seconds of silence that close a connection, idle or in half a request.",
        minimum=1,
        maximum=DAY_S,
    )
    streams_limit: int = _setting(100, "Live streams open at once.", minimum=1, maximum=10_000)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table, as the command line and the documents need it."""

    name: str
    type: type | Any
    default: Value
    purpose: str
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    secret: bool
    heading: str

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "STATA_SESSIONS_" + self.name.upper()


def _rows() -> dict[str, Setting]:
    types, defaults = get_type_hints(Settings), Settings()
    elsewhere = {row.name for row in fields(ElsewhereSettings)}
    return {
        row.name: Setting(
            name=row.name,
            type=types[row.name],
            default=getattr(defaults, row.name),
            **row.metadata,
        )
        # What most servers do not need comes last.
        for row in sorted(fields(Settings), key=lambda row: row.name in elsewhere)
    }


SETTINGS: dict[str, Setting] = _rows()
