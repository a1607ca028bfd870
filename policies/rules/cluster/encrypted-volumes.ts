import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach, type Violation } from "../violation.ts";

export const encryptedVolumes: ResourcePolicy = {
  id: "encrypted-volumes",
  area: "cluster",
  pack: "security",
  standards: ["FSBP EC2.3", "FSBP EC2.7", "NIST SC-28"],
  scope: "resource",
  title: "Every EBS volume is encrypted: those of nodes, those of PersistentVolumeClaims and single volumes.",
  why: "Without encryption, a snapshot that is shared by mistake can be read by everyone who has it.",
  fix: 'set encrypted to true: in ebs of each block device, in the parameters of the storage class ("true"), on the volume',
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.launchTemplate, TYPES.storageClass, TYPES.ebsVolume],
  check: ({ type, properties }) => {
    if (type === TYPES.launchTemplate) return nodeVolumes(properties);
    if (type === TYPES.ebsVolume)
      return judge(() => (isTrue(properties.at("encrypted")) ? undefined : "the volume is not encrypted"));
    return judge(() => {
      const provisioner = properties.at("provisioner").text() ?? "";
      if (!provisioner.startsWith("ebs.csi.")) return undefined;
      return isTrue(properties.at("parameters", "encrypted"))
        ? undefined
        : "volumes of the storage class are not encrypted";
    });
  },
};

function nodeVolumes(properties: Value): Violation[] {
  const devices = judge(() =>
    properties.at("blockDeviceMappings").items().length > 0
      ? undefined
      : "the launch template states no volume, so the account's default decides whether the volumes of nodes are encrypted",
  );
  if (devices.length > 0) return devices;
  return judgeEach(properties.at("blockDeviceMappings").items(), (device) =>
    isTrue(device.at("ebs", "encrypted"))
      ? undefined
      : `volume ${device.at("deviceName").text() ?? device.path} is not encrypted`,
  );
}

/** AWS' and Kubernetes' interfaces both take the word as well as the value. */
function isTrue(value: Value): boolean {
  return value.is(true) || value.is("true");
}
