import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { VERSIONS } from "../../../components/core/versions.ts";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import {
  createdBucket,
  objectStorageOf,
  thanosProblems,
  thanosSettings,
} from "../../../components/thanos/model.ts";
import { s3Config } from "../../../components/thanos/object-storage.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { LOCAL, resolved, WITH_THANOS } from "../prometheus/samples.ts";

const objects = monitoringObjects(resolved(WITH_THANOS));
const elsewhere = monitoringObjects(
  resolved({
    ...LOCAL,
    settings: {
      ...LOCAL.settings,
      store: {
        kind: "thanos",
        bucket: { kind: "secret", configSecret: "objectStorage", endpoint: "http://minio.minio.svc:9000" },
      },
    },
  }),
);
const prometheus = objects["prometheus"] as IPrometheus;
const query = objects["thanos-query"] as IDeployment;
const store = objects["thanos-store"] as IStatefulSet;
const compactor = objects["thanos-compactor"] as IStatefulSet;
const argsOf = ({ spec }: IDeployment | IStatefulSet) => spec?.template.spec?.containers[0]?.args ?? [];
const flagOf = (object: IDeployment | IStatefulSet, flag: string) =>
  argsOf(object)
    .find((arg) => arg.startsWith(`${flag}=`))
    ?.slice(flag.length + 1);

describe.each(Object.entries({ onEks: objects, elsewhere }))("Thanos, %s", (_, rendered) => {
  it.each(Object.entries(rendered).filter(([role]) => /thanos|prometheus$/.test(role)))(
    "has %s that passes its schema, unknown fields refused",
    (_role, object) => {
      expect(strictProblems(object)).toEqual([]);
    },
  );
});

describe("Thanos Query", () => {
  it("takes as replica the label that the pair of servers differs by", () => {
    expect(flagOf(query, "--query.replica-label")).toBe(prometheus.spec.replicaExternalLabelName);
    expect(prometheus.spec.externalLabels).toEqual({ cluster: "prod", environment: "prod" });
  });

  it("finds sidecars and store gateways by headless Services that exist, at the port of their names", () => {
    const { endpoints } = parse(flagOf(query, "--endpoint.sd-config") ?? "") as {
      readonly endpoints: readonly { readonly address: string }[];
    };
    const services = Object.values(objects).filter(({ kind }) => kind === "Service") as {
      readonly metadata?: { readonly name?: string };
      readonly spec?: {
        readonly clusterIP?: string;
        readonly ports?: readonly { readonly name?: string; readonly port: number }[];
      };
    }[];
    expect(endpoints).toHaveLength(2);
    for (const { address } of endpoints) {
      const [, port, name] = /^dnssrv\+_(\w+)\._tcp\.([\w-]+)\.monitoring\.svc$/.exec(address) ?? [];
      const service = services.find(({ metadata }) => metadata?.name === name);
      expect(service?.spec?.clusterIP).toBe("None");
      expect(service?.spec?.ports?.find((each) => each.name === port)?.port).toBe(10_901);
    }
  });

  it("answers in full or not at all, and looks for coarser samples", () => {
    expect(argsOf(query)).toEqual(
      expect.arrayContaining(["--no-query.partial-response", "--query.auto-downsampling"]),
    );
  });
});

