"""Puts the files of src/api/openapi together into one OpenAPI document and writes it as C++.

Every operation gets its file's name as a tag and the answers that all have: refusals as problems.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

CHUNK = 8000
METHODS = ("get", "put", "post", "patch", "delete")
REFUSAL = {"$ref": "#/components/responses/Problem"}


def merge(into: dict, more: dict, place: str) -> None:
    for name, value in more.items():
        if name not in into:
            into[name] = value
        elif isinstance(value, dict) and isinstance(into[name], dict):
            merge(into[name], value, f"{place}/{name}")
        else:
            raise SystemExit(f"{place}/{name} is in two files")


def complete(document: dict, tag: str) -> None:
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method not in item:
                continue
            operation = item[method]
            operation["tags"] = [tag]
            if path != "/api/v1/openapi.json":
                operation["responses"]["4XX"] = REFUSAL
                operation["responses"]["5XX"] = REFUSAL


def document(folder: Path) -> dict:
    whole: dict = {}
    for path in sorted(folder.glob("*.json"), key=lambda file: (file.stem != "base", file.stem)):
        part = json.loads(path.read_text())
        complete(part, "definition" if path.stem == "base" else path.stem)
        merge(whole, part, "")
    return whole


def main() -> None:
    folder, output = map(Path, sys.argv[1:3])
    text = json.dumps(document(folder), ensure_ascii=True, separators=(",", ":"))
    chunks = [text[at:at + CHUNK] for at in range(0, len(text), CHUNK)]
    literals = "\n".join(f'    R"openapi({chunk})openapi"' for chunk in chunks)
    output.write_text(
        '#include "api/frame/openapi_text.h"\n\nnamespace hookreel::api {\n\n'
        f"std::string_view openapi_text() {{\n    return\n{literals};\n}}\n\n"
        "}  // namespace hookreel::api\n")


if __name__ == "__main__":
    main()
