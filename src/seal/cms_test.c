/* Claims about certificates and signatures: what holds, what each fault is called, that each byte
 * counts, and that OpenSSL's own program says the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "seal/cms.h"

#define NOW ((Instant)1772417000000) /* 2026-03-02 */

static struct trial t;
static char dir[] = "/tmp/cms_test_XXXXXX";
static struct ca *ca;
static struct cert_key keys[CERT_SCHEMES];

static Str parts[2] = {{"以下是被签的", 18}, {"两段字节", 12}};

static struct cert_wish wish_of(enum cert_scheme scheme)
{
    return (struct cert_wish){.scheme = scheme,
                              .name = STR("北京市朝阳区人民法院"),
                              .holder = STR("court:京0105"),
                              .from = NOW,
                              .until = NOW + 1000 * DAY_MS};
}

static int begin(void **state)
{
    (void)state;
    trial_begin(&t);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(ca_demo_open(&t.cx, arena_printf(t.arena, "%s/ca", dir), true, &ca), OK);
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_wish wish = wish_of((enum cert_scheme)i);
        assert_int_equal(cert_key_new(&t.cx, ca, &wish, &keys[i]), OK);
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    ca_demo_close(ca);
    char *command = arena_printf(t.arena, "rm -r %s", dir);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a folder of ours */
    memcpy(dir + strlen(dir) - 6, "XXXXXX", 6);
    trial_end(&t);
    return 0;
}

static Str signed_by(enum cert_scheme scheme)
{
    Str der;
    assert_int_equal(cms_sign(&t.cx, &keys[scheme], parts, 2, &der), OK);
    return der;
}

static const char *file_with(const char *name, Str bytes)
{
    const char *path = arena_printf(t.arena, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
    (void)fclose(file);
    return path;
}

static int outside(const char *command)
{
    /* NOLINTNEXTLINE(cert-env33-c): a fixed program on files of ours */
    return system(arena_printf(t.arena, "(%s) > %s/said 2>&1", command, dir));
}

static void test_certificates_say_whose_they_are(void **state)
{
    (void)state;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_facts facts;
        Str der = keys[i].der;
        assert_true(cert_read(t.arena, der, &facts));
        assert_int_equal((int)facts.scheme, i);
        assert_true(str_is(facts.name, "北京市朝阳区人民法院"));
        assert_true(str_is(facts.holder, "court:京0105"));
        assert_true(str_has(facts.issuer, "通诉演示根证书"));
        assert_int_equal(facts.serial.n, 32);
        assert_int_equal(facts.from, NOW);
        assert_int_equal(facts.until, NOW + 1000 * DAY_MS);
        assert_int_equal(cert_check(t.arena, der, ca->roots, NOW), CERT_GOOD);
        assert_int_equal(cert_check(t.arena, der, ca->roots, facts.until), CERT_GOOD);
        assert_int_equal(cert_check(t.arena, der, ca->roots, NOW - 1000), CERT_NOT_YET);
        assert_int_equal(cert_check(t.arena, der, ca->roots, facts.until + 1000), CERT_EXPIRED);
        assert_int_equal(cert_check(t.arena, ca->roots[i], ca->roots, NOW), CERT_NOT_TO_SIGN);
        assert_int_equal(cert_check(t.arena, STR("x"), ca->roots, NOW), CERT_UNREADABLE);
        assert_int_equal(cert_check(t.arena, STR(""), ca->roots, NOW), CERT_UNREADABLE);
    }
}

/* An authority of the same name with other keys vouches for nobody here. */
static void test_another_authority_is_a_stranger(void **state)
{
    struct ca *other = NULL;
    (void)state;
    assert_int_equal(ca_demo_open(&t.cx, arena_printf(t.arena, "%s/other", dir), true, &other), OK);
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_wish wish = wish_of((enum cert_scheme)i);
        struct cert_key key;
        assert_int_equal(cert_key_new(&t.cx, other, &wish, &key), OK);
        assert_int_equal(cert_check(t.arena, key.der, ca->roots, NOW), CERT_STRANGER);
        assert_int_equal(cert_check(t.arena, key.der, other->roots, NOW), CERT_GOOD);
    }
    Str none[CERT_SCHEMES] = {{"", 0}, {"", 0}};
    assert_int_equal(cert_check(t.arena, keys[0].der, none, NOW), CERT_STRANGER);
    ca_demo_close(other);
}

static void test_authority_is_opened_again_and_never_made_twice(void **state)
{
    struct ca *again = NULL;
    const char *path = arena_printf(t.arena, "%s/ca", dir);
    (void)state;
    assert_int_equal(ca_demo_open(&t.cx, path, true, &again), OK);
    assert_int_equal(cert_check(t.arena, keys[0].der, again->roots, NOW), CERT_GOOD);
    ca_demo_close(again);
    assert_int_equal(unlink(arena_printf(t.arena, "%s/sm2.pem", path)), 0);
    assert_int_equal(ca_demo_open(&t.cx, path, true, &again), E_STORE);
    assert_string_equal(t.cx.failure.code, "keys-broken");
    cx_forgive(&t.cx);
    path = arena_printf(t.arena, "%s/none", dir);
    assert_int_equal(ca_demo_open(&t.cx, path, false, &again), E_STORE);
    assert_string_equal(t.cx.failure.code, "keys-missing");
    cx_forgive(&t.cx);
}

