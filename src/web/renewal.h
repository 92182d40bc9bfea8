/* web/renewal.h - what a newer version of its form did to a draft, for its pages. */
#ifndef WEB_RENEWAL_H
#define WEB_RENEWAL_H

#include "web/app.h"

struct seen;
struct field;

/* {"added":[{"title","href","required"}],"changed":[{"title","href","how_title"}],"removed":
 * [{"title","text","became_title","why","href","file_href"}],"has_added","has_changed",
 * "has_removed"}; NULL when nothing has changed, or its owner has said that he has seen it. */
struct value *renewal_show(struct call *call, const struct seen *seen);

/* The version of the form that a page showed or a program names; 0 when it says none. */
int64_t renewal_version_said(const struct call *call);
/* The element of an older version that a page still open asked for; NULL when it is none. */
const struct field *renewal_field_said(struct call *call, const struct seen *seen, Str name);

#endif
