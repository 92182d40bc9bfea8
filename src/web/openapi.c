/* GET /openapi.json: the interface as a program reads it, made from the table of routes, the
 * questions of the calculators and the forms of the procedures. Nothing in it is written by hand.
 */
#include <string.h>

#include "base/json.h"
#include "web/handlers.h"
#include "web/tool.h"

enum { DEPTH_MAX = 8 };

/* --- forms as JSON schemas --- */

static struct value *typed(struct arena *arena, const char *type)
{
    struct value *schema = value_map(arena);
    value_set_text(arena, schema, "type", type);
    return schema;
}

static void set_format(struct arena *arena, struct value *schema, const char *format)
{
    value_set_text(arena, schema, "format", format);
}

static struct value *options_of(struct arena *arena, const struct field *field)
{
    struct value *schema = typed(arena, "string");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < field->option_count; i++) {
        value_add_text(arena, list, field->options[i].value);
    }
    value_set(arena, schema, "enum", list);
    return schema;
}

/* An object with these text members, or a string in its stead. */
static struct value *text_or(struct arena *arena, const char *const *members)
{
    struct value *object = typed(arena, "object");
    struct value *properties = value_map(arena);
    for (const char *const *each = members; *each != NULL; each++) {
        value_set(arena, properties, *each, typed(arena, "string"));
    }
    value_set(arena, object, "properties", properties);
    struct value *both = value_list(arena);
    struct value *schema = value_map(arena);
    value_add(arena, both, typed(arena, "string"));
    value_add(arena, both, object);
    value_set(arena, schema, "oneOf", both);
    return schema;
}

static struct value *number_of(struct arena *arena, const struct field *field)
{
    struct value *schema = typed(arena, "integer");
    value_set_int(arena, schema, "minimum", field->min);
    if (field->max > 0) {
        value_set_int(arena, schema, "maximum", field->max);
    }
    return schema;
}

static struct value *leaf_schema(struct arena *arena, const struct field *field)
{
    static const char *const identity[] = {"type", "number", NULL};
    static const char *const address[] = {"division", "detail", NULL};
    static const char *const signature[] = {"method", "name", "code", "png", "certificate", NULL};
    struct value *schema = typed(arena, "string");
    switch (field->type) {
    case FIELD_MONEY:
    case FIELD_NUMBER: return number_of(arena, field);
    case FIELD_DATE: set_format(arena, schema, "date"); return schema;
    case FIELD_DATETIME: set_format(arena, schema, "date-time"); return schema;
    case FIELD_EMAIL: set_format(arena, schema, "email"); return schema;
    case FIELD_YES_NO: return typed(arena, "boolean");
    case FIELD_CHOICE: return options_of(arena, field);
    case FIELD_CHOICES: {
        struct value *list = typed(arena, "array");
        value_set(arena, list, "items", options_of(arena, field));
        return list;
    }
    case FIELD_IDENTITY: return text_or(arena, identity);
    case FIELD_ADDRESS: return text_or(arena, address);
    case FIELD_SIGNATURE:
        schema = value_copy(arena, value_item(value_get(text_or(arena, signature), "oneOf"), 1));
        if (field->drawn) {
            struct value *parts = value_merge(arena, value_get(schema, "properties"), NULL);
            value_set(arena, parts, "material", typed(arena, "integer"));
            value_set(arena, schema, "properties", parts);
        }
        return schema;
    case FIELD_RATE:
        value_set_text(arena, schema, "pattern", "^[0-9]+(\\.[0-9]+)?$");
        return schema;
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_PHONE:
    case FIELD_COURT:
    case FIELD_CAUSE:
    case FIELD_CASE_NUMBER:
    case FIELD_BANK_ACCOUNT:
    case FIELD_GROUP:
    case FIELD_LIST: break;
    }
    if (field->max_length > 0) {
        value_set_int(arena, schema, "maxLength", field->max_length);
    }
    return schema;
}

static struct value *object_schema(struct arena *arena, const struct field *const *fields,
                                   uint32_t count, int depth);

