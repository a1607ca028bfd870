import { podCredentials } from "../../components/cluster/model.ts";
import { runsIn } from "../../components/service/model.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const bucketsOfS3AreReadFromEks: EnvironmentRule = {
  id: "buckets-of-s3-are-read-from-eks",
  reads: ["cluster", "prometheus"],
  check: ({ cluster, prometheus: { store } }) =>
    store.kind !== "thanos" || store.bucket.kind === "secret" || podCredentials(cluster) !== undefined
      ? []
      : [
          {
            path: `${ROOT}.prometheus.store.bucket.kind`,
            found: `${store.bucket.kind}, but cluster.kind is existing and cluster.eks is missing`,
            allowed:
              "secret: S3 without a key needs AWS credentials in pods, and only EKS gives them: with EKS Pod Identity or IRSA",
            fix: "put the configuration of the object storage in a secret with kind secret, or add cluster.eks with the name of the EKS cluster",
          },
        ],
};

const nativeHistogramsAreSent: EnvironmentRule = {
  id: "native-histograms-are-sent",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { store } }, { services }) => {
    if (store.kind !== "endpoint" || store.series !== "all" || store.nativeHistograms) return [];
    const native = services
      .filter((service) => runsIn(service, name))
      .filter(({ http, grpc, worker }) => [http, grpc, worker].some((each) => each?.histogram === "native"))
      .map((service) => service.name);
    if (native.length === 0) return [];
    return [
      {
        path: `${ROOT}.prometheus.store.nativeHistograms`,
        found: `false, but series is all and ${native.join(", ")} ${native.length === 1 ? "has" : "have"} native histograms, which would be missing in the store`,
        allowed: "true, or series: recorded, whose records are no histograms",
        fix: "set nativeHistograms to true if the store takes them (docs/how-to/keep-samples.md), else series to recorded",
      },
    ];
  },
};

/** The rules between a store of samples and what it is reached from. */
export const STORE_RULES: readonly EnvironmentRule[] = [bucketsOfS3AreReadFromEks, nativeHistogramsAreSent];
