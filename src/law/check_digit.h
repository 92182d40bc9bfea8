/* law/check_digit.h - the check characters that identifiers end with.
 *
 * Each takes the characters before the check character and answers it, or 0 when a character is not
 * of its alphabet or the length is wrong. Text is upper case and half-width.
 */
#ifndef LAW_CHECK_DIGIT_H
#define LAW_CHECK_DIGIT_H

#include "base/text.h"

char check_digit_resident(Str head);     /* 17 digits; GB 11643-1999, ISO 7064 MOD 11-2 */
char check_digit_uscc(Str head);         /* 17 of 0-9A-Z without I O S V Z; GB 32100-2015 */
char check_digit_organisation(Str head); /* 8 of 0-9A-Z; GB 11714 */
char check_digit_luhn(Str head);         /* 1 to 30 digits */
char check_digit_vin(Str whole);         /* all 17; answers what position 9 should be; GB 16735 */

#endif
