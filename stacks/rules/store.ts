import { podCredentials } from "../../components/cluster/model.ts";
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

/** The rules between a store of samples and what it is reached from. */
export const STORE_RULES: readonly EnvironmentRule[] = [bucketsOfS3AreReadFromEks];
