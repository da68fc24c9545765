// The OpenAPI 3.1 document, out of the table of operations and the schemas that check requests.
import type { TSchema } from "typebox";
import { type ErrorCode, errorRow } from "../../platform/mod.ts";
import { issuerOperations } from "./issuer-operations.ts";
import {
  changeErrors,
  commonErrors,
  issuerScopes,
  type Operation,
  operations,
  type Scope,
  scopes,
} from "./operations.ts";
import { problemType } from "./problem.ts";
import { isIssuers } from "./served.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const text = { type: "string" } as const;

export const problem = {
  type: "object",
  required: ["type", "title", "status", "code", "detail", "requestId", "retryable"],
  properties: {
    type: text,
    title: text,
    status: { type: "integer" },
    code: { ...text, description: "Stable; new ones may come." },
    detail: text,
    requestId: text,
    retryable: { type: "boolean" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["field", "code", "detail"],
        properties: { field: text, code: text, detail: text },
      },
    },
  },
} as const;

export function header(name: string, description: string, required = true) {
  return { name, in: "header", required, description, schema: text };
}

const signature = header(
  "X-JWS-Signature",
  "Compact JWS (ES256, PS256 or RS256) with kid, iat, jti and crit [iat, jti], over " +
    "{bodySha256, method, path, sub}.",
);
const trid = header("X-TRID", "The token requestor that the client acts as.");
const key = header("Idempotency-Key", "1 to 64 printable ASCII characters.");
const ifNoneMatch = header("If-None-Match", "The ETag of what the caller has.", false);
const requestId = header("X-Request-Id", "A UUID that the answer repeats.", false);

/** Every error that an operation can give. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const codes = [...operation.errors, ...commonErrors];
  if (operation.mutates) codes.push(...changeErrors);
  const known = new Set(codes);
  if (isIssuers(operation.path)) {
    known.delete("TRID_NOT_ALLOWED");
    known.delete("REQUESTOR_SUSPENDED");
  }
  return [...known];
}

export function problemAnswers(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = errorRow(code).http;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const entries = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    entries.map(([status, names]) => [
      String(status),
      {
        description: names.join(", "),
        content: { [problemType]: { schema: ref("Problem") } },
      },
    ]),
  );
}

export function queryParameters(query: TSchema | undefined) {
  const { properties = {} } = (query ?? {}) as { readonly properties?: Record<string, TSchema> };
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: "query", required: false, schema };
  });
}

export function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: text };
  });
}

function operationOf(id: string, operation: Operation) {
  const { summary, scope, mutates, body, query, path, answers, media } = operation;
  const json = (schema: TSchema) => ({ content: { "application/json": { schema } } });
  const conditions = media === undefined ? [] : [ifNoneMatch];
  const headers = isIssuers(path) ? [signature, requestId] : [trid, signature, requestId];
  if (mutates && !isIssuers(path)) headers.push(key);
  const good = Object.entries(answers).map(([status, schema]) => {
    if (media === undefined) return [status, { description: "Done.", ...json(schema) }];
    const { description = "Done." } = schema as { readonly description?: string };
    const content = status === "200" ? { content: { [media]: {} } } : {};
    return [status, { description, ...content }];
  });
  return {
    operationId: id,
    summary,
    security: [{ clientCredentials: scope === null ? [] : [scope] }],
    parameters: [...pathParameters(path), ...queryParameters(query), ...headers, ...conditions],
    ...(body === undefined ? {} : { requestBody: { required: true, ...json(body) } }),
    responses: { ...Object.fromEntries(good), ...problemAnswers(errorsOf(operation)) },
  };
}

const documents = {
  requestors: { title: "Pantun: the API of token requestors", table: operations, scopes },
  issuers: {
    title: "Pantun: the API of card issuers",
    table: issuerOperations,
    scopes: issuerScopes,
  },
} as const;

export function openApi(version: string, whose: keyof typeof documents): object {
  return openApiOf(version, documents[whose]);
}

export interface Documented {
  readonly title: string;
  readonly table: Readonly<Record<string, Operation>>;
  readonly scopes: readonly Scope[];
}

/** The document of one door with an access token. */
export function openApiOf(version: string, { title, table, scopes: all }: Documented): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [id, operation] of Object.entries(table)) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(id, operation) };
  }
  const granted = Object.fromEntries(all.map((scope) => [scope, scope]));
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      securitySchemes: {
        clientCredentials: {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: "/oauth2/token", scopes: granted } },
        },
      },
      schemas: { Problem: problem },
    },
  };
}