/* The authority takes no request that its own key did not sign, nor one of the other scheme. */
static void test_request_is_signed_by_its_own_key(void **state)
{
    Str der;
    struct cert_wish wish = wish_of(CERT_P256);
    (void)state;
    assert_int_equal(ca->certify(&t.cx, ca, &wish, STR("x"), &der), E_INPUT);
    assert_string_equal(t.cx.failure.code, "certificate-request");
    cx_forgive(&t.cx);
    assert_int_equal(ca->certify(&t.cx, ca, &wish, keys[0].der, &der), E_INPUT);
    cx_forgive(&t.cx);
}

static void test_signature_holds_for_just_these_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        Str der = signed_by((enum cert_scheme)i);
        Str cert;
        Str whole = {"以下是被签的两段字节", 30};
        assert_int_equal(cms_check(t.arena, der, parts, 2, &cert), CMS_GOOD);
        assert_true(str_same(cert, keys[i].der));
        assert_int_equal(cms_check(t.arena, der, &whole, 1, &cert), CMS_GOOD);
        whole.n--;
        assert_int_equal(cms_check(t.arena, der, &whole, 1, &cert), CMS_OTHER);
        assert_int_equal(cms_check(t.arena, der, NULL, 0, &cert), CMS_OTHER);
    }
}

/* One bit anywhere, one byte more or less. */
static void test_each_byte_of_a_signature_counts(void **state)
{
    (void)state;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        Str der = signed_by((enum cert_scheme)i);
        char *bytes = arena_alloc(t.arena, der.n + 1);
        Str cert;
        for (size_t k = 0; k < der.n; k++) {
            memcpy(bytes, der.p, der.n);
            bytes[k] = (char)(bytes[k] ^ (1 << (k % 8)));
            enum cms_fault fault = cms_check(t.arena, (Str){bytes, der.n}, parts, 2, &cert);
            /* A changed certificate may still be read; it is then none of the root's. */
            assert_true(fault != CMS_GOOD ||
                        cert_check(t.arena, cert, ca->roots, NOW) != CERT_GOOD);
            assert_int_equal(cms_check(t.arena, (Str){der.p, k}, parts, 2, &cert), CMS_BROKEN);
        }
        memcpy(bytes, der.p, der.n);
        bytes[der.n] = 0;
        assert_int_equal(cms_check(t.arena, (Str){bytes, der.n + 1}, parts, 2, &cert), CMS_BROKEN);
    }
}

/* The signature of one under the name of another. */
static void test_certificate_of_another_does_not_fit(void **state)
{
    (void)state;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_wish wish = wish_of((enum cert_scheme)i);
        struct cert_key mixed;
        Str der;
        Str cert;
        wish.holder = STR("court:京0106");
        assert_int_equal(cert_key_new(&t.cx, ca, &wish, &mixed), OK);
        mixed.key_pem = keys[i].key_pem;
        assert_int_equal(cms_sign(&t.cx, &mixed, parts, 2, &der), OK);
        assert_int_equal(cms_check(t.arena, der, parts, 2, &cert), CMS_FORGED);
    }
}

static void test_openssl_says_the_same(void **state)
{
    (void)state;
    const char *content = file_with("content", STR("以下是被签的两段字节"));
    for (int i = 0; i < CERT_SCHEMES; i++) {
        const char *id = i == CERT_SM2 ? "-vfyopt distid:1234567812345678" : "";
        const char *root = file_with("root.pem", cert_pem(t.arena, ca->roots[i]));
        const char *cert = file_with("cert.pem", cert_pem(t.arena, keys[i].der));
        const char *cms = file_with("cms.der", signed_by((enum cert_scheme)i));
        assert_int_equal(
            outside(arena_printf(t.arena, "openssl verify -attime %lld %s -CAfile %s %s",
                                 (long long)(NOW / 1000), id, root, cert)),
            0);
        assert_int_equal(outside(arena_printf(t.arena,
                                              "openssl cms -cmsout -print -inform DER "
                                              "-in %s",
                                              cms)),
                         0);
        const char *verify = arena_printf(t.arena,
                                          "openssl cms -verify -cades -binary -inform DER -in %s "
                                          "-content %s -CAfile %s -attime %lld",
                                          cms, content, root, (long long)(NOW / 1000));
        /* `openssl cms` cannot be told the signer's ID of SM2; see the scenario. */
        assert_true((outside(verify) == 0) == (i == CERT_P256));
    }
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(test_certificates_say_whose_they_are),
        CLAIM(test_another_authority_is_a_stranger),
        CLAIM(test_authority_is_opened_again_and_never_made_twice),
        CLAIM(test_request_is_signed_by_its_own_key),
        CLAIM(test_signature_holds_for_just_these_bytes),
        CLAIM(test_each_byte_of_a_signature_counts),
        CLAIM(test_certificate_of_another_does_not_fit),
        CLAIM(test_openssl_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
