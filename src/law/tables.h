/* law/tables.h - the dated tables that the rules of law/ are handed: immutable once built.
 *
 * One struct law_tables is built from rows (or files, in tests) into an arena of its own and
 * swapped in by pointer; readers keep the pointer they took for the whole request. Nothing here is
 * global. (1) Arrays are sorted by the key named beside them and never change. (2) Indices into
 * other arrays are -1 for none. (3) version names the set of rows it was built from and is printed
 * in every working.
 */
#ifndef LAW_TABLES_H
#define LAW_TABLES_H

#include "base/date.h"
#include "base/fail.h"
#include "base/money.h"

struct search_index;

enum court_level { COURT_SUPREME, COURT_HIGH, COURT_INTERMEDIATE, COURT_BASIC, COURT_TRIBUNAL };

enum court_kind {
    COURT_GENERAL,
    COURT_FUNCTIONAL, /* development zones */
    COURT_RAIL,
    COURT_FOREST,
    COURT_RECLAMATION,
    COURT_XPCC,
    COURT_MARITIME,
    COURT_IP,
    COURT_FINANCE,
    COURT_INTERNET,
    COURT_MILITARY,
};

struct court {
    Str code; /* official 法院代字, or ours where none is published; unique */
    Str name;
    Str division; /* GB/T 2260 code, "" where none stands behind it; a tribunal's is its parent's */
    Str initials; /* pinyin initials of the name, lower case */
    enum court_level level;
    enum court_kind kind;
    int parent;             /* index into courts; -1 for the Supreme */
    bool published;         /* false: code is ours (PROVINCE + X + 3 digits, or PARENT-NN) */
    bool generated;         /* a tribunal made from townships.csv: no public list exists */
    const char *code_basis; /* known, rule, recalled, ours */
    Date valid_from;        /* DATE_NONE for always */
    Date valid_to;          /* last day, DATE_NONE for still */
};

/* Virtual containers (市辖区, 县) are not in the table: their children hang one higher. */
struct division {
    Str code; /* six digits */
    Str name;
    Str initials;
    int parent; /* index into divisions */
    int level;  /* 1 province, 2 prefecture, 3 county */
};

struct cause {
    Str code; /* ours: C01-01-001 */
    Str name;
    Str number; /* the regulation's own: 126, 411.1; "" for levels 1 and 2 */
    Str initials;
    int parent;
    int level;   /* 1 to 4 */
    Str form_no; /* number of its element form, "" for none */
};

enum calendar_kind { CALENDAR_REST, CALENDAR_WORK };

struct calendar_day {
    Date date;
    enum calendar_kind kind; /* an exceptional day: a rest day on a weekday, work on a weekend */
    Str name;
};

enum { HOURS_ANY_DAY = 0, HOURS_THAT_DAY = 8 }; /* 1 Monday to 7 Sunday between */

/* Opening hours: minutes of the day in Beijing time; pm_start == pm_end when there is no afternoon.
 */
struct court_hours {
    Str court; /* court code, "" for the national default, "新" for a province */
    Date valid_from;
    int am_start, am_end, pm_start, pm_end;
    int weekday; /* HOURS_THAT_DAY: on valid_from alone, whatever the calendar says */
};

struct fee_province {
    Str province; /* one character, "" for the national default */
    Money divorce, personality, other, ip, jurisdiction_objection, enforcement_none;
};

struct rate {
    Date from;
    int64_t ppm; /* parts per million a year: 3.00 % is 30000 */
};

/* Yearly figures of a place (law/regional.h); -1 for not given. */
struct regional {
    Str place; /* division code */
    int year;
    Money wage; /* a month */
    Money income, spending;
};

/* What compulsory traffic insurance pays at most for one accident (law/compulsory.h). */
struct compulsory_limits {
    Money injury; /* death, disability and what belongs to it */
    Money medical;
    Money property;
};

struct compulsory {
    Date from;                          /* of accidents from this day on */
    struct compulsory_limits liable;    /* the insured bears some responsibility */
    struct compulsory_limits blameless; /* or none */
};

