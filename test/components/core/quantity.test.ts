import { describe, expect, it } from "vitest";
import { bytes, cores } from "../../../components/core/quantity.ts";

describe("a Kubernetes quantity", () => {
  it("counts bytes in powers of 1024", () => {
    expect(bytes("1Ki")).toBe(1024);
    expect(bytes("200Gi")).toBe(200 * 1024 ** 3);
  });

  it("counts cores and thousandths of a core", () => {
    expect(cores("250m")).toBe(0.25);
    expect(cores("2")).toBe(2);
    expect(cores("0.5")).toBe(0.5);
  });

  it.each(["", "1", "0Gi", "1.5Gi", "1G", "Gi", "-1Gi"])("refuses %j as bytes", (text) => {
    expect(() => bytes(text)).toThrow(RangeError);
  });

  it.each(["", "m", "0m", "1Gi", "-1", "1.5m"])("refuses %j as CPU", (text) => {
    expect(() => cores(text)).toThrow(RangeError);
  });
});
