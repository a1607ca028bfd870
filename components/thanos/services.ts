import type { IService } from "kubernetes-models/v1/Service";
import { metadataOf, type Placed, selectorOf } from "../workloads/model.ts";

/** A Service of a workload with all its ports. */
export function service(workload: Placed): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(workload),
    spec: {
      selector: selectorOf(workload),
      ports: Object.entries(workload.ports).map(([name, port]) => ({ name, port, targetPort: name })),
    },
  };
}

/** The same with an address for each pod in the place of one for all. The names of a StatefulSet's pods come from it, too. */
export function headlessService(workload: Placed): IService {
  const { spec, ...rest } = service(workload);
  return { ...rest, spec: { clusterIP: "None", ...spec } };
}
