/* base/yaml.h - YAML files of data/ as values that know their lines. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/fail.h"

/* Reads one document. Plain scalars true/false/null and whole decimal numbers become bool, null and
 * int; everything else, and everything quoted, is text: also 0105, which is a code and keeps its
 * zero, and a key with nothing behind it, which is "". Keys are unique text; no anchors, aliases,
 * tags or further documents; depth at most VALUE_DEPTH_MAX. Every value carries its line. E_READ
 * "data-unreadable" with "name:line: why" as detail. *out is only set on OK. */
enum status yaml_read(struct cx *cx, const char *name, Str text, struct value **out);

#endif