/* NOLINTNEXTLINE(misc-no-recursion) */
static struct value *field_schema(struct arena *arena, const struct field *field, int depth)
{
    struct value *schema = NULL;
    if ((field->type == FIELD_GROUP || field->type == FIELD_LIST) && depth < DEPTH_MAX) {
        const struct field **fields =
            arena_array(arena, const struct field *, field->field_count + 1);
        for (uint32_t i = 0; i < field->field_count; i++) {
            fields[i] = &field->fields[i];
        }
        schema = object_schema(arena, fields, field->field_count, depth + 1);
        if (field->type == FIELD_LIST) {
            struct value *list = typed(arena, "array");
            value_set(arena, list, "items", schema);
            value_set_int(arena, list, "minItems", field->min);
            if (field->max > 0) {
                value_set_int(arena, list, "maxItems", field->max);
            }
            schema = list;
        }
    } else {
        schema = leaf_schema(arena, field);
    }
    value_set_text(arena, schema, "title", field->title);
    if (field->help[0] != '\0') {
        value_set_text(arena, schema, "description", field->help);
    }
    if (field->example != NULL) {
        struct value *examples = value_list(arena);
        value_add(arena, examples, field->example);
        value_set(arena, schema, "examples", examples);
    }
    return schema;
}

/* What depends on another answer is not required here: only the form of the moment knows. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static struct value *object_schema(struct arena *arena, const struct field *const *fields,
                                   uint32_t count, int depth)
{
    struct value *schema = typed(arena, "object");
    struct value *properties = value_map(arena);
    struct value *required = value_list(arena);
    for (uint32_t i = 0; i < count; i++) {
        value_set(arena, properties, fields[i]->name, field_schema(arena, fields[i], depth));
        if (fields[i]->required && fields[i]->when_field == NULL && fields[i]->offered[0] == '\0') {
            value_add_text(arena, required, fields[i]->name);
        }
    }
    value_set(arena, schema, "properties", properties);
    if (value_count(required) > 0 && depth > 0) { /* a form may be sent in parts */
        value_set(arena, schema, "required", required);
    }
    value_set_bool(arena, schema, "additionalProperties", false);
    return schema;
}

static struct value *form_schemas(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *all = call->app->house.procedures;
    struct value *schemas = value_map(arena);
    for (uint32_t i = 0; i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        for (uint32_t k = 0; k < p->act_count && p == procedure_find(all, str_of(p->name), 0);
             k++) {
            const struct act *act = &p->acts[k];
            struct value *schema = object_schema(arena, act->form, act->form_count, 0);
            value_set_text(arena, schema, "title",
                           arena_printf(arena, "%s：%s", p->title, act->title));
            if (act->form_count > 0) {
                value_set_key(arena, schemas, str_printf(arena, "%s.%s", p->name, act->name),
                              schema);
            }
        }
    }
    return schemas;
}

/* --- parameters --- */

static struct value *parameter(struct arena *arena, Str name, const char *in, bool required,
                               const struct value *schema)
{
    struct value *row = value_map(arena);
    value_set_str(arena, row, "name", name);
    value_set_text(arena, row, "in", in);
    value_set_bool(arena, row, "required", required);
    value_set(arena, row, "schema", schema);
    return row;
}

static void path_parameters(struct arena *arena, const char *path, struct value *list)
{
    for (const char *open = strchr(path, '{'); open != NULL; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        Str name = str_copy(arena, open + 1, (size_t)(close - open - 1));
        value_add(arena, list, parameter(arena, name, "path", true, typed(arena, "string")));
    }
}

static struct value *tool_schema(struct arena *arena, const struct tool_field *field)
{
    struct value *schema = typed(
        arena, field->type == TOOL_MONEY || field->type == TOOL_NUMBER ? "integer" : "string");
    struct tool_option option;
    if (field->option != NULL) {
        struct value *list = value_list(arena);
        for (size_t i = 0; field->option(i, &option); i++) {
            value_add_text(arena, list, option.value);
        }
        value_set(arena, schema, "enum", list);
    } else if (field->type == TOOL_YES_NO) {
        struct value *list = value_list(arena);
        value_add_text(arena, list, "yes");
        value_add_text(arena, list, "no");
        value_set(arena, schema, "enum", list);
    }
    value_set_text(arena, schema, "title", field->title);
    value_set_text(arena, schema, "description",
                   field->type == TOOL_MONEY ? "分" : (field->help == NULL ? "" : field->help));
    return schema;
}

