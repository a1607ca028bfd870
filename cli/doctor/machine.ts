import { existsSync, readFileSync } from "node:fs";
import { VERSIONS } from "../../components/core/versions.ts";
import { type Finding, note, ok, unchecked, wrong } from "./finding.ts";
import { isAtLeast, nodeFinding, pulumiFinding, type Runs, versionIn } from "./programs.ts";

/** What the checks of a machine look at. */
export interface Machine {
  readonly run: Runs;
  /** The folder of the platform. */
  readonly root: URL;
  /** The time that a host says, in milliseconds since 1970; undefined: none answered. */
  readonly hostTime: () => Promise<number | undefined>;
  readonly now: () => number;
}

/** A program that some commands start, and others do not need. */
interface Needed {
  readonly name: string;
  readonly args: readonly string[];
  /** What needs it. */
  readonly by: string;
  /** The version that is deployed, and no other is the same. Default: any. */
  readonly version?: string;
  /** The oldest version that will do. Default: any. */
  readonly oldest?: string;
  readonly fix: string;
}

const NEEDED: readonly Needed[] = [
  {
    name: "git",
    args: ["--version"],
    by: "review, and the workflows",
    fix: "install it: https://git-scm.com/downloads",
  },
  {
    name: "aws",
    args: ["--version"],
    by: "environments in AWS: pulumi up, doctor, audit and recover",
    oldest: "2",
    fix: "install version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  },
  {
    name: "kubectl",
    args: ["version", "--client"],
    by: "the runbooks, and forwarding of ports to Prometheus and Alertmanager",
    fix: "install it: https://kubernetes.io/docs/tasks/tools/",
  },
  {
    name: "prometheus",
    args: ["--version"],
    by: "lab, and the replay of review and alert-review",
    version: VERSIONS.prometheus,
    fix: `put ${VERSIONS.prometheus} from https://prometheus.io/download/ on PATH`,
  },
  {
    name: "alertmanager",
    args: ["--version"],
    by: "lab",
    version: VERSIONS.alertmanager,
    fix: `put ${VERSIONS.alertmanager} from https://prometheus.io/download/ on PATH`,
  },
];

/**
 * Checks what the commands need of this machine: what all of them need, and for each program that only some start, which these are. A program
 * that is missing is a note, as nobody needs all commands.
 */
export async function examineMachine({ run, root, hostTime, now }: Machine): Promise<readonly Finding[]> {
  return [
    nodeFinding(),
    packagesFinding(root),
    await pulumiFinding(run),
    ...(await Promise.all(NEEDED.map((needed) => programFinding(needed, run)))),
    await clockFinding(hostTime, now),
  ];
}

async function programFinding(needed: Needed, run: Runs): Promise<Finding> {
  const { name, args, by, version, oldest, fix } = needed;
  const ran = await run(name, args);
  const found = ran?.code === 0 ? versionIn(ran.stdout + ran.stderr) : undefined;
  const missing = (what: string) => note(name, `${what}: needed by ${by}; to have it, ${fix}`);
  if (found === undefined) return missing("not on PATH");
  const its = found.join(".");
  if (version !== undefined && its !== version) return missing(`${its}, and ${version} is deployed`);
  if (oldest !== undefined && !isAtLeast(found, oldest.split(".").map(Number)))
    return missing(`${its}, and ${oldest} or newer is wanted`);
  return ok(name, its);
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly optional?: true; readonly link?: true }>
  >;
}

/** Whether the packages that package-lock.json names are those that are installed. */
function packagesFinding(root: URL): Finding {
  const check = "npm packages";
  const installed = new URL("node_modules/.package-lock.json", root);
  const allowed = "the packages of package-lock.json";
  if (!existsSync(installed)) return wrong(check, { found: "none is installed", allowed, fix: "npm ci" });
  const read = (file: URL) => (JSON.parse(readFileSync(file, "utf8")) as Lock).packages;
  const its = read(installed);
  const differing = Object.entries(read(new URL("package-lock.json", root))).flatMap(
    ([path, { version, optional, link }]) => {
      // What is optional is for other machines, too.
      if (path === "" || link || its[path]?.version === version || (optional && its[path] === undefined))
        return [];
      return [`${path.replace(/^.*node_modules\//, "")} ${its[path]?.version ?? "is missing"}`];
    },
  );
  if (differing.length === 0) return ok(check, "as package-lock.json has them");
  const shown = differing.slice(0, 3).join(", ");
  const more = differing.length > 3 ? ` and ${differing.length - 3} more` : "";
  return wrong(check, { found: `differ: ${shown}${more}`, allowed, fix: "npm ci" });
}

/** AWS refuses a request that was signed more than five minutes ago or ahead: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const MOST_SECONDS = 300;

async function clockFinding(hostTime: Machine["hostTime"], now: Machine["now"]): Promise<Finding> {
  const its = await hostTime();
  if (its === undefined) return unchecked("clock", "no host said the time");
  const seconds = Math.round((now() - its) / 1000);
  const found = seconds === 0 ? "exact" : `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead"}`;
  if (Math.abs(seconds) <= MOST_SECONDS) return ok("clock", found);
  return wrong("clock", {
    found,
    allowed: `at most ${MOST_SECONDS} s from the right time: AWS refuses requests of another, and alerts seem to be older or newer than they are`,
    fix: "set the clock: turn on the time synchronization of the operating system",
  });
}
