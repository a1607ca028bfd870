import { ALWAYS, type StackPolicy } from "../policy.ts";
import { objectName, objectNamespace, type StackResource, TYPES } from "../resource.ts";
import { NotVisible, type Value } from "../value.ts";
import { judgeResources } from "../violation.ts";
import { isWorld } from "./address-block.ts";

const LISTENER = "aws:lb/listener:Listener";
const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** Programs that answer everybody who reaches them. */
const WITHOUT_LOGIN = /\b(?:prometheus|alertmanager|thanos)\b/;
/** Grafana asks for a password, which is only safe behind TLS. */
const WITH_LOGIN = /\bgrafana\b/;
const MONITORING_PORTS = new Set([9090, 9093, 3000]);

const NLB = "service.beta.kubernetes.io";
const ALB = "alb.ingress.kubernetes.io";
const NGINX = "nginx.ingress.kubernetes.io";

export const exposedMonitoring: StackPolicy = {
  id: "exposed-monitoring",
  area: "network",
  pack: "security",
  standards: ["NIST AC-3", "NIST SC-7", "NSA/CISA Network separation and hardening", "CIS EKS 5.4.5"],
  scope: "stack",
  title: "Prometheus, Alertmanager and Grafana are not on the Internet without a login.",
  why: "Prometheus and Alertmanager have none: every visitor reads every metric and can silence every alert.",
  fix: "make the load balancer internal (scheme: internal), or let it authenticate: alb.ingress.kubernetes.io/auth-type, nginx.ingress.kubernetes.io/auth-url, authenticate-oidc",
  severity: "critical",
  levels: ALWAYS,
  check: (resources) => [
    ...judgeResources(
      resources.filter(({ type }) => type === TYPES.service),
      serviceVerdict,
    ),
    ...judgeResources(
      resources.filter(({ type }) => type === TYPES.ingress),
      (ingress) => ingressVerdict(ingress, resources),
    ),
    ...judgeResources(
      resources.filter(({ type }) => type === LISTENER),
      (listener) => listenerVerdict(listener, resources),
    ),
  ],
};

function serviceVerdict(service: StackResource): string | undefined {
  const { properties } = service;
  if (!properties.at("spec", "type").is("LoadBalancer")) return undefined;
  const words = wordsOfService(service);
  const annotation = annotationsOf(properties);
  const isInternal =
    annotation(`${NLB}/aws-load-balancer-scheme`) === "internal" ||
    /^(?:true|0\.0\.0\.0\/0)$/.test(annotation(`${NLB}/aws-load-balancer-internal`) ?? "") ||
    annotation("networking.gke.io/load-balancer-type") === "Internal" ||
    annotation(`${NLB}/azure-load-balancer-internal`) === "true";
  const sources = properties.at("spec", "loadBalancerSourceRanges").items();
  const isLimited = sources.length > 0 && !sources.some((block) => isWorld(block.text() ?? ""));
  if (isInternal || isLimited) return undefined;
  if (WITHOUT_LOGIN.test(words))
    return "its load balancer is on the Internet, and what is behind it has no login";
  const hasTls = annotation(`${NLB}/aws-load-balancer-ssl-cert`) !== undefined;
  return WITH_LOGIN.test(words) && !hasTls
    ? "its load balancer is on the Internet, and Grafana's passwords go over it without TLS"
    : undefined;
}

