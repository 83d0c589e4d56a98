"""What `set` changes and c() tells."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
