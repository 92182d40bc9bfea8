/* law/reach.h - which unit may hand whose cases to which court.
 *
 * Cross-domain service: a person comes to any unit near home, the collaborating court; it hands
 * over to the court that has jurisdiction, which alone decides. (1) Supreme and high courts only
 * receive, tribunals only collaborate, all other courts do both; military courts do both at every
 * level. (2) No pair is stored: both units are looked up, the rest is constant. (3) A unit does not
 * hand over to itself, nor a tribunal to the court it belongs to: that is a filing at the window.
 * (4) A filing is refused where the level of the court can never open that kind of case.
 * LAW: platform@2026 cross-domain
 */
#ifndef LAW_REACH_H
#define LAW_REACH_H

#include "base/value.h"
#include "law/tables.h"

/* What is handed over: a filing by its kind, or one of the five services about a case that there is
 * already. */
enum reach_kind {
    REACH_ANY, /* roles only */
    REACH_CIVIL,
    REACH_ADMINISTRATIVE,
    REACH_PRIVATE_PROSECUTION,
    REACH_STATE_COMPENSATION,
    REACH_ENFORCEMENT,
    REACH_CIVIL_RETRIAL,
    REACH_READING,
    REACH_RELAY,
    REACH_PICKUP,
    REACH_EVIDENCE,
    REACH_ADJOURNMENT,
};

enum reach_why {
    REACH_OK,
    REACH_FROM_UNKNOWN,
    REACH_TO_UNKNOWN,
    REACH_FROM_ONLY_RECEIVES,
    REACH_TO_ONLY_COLLABORATES,
    REACH_SAME_COURT,
    REACH_OWN_COURT, /* a tribunal and its court */
    REACH_LEVEL,     /* a court of that level opens no such case */
};

bool reach_collaborates(const struct court *court);
bool reach_receives(const struct court *court);

/* "civil" … "civil-retrial", "reading" … "adjournment", as procedures and filing kinds are named;
 * "" is REACH_ANY. */
bool reach_kind_parse(Str text, enum reach_kind *out);
const char *reach_kind_name(enum reach_kind kind);  /* "" for REACH_ANY */
const char *reach_kind_title(enum reach_kind kind); /* 民事起诉 */

/* The type code (类型代字) that a filing of this kind opens at a court of the level: 行初; of state
 * compensation 法赔 (the court itself is liable) or 委赔 by `committee`. NULL for services, and
 * where a court of that level opens none. */
const char *reach_case_type(enum reach_kind kind, enum court_level level, bool committee);

/* Whether the unit with code `from` may hand over to the court with code `to`; *why, which may be
 * NULL, is REACH_OK or the first reason against it. */
bool reach_check(const struct law_tables *tables, Str from, Str to, enum reach_kind kind,
                 enum reach_why *why);

const char *reach_why_name(enum reach_why why);  /* "to-only-collaborates"; "" for REACH_OK */
const char *reach_why_title(enum reach_why why); /* what to tell people, and what to do instead */

/* {"ok","why":null|"to-only-collaborates","reason":null|"…","kind","from","to","working":[]}; from
 * and to are {"code","name","level","collaborates","receives"}, null when unknown. */
struct value *reach_value(struct arena *arena, const struct law_tables *tables, Str from, Str to,
                          enum reach_kind kind);

#endif