function ingressVerdict(ingress: StackResource, resources: readonly StackResource[]): string | undefined {
  const { properties } = ingress;
  const annotation = annotationsOf(properties);
  const className =
    properties.at("spec", "ingressClassName").text() ?? annotation("kubernetes.io/ingress.class") ?? "";
  // An ALB is internal unless it is asked to be public; other controllers say so only in the name of their class.
  const isInternal =
    /\balb\b/.test(className) || annotation(`${ALB}/scheme`) !== undefined
      ? annotation(`${ALB}/scheme`) !== "internet-facing"
      : /internal|private/i.test(className);
  const ranges = annotation(`${NGINX}/whitelist-source-range`) ?? annotation(`${ALB}/inbound-cidrs`);
  const isLimited = ranges !== undefined && !ranges.split(",").some((block) => isWorld(block));
  if (isInternal || isLimited || authenticates(annotation)) return undefined;
  const words = backendsOf(properties)
    .map((name) => wordsOfBackend(name, ingress, resources))
    .join(" ");
  if (WITHOUT_LOGIN.test(words)) return "it is on the Internet, and what is behind it has no login";
  const hasTls =
    properties.at("spec", "tls").items().length > 0 ||
    annotation(`${ALB}/certificate-arn`) !== undefined ||
    /HTTPS/.test(annotation(`${ALB}/listen-ports`) ?? "");
  return WITH_LOGIN.test(words) && !hasTls
    ? "it is on the Internet, and Grafana's passwords go over it without TLS"
    : undefined;
}

function authenticates(annotation: (name: string) => string | undefined): boolean {
  const albType = annotation(`${ALB}/auth-type`);
  return (
    (albType !== undefined && albType !== "none") ||
    annotation(`${NGINX}/auth-url`) !== undefined ||
    annotation(`${NGINX}/auth-type`) !== undefined ||
    annotation(`${NGINX}/auth-tls-secret`) !== undefined ||
    /auth/i.test(annotation("traefik.ingress.kubernetes.io/router.middlewares") ?? "") ||
    annotation("haproxy.org/auth-type") !== undefined
  );
}

function listenerVerdict(listener: StackResource, resources: readonly StackResource[]): string | undefined {
  const from = (type: string, input: string) =>
    resources.filter((one) => one.type === type && listener.sources[input]?.includes(one.urn));
  const actions = listener.properties.at("defaultActions").items();
  if (actions.some((action) => /^authenticate-/.test(action.at("type").text() ?? ""))) return undefined;
  const monitoring = from(TARGET_GROUP, "defaultActions").some(({ name, properties }) => {
    const words = `${name} ${properties.at("name").text() ?? ""}`.toLowerCase();
    const port = properties.at("port").number();
    return WITHOUT_LOGIN.test(words) || (port !== undefined && MONITORING_PORTS.has(port));
  });
  if (!monitoring) return undefined;
  const [balancer] = from(LOAD_BALANCER, "loadBalancerArn");
  if (balancer === undefined)
    throw new NotVisible(
      "the load balancer of a listener in front of monitoring is no resource of this stack",
    );
  return balancer.properties.at("internal").is(true)
    ? undefined
    : "the listener of a public load balancer leads to Prometheus or Alertmanager without a login";
}

function backendsOf(properties: Value): string[] {
  const spec = properties.at("spec");
  const paths = spec
    .at("rules")
    .items()
    .flatMap((rule) => rule.at("http", "paths").items())
    .map((path) => path.at("backend"));
  return [spec.at("defaultBackend"), ...paths].flatMap(
    (backend) => backend.at("service", "name").text() ?? [],
  );
}

/** What a backend is by its name, and by the labels of the Service where the stack has it. */
function wordsOfBackend(name: string, ingress: StackResource, resources: readonly StackResource[]): string {
  const service = resources.find(
    (resource) =>
      resource.type === TYPES.service &&
      objectName(resource) === name &&
      objectNamespace(resource) === objectNamespace(ingress),
  );
  // The proxy in front of a server is called after it, and is what authenticates.
  if (/oauth2?-proxy|\bauth\b/.test(name)) return "";
  return service === undefined ? name.toLowerCase() : wordsOfService(service);
}

function wordsOfService(service: StackResource): string {
  const selector = service.properties.at("spec", "selector").texts();
  const app = selector["app.kubernetes.io/name"] ?? selector["app"];
  return (app ?? objectName(service)).toLowerCase();
}

function annotationsOf(properties: Value): (name: string) => string | undefined {
  return (name) => properties.at("metadata", "annotations", name).text();
}
