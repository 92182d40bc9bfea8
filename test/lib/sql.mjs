// Direct access to the database of a stopped or copied program: how a thief or a broken disk would
// change it. The SQLite shell and psql do the work.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { psql } from "./postgres.mjs";

const exec = promisify(execFile);

/** Runs a statement; answers its rows as one text (columns joined by "|", rows by newlines). */
export async function sql(database, statement) {
    if (database.startsWith("sqlite:")) {
        const { stdout } = await exec("sqlite3", ["-batch", "-cmd", ".timeout 10000", database.slice("sqlite:".length), statement]);
        return stdout.trim();
    }
    return psql(database, statement);
}

/** Names of tables and their columns: { table: [{ name, type }] }. */
export async function sql_schema(database) {
    const schema = {};
    if (database.startsWith("sqlite:")) {
        const tables = await sql(database, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'");
        for (const table of tables.split("\n").filter(Boolean)) {
            const rows = await sql(database, `select name || '|' || type from pragma_table_info('${table}')`);
            schema[table] = rows.split("\n").map((row) => ({ name: row.split("|")[0], type: row.split("|")[1].toUpperCase() }));
        }
        return schema;
    }
    const rows = await sql(
        database,
        "select table_name || '|' || column_name || '|' || data_type from information_schema.columns where table_schema = 'public' order by 1, ordinal_position",
    );
    for (const row of rows.split("\n").filter(Boolean)) {
        const [table, name, type] = row.split("|");
        (schema[table] ??= []).push({ name, type: { bytea: "BLOB", bigint: "BIGINT" }[type] ?? type.toUpperCase() });
    }
    return schema;
}
