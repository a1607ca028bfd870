import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, PATCH, Refused } from "../../../cli/cluster/client.ts";
import { contextOf } from "../../../cli/cluster/reach.ts";
import type { Entry } from "../../../components/cluster/kubeconfig.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";

// What the client sends, and what it says if there is no answer. test/e2e/control-plane/doctor.test.ts asks a real API server.

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let folder: string;
const requests: Request[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-client-"));
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method, url, headers } = request;
      requests.push({ method, url, headers, body });
      const status = url === "/missing" ? 404 : url === "/forbidden" ? 403 : 200;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(status === 200 ? { metadata: { name: "x" } } : { message: "told why" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function contextWith(user: Entry, cluster: Entry = { server: `${address()}/` }) {
  return { name: "kind-bellwether", file: "/home/somebody/.kube/config", cluster, user };
}

/** The headers that a user's credentials become. */
async function headersOf(user: Entry): Promise<IncomingHttpHeaders> {
  const client = await connect(contextWith(user));
  await client.must("GET", "/version");
  client.close();
  return requests.at(-1)?.headers ?? {};
}

/** A program that prints what is given, as the exec plugins of kubeconfigs do. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidInputError);
  return (error as InvalidInputError).message;
}

describe("the client of a cluster", () => {
  it("sends a body with its content type, and gives what is answered", async () => {
    const client = await connect(contextWith({}));
    expect(client.server).toBe(address());
    expect(await client.must("PATCH", "/api/v1/x", { spec: 1 }, PATCH.merge)).toEqual({
      metadata: { name: "x" },
    });
    expect(requests.at(-1)).toMatchObject({ method: "PATCH", url: "/api/v1/x", body: '{"spec":1}' });
    expect(requests.at(-1)?.headers["content-type"]).toBe("application/merge-patch+json");
    expect(await client.get("/missing")).toBeUndefined();
    const refused = await client.get("/forbidden").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ status: 403, message: "GET /forbidden: 403 told why" });
    client.close();
  });

  it("proves its sender by a token, its file, or a user and password", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "from-file\n");
    expect((await headersOf({ token: "t" })).authorization).toBe("Bearer t");
    expect((await headersOf({ token: "t", tokenFile })).authorization).toBe("Bearer from-file");
    expect((await headersOf({ username: "u", password: "p" })).authorization).toBe(
      `Basic ${Buffer.from("u:p").toString("base64")}`,
    );
    expect((await headersOf({ token: "t", as: "somebody" }))["impersonate-user"]).toBe("somebody");
    expect((await headersOf({})).authorization).toBeUndefined();
  });

  it("runs the program that a kubeconfig names for a token, with its arguments and variables", async () => {
    const command = program(
      "get-token",
      'test "$(echo "$KUBERNETES_EXEC_INFO" | grep -c ExecCredential)" = 1 && ' +
        'printf \'{"kind":"ExecCredential","status":{"token":"%s-%s"}}\' "$1" "$WHO"',
    );
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command,
      args: ["arg"],
      env: [{ name: "WHO", value: "me" }],
    };
    expect((await headersOf({ exec })).authorization).toBe("Bearer arg-me");
  });

  it("says why there are no credentials, and nothing of what was printed for one", async () => {
    const failing = program("failing", "echo s3cr3t; echo 'expired: sign in' >&2; exit 1");
    const silent = program("silent", "echo s3cr3t");
    const messages = await Promise.all(
      [
        { exec: { command: failing } },
        { exec: { command: silent } },
        { exec: { command: "bellwether-no-such-program", installHint: "get it from example.com" } },
        { "client-certificate": join(folder, "missing.crt") },
        { "auth-provider": { name: "gcp" } },
      ].map((user) => refusalOf(connect(contextWith(user)))),
    );
    expect(messages[0]).toContain("gives no credential: expired: sign in");
    expect(messages[1]).toContain("gives no credential");
    expect(messages[2]).toContain("bellwether-no-such-program, which is not on PATH");
    expect(messages[2]).toContain("get it from example.com");
    expect(messages[3]).toContain("missing.crt, which cannot be read (ENOENT)");
    expect(messages[4]).toContain("auth-provider, which this command cannot use");
    expect(messages.join()).not.toContain("s3cr3t");
  });

  it("says which server does not answer, by which context of which file", async () => {
    const client = await connect(contextWith({}, { server: "https://127.0.0.1:1" }));
    const message = await refusalOf(client.get("/version"));
    expect(message).toContain("context kind-bellwether of /home/somebody/.kube/config");
    expect(message).toContain("https://127.0.0.1:1, which does not answer: connect ECONNREFUSED");
  });
});

describe("the way to a cluster of EKS", () => {
  const eks = { name: "prod", cluster: { kind: "eks" }, aws: { region: "eu-central-1" } } as Parameters<
    typeof contextOf
  >[0];

  /** A simulated aws CLI: what it prints, what it says on standard error, and its exit code. */
  function withAws(script: string): Promise<Awaited<ReturnType<typeof contextOf>>> {
    program("aws", script);
    return contextOf(eks, { PATH: `${folder}:${process.env["PATH"]}` });
  }

  it("is what aws eks describe-cluster says, with a token of the aws CLI", async () => {
    const found = await withAws(
      `echo "$@" > ${join(folder, "asked")}; echo '{"cluster":{"status":"ACTIVE","endpoint":"https://e","certificateAuthority":{"data":"Y2E="}}}'`,
    );
    expect(found).toMatchObject({
      ok: true,
      value: {
        name: "prod",
        cluster: { server: "https://e", "certificate-authority-data": "Y2E=" },
        user: {
          exec: {
            command: "aws",
            args: [
              "eks",
              "get-token",
              "--cluster-name",
              "prod",
              "--region",
              "eu-central-1",
              "--output",
              "json",
            ],
          },
        },
      },
    });
  });

  it.each([
    [
      "no cluster",
      "echo 'An error (ResourceNotFoundException)' >&2; exit 254",
      'no EKS cluster "prod" in eu-central-1',
    ],
    [
      "a cluster in creation",
      `echo '{"cluster":{"status":"CREATING"}}'`,
      "with status CREATING and no endpoint",
    ],
    [
      "no credentials",
      "echo 'Unable to locate credentials' >&2; exit 253",
      "which fails: Unable to locate credentials",
    ],
    ["no JSON", "echo text", "with status unknown and no endpoint"],
  ])("is refused for %s", async (_, script, found) => {
    const result = await withAws(script);
    expect(result.ok ? [] : result.problems.map((problem) => problem.found).join()).toContain(found);
  });

  it("is refused without the aws CLI", async () => {
    const result = await contextOf(eks, { PATH: join(folder, "nowhere") });
    expect(result.ok ? [] : result.problems.map((problem) => problem.found)).toEqual(["no aws on PATH"]);
  });
});
