/* link/mail.h - mails, through a server of the operator's choice that speaks SMTP.
 *
 * (1) The Message-ID is made of our id and the domain of the sender: a mail that was sent again
 * because no answer came can be recognised by it. (2) Address, subject and text are personal data:
 * they are handed over and never logged, nor is what the server says about them. (3) Subject and
 * text are encoded, and an address with anything but the printable characters of ASCII is refused:
 * nothing of a person's ends up as a header or a command of its own. (4) A password goes over TLS
 * only.
 */
#ifndef LINK_MAIL_H
#define LINK_MAIL_H

#include "base/date.h"
#include "base/fail.h"

struct mail {
    Str id; /* decimal, ours */
    Str to; /* address, as law/identifier.h reads it */
    Str subject;
    Str text; /* UTF-8, lines end in \n */
    Instant at;
};

/* One way to send. E_BUSY "busy" when the server could not be reached, asks to come again (4xx) or
 * does not let us in; E_INPUT "mail-refused" when it will never take this one (5xx), or the address
 * is none that can be sent to. */
struct mailer {
    enum status (*send)(struct cx *cx, const struct mailer *mailer, const struct mail *mail);
    void *own;
};

struct mail_options {
    Str url;        /* smtp://HOST:PORT (STARTTLS where it is offered) or smtps://…, both may hold
                       USER:PASSWORD@ */
    Str from;       /* the sender's address */
    Str login_file; /* one line USER:PASSWORD, instead of those in the URL; "" for none */
    bool tls;       /* never without TLS */
    Str ca_file;    /* PEM: whose word a server's certificate is believed on; "": the system's */
};

/* E_INPUT "usage" for an address that is no smtp, a sender that is none, an unreadable file. Lives
 * in arena. */
enum status mailer_smtp(struct cx *cx, struct arena *arena, const struct mail_options *options,
                        const struct mailer **out);
/* Sends nothing and logs that a mail would have gone, by its id only: for the demo. */
const struct mailer *mailer_none(void);

#endif
