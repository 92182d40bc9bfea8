/* web/page_account.h - the fields of the forms of accounts, as pages/zh/_field.html shows them. */
#ifndef WEB_PAGE_ACCOUNT_H
#define WEB_PAGE_ACCOUNT_H

#include "web/pages.h"

struct entry_field {
    const char *path;
    const char *title;
    const char *flag; /* is_text … */
    bool required;
    const char *help;                   /* or NULL */
    const char *autocomplete;           /* or NULL */
    const char *when_in;                /* shown for these kinds, joined by "|"; or NULL */
    const struct entry_option *options; /* ends with a NULL value; or NULL */
};

struct entry_option {
    const char *value;
    const char *title;
};

/* The fields with what was said (a map, by path) and what was refused (entries). */
struct value *entry_fields(struct arena *arena, const struct entry_field *fields, size_t count,
                           const struct value *said, const struct value *errors);
/* A copy of the view with the page's title; form: the narrow page. */
struct value *page_titled(struct call *call, const struct value *value, const char *title,
                          bool form);

/* The same for a page of the administrator, whose tab is `at` (pages/zh/_admin.html). */
struct value *page_of_admin(struct call *call, const struct value *value, const char *title,
                            const char *at);

/* Rows of certificates (API) with standing_title, tone, may_revoke. */
struct value *page_certificate_rows(struct arena *arena, const struct value *certificates);

extern const struct entry_option entry_papers[]; /* kinds of identity papers */

/* Rows of the audit (API) with their words: what_title, by_title, subject_title, detail_title. */
struct value *page_audit_rows(struct call *call, const struct value *rows);
/* "message-refused 0ABC1234" in words; what is of another shape stays as it is. */
Str page_fault_words(struct call *call, Str fault);

#endif
