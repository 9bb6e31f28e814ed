#!/usr/bin/env python3
"""Writes the tables of src/dialect/tencent_vod/protocol/schema.h from the API definition.

    make_tencent_schema.py api.json... schema_tables.cc

Later definitions add actions and objects to the first.

The build runs it; its output stays in the build tree.
"""
import json
import sys

KINDS = {
    "string": "text",
    "datetime_iso": "text",
    "int64": "integer",
    "uint64": "natural",
    "float": "real",
    "bool": "boolean",
}


def flag(value):
    return "true" if value else "false"


def member_row(member, object_numbers):
    kind = KINDS.get(member["member"])
    if kind is None and member["member"] not in object_numbers:
        sys.exit(f"{member['name']}: the type {member['member']} is not defined")
    target = "nullptr" if kind else f"&object_table[{object_numbers[member['member']]}]"
    return (
        f'    {{"{member["name"]}", {target}, Kind::{kind or "object"}, '
        f'{flag(member["type"] == "list")}, {flag(member.get("required"))}, '
        f'{flag(member.get("nullable"))}}},'
    )


def merged(definition_paths, what):
    rows = {}
    for path in definition_paths:
        with open(path, encoding="utf-8") as file:
            added = json.load(file)[what]
        if again := rows.keys() & added.keys():
            sys.exit(f"{path}: {sorted(again)} are defined already")
        rows |= added
    return sorted(rows.items())


def main(definition_paths, output_path):
    objects = merged(definition_paths, "objects")
    actions = merged(definition_paths, "actions")
    numbers = {name: number for number, (name, _) in enumerate(objects)}

    members, object_rows = [], []
    for name, content in objects:
        first = len(members)
        members += [member_row(member, numbers) for member in content["members"]]
        count = len(members) - first
        span = f"{{member_table + {first}, {count}}}" if count else "{}"
        object_rows.append(f'    {{"{name}", {span}}},')

    errors, action_rows = [], []
    for name, content in actions:
        first = len(errors)
        errors += [f'    "{code}",' for code in content["errors"]]
        action_rows.append(
            f'    {{"{name}", &object_table[{numbers[content["input"]]}], '
            f'&object_table[{numbers[content["output"]]}], '
            f"{{error_table + {first}, {len(errors) - first}}}}},"
        )

    text = "\n".join(
        [
            "// Made by tools/make_tencent_schema.py; not edited by hand.",
            '#include "dialect/tencent_vod/protocol/schema.h"',
            "namespace hookreel::dialect::tencent_vod::schema {",
            "namespace {",
            f"extern const Object object_table[{len(objects)}];",
            "constinit const Member member_table[] = {",
            *members,
            "};",
            f"constinit const Object object_table[{len(objects)}] = {{",
            *object_rows,
            "};",
            "constinit const std::string_view error_table[] = {",
            *errors,
            "};",
            "constinit const Action action_table[] = {",
            *action_rows,
            "};",
            "}  // namespace",
            "std::span<const Object> objects() { return object_table; }",
            "std::span<const Action> actions() { return action_table; }",
            "}  // namespace hookreel::dialect::tencent_vod::schema",
            "",
        ]
    )
    with open(output_path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1:-1], sys.argv[-1])
