#include "render/html_place.h"

#include <string.h>

#include "base/text.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* Names longer than the room are none that matter here: their head is kept. */
static void name_add(char *name, char c)
{
    size_t n = strlen(name);
    if (n < HTML_NAME_MAX) {
        name[n] = lower(c);
        name[n + 1] = '\0';
    }
}

static bool is_raw(const struct html_place *place)
{
    return text_is(place->tag, "script") || text_is(place->tag, "style");
}

static void tag_end(struct html_place *place)
{
    place->state = !place->closing && is_raw(place) ? HTML_RAW : HTML_TEXT;
    place->matched = 0;
}

static const char *feed_open(struct html_place *place, char c)
{
    if (c == '!') {
        place->state = HTML_DECLARATION;
        place->matched = 0;
        return NULL;
    }
    if (c == '/' && !place->closing) {
        place->closing = true;
        return NULL;
    }
    if (!is_letter(c)) {
        return "a < that opens no tag: write &lt;";
    }
    place->tag[0] = '\0';
    name_add(place->tag, c);
    place->state = HTML_TAG_NAME;
    return NULL;
}

/* <!doctype …> ends at >; <!-- turns into a comment. */
static void feed_declaration(struct html_place *place, char c)
{
    if (c == '>') {
        place->state = HTML_TEXT;
    } else if (c == '-' && place->matched < 2) {
        place->matched++;
        if (place->matched == 2) {
            place->state = HTML_COMMENT;
            place->matched = 0;
        }
    } else {
        place->matched = 2;
    }
}

static void feed_comment(struct html_place *place, char c)
{
    if (c == '-') {
        place->matched = place->matched < 2 ? (uint8_t)(place->matched + 1) : 2;
    } else if (c == '>' && place->matched == 2) {
        place->state = HTML_TEXT;
    } else {
        place->matched = 0;
    }
}

/* Script and style end only at </ and their own name. */
static void feed_raw(struct html_place *place, char c)
{
    size_t length = strlen(place->tag) + 2;
    if (place->matched == length) {
        if (is_blank(c) || c == '>' || c == '/') {
            place->closing = true;
            place->state = c == '>' ? HTML_TEXT : HTML_TAG;
            return;
        }
        place->matched = 0;
    }
    char wanted = '<';
    if (place->matched == 1) {
        wanted = '/';
    } else if (place->matched > 1) {
        wanted = place->tag[place->matched - 2];
    }
    if (lower(c) == wanted) {
        place->matched++;
    } else {
        place->matched = c == '<';
    }
}

static const char *feed_tag(struct html_place *place, char c)
{
    if (c == '>') {
        tag_end(place);
    } else if (is_blank(c) || c == '/') {
        place->state = HTML_TAG;
    } else if (place->state == HTML_SEAM) {
        return "a section in a tag begins with a blank and ends with an attribute";
    } else if (c == '=' || c == '"' || c == '\'' || c == '<') {
        return "a sign that cannot begin an attribute";
    } else {
        place->attribute[0] = '\0';
        name_add(place->attribute, c);
        place->state = HTML_NAME;
    }
    return NULL;
}

static const char *feed_tag_name(struct html_place *place, char c)
{
    if (is_blank(c) || c == '/' || c == '>') {
        return feed_tag(place, c);
    }
    if (!is_letter(c) && c != '-' && !(c >= '0' && c <= '9')) {
        return "a sign that cannot be in the name of a tag";
    }
    name_add(place->tag, c);
    return NULL;
}

static const char *feed_name(struct html_place *place, char c)
{
    if (c == '=') {
        place->state = HTML_BEFORE_VALUE;
        return NULL;
    }
    if (is_blank(c) || c == '/' || c == '>') {
        return feed_tag(place, c);
    }
    if (c == '"' || c == '\'' || c == '<') {
        return "a sign that cannot be in the name of an attribute";
    }
    name_add(place->attribute, c);
    return NULL;
}

static const char *feed_before_value(struct html_place *place, char c)
{
    if (is_blank(c) || c == '>') {
        return "an attribute without its value";
    }
    place->at_start = true;
    place->quote = c;
    place->state = c == '"' || c == '\'' ? HTML_VALUE : HTML_BARE;
    return NULL;
}

static const char *feed_value(struct html_place *place, char c)
{
    if (place->state == HTML_BARE) {
        return is_blank(c) || c == '>' ? feed_tag(place, c) : NULL;
    }
    if (c == place->quote) {
        place->state = HTML_TAG;
    } else {
        place->at_start = false;
    }
    return NULL;
}

const char *html_place_feed(struct html_place *place, char c)
{
    switch (place->state) {
    case HTML_TEXT:
        if (c == '<') {
            place->state = HTML_OPEN;
            place->closing = false;
        }
        return NULL;
    case HTML_OPEN: return feed_open(place, c);
    case HTML_DECLARATION: feed_declaration(place, c); return NULL;
    case HTML_COMMENT: feed_comment(place, c); return NULL;
    case HTML_RAW: feed_raw(place, c); return NULL;
    case HTML_TAG_NAME: return feed_tag_name(place, c);
    case HTML_TAG:
    case HTML_SEAM: return feed_tag(place, c);
    case HTML_NAME: return feed_name(place, c);
    case HTML_BEFORE_VALUE: return feed_before_value(place, c);
    case HTML_VALUE:
    case HTML_BARE: return feed_value(place, c);
    }
    return "a place unheard of";
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static enum html_escape escape_in_value(const struct html_place *place)
{
    static const char *const address[] = {"href", "src",  "action",     "formaction", "data",
                                          "cite", "ping", "xlink:href", "poster",     "background"};
    static const char *const program[] = {"script", "base", "link"};
    const char *name = place->attribute;
    /* srcset and srcdoc hold addresses and markup of their own syntax. */
    if (strncmp(name, "on", 2) == 0 || text_is(name, "style") || text_is(name, "srcset") ||
        text_is(name, "srcdoc")) {
        return ESCAPE_REFUSED;
    }
    if (!place->at_start || !is_one_of(name, address, sizeof address / sizeof *address)) {
        return ESCAPE_ATTRIBUTE;
    }
    return is_one_of(place->tag, program, sizeof program / sizeof *program) ? ESCAPE_REFUSED
                                                                            : ESCAPE_ADDRESS;
}

enum html_escape html_place_escape(const struct html_place *place)
{
    if (place->state == HTML_TEXT) {
        return ESCAPE_TEXT;
    }
    return place->state == HTML_VALUE ? escape_in_value(place) : ESCAPE_REFUSED;
}

static bool is_in_tag(const struct html_place *place)
{
    return place->state == HTML_TAG || place->state == HTML_SEAM || place->state == HTML_TAG_NAME ||
           place->state == HTML_NAME;
}

const char *html_place_enter(struct html_place *place)
{
    if (is_in_tag(place)) {
        place->state = HTML_SEAM;
        return NULL;
    }
    return place->state == HTML_TEXT || place->state == HTML_VALUE ? NULL
                                                                   : "a section cannot begin here";
}

const char *html_place_leave(struct html_place *place, const struct html_place *entered)
{
    bool same = true;
    if (is_in_tag(place)) {
        place->state = HTML_SEAM;
        same = text_is(place->tag, entered->tag) && place->closing == entered->closing;
    }
    if (place->state == HTML_VALUE) {
        same = place->quote == entered->quote && text_is(place->tag, entered->tag) &&
               text_is(place->attribute, entered->attribute);
    }
    if (!same || place->state != entered->state) {
        return "a section must end in the same tag or attribute that it began in";
    }
    *place = *entered; /* it may not have been written at all */
    return NULL;
}
