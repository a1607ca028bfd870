import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertmanagerAt } from "../../cli/alertmanager/connection.ts";
import { silencesOf } from "../../cli/alertmanager/silences.ts";
import { connectionTo } from "../../cli/verify/connection.ts";
import { InvalidInputError } from "../../components/core/problems.ts";

/** What servers answer that are neither Prometheus nor Alertmanager, by the first part of the path. All with status 200. */
const ANSWERS: Readonly<Record<string, string>> = {
  page: "<!doctype html><title>Sign in</title>",
  empty: "",
  null: "null",
  text: '"ok"',
  status: '{"status":"success"}',
  nothing: '{"status":"success","data":null}',
};

const server = createServer(({ url = "" }, response) => {
  const name = url.split("/")[1] ?? "";
  if (name === "refusing") response.writeHead(404);
  response.end(name === "refusing" ? "404 page not found\n" : ANSWERS[name]);
});
let address = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

async function problemOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidInputError);
  return (error as InvalidInputError).message;
}

describe("A server that answers, but is another one", () => {
  it.each([
    ["page", "an answer that is no JSON"],
    ["empty", "an answer that is no JSON"],
    ["null", "an answer without the field data"],
    ["text", "an answer without the field data"],
    ["status", "an answer without the field data"],
    ["nothing", "an answer without the field data"],
  ])("is reported as a mistake in --prometheus where it sends: %s", async (name, found) => {
    const { ask } = connectionTo(`${address}/${name}`, undefined, "slo-report");
    const message = await problemOf(ask("status/config"));
    expect(message).toContain("--prometheus");
    expect(message).toContain(`${address}/${name}/: ${found}`);
    expect(await problemOf(ask("query", { query: "up" }))).toBe(message);
  });

  it.each([
    ["page", "an answer that is no JSON"],
    ["empty", "an answer that is no JSON"],
    ["null", "an answer that is no list"],
    ["text", "an answer that is no list"],
    ["status", "an answer that is no list"],
  ])("is reported as a mistake in --alertmanager where it sends: %s", async (name, found) => {
    const message = await problemOf(silencesOf(alertmanagerAt(`${address}/${name}`, undefined, "silences")));
    expect(message).toContain("--alertmanager");
    expect(message).toContain(`${address}/${name}/: ${found}`);
  });

  it("is reported without an empty line where it refuses", async () => {
    const message = await problemOf(silencesOf(alertmanagerAt(`${address}/refusing`, undefined, "silences")));
    expect(message).toContain("it answers 404 to /refusing/api/v2/silences: 404 page not found\n    allowed");
  });
});
