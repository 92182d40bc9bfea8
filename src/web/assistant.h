/* web/assistant.h - for whom the caller prepares drafts. */
#ifndef WEB_ASSISTANT_H
#define WEB_ASSISTANT_H

#include "web/app.h"

/* {"prepares_for":[{"id","name","since"}],…} for the page that begins a draft; NULL for nobody. */
struct value *assistant_choices(struct call *call);

#endif
