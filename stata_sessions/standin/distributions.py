"""Distribution functions, and random draws from Stata's own generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Function = Callable[..., Any]


def _special(name: str, arrange: Callable[..., tuple[Any, ...]] | None = None) -> Function:
    """Return a function of scipy.special, imported when first called."""

    def function(*arguments: Any) -> Any:
        import scipy.special

        chosen = arrange(*arguments) if arrange else arguments
        return getattr(scipy.special, name)(*chosen)

    return function


def _negated(function: Function) -> Function:
    return lambda *arguments: -function(*arguments)


def _density(value: Any, mean: Any = 0.0, sd: Any = 1.0) -> Any:
    z = (value - mean) / sd
    return np.exp(-z * z / 2) / (sd * np.sqrt(2 * np.pi))


def _binomial_tail(n: Any, k: Any, p: Any) -> Any:
    """Return the probability of k or more successes in n trials."""
    from scipy.special import betainc

    inside = betainc(np.maximum(k, 1.0), np.maximum(n - k + 1, 1.0), p)
    return np.where(k <= 0, 1.0, np.where(k > n, 0.0, inside))


def _t_density(df: Any, t: Any) -> Any:
    from scipy.special import gammaln

    head = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi)
    return head * (1 + t * t / df) ** (-(df + 1) / 2)


NUMERIC: dict[str, tuple[Function, tuple[int, ...]]] = {
    "normal": (_special("ndtr"), (1,)),
    "invnormal": (_special("ndtri"), (1,)),
    "normalden": (_density, (1, 2, 3)),
    "lnnormal": (_special("log_ndtr"), (1,)),
    "t": (_special("stdtr"), (2,)),
    "ttail": (_special("stdtr", lambda df, t: (df, -t)), (2,)),
    "invt": (_special("stdtrit"), (2,)),
    "invttail": (_negated(_special("stdtrit")), (2,)),
    "tden": (_t_density, (2,)),
    "chi2": (_special("chdtr"), (2,)),
    "chi2tail": (_special("chdtrc"), (2,)),
    "invchi2": (_special("chdtri", lambda df, p: (df, 1 - p)), (2,)),
    "invchi2tail": (_special("chdtri"), (2,)),
    "F": (_special("fdtr"), (3,)),
    "Ftail": (_special("fdtrc"), (3,)),
    "invF": (_special("fdtri"), (3,)),
    "invFtail": (_special("fdtri", lambda d1, d2, p: (d1, d2, 1 - p)), (3,)),
    "binomial": (lambda n, k, p: 1.0 - _binomial_tail(n, np.floor(k) + 1, p), (3,)),
    "binomialtail": (lambda n, k, p: _binomial_tail(n, np.floor(k), p), (3,)),
    "poisson": (_special("pdtr", lambda m, k: (k, m)), (2,)),
    "poissontail": (_special("pdtrc", lambda m, k: (k - 1, m)), (2,)),
    "lngamma": (_special("gammaln"), (1,)),
    "lnfactorial": (_special("gammaln", lambda n: (n + 1,)), (1,)),
    "digamma": (_special("psi"), (1,)),
    "gammap": (_special("gammainc"), (2,)),
    "ibeta": (_special("betainc"), (3,)),
}

_WORDS, _MIDDLE = 312, 156
_UPPER, _LOWER = np.uint64(0xFFFFFFFF80000000), np.uint64(0x7FFFFFFF)
_TWIST = np.uint64(0xB5026F5AA96619E9)


class Stream:
    """Uniform random numbers as Stata draws them: MT19937-64 (Nishimura 2000), its top 52 bits."""

    def __init__(self, seed: int) -> None:
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """Start again from a seed, with the published `init_genrand64`."""
        words = [seed & 0xFFFFFFFFFFFFFFFF]
        for place in range(1, _WORDS):
            last = words[-1]
            words.append((6364136223846793005 * (last ^ (last >> 62)) + place) % 2**64)
        self._state = np.array(words, dtype=np.uint64)
        self._left = np.zeros(0)

    def uniform(self, count: int) -> NDArray[np.float64]:
        """Return the next numbers, all strictly between 0 and 1."""
        pieces, have = [self._left], len(self._left)
        while have < count:
            pieces.append(self._block())
            have += _WORDS
        together = np.concatenate(pieces)
        self._left = together[count:]
        return together[:count]

    def _block(self) -> NDArray[np.float64]:
        state = self._state
        for start, end in ((0, _MIDDLE), (_MIDDLE, _WORDS - 1), (_WORDS - 1, _WORDS)):
            here = np.arange(start, end)
            mixed = (state[here] & _UPPER) | (state[(here + 1) % _WORDS] & _LOWER)
            twisted = (mixed >> np.uint64(1)) ^ np.where(mixed & np.uint64(1), _TWIST, np.uint64(0))
            state[here] = state[(here + _MIDDLE) % _WORDS] ^ twisted
        bits = state.copy()
        bits ^= (bits >> np.uint64(29)) & np.uint64(0x5555555555555555)
        bits ^= (bits << np.uint64(17)) & np.uint64(0x71D67FFFEDA60000)
        bits ^= (bits << np.uint64(37)) & np.uint64(0xFFF7EEE000000000)
        bits ^= bits >> np.uint64(43)
        return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52


# A console is one process and has one stream; this is the seed Stata starts with.
STREAM = Stream(123456789)


def _uniform(count: int, least: Any = 0.0, greatest: Any = 1.0) -> Any:
    return least + (greatest - least) * STREAM.uniform(count)


def _whole(count: int, least: Any, greatest: Any) -> Any:
    return np.floor(least + (greatest - least + 1) * STREAM.uniform(count))


def _normal(count: int, mean: Any = 0.0, sd: Any = 1.0) -> Any:
    # By inversion; Stata's own method is not published, so its rnormal() gives other numbers.
    from scipy.special import ndtri

    return mean + sd * ndtri(STREAM.uniform(count))


def _inverse(name: str, arrange: Callable[..., tuple[Any, ...]]) -> Function:
    inverse = _special(name, arrange)
    return lambda count, *arguments: inverse(STREAM.uniform(count), *arguments)


def _counted(distribution: Function, most: Callable[..., Any]) -> Function:
    """Return draws of a count by searching its distribution from below."""

    def draw(count: int, *parameters: Any) -> Any:
        uniform, found = STREAM.uniform(count), np.zeros(count)
        limit = np.max(most(*parameters))
        for value in range(int(limit) + 1):
            found += uniform > distribution(float(value), *parameters)
        return found

    return draw


def _binomial_up_to(value: float, n: Any, p: Any) -> Any:
    return 1.0 - _binomial_tail(n, value + 1, p)


DRAWS: dict[str, tuple[Function, tuple[int, ...]]] = {
    "runiform": (_uniform, (0, 2)),
    "uniform": (_uniform, (0,)),
    "runiformint": (_whole, (2,)),
    "rnormal": (_normal, (0, 1, 2)),
    "rexponential": (lambda count, scale: -scale * np.log(STREAM.uniform(count)), (1,)),
    "rchi2": (_inverse("chdtri", lambda u, df: (df, 1 - u)), (1,)),
    "rt": (_inverse("stdtrit", lambda u, df: (df, u)), (1,)),
    "rbinomial": (_counted(_binomial_up_to, lambda n, p: n), (2,)),
    "rpoisson": (_counted(_special("pdtr"), lambda m: m + 12 * np.sqrt(m) + 20), (1,)),
}
