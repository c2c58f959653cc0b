// Calls a server through the types that openapi-typescript generates from the API contract.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

declare const process: { env: Record<string, string | undefined> };

const client = createClient<paths>({
  baseUrl: process.env.GATEPOST_URL,
  headers: { Authorization: `Bearer ${process.env.GATEPOST_TOKEN}` },
});

const request: components["schemas"]["DeploymentCreate"] = {
  service: "shop",
  environment: "test",
  version: "1.0.0",
  work_references: ["SHOP-1"],
  rollback_plan: "Redeploy.",
};
const created = await client.POST("/api/v1/deployments", { body: request });
if (created.data === undefined) throw new Error(JSON.stringify(created.error));
const requester: string = created.data.requester;

const listed = await client.GET("/api/v1/deployments", {
  params: { query: { service: ["shop"], limit: 5 } },
});
const numbers: string[] = listed.data?.items.map((deployment) => deployment.number) ?? [];

const missing = await client.GET("/api/v1/deployments/{deployment}", {
  params: { path: { deployment: "DEP-99" } },
});
const code: string | undefined = missing.error?.code;

// @ts-expect-error The contract has no such path.
type Unknown = paths["/api/v1/nothing"];
// @ts-expect-error A deployment has no such field.
created.data.colour;

console.log(JSON.stringify({ requester, number: created.data.number, numbers, code }));
