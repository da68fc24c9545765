// The OpenAPI 3.1 document of the switch's JSON API, out of its table and its schemas.
import { problem, problemAnswers } from "../http/openapi.ts";
import { switchErrors, switchOperationIds, switchOperations } from "./operations.ts";

export function switchOpenApi(version: string): object {
  const paths = switchOperationIds.map((id) => {
    const { path, summary, role, body, answer } = switchOperations[id];
    const json = (schema: object) => ({ content: { "application/json": { schema } } });
    const post = {
      operationId: id,
      summary: `${summary} Needs the role ${role}.`,
      requestBody: { required: true, ...json(body) },
      responses: {
        200: { description: "Approved or declined.", ...json(answer) },
        ...problemAnswers(switchErrors),
      },
    };
    return [path, { post }] as const;
  });
  return {
    openapi: "3.1.0",
    info: {
      title: "Pantun: the API of switches and directory servers",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ mutualTls: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { mutualTls: { type: "mutualTLS" } },
      schemas: { Problem: problem },
    },
  };
}
