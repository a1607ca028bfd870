import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort, until } from "../../support/servers.ts";
import { changesBetween, isOfTheRuntime, sampleLines } from "./recording.ts";

// Records what libraries expose. Each script of this folder installs pinned public packages in a temporary folder and runs a small server;
// the server is asked for each address, and its exposition is read after each. Takes up to some minutes a library:
//
//   npm run record:conventions -- [name …]

const HERE = new URL("./", import.meta.url);

/** The addresses that a server is asked for, how often, and the seconds until it has counted the last of them. */
const REQUESTS: Readonly<Record<string, { readonly addresses: readonly string[]; readonly after?: number }>> =
  {
    ok: { addresses: ["/ok", "/ok", "/ok"] },
    slow: { addresses: ["/slow"] },
    bad: { addresses: ["/bad"] },
    fail: { addresses: ["/fail"] },
    raise: { addresses: ["/raise"] },
    unknown: { addresses: ["/unknown-1", "/unknown-2"] },
    orders: { addresses: ["/orders/1", "/orders/2", "/orders/3"] },
    // The client leaves after 300 milliseconds, and the handler ends after 2 seconds.
    hang: { addresses: ["/hang"], after: 3 },
    // Of jobs, whose server answers when the job has ended: one that succeeds when it is tried again, one that takes longer than it may,
    // one whose process is killed, and five that find one worker, busy for 20 seconds with the first.
    retry: { addresses: ["/retry"] },
    limit: { addresses: ["/limit"] },
    lost: { addresses: ["/lost"], after: 3 },
    waiting: { addresses: ["/waiting"], after: 1.5 },
  };

/** Installing from the registries, and compiling. */
const SECONDS_TO_START = 1500;

interface Script {
  readonly name: string;
  /** The lines at its head, such as `library`. */
  readonly head: Readonly<Record<string, string>>;
}

function scriptOf(file: string): Script {
  const text = readFileSync(new URL(file, HERE), "utf8");
  const head = Object.fromEntries(
    [...text.matchAll(/^# (\w+): (.*)$/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
  return { name: file.replace(/\.sh$/, ""), head };
}

async function record({ name, head }: Script): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `record-${name}-`));
  const port = await freePort();
  const metricsPort = head["metrics"]?.startsWith(":") ? await freePort() : port;
  const env = { ...process.env, PORT: String(port), METRICS_PORT: String(metricsPort) };
  const program = spawn("bash", [fileURLToPath(new URL(`${name}.sh`, HERE))], {
    cwd: folder,
    env,
    // A group of its own, so that what the script starts ends with it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  program.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-3000);
  });
  const at = `http://127.0.0.1:${port}`;
  const exposition = async () => {
    const path = head["metrics"]?.replace(/^:/, "") ?? "/metrics";
    const response = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return withoutCreation(await response.text());
  };
  try {
    await until(async () => {
      if (program.exitCode !== null || program.signalCode !== null)
        throw new Error(`the script ended with ${program.exitCode ?? program.signalCode}`);
      return (await answers(exposition())) && (await answers(fetch(`${at}/`)));
    }, SECONDS_TO_START);
    return await recorded(head, at, exposition);
  } catch (error) {
    throw new Error(`${name}: ${String(error)}\n${log}`);
  } finally {
    await stop(program);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recorded(
  head: Script["head"],
  at: string,
  exposition: () => Promise<string>,
): Promise<string> {
  // A proxy may answer before it has read where requests go.
  await sleep(Number(head["settle"] ?? 0) * 1000);
  // What the program counts of being asked for its metrics is not what is looked for.
  await exposition();
  let before = await exposition();
  const parts = [
    ...Object.entries(head).map(([key, value]) => `# ${key}: ${value}`),
    "# before",
    before.trimEnd(),
  ];
  for (const request of (head["asked"] ?? "").split(" ")) {
    const { addresses = [], after = 0.5 } = REQUESTS[request] ?? {};
    if (addresses.length === 0) throw new Error(`nothing is known of the request ${request}`);
    for (const address of addresses) await ask(at + address, request === "hang");
    await sleep((after + Number(head["wait"] ?? 0)) * 1000);
    const now = await exposition();
    const changed = changesBetween(sampleLines(before), sampleLines(now));
    const types = typesOf(now).filter((line) => !parts.some((part) => part.includes(line)));
    parts.push(`# after ${request}`, ...types, ...changed.filter((line) => !isOfTheRuntime(line)));
    before = now;
  }
  return `${parts.join("\n")}\n`;
}

/** When each series began is of no use here, and takes a quarter of the lines. */
function withoutCreation(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^(?:# (?:HELP|TYPE) )?\w+_created[ {]/.test(line))
    .join("\n");
}

function typesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => /^# TYPE /.test(line) && !isOfTheRuntime(line.slice(7)));
}

async function answers(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}

/** Some servers close the connection of a handler that panics. */
async function ask(url: string, gives: boolean): Promise<void> {
  const signal = AbortSignal.timeout(gives ? 300 : 30_000);
  await fetch(url, { signal, headers: { connection: "close" } })
    .then((response) => response.text())
    .catch(() => undefined);
}

async function stop({ pid, exitCode }: ChildProcess): Promise<void> {
  if (pid === undefined || exitCode !== null) return;
  process.kill(-pid, "SIGTERM");
  await sleep(1500);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

const wanted = process.argv.slice(2);
const scripts = readdirSync(HERE)
  .filter((file) => file.endsWith(".sh"))
  .map(scriptOf)
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let failures = 0;
for (const script of scripts) {
  try {
    writeFileSync(new URL(`${script.name}.prom`, HERE), await record(script));
    process.stdout.write(`${script.name}: ${script.head["library"]}\n`);
  } catch (error) {
    failures += 1;
    process.stderr.write(`${String(error)}\n`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
