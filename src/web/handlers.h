/* web/handlers.h - every handler of routes.tbl.h, and nothing else. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/app.h"

/* A handler that stands at two addresses is declared twice. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#define ROUTE(method, path, handler, who, about) enum status handler(struct call *call);
#include "web/routes.tbl.h"
#undef ROUTE
#pragma GCC diagnostic pop

#endif
