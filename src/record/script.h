/* record/script.h - statements prepared outside a transaction, run inside it in order. */
#ifndef RECORD_SCRIPT_H
#define RECORD_SCRIPT_H

#include "store/store.h"

struct script;

struct script *script_new(struct arena *arena);
/* args are copied; the texts they point to must outlive the script. */
void script_add(struct script *script, const char *statement, const struct sql_value *args,
                size_t arg_count);
uint32_t script_count(const struct script *script);
enum status script_run(struct cx *cx, struct sql *sql, const struct script *script);

#endif
