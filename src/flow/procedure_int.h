/* flow/procedure_int.h - what the compiler's files share. */
#ifndef FLOW_PROCEDURE_INT_H
#define FLOW_PROCEDURE_INT_H

#include "flow/procedure.h"

struct loader {
    const struct load_world *world;
    const char *file; /* being read */
    const char *name; /* of the procedure, by its path */
    struct procedure *procedure;
    struct field *elements;
    uint32_t element_count;
    bool *element_used;  /* by the procedure being read */
    bool *element_shown; /* by any procedure */
    const struct value *material_titles;
    const struct element_forms *forms; /* NULL: none */
    /* The envelope that the procedure is laid over: its lines are counted first, those of the
     * procedure behind them. */
    const char *envelope;
    uint32_t envelope_lines;
};

enum { FORM_SECTIONS_MAX = 12 };

struct procedures {
    struct procedure *all; /* by name, then version */
    uint32_t count;
    const struct field *elements; /* all versions of all */
    uint32_t element_count;
    const struct element_forms *forms;       /* the newest version of each */
    const struct element_forms *every_forms; /* all versions of all */
};

enum status load_fault(struct cx *cx, const struct loader *loader, const struct value *at,
                       const char *why, Str what);
enum status load_fault_at(struct cx *cx, const struct loader *loader, uint32_t line,
                          const char *why, const char *what);
enum status keys_allowed(struct cx *cx, const struct loader *loader, const struct value *map,
                         const char *const *allowed);
/* The elements of data/elements/, then those of the element forms. */
enum status load_elements(struct cx *cx, struct loader *loader,
                          const struct procedure_source *sources, uint32_t count);
/* Every element is asked by some form. */
enum status load_elements_shown(struct cx *cx, struct loader *loader);
/* "claim", or "claim@2" for another version than the first. NULL when there is none. */
const struct field *load_element(const struct loader *loader, Str ref);
const struct field *load_element_at(const struct loader *loader, Str name, int version);
/* Splits such a name; false when behind @ there is no version above 1. */
bool ref_split(struct arena *arena, Str ref, Str *name, int *version);
/* The field at a path, "correction.days"; NULL when no form of the procedure so far has it. Lists
 * are not entered. */
const struct field *load_field(struct cx *cx, const struct loader *loader, Str path);
/* Lays a definition over the envelope that it names, if it names one. */
enum status load_envelope(struct cx *cx, struct loader *loader,
                          const struct procedure_source *sources, uint32_t count,
                          struct value **yaml);
/* Behind the elements: data/forms/, whose sections become elements too. */
enum status load_element_forms(struct cx *cx, struct loader *loader,
                               const struct procedure_source *sources, uint32_t count);
enum status load_actors(struct cx *cx, const struct loader *loader, const struct value *list,
                        struct actor_rule *out, uint32_t *count);
/* Those only whom lists can reach (waited for), or notices (told). */
enum status load_reachable(struct cx *cx, const struct loader *loader, const struct value *list,
                           bool told, struct actor_rule *out, uint32_t *count);
/* Behind states. */
enum status load_acts(struct cx *cx, struct loader *loader, const struct value *yaml);
/* Elements that no act asks, but that the matter has from the one that opened it: listed as in the
 * form of an act. */
enum status load_known(struct cx *cx, struct loader *loader, const struct value *list);
/* Behind states and acts. */
enum status load_clocks(struct cx *cx, const struct loader *loader, const struct value *yaml);
enum status load_ladder(struct cx *cx, const struct loader *loader, const struct value *yaml);
/* A map {by: PATH, OPTION: …} has an entry for each option of the choice, and no other. */
enum status load_covered(struct cx *cx, const struct loader *loader, const struct value *map,
                         Str by);
/* What is gone from one version to the next is declared (procedure_former.c). */
enum status former_prove_elements(struct cx *cx, const struct loader *loader);
/* old NULL: `now` is the first. */
enum status former_prove_procedure(struct cx *cx, const struct loader *loader,
                                   const struct procedure *old, const struct procedure *now);
/* The field at a path through groups and lists, without the numbers of items; NULL: none. */
const struct field *former_field(struct arena *arena, const struct field *roots, uint32_t count,
                                 Str path);
/* Can an answer to the one stand as an answer to the other? */
bool former_suits(const struct field *old, const struct field *now);
/* Everything that only the whole can show: (2) of procedure.h, examples, wording. */
enum status procedure_prove(struct cx *cx, const struct loader *loader);

#endif
