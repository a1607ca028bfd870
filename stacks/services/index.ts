import type { Service } from "../../components/service/model.ts";
import { helpPages, invoices, pricing, salesReport, storefront } from "./shop.ts";

/** Every service of every team. A new one is exported from its team's file and listed here. */
export const services: readonly Service[] = [storefront, pricing, invoices, salesReport, helpPages];
