import { z } from "zod";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, cidrBlock, httpsUrl, list, named, secretName, text } from "../core/schema.ts";
import type { NamedSecret } from "../core/secrets.ts";
import { cidrsOverlap } from "../network/cidr.ts";
import { WORKLOADS } from "../workloads/model.ts";

const zoneId = () =>
  text(/^Z[0-9A-Z]{5,31}$/, "the id of a hosted zone of Route 53 such as Z0123456789ABCDEFGHIJ");

/** An Application Load Balancer in front of Prometheus, Alertmanager, and a Grafana on the cluster. */
export const albSettings = z.strictObject({
  kind: z.literal("alb"),
  domain: text(
    /^(?=.{4,200}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "a domain such as prod.example.com",
  ).meta({
    description:
      "The load balancer answers under prometheus.<domain>, alertmanager.<domain> and, with Grafana on the cluster, grafana.<domain>.",
  }),
  hostedZone: zoneId().optional().meta({
    description:
      "Hosted zone of Route 53, public or private, in which the names are created. Default: none; the stack output ingressAddress is what the names must lead to.",
  }),
  certificate: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("existing"),
        arn: text(
          /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
          "the ARN of a certificate of ACM",
        ).meta({
          description: "ARN of a certificate of ACM for the names, in the environment's region.",
        }),
      }),
      z.strictObject({
        kind: z.literal("new"),
        hostedZone: zoneId().meta({
          description: "Public hosted zone for the record with which ACM validates the domain.",
        }),
      }),
    ])
    .meta({ description: "existing: a certificate of ACM by its ARN. new: one that ACM issues and renews." }),
  scheme: choice(["internal", "internet-facing"]).default("internal").meta({
    description:
      "internal: only private addresses, in subnets of its own. internet-facing: public addresses, in the public subnets.",
  }),
  sources: list(cidrBlock(), 1, 40).optional().meta({
    description:
      "CIDR blocks that may reach the load balancer. Default: network.cidr, cluster.endpoint.networks and programs. Required for internet-facing.",
  }),
  programs: list(cidrBlock(), 0, 4).default([]).meta({
    description:
      "CIDR blocks of programs, such as a Grafana elsewhere, that query Prometheus and Alertmanager without signing in: a program cannot follow a sign-in page.",
  }),
  oidc: z
    .strictObject({
      issuer: text(/^https:\/\/[^\s@?#]{3,500}$/, "an https URL, as the identity provider writes it").meta({
        description: "Issuer of the identity provider, exactly as its tokens have it.",
      }),
      authorizationEndpoint: httpsUrl().meta({ description: "Where people sign in." }),
      tokenEndpoint: httpsUrl().meta({ description: "Where the load balancer exchanges a code for tokens." }),
      userInfoEndpoint: httpsUrl().meta({ description: "Where the load balancer asks who signed in." }),
      clientId: text(/^[\w.:@/-]{1,256}$/, "the id of a client of the identity provider").meta({
        description:
          "Id of the client. Its redirect URIs: https://<host>/oauth2/idpresponse, of every host that is served.",
      }),
      clientSecretSecret: secretName().meta({
        secret: true,
        description: "Secret: the secret of the client.",
      }),
    })
    .meta({
      description: "The identity provider (OpenID Connect) that people sign in at before they pass.",
    }),
  subnets: named(
    text(/^subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?$/, "the id of a subnet such as subnet-0123456789abcdef0"),
    cidrBlock(),
  )
    .optional()
    .meta({
      description:
        "With network.existing, and only then: the subnets of the load balancer, which hold no pods, as a map from the id to the CIDR block.",
    }),
});

export type AlbSettings = z.output<typeof albSettings>;

/** What the load balancer serves: the workload by the first label of its host. */
const SERVED = {
  prometheus: WORKLOADS.prometheus,
  alertmanager: WORKLOADS.alertmanager,
  grafana: WORKLOADS.grafana,
} as const;

export type Served = keyof typeof SERVED;

/** The port that pods of a served workload listen on. */
export function servedPort(served: Served): number {
  return served === "grafana" ? SERVED.grafana.ports.http : SERVED[served].ports.web;
}

/** The name under which something is served. */
export function hostOf({ domain }: Pick<AlbSettings, "domain">, served: Served): string {
  return `${served}.${domain}`;
}

/** What is wrong between the fields; `path` is where the settings stand. */
export function albProblems(settings: AlbSettings, path: string): Problem[] {
  const { scheme, sources, programs } = settings;
  const world = everyAddress(sources ?? [], joinPath(path, ["sources"]), {
    allowed: "blocks of networks that people work in",
    fix: "name the blocks of your offices and VPNs",
  });
  const open = everyAddress(programs, joinPath(path, ["programs"]), {
    allowed: "the addresses of programs: Prometheus and Alertmanager ask for no password",
    fix: "name the addresses from which the program connects",
  });
  const unreachable = programs.flatMap((block, index) =>
    sources === undefined || sources.some((source) => cidrsOverlap(source, block))
      ? []
      : [
          {
            path: joinPath(path, ["programs", index]),
            found: `${shown(block)}, which sources do not let in`,
            allowed: "blocks inside sources",
            fix: "add the block to sources",
          },
        ],
  );
  const unlimited = {
    path: joinPath(path, ["sources"]),
    found: "nothing, and scheme is internet-facing",
    allowed: "the blocks that may reach a load balancer with public addresses",
    fix: "name the blocks of your offices and VPNs, or set scheme to internal",
  };
  return [
    ...world,
    ...open,
    ...unreachable,
    ...(scheme === "internet-facing" && sources === undefined ? [unlimited] : []),
  ];
}

/** A problem for each block that is the whole Internet. */
function everyAddress(
  blocks: readonly string[],
  path: string,
  rest: Pick<Problem, "allowed" | "fix">,
): Problem[] {
  return blocks.flatMap((block, index) =>
    block.endsWith("/0")
      ? [{ path: joinPath(path, [index]), found: `${shown(block)}, which is every address`, ...rest }]
      : [],
  );
}

/** The secrets that must be set before a deployment. */
export function albSecrets({ oidc }: AlbSettings, path: string): readonly NamedSecret[] {
  return [{ name: oidc.clientSecretSecret, path: `${path}.oidc.clientSecretSecret` }];
}
