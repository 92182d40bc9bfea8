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
};

enum status load_fault(struct cx *cx, const struct loader *loader, const struct value *at,
                       const char *why, Str what);
enum status load_fault_at(struct cx *cx, const struct loader *loader, uint32_t line,
                          const char *why, const char *what);
/* Everything that only the whole can show: (2) of procedure.h, examples, wording. */
enum status procedure_prove(struct cx *cx, const struct loader *loader);

#endif
