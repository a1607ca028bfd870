import { type Disagreement, one } from "./disagreement.ts";

const ingress = ["prometheus", "ingress"];

/** The rules of a load balancer of the environment's own, each broken once and by nothing else. */
export const INGRESS_DISAGREEMENTS: readonly Disagreement[] = [
  one(
    "load-balancers-have-their-place",
    "subnets of a load balancer in a VPC that is made",
    "served",
    [...ingress, "subnets"],
    { "subnet-0123456789abcdef3": "10.40.200.0/27" },
  ),
  one(
    "load-balancers-have-their-place",
    "a load balancer in a VPC that exists, in no subnets",
    "guarded",
    [...ingress, "subnets"],
    undefined,
  ),
  one(
    "load-balancers-have-their-place",
    "a subnet of a load balancer outside the VPC",
    "guarded",
    [...ingress, "subnets", "subnet-0123456789abcdef3"],
    "10.60.0.0/27",
  ),
  one(
    "load-balancers-have-their-place",
    "public addresses in a VPC that exists",
    "guarded",
    [...ingress, "scheme"],
    "internet-facing",
  ),
  {
    rule: "load-balancers-have-their-place",
    says: "a VPC that is too small for subnets of a load balancer",
    sample: "served",
    changes: [[["network", "cidr"], "10.40.0.0/19"]],
    at: "environment.prometheus.ingress.kind",
  },
  one(
    "addresses-are-served",
    "a Prometheus under another name than the load balancer's",
    "served",
    ["grafana", "prometheusUrl"],
    "https://prometheus.example.com",
  ),
  one(
    "addresses-are-served",
    "links to an Alertmanager that is not served",
    "served",
    ["alertmanager", "externalUrl"],
    "https://alerts.example.com",
  ),
  one(
    "addresses-are-served",
    "links to a Grafana that is not served",
    "guarded",
    ["grafana", "externalUrl"],
    "https://grafana.example.com",
  ),
  one(
    "addresses-are-served",
    "a Grafana elsewhere that would have to sign in",
    "served",
    [...ingress, "programs"],
    [],
  ),
  one(
    "certificates-are-of-the-place",
    "a certificate of another region",
    "guarded",
    [...ingress, "certificate", "arn"],
    "arn:aws:acm:eu-west-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
  ),
  one(
    "prometheus",
    "programs that are everybody",
    "served",
    [...ingress, "programs", 0],
    "0.0.0.0/0",
    "prometheus.ingress.programs[0]",
  ),
  one(
    "prometheus",
    "a load balancer for every address",
    "guarded",
    [...ingress, "sources", 0],
    "0.0.0.0/0",
    "prometheus.ingress.sources[0]",
  ),
  one(
    "prometheus",
    "programs that the sources leave out",
    "guarded",
    [...ingress, "programs", 0],
    "192.168.4.0/24",
    "prometheus.ingress.programs[0]",
  ),
  one(
    "prometheus",
    "public addresses that nobody is named for",
    "served",
    [...ingress, "scheme"],
    "internet-facing",
    "prometheus.ingress.sources",
  ),
];
