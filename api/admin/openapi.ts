// The OpenAPI 3.1 document of the administration API, out of its table of operations.
import type { TSchema } from "typebox";
import type { ErrorCode } from "../../platform/mod.ts";
import {
  header,
  pathParameters,
  problem,
  problemAnswers,
  queryParameters,
} from "../http/openapi.ts";
import {
  type AdminOperation,
  type AdminOperationId,
  adminChangeErrors,
  adminErrors,
  adminOperationIds,
  adminOperations,
} from "./operations.ts";

const key = header("Idempotency-Key", "1 to 64 printable ASCII characters.");
const requestId = header("X-Request-Id", "A UUID that the answer repeats.", false);

/** Every error that an operation can give. */
export function adminErrorsOf({ errors, mutates }: AdminOperation): ErrorCode[] {
  return [...new Set([...errors, ...adminErrors, ...(mutates ? adminChangeErrors : [])])];
}

function operationOf(id: AdminOperationId) {
  const operation: AdminOperation = adminOperations[id];
  const { summary, mutates, body, bodyShown, query, path, status, answer } = operation;
  const json = (schema: TSchema) => ({ content: { "application/json": { schema } } });
  const shown = bodyShown ?? body;
  return {
    operationId: id,
    summary,
    parameters: [
      ...pathParameters(path),
      ...queryParameters(query),
      requestId,
      ...(mutates ? [key] : []),
    ],
    ...(shown === undefined ? {} : { requestBody: { required: true, ...json(shown) } }),
    responses: {
      [status]: { description: "Done.", ...json(answer) },
      ...problemAnswers(adminErrorsOf(operation)),
    },
  };
}

export function adminOpenApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const id of adminOperationIds) {
    const { path, method } = adminOperations[id];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(id) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Pantun: the administration API",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ certificate: [] }, { clientCredentials: [] }],
    paths,
    components: {
      securitySchemes: {
        certificate: { type: "mutualTLS" },
        clientCredentials: {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: "/oauth2/token", scopes: {} } },
        },
      },
      schemas: { Problem: problem },
    },
  };
}
