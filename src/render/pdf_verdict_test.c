#include <string.h>

#include "base/test.h"
#include "render/pdf_verdict.h"

/* Signatures whose bytes hold and whose certificates were valid when they say; only what is known
 * beside them differs. Instants are small numbers. */
enum { SIGNED = 100, NOW = 1000, REVOKED = 500, ENDS = 2000 };

struct known {
    const char *about;
    bool looked_up;
    Instant revoked, until, proved;
    const char *verdict;
};

static const struct known trials[] = {
    {"nothing against it", true, 0, ENDS, 0, "sealed"},
    {"nobody looked", false, 0, ENDS, 0, "unproved"},
    {"nobody looked, the log proves it", false, 0, ENDS, 120, "sealed"},
    {"revoked before it says", true, SIGNED, ENDS, 0, "untrusted"},
    {"revoked before it says, whatever the log has", true, 50, ENDS, 120, "untrusted"},
    {"revoked since by its own word", true, REVOKED, ENDS, 0, "untrusted"},
    {"revoked since by the log", true, REVOKED, ENDS, 120, "sealed"},
    {"in the log only since the revocation", true, REVOKED, ENDS, REVOKED, "untrusted"},
    {"ended since by its own word", true, 0, NOW - 1, 0, "untrusted"},
    {"ended since by its own word, nobody looked", false, 0, NOW - 1, 0, "untrusted"},
    {"ended since by the log", true, 0, NOW - 1, 120, "sealed"},
    {"ended, and in the log only since", true, 0, NOW - 100, NOW - 50, "untrusted"},
    {"ended at the moment that the log has", true, 0, NOW - 100, NOW - 100, "sealed"},
    {"revoked and ended, in the log between", true, REVOKED, NOW - 100, REVOKED + 1, "untrusted"},
    {"ends this moment", true, 0, NOW, 0, "sealed"},
};

static struct pdf_judged judged_of(const struct known *t)
{
    return (struct pdf_judged){
        .signature = {.fault = PDF_SIGN_GOOD, .at = SIGNED, .end = 4, .cert = STR("x")},
        .facts = {.serial = STR("01"), .holder = STR("person:1"), .until = t->until},
        .trust = CERT_GOOD,
        .looked_up = t->looked_up,
        .revoked = t->revoked};
}

static struct pdf_judged second_of(const struct known *t)
{
    struct pdf_judged second = judged_of(t);
    second.facts.scheme = CERT_P256;
    return second;
}

static const char *verdict_of(struct arena *arena, const struct pdf_judged *judged, uint32_t count,
                              Instant proved)
{
    struct pdf_evidence evidence = {.now = NOW, .proved = proved, .source = STR("x")};
    return value_get_str(pdf_verdict(arena, STR("%PDF"), judged, count, &evidence), "verdict").p;
}

static void test_a_signature_is_believed_by_what_is_known_beside_it(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct pdf_judged both[2] = {judged_of(&trials[i]), second_of(&trials[i])};
        const char *verdict = verdict_of(arena, both, 2, trials[i].proved);
        if (strcmp(verdict, trials[i].verdict) != 0) {
            fail_msg("%s: %s", trials[i].about, verdict);
        }
    }
    arena_close(arena);
}

static void test_the_worst_of_several_counts(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 20);
    struct pdf_judged both[2] = {judged_of(&trials[0]), second_of(&trials[5])};
    assert_string_equal(verdict_of(arena, both, 2, 0), "untrusted");
    both[1].signature.fault = PDF_SIGN_OTHER;
    assert_string_equal(verdict_of(arena, both, 2, 0), "changed");
    assert_string_equal(verdict_of(arena, both, 0, 0), "unsigned");
    arena_close(arena);
}

static void test_one_of_two_signatures_is_one_too_few(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 20);
    struct pdf_judged both[2] = {judged_of(&trials[0]), second_of(&trials[0])};
    assert_string_equal(verdict_of(arena, both, 2, 0), "sealed");
    assert_string_equal(verdict_of(arena, &both[0], 1, 0), "changed");
    assert_string_equal(verdict_of(arena, &both[1], 1, 0), "changed");
    both[1].facts.holder = STR("person:2"); /* another's is not his second */
    assert_string_equal(verdict_of(arena, both, 2, 0), "changed");
    both[0].trust = CERT_STRANGER;
    assert_string_equal(verdict_of(arena, &both[0], 1, 0), "untrusted");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_signature_is_believed_by_what_is_known_beside_it),
        cmocka_unit_test(test_the_worst_of_several_counts),
        cmocka_unit_test(test_one_of_two_signatures_is_one_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
