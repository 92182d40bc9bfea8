/* web/tool.h - the calculators of /tools: what each asks for, and its answer.
 *
 * One table describes the questions of a tool; the reader of the query, the form of the page and
 * /openapi.json all come from it. (1) Amounts are fen under their name; the form sends yuan under
 * NAME_yuan, and both are taken everywhere. (2) Nothing that is asked here is stored.
 */
#ifndef WEB_TOOL_H
#define WEB_TOOL_H

#include "law/interest.h"
#include "web/app.h"

enum { TOOL_ROWS_MAX = 100 };

enum tool_type {
    TOOL_TEXT,
    TOOL_MONEY,
    TOOL_ROWS, /* "2026-05-06:100000,…": rows whose parts after the first are amounts */
    TOOL_RATE, /* decimal text, per cent a year */
    TOOL_DATE,
    TOOL_NUMBER,
    TOOL_CHOICE,
    TOOL_YES_NO,
    TOOL_COURT,
    TOOL_CAUSE,
};

struct tool_option {
    const char *value;
    const char *title;
};

struct tool_field {
    const char *name;
    const char *title;
    enum tool_type type;
    bool required;
    const char *help;                                      /* or NULL */
    const char *hint;                                      /* an example, or NULL */
    bool (*option)(size_t index, struct tool_option *out); /* of a choice; false past the last */
    const char *when; /* "NAME:a|b": only asked when that field says so; or NULL */
};

struct tool {
    const char *name;
    const char *title;
    const char *page; /* template */
    const char *about;
    const struct tool_field *fields;
    size_t field_count;
};

extern const struct tool tools[];
extern const size_t tools_count;
const struct tool *tool_find(Str name); /* NULL when there is none */

/* What the query says of a field, to show it again; money in yuan. "" when absent. */
Str tool_said(const struct call *call, const struct tool_field *field);

/* --- reading; what is wrong is collected, tool_checked() refuses it all at once --- */
const struct law_tables *tool_tables(const struct call *call);
Str tool_text(const struct call *call, const char *name); /* trimmed, "" when absent */
/* Rows as their readers split them, by "," and ":", whatever keyboard they were typed on. Amounts
 * without 元 are fen under NAME and yuan under NAME_yuan, as people write them on the page (1). */
Str tool_rows(const struct call *call, const char *name);
bool tool_sends_yuan(enum tool_type type); /* whether the form sends NAME_yuan */
void tool_wrong(struct call *call, const char *field, const char *title);
void tool_need(struct call *call, bool given, const char *name);
/* Whether something was said, be it right or wrong. */
bool tool_money(struct call *call, const char *name, Money *out);
bool tool_number(struct call *call, const char *name, int64_t *out);
bool tool_date(struct call *call, const char *name, Date *out); /* DATE_NONE unless right */
bool tool_yes(struct call *call, const char *name);
/* Place in the list of words; 0 when absent or unknown (told). */
int tool_word(struct call *call, const char *name, const char *const *words, int count);
/* By code or full name; NULL when absent or unknown (told). */
const struct court *tool_court(struct call *call, const char *name);
/* The division of a code or of an address; "" when absent or not recognised (told). */
Str tool_place(struct call *call, const char *name, Str text);
/* E_INPUT "fields" when anything was wrong so far. */
enum status tool_checked(struct call *call);
/* "2026-05-06:100000,2026-06-01:500元" under "payments", and "2026-05-06..2026-06-01,…" under
 * "pauses": how many, at most TOOL_ROWS_MAX; 0 when wrong (told). */
int tool_payments(struct call *call, struct interest_payment *out);
int tool_pauses(struct call *call, struct interest_pause *out);
/* "100000" in fen, "1000元" in yuan. */
bool tool_amount_parse(struct arena *arena, Str text, Money *out);
/* "3.45" to 34500 parts per million; at most four decimals, no sign. */
bool tool_rate_parse(Str text, int64_t *ppm);

/* --- answering --- */
/* The version of the tables is no step: it stands beside the working, under "tables". */
void tool_tables_apart(struct call *call, struct value *value);
/* The page without a query, else the answer or the refusal, at its field. */
enum status tool_answer(struct call *call, const char *name,
                        enum status (*compute)(struct call *call, struct value **out));

#endif
