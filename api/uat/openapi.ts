// The OpenAPI 3.1 document of the migrations' door.
import { openApiOf } from "../http/openapi.ts";
import { migrationScopes } from "../http/operations.ts";
import { uatOperations } from "./operations.ts";

export function uatOpenApi(version: string): object {
  const title = "Pantun: the API of migrations (UAT)";
  return openApiOf(version, { title, table: uatOperations, scopes: migrationScopes });
}
