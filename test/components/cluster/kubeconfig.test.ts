import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findContext } from "../../../components/cluster/kubeconfig.ts";

// What is read and what is refused agrees with kubectl 1.32 and its `config view`, for each of these files.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Content {
  readonly contexts?: Readonly<Record<string, readonly [cluster: string, user: string]>>;
  readonly clusters?: Readonly<Record<string, object>>;
  readonly users?: Readonly<Record<string, object>>;
}

function write(name: string, { contexts = {}, clusters = {}, users = {} }: Content): string {
  const named = (key: string, entries: Readonly<Record<string, unknown>>) =>
    Object.entries(entries).map(([entry, value]) => ({ name: entry, [key]: value }));
  const references = Object.fromEntries(
    Object.entries(contexts).map(([context, [cluster, user]]) => [context, { cluster, user }]),
  );
  return writeText(
    name,
    JSON.stringify({
      contexts: named("context", references),
      clusters: named("cluster", clusters),
      users: named("user", users),
    }),
  );
}

function writeText(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const FIRST: Content = {
  contexts: { one: ["c1", "u1"], both: ["c1", "u1"] },
  clusters: { c1: { server: "https://first" } },
  users: { u1: { token: "t1", "client-certificate": "certificates/u1.crt" } },
};
const SECOND: Content = {
  contexts: { two: ["c1", "u2"], both: ["c2", "u2"] },
  clusters: {
    c1: { server: "https://second", "tls-server-name": "second" },
    c2: { server: "https://second-2" },
  },
  users: { u2: { token: "t2" } },
};

const find = (context: string, env: NodeJS.ProcessEnv, kubeconfig?: string) =>
  findContext({ context, ...(kubeconfig !== undefined && { kubeconfig }) }, "environment.cluster", env);

function found(...args: Parameters<typeof find>) {
  const result = find(...args);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function problems(...args: Parameters<typeof find>) {
  const result = find(...args);
  return result.ok ? [] : result.problems;
}

describe("a context", () => {
  it("is found in the file that the settings name, whatever KUBECONFIG says", () => {
    const [file, other] = [write("a", FIRST), write("b", SECOND)];
    expect(found("one", { KUBECONFIG: other }, file)).toMatchObject({
      file,
      cluster: { server: "https://first" },
    });
    expect(problems("two", { KUBECONFIG: other }, file)[0]?.found).toContain(`${file} (cluster.kubeconfig)`);
  });

  it("is found in the files of KUBECONFIG, and a name counts where it is first", () => {
    const list = [write("a", FIRST), write("b", SECOND)];
    const env = { KUBECONFIG: list.join(delimiter) };
    expect(found("both", env)).toMatchObject({ file: list[0], cluster: { server: "https://first" } });
    // The cluster of another file, whole and not merged.
    expect(found("two", env)).toMatchObject({ file: list[1], user: { token: "t2" } });
    expect(found("two", env).cluster).toEqual({ server: "https://first" });
    expect(found("both", { KUBECONFIG: list.toReversed().join(delimiter) }).cluster).toEqual({
      server: "https://second-2",
    });
  });

  it("is found where files of the list are missing, empty or named twice", () => {
    const file = write("a", FIRST);
    const list = ["", join(folder, "missing"), writeText("empty", ""), file, file];
    expect(found("one", { KUBECONFIG: list.join(delimiter) }).file).toBe(file);
  });

  it("is found in ~/.kube/config if KUBECONFIG is unset or empty", () => {
    const file = write(".kube/config", FIRST);
    for (const env of [{ HOME: folder }, { HOME: folder, KUBECONFIG: "" }])
      expect(found("one", env).file).toBe(file);
  });

  it("has the files of its credentials as paths from the kubeconfig's folder, and a command on PATH as it is", () => {
    const users = { u1: { exec: { command: "bin/token" } }, u2: { exec: { command: "aws" } } };
    const file = write("a", { ...FIRST, users });
    write("b", { ...FIRST, contexts: { one: ["c1", "u2"] }, users });
    expect(found("one", {}, file).user).toEqual({ exec: { command: join(folder, "bin/token") } });
    expect(found("one", {}, join(folder, "b")).user).toEqual({ exec: { command: "aws" } });
    expect(found("one", {}, write("c", FIRST)).user).toEqual({
      token: "t1",
      "client-certificate": join(folder, "certificates/u1.crt"),
    });
  });
});

describe("what is refused", () => {
  it("is a context that is not there, with the contexts and the files that are", () => {
    const list = [write("a", FIRST), write("b", SECOND), join(folder, "missing")];
    const [problem, ...more] = problems("on", { KUBECONFIG: list.join(delimiter) });
    expect(more).toEqual([]);
    expect(problem).toEqual({
      path: "environment.cluster.context",
      found: `"on", which is no context of ${list[0]} and ${list[1]} (KUBECONFIG)`,
      allowed: "one of its contexts: both, one, two",
      fix: "did you mean one?",
    });
  });

  it("is a context of kind that is not there, with the commands that create it", () => {
    const [problem] = problems("kind-bellwether", { HOME: folder });
    expect(problem?.found).toBe(
      `"kind-bellwether", but there is no kubeconfig at ${join(folder, ".kube/config")} (no KUBECONFIG is set)`,
    );
    expect(problem?.fix).toContain("kind create cluster --name bellwether");
    expect(problem?.fix).toContain("kind export kubeconfig --name bellwether");
  });

  it("is a context without its cluster and its user, both at once", () => {
    const file = write("a", { contexts: { one: ["c1", "u1"] } });
    expect(problems("one", { KUBECONFIG: file }).map((problem) => problem.found)).toEqual([
      `"one" of ${file}, whose cluster "c1" is missing or has no server`,
      `"one" of ${file}, whose user "u1" is missing`,
    ]);
  });

  it.each([
    ["no YAML", "{"],
    ["a text", "just text"],
    ["a list", "[]"],
    ["a map where a list must be", "contexts: {}"],
    ["two contexts of one name", "contexts: [{name: x, context: {}}, {name: x, context: {}}]"],
  ])("is a file with %s, even beside one that has the context", (_, text) => {
    const list = [write("a", FIRST), writeText("b", text)];
    expect(problems("one", { KUBECONFIG: list.join(delimiter) })[0]?.found).toMatch(
      new RegExp(`^${list[1]}, which is no kubeconfig`),
    );
  });

  it("is a file that the settings name and that is not there, and a folder", () => {
    expect(problems("one", {}, join(folder, "missing"))[0]?.found).toMatch(/missing, which does not exist$/);
    expect(problems("one", { KUBECONFIG: folder })[0]?.found).toMatch(/cannot be read \(EISDIR\)$/);
  });

  it.skipIf(process.getuid?.() === 0)("is a file without read permission", () => {
    const file = write("a", FIRST);
    chmodSync(file, 0);
    expect(problems("one", { KUBECONFIG: file })[0]?.found).toMatch(/cannot be read \(EACCES\)$/);
  });

  it("says nothing of what a file holds, as that may be a credential", () => {
    for (const text of ["users: [{name: u1, user: {token: s3cr3t}]", "contexts: s3cr3t", '"s3cr3t"'])
      expect(JSON.stringify(problems("one", { KUBECONFIG: writeText("a", text) }))).not.toContain("s3cr3t");
    const file = write("b", { contexts: { one: ["c1", "u1"] }, users: { u1: { token: "s3cr3t" } } });
    expect(JSON.stringify(problems("one", { KUBECONFIG: file }))).not.toContain("s3cr3t");
  });
});
