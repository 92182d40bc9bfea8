/* web/handlers.h - every handler of routes.tbl.h, and nothing else. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/app.h"

#define ROUTE(method, path, handler, who, about) enum status handler(struct call *call);
#include "web/routes.tbl.h"
#undef ROUTE

#endif