describe("what reads the bucket", () => {
  it("is uploaded before anything is merged", () => {
    expect(prometheus.spec.disableCompaction).toBe(true);
  });

  it("is configured by the same Secret as the sidecar", () => {
    const named = (object: IStatefulSet) =>
      object.spec?.template.spec?.volumes?.find(({ name }) => name === "object-storage")?.secret?.secretName;
    expect(prometheus.spec.thanos?.objectStorageConfig).toEqual({
      name: "object-storage",
      key: "objstore.yml",
    });
    expect([store, compactor].map(named)).toEqual(["object-storage", "object-storage"]);
    for (const object of [store, compactor])
      expect(flagOf(object, "--objstore.config-file")).toBe("/etc/thanos/objstore.yml");
  });

  it("is one compactor, and a store gateway for each zone that a server may be lost with", () => {
    expect([compactor.spec?.replicas, store.spec?.replicas, query.spec?.replicas]).toEqual([1, 2, 2]);
    expect(elsewhere["thanos-store"]).toMatchObject({ spec: { replicas: 1 } });
    expect(elsewhere).not.toHaveProperty("thanos-store-disruption-budget");
  });

  it("keeps its caches within three quarters of its memory", () => {
    expect(flagOf(store, "--index-cache-size")).toBe("512MiB");
    expect(flagOf(store, "--chunk-pool-size")).toBe("1024MiB");
    expect(store.spec?.template.spec?.containers[0]?.resources?.limits).toEqual({ memory: "2Gi" });
  });

  it("keeps each resolution for as long as the settings say", () => {
    const flags = ["raw", "5m", "1h"].map((resolution) =>
      flagOf(compactor, `--retention.resolution-${resolution}`),
    );
    expect(flags).toEqual(["90d", "400d", "400d"]);
  });

  it("is of the version of the sidecar", () => {
    const images = [query, store, compactor].map(({ spec }) => spec?.template.spec?.containers[0]?.image);
    expect(new Set([...images, prometheus.spec.thanos?.image])).toEqual(
      new Set([`quay.io/thanos/thanos:v${VERSIONS.thanos}`]),
    );
    expect(prometheus.spec.thanos?.version).toBe(`v${VERSIONS.thanos}`);
  });
});

describe("the network policies of Thanos", () => {
  const policy = (rendered: typeof objects, name: string) =>
    JSON.stringify(rendered[`network-policy-${name}`]?.["spec" as never] ?? {});

  it("let it to S3 and to the agent that has its credentials, or to the namespace of the object storage", () => {
    for (const name of ["prometheus", "thanos-store", "thanos-compactor"]) {
      expect(policy(objects, name)).toContain('"port":443');
      expect(policy(objects, name)).toContain('"port":80');
      expect(policy(elsewhere, name)).toContain('"minio"');
    }
    expect(policy(objects, "thanos-query")).not.toContain('"port":443');
  });

  it("are none without Thanos", () => {
    const without = monitoringObjects(resolved(LOCAL));
    expect(Object.keys(without).filter((role) => role.includes("thanos"))).toEqual([]);
  });
});

describe("object storage in S3", () => {
  it("has the credentials of the pods, and no key in its configuration", () => {
    expect(parse(s3Config({ bucket: "b", region: "eu-central-1" }))).toEqual({
      type: "S3",
      config: {
        bucket: "b",
        endpoint: "s3.eu-central-1.amazonaws.com",
        region: "eu-central-1",
        aws_sdk_auth: true,
      },
    });
    expect(s3Config({ bucket: "b", region: "cn-north-1" })).toContain("s3.cn-north-1.amazonaws.com.cn");
  });

  it("is encrypted with the key of the settings", () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    expect(parse(s3Config({ bucket: "b", region: "eu-central-1", kmsKeyArn })).config.sse_config).toEqual({
      type: "SSE-KMS",
      kms_key_id: kmsKeyArn,
    });
  });

  it("has a name that S3 takes for the longest name of an environment", () => {
    expect(createdBucket("e".repeat(40), "111122223333")).toHaveLength(61);
  });

  it("is none where the configuration is in a secret", () => {
    const settings = thanosSettings.parse({
      kind: "thanos",
      bucket: { kind: "secret", configSecret: "objectStorage", endpoint: "https://storage.googleapis.com" },
    });
    expect(
      objectStorageOf(settings, "prod", { accountId: "111122223333", region: "eu-central-1" }),
    ).toBeUndefined();
  });
});

describe("retentions that disagree", () => {
  const of = (changes: object) =>
    thanosSettings.parse({ kind: "thanos", bucket: { kind: "created" }, ...changes });

  it("are each a problem at their field", () => {
    const settings = of({ rawRetention: "200d", fiveMinuteRetention: "100d", hourRetention: "50d" });
    expect(thanosProblems(settings, "4h", "store", "retention").map(({ path }) => path)).toEqual([
      "store.fiveMinuteRetention",
      "store.hourRetention",
      "retention",
    ]);
    expect(thanosProblems(of({}), "6h", "store", "retention")).toEqual([]);
  });
});
