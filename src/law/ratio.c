#include "law/ratio.h"

#include "base/check.h"

/* Far below 2^127, so that one multiplication by an int64 can still be seen to fit. */
static const Wide LIMIT = (Wide)1 << 120;

static Wide magnitude(Wide a)
{
    return a < 0 ? -a : a;
}

static struct ratio lowest(Wide num, Wide den)
{
    check(den > 0 && magnitude(num) < LIMIT && den < LIMIT);
    Wide a = magnitude(num);
    Wide b = den;
    while (b != 0) {
        Wide rest = a % b;
        a = b;
        b = rest;
    }
    return (struct ratio){num / a, den / a};
}

static Wide product(Wide a, Wide b)
{
    Wide out = 0;
    check(!__builtin_mul_overflow(a, b, &out));
    return out;
}

struct ratio ratio_of(Money fen)
{
    return (struct ratio){fen, 1};
}

struct ratio ratio_times(struct ratio a, int64_t num, int64_t den)
{
    return lowest(product(a.num, num), product(a.den, den));
}

struct ratio ratio_add(struct ratio a, struct ratio b)
{
    Wide sum = 0;
    check(!__builtin_add_overflow(product(a.num, b.den), product(b.num, a.den), &sum));
    return lowest(sum, product(a.den, b.den));
}

struct ratio ratio_less(struct ratio a, struct ratio b)
{
    return ratio_add(a, (struct ratio){-b.num, b.den});
}

int ratio_compare(struct ratio a, struct ratio b)
{
    Wide difference = ratio_less(a, b).num;
    return difference < 0 ? -1 : difference > 0;
}

Money ratio_round(struct ratio a)
{
    Wide twice = product(magnitude(a.num), 2) + a.den;
    Wide rounded = twice / product(a.den, 2);
    check(rounded <= INT64_MAX);
    return a.num < 0 ? -(Money)rounded : (Money)rounded;
}

Str ratio_yuan(struct arena *arena, struct ratio a)
{
    enum { DECIMALS_MAX = 8 };

    struct buf buf;
    buf_init(&buf, arena, 64);
    Wide num = magnitude(a.num);
    Wide den = product(a.den, 100);
    check(num / den <= INT64_MAX);
    buf_printf(&buf, "%s%lld", a.num < 0 ? "-" : "", (long long)(num / den));
    Wide rest = num % den;
    for (int i = 0; i < DECIMALS_MAX && (rest != 0 || i < 2); i++) {
        rest = product(rest, 10);
        buf_printf(&buf, "%s%d", i == 0 ? "." : "", (int)(rest / den));
        rest %= den;
    }
    if (rest != 0) {
        buf_text(&buf, "…");
    }
    return buf_done(&buf);
}
