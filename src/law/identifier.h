/* law/identifier.h - numbers people and organisations are known by: read, checked, masked.
 *
 * (1) normal is half-width, upper case (but e-mail), without blanks. (2) ok means that the number
 * can exist, never that it does: that is for registries. (3) What is doubtful, but not impossible,
 * is a warning. (4) There is no clock here: a birth date is held against `today`.
 */
#ifndef LAW_IDENTIFIER_H
#define LAW_IDENTIFIER_H

#include "base/date.h"
#include "base/value.h"

enum identifier_kind {
    IDENTIFIER_RESIDENT_ID,
    IDENTIFIER_USCC,
    IDENTIFIER_BANK_CARD,
    IDENTIFIER_BANK_ACCOUNT,
    IDENTIFIER_PHONE,  /* mobile, landline or service number */
    IDENTIFIER_MOBILE, /* for messages */
    IDENTIFIER_EMAIL,
    IDENTIFIER_LAWYER, /* practising certificate */
    IDENTIFIER_PASSPORT,
    IDENTIFIER_HK_MACAO_PERMIT,
    IDENTIFIER_TAIWAN_PERMIT,
    IDENTIFIER_FOREIGN_RESIDENT,
    IDENTIFIER_OFFICER,
    IDENTIFIER_POSTCODE,
    IDENTIFIER_VIN,
    IDENTIFIER_PLATE,
};

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

struct identifier {
    enum identifier_kind kind;
    bool ok;
    Str normal;
    const char *why;        /* plain Chinese; "" when ok */
    struct value *warnings; /* list of texts */
    Date born;              /* DATE_NONE unless the number holds it */
    enum sex sex;
    Str region;       /* the two digits of the province, "" for none */
    const char *type; /* of a phone: mobile landline service; of a lawyer: 专职律师 … ; "" */
    int year;         /* of a lawyer's first practice, 0 for none */
};

bool identifier_kind_parse(Str text, enum identifier_kind *out); /* "resident-id" */
const char *identifier_kind_name(enum identifier_kind kind);
const char *identifier_kind_title(enum identifier_kind kind); /* 居民身份证 */

/* today may be DATE_NONE: dates in the future are not noticed then. Returns out->ok. */
bool identifier_read(struct arena *arena, enum identifier_kind kind, Str text, Date today,
                     struct identifier *out);

/* For showing to others: 110105********002X, 138****8000, the last four digits of a card. Credit
 * codes, certificates of lawyers and postcodes are public and stay whole. Takes any text. */
Str identifier_mask(struct arena *arena, enum identifier_kind kind, Str normal);

/* Full years at a day; the birthday itself completes the year. */
int age_on(Date born, Date day);

/* {"ok","normal","why","mask","warnings":[],"born","sex","age","region","type","year"} */
struct value *identifier_value(struct arena *arena, const struct identifier *identifier,
                               Date today);

#endif
