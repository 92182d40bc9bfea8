/* web/page_field.h - fields of forms as pages show them: the keys of docs/pages.md, "Fields".
 *
 * What was typed is shown as it was typed, right or wrong; what is known by code (courts, causes,
 * divisions) is shown by name. (1) Every key that _field.html looks up with a dot is either set or
 * absent in the field itself: nothing of a page shines through. (2) Nesting is as deep as the
 * definitions, which the compiler has bounded.
 */
#ifndef WEB_PAGE_FIELD_H
#define WEB_PAGE_FIELD_H

#include "flow/field.h"

struct field_show {
    struct arena *arena;
    const struct law_tables *tables;
    const struct value *errors; /* list of {"field","title",…}; NULL for none */
    const struct value *grow;   /* path of a list to how many items it shows at least; NULL: none */
    bool folds;                 /* a long list on its own shows one item and the others as lines */
    int64_t open;               /* that item; -1 for none */
    const char *heading;        /* of the page: a field of that title hides its own; NULL: none */
    const struct value *photos; /* of signatures by hand: [{n, name}]; NULL: none */
    Str photo_href;             /* where one is handed in; "": nowhere */
    const struct value *certificate; /* to sign with: {"serial","until"}; NULL: none */
    const struct value *about; /* path of an item to what it is about: title, href, text; NULL */
};

/* The fields of a form, or of a group at prefix ("claim."), with their values. */
struct value *fields_show(const struct field_show *show, const struct field *fields, uint32_t count,
                          const struct value *values, Str prefix);

/* Does the answer so far hide this field? Unanswered, it is shown. */
bool field_is_off(const struct field *field, const struct value *values);

#endif
