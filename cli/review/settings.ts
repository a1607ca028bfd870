import { refusedVersionStep } from "../../components/cluster/update-refusals.ts";
import { seconds } from "../../components/core/duration.ts";
import { bytes } from "../../components/core/quantity.ts";
import type { Change, Kind } from "./change.ts";
import { type LeafChange, leafChanges, settingLeafChanges } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";

interface Meaning {
  readonly path: RegExp;
  /** Undefined is: another part of a review says it. */
  readonly kind: Kind | undefined | ((change: LeafChange) => Kind);
  /** What happens, as the rest of a sentence without its full stop. */
  readonly words?: string | ((change: LeafChange) => string);
}

/** Whether a value that is a length, a size or a number gets smaller. */
function shrinks({ before, after }: LeafChange): boolean {
  const [was, is] = [amount(before), amount(after)];
  return was !== undefined && is !== undefined && is < was;
}

function amount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  for (const read of [seconds, bytes])
    try {
      return read(text as never);
    } catch {
      // It is of the other kind, or of none.
    }
  return undefined;
}

const deletes = (change: LeafChange): Kind => (shrinks(change) ? "data-deleted" : "setting-changed");

/** What a setting means to a reviewer, by path, the first that matches. A setting that is not listed is shown with its values alone. */
const MEANINGS: readonly Meaning[] = [
  { path: /^name$/, kind: undefined },
  {
    path: /^tier$/,
    kind: "tier-changed",
    words: "everything that the file does not state has the default of that tier",
  },
  // Who is told is compared alert by alert.
  { path: /^alertmanager\.(teams|workloads|fallback)/, kind: undefined },
  { path: /^alerts\.overrides/, kind: undefined },
  {
    path: /^prometheus\.retention$/,
    kind: deletes,
    words: (change) =>
      shrinks(change)
        ? "Prometheus deletes the older samples"
        : "Prometheus keeps samples for longer; the volume must have room for them",
  },
  {
    path: /^(prometheus|alertmanager|grafana)\.volume$/,
    // pulumi up leaves the size of a volume alone once it exists: components/workloads/volumes.ts.
    kind: "setting-changed",
    words: (change) =>
      shrinks(change)
        ? "existing volumes keep their size, which Kubernetes cannot shrink, and nothing is deleted; only a new volume is smaller"
        : "existing volumes keep their size until bellwether grow-volumes is run",
  },
  {
    path: /[rR]etentionDays$/,
    kind: deletes,
    words: (change) =>
      shrinks(change) ? "AWS deletes what is older" : "AWS keeps it for longer, at its price",
  },
  {
    path: /^prometheus\.store\.kind$/,
    kind: ({ after }) => (after === "none" ? "data-deleted" : "setting-changed"),
    words: ({ after }) => (after === "none" ? "samples are no longer written to long-term storage" : ""),
  },
  {
    path: /^cluster\.deletionProtection$/,
    kind: ({ after }) => (after === "no" ? "protection-lifted" : "setting-changed"),
    words: ({ after }) => (after === "no" ? "EKS accepts requests to delete the cluster from now on" : ""),
  },
  {
    path: /^cluster\.version$/,
    kind: "cluster-changed",
    words: ({ before, after }) =>
      refusedVersionStep(before, after) ??
      "EKS updates the control plane in place, then the nodes are rolled: pods restart elsewhere; back only within 7 days",
  },
  {
    path: /^network\.cidr$/,
    kind: "cluster-replaced",
    words: "AWS cannot change the block of a VPC: network, cluster and nodes are replaced",
  },
  {
    path: /^network\.subnets/,
    kind: "cluster-replaced",
    words: "subnets are replaced, and the nodes in them",
  },
  {
    path: /^network\.existing/,
    kind: "cluster-replaced",
    words: "the cluster moves to another VPC or other subnets: cluster and nodes are replaced",
  },
  {
    path: /^network\.podBlocks/,
    kind: "cluster-changed",
    words:
      "subnets for pods are created or deleted; those that a pod still has an address of are not deleted",
  },
  {
    path: /^cluster\.controlPlaneZones/,
    kind: "cluster-changed",
    words:
      "the control plane has its network interfaces in these zones; EKS adds none to a cluster that exists",
  },
  {
    path: /^network\.interfaceEndpoints/,
    kind: "cluster-changed",
    words: "where traffic to APIs of AWS goes changes, and what is paid for it",
  },
  {
    path: /^network\.zones/,
    kind: "cluster-changed",
    words: "nodes and subnets of other zones are created or deleted",
  },
  {
    path: /^cluster\.serviceCidr$/,
    kind: "cluster-replaced",
    words: "EKS cannot change it: the cluster is replaced",
  },
  {
    path: /^cluster\.nodeGroups\.[^.]+\.(os|architecture|instanceTypes|capacity)$/,
    kind: "cluster-changed",
    words: "the node group is replaced by new nodes, and every pod on the old ones is moved",
  },
  { path: /^cluster\.nodeGroups/, kind: "cluster-changed" },
  {
    path: /^cluster\.endpoint/,
    kind: "cluster-changed",
    words: "who can reach the Kubernetes API changes, in place",
  },
  {
    path: /^cluster\.administrators/,
    kind: "cluster-changed",
    words: "who is administrator of the cluster changes",
  },
  { path: /^(cluster|network|aws)\./, kind: "cluster-changed" },
  { path: /^alertmanager\./, kind: "routing-changed" },
];

/** Maps from names to settings: one that is added or removed is one change. */
const NAMED =
  /^(alertmanager\.receivers|alertmanager\.teams|cluster\.nodeGroups|grafana\.(?:teams|serviceAccounts))\.([^.]+)/;

/** Settings of an environment that change, with what that means. */
export function settingChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const of = ({ settings }: EnvironmentModel) =>
    new Map(Object.entries(settings).map(([path, value]) => [path.replace(NAMED, "$1[$2]"), value]));
  return settingLeafChanges(of(before), of(after)).flatMap((each) => {
    const change = { ...each, path: each.path.replace(/\[([^\]]+)\]/g, ".$1") };
    const meaning = MEANINGS.find(({ path }) => path.test(change.path));
    if (meaning !== undefined && meaning.kind === undefined) return [];
    const { kind = "setting-changed", words = "" } = meaning ?? {};
    const said = typeof words === "function" ? words(change) : words;
    return [
      {
        kind: typeof kind === "function" ? kind(change) : kind,
        about: change.path,
        what: `${valuesInWords(change)}${said === "" ? "" : `; ${said}`}`,
        cause: { setting: change.path },
      } satisfies Change,
    ];
  });
}

function valuesInWords({ before, after }: LeafChange): string {
  if (before === undefined) return `is new: ${after}`;
  return after === undefined ? `is removed (it was ${before})` : `${before} → ${after}`;
}

/** Programs whose versions change. */
export function versionChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  return leafChanges(new Map(Object.entries(before.versions)), new Map(Object.entries(after.versions))).map(
    ({ path, before: was = "not deployed", after: is = "not deployed" }): Change => ({
      kind: "version-changed",
      about: `The version of ${path}`,
      what: `${was} → ${is}; Kubernetes restarts its pods`,
    }),
  );
}