static void tool_parameters(struct arena *arena, const char *path, struct value *list)
{
    static const char prefix[] = "/tools/";
    const struct tool *tool = strncmp(path, prefix, sizeof prefix - 1) == 0
                                  ? tool_find(str_of(path + sizeof prefix - 1))
                                  : NULL;
    for (size_t i = 0; tool != NULL && i < tool->field_count; i++) {
        const struct tool_field *field = &tool->fields[i];
        value_add(arena, list,
                  parameter(arena, str_of(field->name), "query", field->required,
                            tool_schema(arena, field)));
    }
}

/* What lists and some others take in their query. */
static void query_parameters(struct arena *arena, const char *path, struct value *list)
{
    static const struct {
        const char *path;
        const char *names;
    } rows[] = {
        {"/courts", "q level parent limit page"},
        {"/causes", "q parent limit page"},
        {"/divisions", "q parent limit page"},
        {"/matters", "box state procedure q limit after"},
        {"/matters/{id}/events", "limit after"},
        {"/matters/{id}/materials", "kind"},
        {"/matters/{id}/receipt", "event"},
        {"/inbox", "limit after"},
        {"/log/proof", "leaf"},
        {"/verify", "code"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Str *names = NULL;
        size_t count = strcmp(path, rows[i].path) == 0
                           ? str_split(arena, str_of(rows[i].names), ' ', &names)
                           : 0;
        for (size_t k = 0; k < count; k++) {
            value_add(arena, list,
                      parameter(arena, names[k], "query", false, typed(arena, "string")));
        }
    }
}

/* --- operations --- */

static struct value *reference(struct arena *arena, Str to)
{
    struct value *ref = value_map(arena);
    value_set_str(arena, ref, "$ref", to);
    return ref;
}

static struct value *json_body(struct arena *arena, const struct value *schema)
{
    struct value *media = value_map(arena);
    struct value *content = value_map(arena);
    struct value *body = value_map(arena);
    value_set(arena, media, "schema", schema);
    value_set(arena, content, "application/json", media);
    value_set(arena, body, "content", content);
    return body;
}

/* {"values": one of the forms, …} */
static struct value *act_body(struct arena *arena, const struct value *schemas)
{
    struct value *forms = value_list(arena);
    struct value *values = value_map(arena);
    struct value *properties = value_map(arena);
    struct value *schema = typed(arena, "object");
    for (uint32_t i = 0; i < value_count(schemas); i++) {
        value_add(arena, forms,
                  reference(arena, str_printf(arena, "#/components/schemas/%s",
                                              schemas->as.members[i].key.p)));
    }
    value_set(arena, values, "anyOf", forms);
    value_set(arena, properties, "values", values);
    value_set(arena, properties, "revision", typed(arena, "integer"));
    value_set(arena, properties, "accept_warnings", value_map(arena));
    value_set(arena, schema, "properties", properties);
    return json_body(arena, schema);
}

static struct value *responses_of(struct arena *arena, const struct route *route)
{
    struct value *responses = value_map(arena);
    struct value *good = value_map(arena);
    value_set_text(arena, good, "description", route->about);
    value_set(arena, responses, "2XX", good);
    value_set(arena, responses, "default", reference(arena, STR("#/components/responses/problem")));
    return responses;
}

static struct value *security_of(struct arena *arena, enum route_who who)
{
    struct value *list = value_list(arena);
    if (who != WHO_ANYBODY && who != WHO_DEMO) {
        static const char *const ways[] = {"token", "cookie"};
        for (size_t i = 0; i < 2; i++) {
            struct value *way = value_map(arena);
            value_set(arena, way, ways[i], value_list(arena));
            value_add(arena, list, way);
        }
    }
    return list;
}

static struct value *operation_of(struct arena *arena, const struct route *route,
                                  const struct value *schemas)
{
    struct value *operation = value_map(arena);
    struct value *parameters = value_list(arena);
    bool acts = strcmp(route->path, "/matters/{id}/acts/{act}") == 0;
    path_parameters(arena, route->path, parameters);
    if (route->method == HTTP_GET || strstr(route->path, "/materials") != NULL) {
        tool_parameters(arena, route->path, parameters);
        query_parameters(arena, route->path, parameters);
    }
    if (acts && route->method == HTTP_POST) {
        value_add(arena, parameters,
                  parameter(arena, STR("Idempotency-Key"), "header", true, typed(arena, "string")));
    }
    value_set_text(arena, operation, "summary", route->about);
    value_set(arena, operation, "parameters", parameters);
    if (route->method == HTTP_POST || route->method == HTTP_PATCH) {
        bool saves =
            strcmp(route->path, "/matters/{id}") == 0 || strcmp(route->path, "/matters") == 0;
        value_set(arena, operation, "requestBody",
                  acts || saves ? act_body(arena, schemas)
                                : json_body(arena, typed(arena, "object")));
    }
    value_set(arena, operation, "responses", responses_of(arena, route));
    value_set(arena, operation, "security", security_of(arena, route->who));
    return operation;
}

static struct value *paths_of(struct arena *arena, const struct value *schemas)
{
    static const char *const methods[] = {
        [HTTP_GET] = "get",     [HTTP_HEAD] = "head",     [HTTP_POST] = "post",
        [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete", [HTTP_OPTIONS] = "options",
        [HTTP_OTHER] = "trace",
    };
    struct value *paths = value_map(arena);
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        const struct value *known = value_get(paths, route->path);
        if (strncmp(route->path, "/static/", strlen("/static/")) == 0) {
            continue;
        }
        struct value *path = known == NULL ? value_map(arena) : value_merge(arena, known, NULL);
        if (value_get(path, methods[route->method]) == NULL) {
            value_set(arena, path, methods[route->method], operation_of(arena, route, schemas));
        }
        value_set(arena, paths, route->path, path);
    }
    return paths;
}

/* --- the whole --- */

static struct value *problem_response(struct arena *arena)
{
    static const char *const texts[] = {"type", "title", "detail", "incident"};
    static const char *const lists[] = {"errors", "warnings", "conflicts"};
    struct value *schema = typed(arena, "object");
    struct value *properties = value_map(arena);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        value_set(arena, properties, texts[i], typed(arena, "string"));
    }
    value_set(arena, properties, "status", typed(arena, "integer"));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        value_set(arena, properties, lists[i], typed(arena, "array"));
    }
    value_set(arena, schema, "properties", properties);
    struct value *media = value_map(arena);
    struct value *content = value_map(arena);
    struct value *response = value_map(arena);
    value_set(arena, media, "schema", schema);
    value_set(arena, content, "application/problem+json", media);
    value_set_text(arena, response, "description", "没有办成：发生了什么，为什么，现在怎么办");
    value_set(arena, response, "content", content);
    return response;
}

