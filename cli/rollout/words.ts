import { toleranceOf } from "../cluster/budget.ts";
import type { Reason } from "../cluster/pod.ts";
import { inWords } from "./problems.ts";
import { isSettled, type Member, type Workload } from "./state.ts";
import { isContinued, type Step } from "./steps.ts";

/** A step, and how far the rollout is, as one line. */
export function progressInWords(step: Step, workload: Workload): string {
  switch (step.kind) {
    case "change-template":
      return "change the template";
    case "begin":
      return `note which pods are to go: ${step.pods.length}`;
    case "delete":
      return `delete ${step.pod.name}, which is not ready`;
    case "evict":
      return `evict ${step.pod.name}`;
    case "end":
      return "remove the note";
    case "await":
      return `wait: ${numbersInWords(workload)}`;
  }
}

function numbersInWords(workload: Workload): string {
  const { desired, updated, available, begun, members, replacement } = workload;
  if (replacement === "by its controller")
    return `${updated} of ${desired} pods are of the newest template, ${available} are available`;
  const left = members.filter(({ uid }) => begun?.pods?.includes(uid)).length;
  const ready = members.filter((member) => member.ready).length;
  return `${left} of ${desired} pods are to go, ${ready} are ready`;
}

/** What does not get on and why, a line each; none where every pod is ready. */
export function stuckInWords({ failing, members }: Workload): readonly string[] {
  return [
    ...(failing === undefined ? [] : [failing]),
    ...members.filter(({ ready, finished }) => !ready && !finished).map(stuckMember),
  ];
}

function stuckMember({ name, node, deleting, newest, reasons }: Member): string {
  const where = node === undefined ? "on no node" : `on ${node}`;
  const why = deleting
    ? ["is being deleted"]
    : reasons.map(({ reason, message }) => [reason, message].filter((text) => text !== "").join(": "));
  return `${name} ${where}, of the ${newest ? "newest" : "previous"} template: ${why.join("; ") || "not ready"}`;
}

/** Reasons that pods of the same template have again, with what removes them. */
const OF_THE_TEMPLATE: Readonly<Record<string, string>> = {
  ErrImagePull: "correct the image, or its registry",
  ImagePullBackOff: "correct the image, or its registry",
  InvalidImageName: "correct the image",
  CreateContainerConfigError: "create the ConfigMap or Secret that is missing",
  Unschedulable: "add nodes, or undo the change of requests, selectors or tolerations",
};

function lasting(members: readonly Member[]): readonly Reason[] {
  const found = members.flatMap(({ ready, reasons }) => (ready ? [] : reasons));
  const names = [...new Set(found.map(({ reason }) => reason))];
  return names.flatMap((reason) => {
    const message = OF_THE_TEMPLATE[reason];
    return message === undefined ? [] : [{ reason, message }];
  });
}

/** The state of a workload and what a restart does, for a person who decides. */
export function planInWords(workload: Workload, { where, now, patience, warnings }: PlanOptions): string {
  const { desired, updated, available, owner, members, budgets } = workload;
  const stuck = stuckInWords(workload);
  const lines = [
    where,
    "",
    `${inWords(workload)}: ${desired} pods, ${updated} of the newest template, ${available} available`,
    ...(stuck.length > 0
      ? stuck.map((line) => `  ${line}`)
      : [isSettled(workload) ? "  nothing is stuck" : "  a rollout is under way"]),
    ...warnings.map((warning) => `  newest warning: ${warning}`),
    ...(owner === undefined ? [] : [`  its template belongs to ${owner}, so that its pods are evicted`]),
    ...budgets.map(
      (budget) =>
        `  budget ${budget.name}: ${toleranceOf(budget)} of ${budget.expected} may be away, ${budget.healthy} are healthy`,
    ),
    ...lasting(members).map(
      ({ reason, message }) =>
        `  ${reason}: pods of the same template have it again. First ${message}, or roll back.`,
    ),
    "",
    ...stepsInWords(workload, now, patience).map((step, index) => `  ${index + 1}. ${step}`),
    "",
    "If this command is interrupted, run it again within 15 minutes: it continues where it stopped.",
  ];
  return `${lines.join("\n")}\n`;
}

export interface PlanOptions {
  readonly where: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Milliseconds. */
  readonly patience: number;
  /** The newest warnings about pods that are not ready. */
  readonly warnings: readonly string[];
}

function stepsInWords(workload: Workload, now: number, patience: number): readonly string[] {
  const { begun, members, desired, awayAtMost, kind } = workload;
  const continued = isContinued(workload, now);
  const since = begun && continued ? new Date(begun.at).toISOString() : undefined;
  const within = `at most ${Math.round(patience / 60_000)} min`;
  if (workload.replacement === "by eviction") {
    const left = since === undefined ? members : members.filter(({ uid }) => begun?.pods?.includes(uid));
    const order = [...left.filter(({ ready }) => !ready), ...left.filter(({ ready }) => ready)];
    return [
      ...(since === undefined ? [] : [`continue the restart of ${since}`]),
      ...order.map(
        ({ name, ready }) =>
          `${ready ? "evict" : "delete"} ${name}, and wait until ${desired} pods are ready`,
      ),
      `give up after ${within.slice("at most ".length)}`,
    ];
  }
  const away =
    awayAtMost >= desired
      ? "all pods may be away at the same time"
      : `${awayAtMost} of ${desired} pods may be away at the same time`;
  const broken = kind === "StatefulSet" ? members.filter(({ ready, newest }) => !ready && !newest) : [];
  return [
    since === undefined
      ? `change the template, so that its controller replaces every pod: ${away}`
      : `continue the restart of ${since}`,
    ...broken.map(({ name }) => `delete ${name}, which the controller may wait for`),
    `wait until ${desired} pods are of the newest template and available, ${within}`,
  ];
}
