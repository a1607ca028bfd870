import { describe, expect, it } from "vitest";
import { leavesOf } from "../../../cli/review/leaves.ts";
import { withFileNames } from "../../../cli/review/model.ts";
import { defineService } from "../../../components/service/model.ts";
import { DEFINITION } from "../../components/service/samples.ts";

const board = (title: string) => ({ uid: "orders", title, panels: [{ id: 1, title: "Orders" }] });
const service = (title: string) =>
  defineService({ ...DEFINITION, dashboards: [{ file: "./orders.json", dashboard: board(title) }] });

describe("the definition of a service that is compared", () => {
  const leaves = (title: string) => leavesOf(withFileNames(service(title)));

  it("has the files of its dashboards, whose panels are compared as dashboards", () => {
    expect(leaves("Orders")).toEqual(leaves("Orders of the shop"));
    expect(JSON.stringify([...leaves("Orders")])).toContain("./orders.json");
  });

  it("is the same in the state of what is deployed, which has no copy of the dashboards", () => {
    const deployed = { ...service("Orders"), dashboards: [{ file: "./orders.json", dashboard: {} }] };
    expect(leavesOf(withFileNames(deployed))).toEqual(leaves("Orders"));
  });
});
