"""Prints what SciPy says of seeded tables, and what 40 digits say: the fixtures of the specs of libs/statistics."""

import json
import random

import mpmath
import scipy
from scipy.spatial.distance import jensenshannon
from scipy.stats import binom, fisher_exact, t

draw = random.Random(18)
mpmath.mp.dps = 40


def tables():
    """a of n beside b of m: small ones, rare counts, and up to 1e8 rows, within what float64 holds of p."""
    for _ in range(90):
        n, m = draw.randint(1, 40), draw.randint(1, 40)
        yield draw.randint(0, n), n, draw.randint(0, m), m
    for size in (10**3, 10**4, 10**5, 10**6, 10**8):
        for share in (0.5, 0.3, 0.05, 20 / size):
            for shift in (-9, -4, -1, 0.3, 2, 5):
                n, m = size, draw.choice((size, size // 10, size // 3))
                b = round(share * m)
                deviation = (share * (1 - share) * (1 / n + 1 / m)) ** 0.5
                yield min(n, max(0, round(n * (share + shift * deviation)))), n, b, m


def by_scipy(a, n, b, m):
    table = [[a, n - a], [b, m - b]]
    return min(1.0, 2 * min(fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")))


def by_digits(a, n, b, m):
    """The doubled smaller tail, term by term: SciPy's own error grows to 1e-8 at counts of 1e8."""
    marked, others = a + b, n + m - a - b

    def log_choose(total, taken):
        return mpmath.loggamma(total + 1) - mpmath.loggamma(taken + 1) - mpmath.loggamma(total - taken + 1)

    point = mpmath.exp(log_choose(marked, a) + log_choose(others, n - a) - log_choose(n + m, n))
    step = -1 if a * (n + m) <= n * marked else 1
    x, term, total = a, mpmath.mpf(1), mpmath.mpf(1)
    while True:
        if step < 0:
            ratio = mpmath.mpf(x * (others - n + x)) / ((marked - x + 1) * (n - x + 1))
        else:
            ratio = mpmath.mpf((marked - x) * (n - x)) / ((x + 1) * (others - n + x + 1))
        term *= ratio
        if term <= total * mpmath.mpf(10) ** -25:
            break
        total += term
        x += step
    tail = point * total
    return float(min(mpmath.mpf(1), 2 * min(tail, 1 + point - tail)))


def main():
    fisher = [
        {"table": table, "exact": by_digits(*table), "scipy": by_scipy(*table)} for table in tables()
    ]
    student = [
        [x, df, 2 * float(t.sf(x, df))] for x in (0.01, 0.7, 2, 5, 12, 30) for df in (1, 2.5, 9, 30.3, 500, 40000)
    ]
    binomial = [
        [k, n, p, float(binom.cdf(k, n, p))]
        for n, p in ((10, 0.5), (200, 0.88), (5000, 0.9), (10**6, 0.93))
        for k in (round(n * p - s * (n * p * (1 - p)) ** 0.5) for s in (6, 3, 1, 0, -1, -2))
        if 0 <= k <= n
    ]
    counts = [[[draw.randint(0, 50) for _ in range(8)] for _ in range(2)] for _ in range(5)]
    distances = [[e, a, float(jensenshannon(e, a, base=2))] for e, a in counts]
    lines = {"fisher": fisher, "student": student, "binomial": binomial, "jensenshannon": distances}
    newline = ",\n"
    parts = [f'"{name}": [\n{newline.join(json.dumps(row) for row in rows)}\n]' for name, rows in lines.items()]
    print(f'{{\n"scipy": "{scipy.__version__}",\n{newline.join(parts)}\n}}')


if __name__ == "__main__":
    main()
