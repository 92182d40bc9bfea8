#include "law/check_digit.h"

#include <string.h>

/* Place of a character in an alphabet, or -1. */
static int place(const char *alphabet, char c)
{
    const char *found = c == '\0' ? NULL : strchr(alphabet, c);
    return found == NULL ? -1 : (int)(found - alphabet);
}

/* Sum of the places times the weights, or -1. */
static int weighted(Str head, const char *alphabet, const int *weights, size_t count)
{
    int sum = 0;
    if (head.n != count) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        int value = place(alphabet, head.p[i]);
        if (value < 0) {
            return -1;
        }
        sum += value * weights[i];
    }
    return sum;
}

char check_digit_resident(Str head)
{
    static const int WEIGHTS[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = weighted(head, "0123456789", WEIGHTS, 17);
    return sum < 0 ? '\0' : "10X98765432"[sum % 11];
}

char check_digit_uscc(Str head)
{
    static const char ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int WEIGHTS[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = weighted(head, ALPHABET, WEIGHTS, 17);
    return sum < 0 ? '\0' : ALPHABET[(31 - sum % 31) % 31];
}

char check_digit_organisation(Str head)
{
    static const int WEIGHTS[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = weighted(head, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", WEIGHTS, 8);
    return sum < 0 ? '\0' : "0X987654321"[sum % 11];
}

char check_digit_luhn(Str head)
{
    int sum = 0;
    if (head.n == 0 || head.n > 30) {
        return '\0';
    }
    for (size_t i = 0; i < head.n; i++) {
        char c = head.p[head.n - 1 - i];
        if (c < '0' || c > '9') {
            return '\0';
        }
        int value = (c - '0') * (i % 2 == 0 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

char check_digit_vin(Str whole)
{
    static const char LETTERS[] = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    static const char VALUES[] = "012345678912345678123457923456789";
    static const int WEIGHTS[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    if (whole.n != 17) {
        return '\0';
    }
    for (size_t i = 0; i < 17; i++) {
        int at = place(LETTERS, whole.p[i]);
        if (at < 0) {
            return '\0';
        }
        sum += (VALUES[at] - '0') * WEIGHTS[i];
    }
    return "0123456789X"[sum % 11];
}
