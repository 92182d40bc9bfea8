/* flow/field.h - fields of forms: their definition, what may be in them, how they are shown.
 *
 * An element is a top-level field (data/elements/NAME.yaml); a form is a list of elements. Values
 * mirror the form. Checking a tree of values answers a normalised copy and a list of errors, each
 * at a path ("parties.1.name"); it never stops at the first. (1) Every leaf has an example, and the
 * examples of an element together pass field_check: proved when the element is compiled. (2)
 * Definitions live in the process arena and never change.
 */
#ifndef FLOW_FIELD_H
#define FLOW_FIELD_H

#include "base/date.h"
#include "base/fail.h"
#include "law/tables.h"

enum field_type {
    FIELD_TEXT,
    FIELD_LONG_TEXT,
    FIELD_MONEY,
    FIELD_RATE,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_NUMBER,
    FIELD_CHOICE,
    FIELD_CHOICES,
    FIELD_YES_NO,
    FIELD_IDENTITY,
    FIELD_PHONE,
    FIELD_EMAIL,
    FIELD_ADDRESS,
    FIELD_COURT,
    FIELD_CAUSE,
    FIELD_CASE_NUMBER,
    FIELD_BANK_ACCOUNT,
    FIELD_SIGNATURE,
    FIELD_GROUP,
    FIELD_LIST,
};

struct option {
    const char *value;
    const char *title;
};

struct field {
    const char *name;
    const char *title;
    enum field_type type;
    bool required;
    const char *help;     /* "" for none */
    const char *law;      /* "" for none */
    const char *offered;  /* name of a predicate; "" for always */
    const char *format;   /* of a text: a kind of identifier it must be, "" for none */
    const char *calendar; /* of a datetime: what people's calendars call it; "" for none */
    const char *unit;     /* of a rate: what it counts ("小时"); "" for per cent a year */
    const char *arranges; /* of an element: the kind of material whose pages it orders, on a page
                             of its own; "" for none */
    /* Of a signature: by hand alone, as of whoever stands at a window: drawn on the page or
     * photographed (flow/by_hand.h). */
    bool drawn;
    const struct value *example; /* of leaves, and of required lists */
    int64_t min;                 /* number, money: least value; list: least items */
    int64_t max;                 /* 0 for none */
    int64_t max_length;          /* code points; 0 for the type's own limit */
    const char *when_field;      /* sibling this field depends on; NULL for none */
    const char **when_in;
    uint32_t when_count;
    struct option *options;
    uint32_t option_count;
    struct field *fields; /* of groups and lists */
    uint32_t field_count;
    bool sensitive;    /* it, or something inside it, is sealed */
    const char *row;   /* of an element form: label of the official row that it begins; "" else */
    const char *forms; /* numbers of the element forms that ask it, " 09 10 "; "": always asked */
    int version;       /* of an element: 1 where its file says none */
    const char *file;  /* of an element: "elements/claim@2.yaml"; NULL: a section of one form */
    const struct value *former;  /* of an element: what became of what it asked before; or NULL */
    const struct value *written; /* of an element: field_view() as JSON; NULL: changed since */
    uint32_t line;
};

/* What checking needs to know of the world. */
struct field_world {
    const struct law_tables *tables;
    Date today;
    bool draft; /* incomplete input is welcome: missing is reported apart from wrong */
};

const char *field_type_name(enum field_type type);
/* Reads one definition. E_READ "data-unreadable" with file and line for unknown keys, unknown
 * types, a missing example, options without a choice, a when on no sibling. */
enum status field_read(struct cx *cx, const char *file, const struct value *yaml,
                       struct field *out);

/* Can a field's condition hold among `fields`? "data-unreadable" when its sibling is not among them
 * or can never have a value it asks for. */
enum status when_prove(struct cx *cx, const char *file, const struct field *fields, uint32_t count,
                       const struct field *field);

/* The normalised values of `fields` out of `values` (a map; other keys are reported "unknown").
 * Errors go to the list under cx->failure.errors (without a failure recorded); *wrong counts them,
 * *missing those with code "missing". `prefix` is "" or a path ending with a dot. */
struct value *fields_check(struct cx *cx, const struct field *fields, uint32_t count,
                           const struct field_world *world, const struct value *values, Str prefix);
/* Whether all can be shown: no controls (long texts have lines), no marks that turn the direction
 * of reading. Part of fields_check. */
bool field_text_is_fit(Str text, bool lines);
/* Does a field's condition hold for the values beside it? */
bool field_is_asked(const struct field *field, const struct value *values);
/* Is the value, or one of several chosen, one of these texts? A yes-no is "true" or "false". */
bool field_value_in(const struct value *v, const char *const *in, uint32_t count);

/* The kinds of documents that an identity may be. */
enum { IDENTITY_OPTIONS = 6 };
extern const struct option identity_options[IDENTITY_OPTIONS];
/* 居民身份证 for resident-id; "" for unknown types. */
const char *identity_type_title(Str type);
/* The examples of all fields, as values: passes fields_check. */
struct value *fields_example(struct arena *arena, const struct field *fields, uint32_t count);
/* As the API shows it: {"name","title","type","required",…}. */
struct value *field_view(struct arena *arena, const struct field *field);
const struct field *field_find(const struct field *fields, uint32_t count, Str name);

/* A group of required yes-nos only, of which yes is the example, is a promise: each must be yes,
 * and is asked last. */
bool field_is_promise(const struct field *field);
/* Asked on the page that submits, not among the tasks: promises and signatures. */
bool field_is_last(const struct field *field);

/* Types whose text is sealed in rows and events and masked for all but the owner. */
bool field_is_sensitive(const struct field *field);

/* Where a leaf stands in a tree of values: a chain up to its root. */
struct field_place {
    const struct field_place *outer; /* NULL at the top */
    const char *name;
    int64_t index; /* of the item of the list `name` that the inner places are in; -1: no list */
};

/* "parties.0.phone" */
Str field_place_path(struct arena *arena, const struct field_place *place);
/* Calls fn on every leaf of a tree of values that a sensitive field describes; what fn answers
 * takes its place in the copy returned. */
typedef struct value *field_leaf_fn(struct cx *cx, void *arg, const struct field *field,
                                    const struct field_place *place, const struct value *leaf);
struct value *fields_map_sensitive(struct cx *cx, const struct field *fields, uint32_t count,
                                   const struct value *values, field_leaf_fn *fn, void *arg);
/* From an HTML form: texts to the JSON types of the fields (money in yuan, numbers, yes/no, a lone
 * choice of a list of choices, identity and bank account as text). Texts that do not fit stay text
 * and are reported by fields_check. Rows of a list that nobody filled in are left out, unless a row
 * of it is FIELD_ROW_KEPT: then every row keeps its place for fields_keep. */
#define FIELD_ROW_KEPT "_kept"
struct value *fields_from_form(struct arena *arena, const struct field *fields, uint32_t count,
                               const struct value *form);
/* A page may show one row of a long list and say of the others that they stay: in the lists of
 * values, FIELD_ROW_KEPT becomes the row of `saved` at its place. Rows keep their places, also one
 * that was emptied; empty ones behind the saved rows are left out. */
void fields_keep(struct arena *arena, const struct field *fields, uint32_t count,
                 struct value *values, const struct value *saved);

#endif
