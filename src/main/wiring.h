/* main/wiring.h - function pointers handed down: what lower folders may ask of jobs/ and link/. */
#ifndef MAIN_WIRING_H
#define MAIN_WIRING_H

#include "main/program.h"

struct wiring;

/* Before the store is opened: fills the hooks it needs. */
enum status wiring_new(struct cx *cx, struct program *program, struct program_hooks *hooks,
                       struct wiring **out);
/* After everything is open, before anybody is served. */
enum status wiring_connect(struct cx *cx, struct wiring *wiring);
/* Starts and stops the threads that work after the commit. */
enum status wiring_start(struct cx *cx, struct wiring *wiring);
void wiring_stop(struct wiring *wiring);

#endif
