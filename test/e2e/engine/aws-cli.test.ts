import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect } from "vitest";
import { commandsOf, howToNames } from "../../docs/commands.ts";
import { findProgram, withInstalled } from "../../support/installed.ts";
import { run } from "../../support/process.ts";

// The how-tos' commands of the aws CLI, run by the CLI up to the request to AWS, which a server on loopback refuses: by then the CLI has
// taken every option, and its value in the form that it documents.

const missing = findProgram("aws") === undefined ? ["aws"] : [];

/** What takes no options is only named; signing in needs a browser. */
const COMMANDS = [
  ...new Set(
    howToNames()
      .flatMap(commandsOf)
      .filter(({ program, isBlock, text }) => program === "aws" && (isBlock || text.includes(" --")))
      .map(({ text }) => text)
      .filter((text) => !text.startsWith("aws sso login ")),
  ),
];

/** What the APIs of EC2 and STS answer in; the others are refused without a word. */
const REFUSAL = "<Response><Errors><Error><Code>Refused</Code></Error></Errors></Response>";

/** The operation of the API behind a command: CreateKey of create-key. What the CLI adds to the API uses one of it. */
function operationOf(text: string): string {
  const [, service = "", command = ""] = text.split(" ");
  if (`${service} ${command}` === "eks update-kubeconfig") return "DescribeCluster";
  return command.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

withInstalled({ title: "the how-tos' commands of aws", what: "the aws CLI", missing }, (test) => {
  let aws: Server;
  let requests = 0;

  beforeAll(async () => {
    aws = createServer((request, response) => {
      requests++;
      request.resume();
      const isQuery =
        request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
      request.on("end", () => response.writeHead(403).end(isQuery ? REFUSAL : ""));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => aws.once("listening", resolve));
  });
  afterAll(() => {
    aws?.closeAllConnections();
    aws?.close();
  });

  for (const text of COMMANDS)
    test(`are taken by the CLI, which asks AWS: ${text}`, async () => {
      const { port } = aws.address() as AddressInfo;
      requests = 0;
      const { AWS_PROFILE: _, ...env } = process.env;
      const { code, stdout, stderr } = await run("bash", ["-c", text.replaceAll(/<[^>]*>/g, "placeholder")], {
        env: {
          ...env,
          AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
          AWS_ACCESS_KEY_ID: "of-nobody",
          AWS_SECRET_ACCESS_KEY: "of-nobody",
          AWS_DEFAULT_REGION: "eu-central-1",
          AWS_MAX_ATTEMPTS: "1",
          AWS_PAGER: "",
        },
      });
      expect(stdout + stderr).toContain(`when calling the ${operationOf(text)} operation`);
      expect(code).not.toBe(0);
      expect(requests).toBe(1);
    });
});