struct law_tables {
    Str version;
    const struct court *courts; /* by code (bytes) */
    int court_count;
    const int *courts_by_name;     /* indices, by name (bytes) */
    const int *court_order;        /* indices, in the order of the text: the tree from the top */
    const int *courts_by_division; /* indices of those that serve one, by division, then level */
    int court_division_count;
    const struct division *divisions; /* by code */
    int division_count;
    const struct cause *causes; /* by code */
    int cause_count;
    const struct calendar_day *calendar; /* by date */
    int calendar_count;
    int calendar_from_year; /* first and last year with arranged days; outside Monday to Friday is
                             */
    int calendar_to_year;   /* counted and the result is marked uncertain */
    const struct court_hours *hours; /* by court, then valid_from, then weekday */
    int hours_count;
    const struct fee_province *fees;
    int fee_count;
    const struct rate *lpr_1y; /* one-year LPR, by date */
    int lpr_count;
    const struct regional *regional; /* as they were given */
    int regional_count;
    const struct compulsory *compulsory; /* by date */
    int compulsory_count;
    const int *causes_by_name;              /* indices, by name (bytes), then level */
    const struct search_index *court_index; /* law/search.h */
    const struct search_index *division_index;
    const struct search_index *cause_index;
};

/* Everything a table set is built from: the texts of data/. Any may be empty. */
struct table_texts {
    Str version;
    Str courts_csv;
    Str divisions_csv;
    Str causes_csv;
    Str element_forms_csv;
    Str holidays_csv;
    Str hours_csv;
    Str fees_csv;
    Str lpr_csv;
    Str regional_csv;
    Str compulsory_csv;
    Str pinyin; /* "initial TAB characters" lines, and overrides of whole words */
};

/* Builds into arena, which must outlive the tables. E_READ with file and line for a faulty text: an
 * unknown parent, a doubled code, a date out of order. */
enum status law_tables_build(struct cx *cx, struct arena *arena, const struct table_texts *texts,
                             const struct law_tables **out);

/* The same with other hours: shares everything else with `base`, which must outlive it. Of texts
 * only version and hours_csv are read. */
enum status law_tables_rehour(struct cx *cx, struct arena *arena, const struct law_tables *base,
                              const struct table_texts *texts, const struct law_tables **out);

/* --- look-ups; NULL when absent --- */
const struct court *court_by_code(const struct law_tables *tables, Str code);
const struct court *court_by_name(const struct law_tables *tables, Str name);
const struct court *court_parent(const struct law_tables *tables, const struct court *court);
/* Its ancestor of the level, itself included; NULL when there is none. */
const struct court *court_above(const struct law_tables *tables, const struct court *court,
                                enum court_level level);
/* The one-character province of a court's code: 京, 兵, 军; "" for 最高法. */
Str court_province(struct arena *arena, const struct court *court);
/* "北京市" of 京, "新疆生产建设兵团" of 兵, "最高人民法院" of "": the area of a high court as
 * figures call it; the character itself when the table has no such court. */
Str court_province_name(const struct law_tables *tables, Str province);
const char *court_level_name(enum court_level level); /* 最高 高级 中级 基层 人民法庭 */
const char *court_kind_name(enum court_kind kind);    /* general functional rail … */
bool court_level_parse(Str text, enum court_level *out);
/* The court of a level for a division (basic: its county's; intermediate: the parent of that, so
 * that 110105 has 京03; or its prefecture's). General, development-zone and XPCC courts only. NULL
 * when the table knows none, or several serve one division (东莞). */
const struct court *court_of_division(const struct law_tables *tables, Str division,
                                      enum court_level level);

const struct division *division_by_code(const struct law_tables *tables, Str code);
/* "北京市朝阳区": the names from the province down; "" for an unknown code. */
Str division_full_name(struct arena *arena, const struct law_tables *tables, Str code);
/* The division an address begins with, by longest match of names, as deep as it names one; 省 and
 * 市 may be left out (北京朝阳区, 江苏如东县). NULL when none, or when it may be several (鼓楼区…).
 */
const struct division *division_of_address(const struct law_tables *tables, Str address);

const struct cause *cause_by_code(const struct law_tables *tables, Str code);
/* By code, official number or full name (exact). Of a branch that bears one name at several levels
 * (不当得利纠纷) the deepest. NULL when none or when different branches have it. */
const struct cause *cause_find(const struct law_tables *tables, Str text);

/* --- search: ranked, at most `max` indices into *out, returns the count; offset skips. ---
 * q matches name, part of it, pinyin initials, code, place (the division's names), or the short
 * form in use (朝阳法院); blanks ignored. Equally good courts: basic, intermediate, high, Supreme,
 * tribunals, each in the order of the text. With parent, what hangs below it at any depth.
 * Without q: the direct children of parent in the order of the text; without parent too, all
 * courts, but only the top level of causes and divisions.
 */
int court_search(const struct law_tables *tables, Str q, int level, Str parent, int offset,
                 int *out, int max); /* level -1 for any; parent "" for any, else a court code */
int cause_search(const struct law_tables *tables, Str q, Str parent, int offset, int *out, int max);
int division_search(const struct law_tables *tables, Str q, Str parent, int offset, int *out,
                    int max);

#endif