static struct value *components_of(struct arena *arena, const struct value *schemas)
{
    struct value *components = value_map(arena);
    struct value *responses = value_map(arena);
    struct value *security = value_map(arena);
    struct value *token = value_map(arena);
    struct value *cookie = value_map(arena);
    value_set(arena, responses, "problem", problem_response(arena));
    value_set_text(arena, token, "type", "http");
    value_set_text(arena, token, "scheme", "bearer");
    value_set_text(arena, cookie, "type", "apiKey");
    value_set_text(arena, cookie, "in", "cookie");
    value_set_text(arena, cookie, "name", "session");
    value_set(arena, security, "token", token);
    value_set(arena, security, "cookie", cookie);
    value_set(arena, components, "schemas", schemas);
    value_set(arena, components, "responses", responses);
    value_set(arena, components, "securitySchemes", security);
    return components;
}

enum status openapi_show(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *schemas = form_schemas(call);
    struct value *info = value_map(arena);
    struct value *document = value_map(arena);
    value_set_text(arena, info, "title", "通诉");
    value_set_text(arena, info, "version", "1");
    value_set_text(arena, document, "openapi", "3.1.0");
    value_set(arena, document, "info", info);
    value_set(arena, document, "paths", paths_of(arena, schemas));
    value_set(arena, document, "components", components_of(arena, schemas));
    struct http_answer answer = {.status = 200,
                                 .content_type = "application/json",
                                 .body = json_write(arena, document),
                                 .cacheable = true};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}
