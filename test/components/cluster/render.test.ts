import { StorageClass } from "kubernetes-models/storage.k8s.io/v1";
import { describe, expect, it } from "vitest";
import { clusterTraits } from "../../../components/cluster/model.ts";
import { renderStorage } from "../../../components/cluster/render.ts";
import { PRODUCTION_EKS } from "./settings.ts";

describe("the storage class", () => {
  const storageClass = renderStorage()["storage-class"];

  it("passes the schema of its kind", () => {
    expect(() => new StorageClass(storageClass).validate()).not.toThrow();
  });

  it("is the one that the platform's volumes name", () => {
    expect(storageClass.metadata?.name).toBe(clusterTraits(PRODUCTION_EKS, "prod", 3).storageClass);
  });
});
