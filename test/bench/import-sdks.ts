// The yardstick of the preview's cost: a process that loads the four SDKs, and does nothing with them.
import * as aws from "@pulumi/aws";
import * as grafana from "@pulumi/grafana";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

// Reading a member of each keeps the imports from being dropped.
if ([pulumi.Config, aws.ec2, kubernetes.apps, grafana.oss].some((member) => member === undefined))
  process.exit(1);
